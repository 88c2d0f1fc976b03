import Crypto

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

    /// The SHA-256 of the SQL, as it is kept in `schema_migrations`.
    public func checksum() throws -> String {
        try SHA256.hash(Array(sql.utf8))
    }

    /// Where a migration stands.
    public struct Status: Sendable, Equatable {
        /// How the program's migration and the database's record compare.
        public enum State: String, Sendable {
            /// Applied, and the same since.
            case applied
            /// Applied, but the program's text is another one now.
            case changed
            /// Not applied yet.
            case pending
            /// Applied by a program that knows more than this one.
            case unknown
        }

        /// The migration's name.
        public let name: String
        /// When it was applied, as the clock then wrote it.
        public let appliedAt: String?
        /// How program and database compare.
        public let state: State
    }

    /// What `Migrator.up` has done, or would do.
    public struct Report: Sendable, Equatable {
        /// The names of the migrations, in order.
        public let applied: [String]
        /// The copy that was made before, if the database held data.
        public let copy: String?
    }
}
