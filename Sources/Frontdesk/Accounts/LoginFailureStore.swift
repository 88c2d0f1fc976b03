import SQLite

/// Sign-ins that failed, and for how long they lock whom out (tickets.md, section 2).
struct LoginFailureStore: Sendable {
    let database: Database

    /// Who tries to sign in, and from where.
    struct Attempt: Sendable, Hashable {
        let tenant: Tenant
        let email: String
        let address: String
    }

    /// Seconds within which failures count together.
    static let window = 900.0
    /// Seconds after which a failure is forgotten: one that is within the window of the last one
    /// counts for as long as that one locks.
    static let lifetime = 2 * window

    private static let mostOfPair = 5
    private static let mostOfAddress = 50
    private static let mostOfEmail = 100

    /// Whole seconds for which the attempt is locked out, nil when it is not.
    func lock(_ attempt: Attempt, at now: Timestamp) throws -> Int? {
        try database.read { connection in
            let account: SQL =
                "tenant_id = \(attempt.tenant.name) AND email = \(attempt.email)"
            // Who tries names the tenant, so an address counts whichever one it names.
            let origin: SQL = "client_address = \(attempt.address)"
            let pair = try Self.failures(account + " AND " + origin, in: connection)
            let address = try Self.failures(origin, in: connection)
            let email = try Self.failures(account, in: connection)
            var ends: [Timestamp] = []
            if let pair, pair.count >= Self.mostOfPair {
                let doublings = min(10, pair.count - Self.mostOfPair)
                ends.append(
                    pair.last.adding(seconds: min(Self.window, Double(60 << doublings))))
            }
            if let address, address.count >= Self.mostOfAddress {
                ends.append(address.last.adding(seconds: Self.window))
            }
            if let email, email.count >= Self.mostOfEmail {
                ends.append(email.last.adding(seconds: Self.window))
            }
            guard let end = ends.max(), end > now else { return nil }
            return max(1, Int(end.seconds(since: now).rounded(.up)))
        }
    }

    /// How many failures came within the window that ends with the last one.
    private static func failures(
        _ condition: SQL, in connection: borrowing Connection
    ) throws -> (count: Int, last: Timestamp)? {
        let last = try connection.first(
            """
            SELECT failed_at FROM login_failures WHERE \(condition)
            ORDER BY failed_at DESC LIMIT 1
            """
        ) { try $0.timestamp(0) }
        guard let last else { return nil }
        let count = try connection.first(
            """
            SELECT count(*) FROM login_failures
            WHERE \(condition) AND failed_at > \(last.adding(seconds: -window))
            """
        ) { try $0.integer(0) }
        return (count ?? 0, last)
    }

    /// Notes a failure.
    func insert(_ id: String, _ attempt: Attempt, at now: Timestamp) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO login_failures
                    (tenant_id, failure_id, email, client_address, failed_at, created_at)
                VALUES
                    (\(attempt.tenant.name), \(id), \(attempt.email), \(attempt.address), \(now),
                     \(now))
                """)
        }
    }

    /// Forgets the failures of the pair.
    static func clear(_ attempt: Attempt, in connection: borrowing Connection) throws {
        try connection.execute(
            """
            DELETE FROM login_failures
            WHERE tenant_id = \(attempt.tenant.name) AND email = \(attempt.email)
              AND client_address = \(attempt.address)
            """)
    }

    /// Removes at most `limit` failures that count no more.
    func removeBatch(at now: Timestamp, atMost limit: Int) async throws -> Int {
        let oldest = now.adding(seconds: -Self.lifetime)
        return try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM login_failures WHERE (tenant_id, failure_id) IN (
                    SELECT tenant_id, failure_id FROM login_failures
                    WHERE failed_at < \(oldest) ORDER BY failed_at LIMIT \(limit))
                """)
        }
    }

    /// How many failures count no more.
    func countDue(at now: Timestamp) throws -> Int {
        let oldest = now.adding(seconds: -Self.lifetime)
        return try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM login_failures WHERE failed_at < \(oldest)"
            ) { try $0.integer(0) } ?? 0
        }
    }
}
