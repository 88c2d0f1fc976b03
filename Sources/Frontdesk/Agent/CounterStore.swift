import SQLite

/// Gives out the numbers of orders and complaints, per tenant and never twice.
///
/// A number is taken in a write of its own, so that turns do not wait for each other;
/// a turn that is given up leaves a gap.
struct CounterStore: Sendable {
    private let database: Database

    /// The counters of a database.
    init(database: Database) {
        self.database = database
    }

    /// The kinds of records that are numbered.
    enum Name: String, Sendable {
        case order, complaint

        /// The number that a tenant's first record gets.
        var first: Int {
            switch self {
            case .order: 10001
            case .complaint: 1
            }
        }
    }

    /// Takes the next number; it is gone for everyone else once this returns.
    func take(_ name: Name, for tenant: Tenant) async throws -> Int {
        try await database.write { connection in
            try CounterStore.take(name, for: tenant, in: connection)
        }
    }

    private static func take(
        _ name: Name, for tenant: Tenant, in connection: borrowing Connection
    ) throws -> Int {
        let value = try connection.first(
            """
            INSERT INTO counters (tenant_id, name, value)
            VALUES (\(tenant.name), \(name.rawValue), \(name.first))
            ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + 1
            RETURNING value
            """
        ) { try $0.integer(0) }
        guard let value else { throw Failure(.internal, "A counter gave no number.") }
        return value
    }

    /// Makes sure that numbers up to `value` are never given out again.
    static func reserve(
        _ name: Name, upTo value: Int, for tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO counters (tenant_id, name, value)
            VALUES (\(tenant.name), \(name.rawValue), \(value))
            ON CONFLICT (tenant_id, name) DO UPDATE SET value = excluded.value
            WHERE counters.value < excluded.value
            """)
    }
}
