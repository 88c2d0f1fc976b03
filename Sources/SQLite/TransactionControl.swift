import CSQLite

/// The statements that begin and end transactions; only this library runs them.
struct TransactionControl: ~Copyable {
    let begin: Statement
    let beginImmediate: Statement
    let commit: Statement
    let rollback: Statement
    let savepoint: Statement
    let release: Statement
    let rollbackTo: Statement

    /// Prepares all of them.
    init(on database: OpaquePointer) throws {
        // All at first, so that a failure half way has only whole values to give up.
        let begin = try Statement("BEGIN DEFERRED", on: database)
        let beginImmediate = try Statement("BEGIN IMMEDIATE", on: database)
        let commit = try Statement("COMMIT", on: database)
        let rollback = try Statement("ROLLBACK", on: database)
        let savepoint = try Statement("SAVEPOINT piece", on: database)
        let release = try Statement("RELEASE piece", on: database)
        let rollbackTo = try Statement("ROLLBACK TO piece", on: database)
        self.begin = begin
        self.beginImmediate = beginImmediate
        self.commit = commit
        self.rollback = rollback
        self.savepoint = savepoint
        self.release = release
        self.rollbackTo = rollbackTo
    }

    private static let reserved: Set<String> = [
        "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "VACUUM",
    ]

    /// Throws for a statement that would end the transaction under its owner's feet.
    static func refuse(in text: String) throws {
        let word = text.utf8.withContiguousStorageIfAvailable { bytes in
            let start = Statement.skipBlanks(bytes)
            return String(decoding: bytes[start...].prefix { $0 | 0x20 >= 0x61 }, as: UTF8.self)
        }
        guard let word = word?.uppercased(), reserved.contains(word) else { return }
        throw DatabaseError(
            .misuse, "\(word) belongs to the database itself", sql: text,
            hint: "use read, write and savepoint")
    }
}
