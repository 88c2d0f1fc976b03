/// One step of the schema's history: forward only, never edited once released.
public struct Migration: Sendable {
    /// The name, which also orders: `0001_create_sessions`.
    public let name: String
    /// One or more statements; none of them begins or ends a transaction.
    public let sql: String

    /// Makes a migration.
    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}
