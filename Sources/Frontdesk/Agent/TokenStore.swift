import JSON
import SQLite

/// What a model read and wrote.
struct TokenUsage: Sendable, Equatable {
    var input = 0
    var output = 0

    /// Both together, as budgets count.
    var total: Int { input + output }

    /// A number of tokens as a model told it, within what one request can use.
    static func count(_ value: JSONValue?) -> Int {
        min(max(0, value?.int ?? 0), 100_000_000)
    }

    /// Adds the use of another request.
    mutating func add(_ other: TokenUsage) {
        input += other.input
        output += other.output
    }
}

extension TokenUsage: JSONWritable {
    /// Writes the `usage` of an answer.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("input_tokens", input)
            writer.field("output_tokens", output)
        }
    }
}

/// What each tenant used of models, per UTC day.
struct TokenStore: Sendable {
    let database: Database
    let clock: Clock

    /// Counts what one request used; it is on disk when this returns.
    func record(_ usage: TokenUsage, by provider: String, of tenant: Tenant) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO token_usage
                    (tenant_id, day, provider, requests, input_tokens, output_tokens, updated_at)
                VALUES
                    (\(tenant.name), \(now.date), \(provider), 1, \(usage.input),
                     \(usage.output), \(now))
                ON CONFLICT (tenant_id, day, provider) DO UPDATE
                SET requests = token_usage.requests + 1,
                    input_tokens = token_usage.input_tokens + excluded.input_tokens,
                    output_tokens = token_usage.output_tokens + excluded.output_tokens,
                    updated_at = excluded.updated_at
                """)
        }
    }

    /// What the tenant has used on the UTC day of `now`, by all providers together.
    static func total(
        of tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Int {
        try connection.first(
            """
            SELECT coalesce(sum(input_tokens + output_tokens), 0) FROM token_usage
            WHERE tenant_id = \(tenant.name) AND day = \(now.date)
            """
        ) { try $0.integer(0) } ?? 0
    }
}

/// How many tokens a tenant may use in a day.
struct TokenBudget: Sendable {
    let store: TokenStore
    /// The most in a UTC day; 0 means no limit.
    let daily: Int

    /// Throws 429 `budget_exceeded` when the day's tokens are used up.
    func check(_ tenant: Tenant) throws {
        guard daily > 0 else { return }
        let now = store.clock.now()
        try store.database.read { try check(tenant, at: now, in: $0) }
    }

    /// The same within a transaction.
    func check(
        _ tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        guard daily > 0, try TokenStore.total(of: tenant, at: now, in: connection) >= daily else {
            return
        }
        throw Failure(
            .budgetExceeded, "The tokens of tenant '\(tenant.name)' for today are used up.",
            retryAfter: max(1, Int(now.nextMidnight.seconds(since: now).rounded(.up))))
    }
}
