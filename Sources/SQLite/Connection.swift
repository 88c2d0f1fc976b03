import CSQLite

/// One connection, lent to a `read` or `write` for the time of its transaction.
///
/// Do not keep it, and do not call `read` or `write` of the database inside.
public struct Connection: ~Copyable {
    let handle: OpaquePointer
    let control: TransactionControl
    private let cache: StatementCache

    /// Takes over an open handle, which is closed with this value.
    init(adopting handle: OpaquePointer, cachedStatements: Int) throws {
        do {
            control = try TransactionControl(on: handle)
        } catch {
            sqlite3_close_v2(handle)
            throw error
        }
        self.handle = handle
        cache = StatementCache(capacity: cachedStatements)
    }

    deinit {
        cache.removeAll()
        // The second version waits for the control statements, which are finalized after this.
        sqlite3_close_v2(handle)
    }

    /// Runs a statement to its end and returns how many rows it inserted, updated or deleted.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int {
        let before = sqlite3_total_changes64(handle)
        let prepared = try start(sql)
        defer { prepared.giveBack() }
        while try prepared.step() {}
        // A statement that changes no row leaves the count of the one before it.
        return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }

    /// Decodes the first row, or returns nil when there is none.
    @inlinable
    public func first<T>(_ sql: SQL, _ decode: (borrowing Row) throws -> T) throws -> T? {
        let prepared = try start(sql)
        defer { prepared.giveBack() }
        guard try prepared.step() else { return nil }
        let value = try decode(prepared.row)
        // A change that returns rows checks its constraints only at its end.
        if !prepared.isReadOnly { while try prepared.step() {} }
        return value
    }

    /// Decodes all rows.
    @inlinable
    public func all<T>(_ sql: SQL, _ decode: (borrowing Row) throws -> T) throws -> [T] {
        let prepared = try start(sql)
        defer { prepared.giveBack() }
        var values: [T] = []
        while try prepared.step() { values.append(try decode(prepared.row)) }
        return values
    }

    /// Calls `body` with one row after the other; an error it throws ends the query.
    @inlinable
    public func forEach(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        let prepared = try start(sql)
        defer { prepared.giveBack() }
        while try prepared.step() { try body(prepared.row) }
    }

    /// Runs `body` as one piece: what it changed is undone if it throws, and only that.
    @discardableResult
    public func savepoint<T>(_ body: () throws -> T) throws -> T {
        try control.savepoint.run()
        do {
            let value = try body()
            try control.release.run()
            return value
        } catch {
            try undoPiece(after: error)
            throw error
        }
    }

    /// Takes back the newest savepoint; throws `error` if the whole transaction is gone already.
    borrowing func undoPiece(after error: any Error) throws {
        guard isInTransaction else { throw error }
        try control.rollbackTo.run()
        try control.release.run()
    }

    /// Whether a transaction is open; SQLite ends one by itself when the disk is full.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// The texts of the statements that are kept prepared, sorted.
    var cachedTexts: [String] { cache.texts }

    /// Binds a statement and makes it ready to step.
    @usableFromInline
    borrowing func start(_ sql: borrowing SQL) throws -> PreparedStatement {
        // After SQLite rolled back by itself, every further statement would commit alone.
        guard isInTransaction else {
            throw DatabaseError(
                .misuse, "the transaction has been rolled back already", sql: sql.text)
        }
        let prepared = try cache.take(sql, on: handle)
        do {
            try prepared.statement.bind(sql.values)
        } catch {
            prepared.giveBack()
            throw error
        }
        return prepared
    }
}
