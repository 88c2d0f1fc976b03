import CSQLite

/// The current row of a running query; columns are numbered from 0.
///
/// An accessor throws `DatabaseError` with code `mismatch` where the column holds another type,
/// or NULL where none is expected.
public struct Row: ~Copyable {
    let statement: OpaquePointer

    /// How many columns the row has.
    public var count: Int { Int(sqlite3_data_count(statement)) }

    /// Whether the column is NULL.
    public func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(clamping: column)) == SQLITE_NULL
    }

    /// The column's text; bytes that are no UTF-8 become U+FFFD.
    public func text(_ column: Int) throws -> String {
        try utf8(column) { String(decoding: $0, as: UTF8.self) }
    }

    /// The column's text, or nil for NULL.
    public func textOrNil(_ column: Int) throws -> String? {
        isNull(column) ? nil : try text(column)
    }

    /// The column's integer.
    public func integer(_ column: Int) throws -> Int {
        try expect(SQLITE_INTEGER, at: column)
        return Int(sqlite3_column_int64(statement, Int32(clamping: column)))
    }

    /// The column's integer, or nil for NULL.
    public func integerOrNil(_ column: Int) throws -> Int? {
        isNull(column) ? nil : try integer(column)
    }

    /// The column's number; an integer is converted.
    public func real(_ column: Int) throws -> Double {
        let index = Int32(clamping: column)
        if sqlite3_column_type(statement, index) != SQLITE_INTEGER {
            try expect(SQLITE_FLOAT, at: column)
        }
        return sqlite3_column_double(statement, index)
    }

    /// The column's number, or nil for NULL.
    public func realOrNil(_ column: Int) throws -> Double? {
        isNull(column) ? nil : try real(column)
    }

    /// The column as a truth value: 1 is true, 0 is false, anything else throws.
    public func flag(_ column: Int) throws -> Bool {
        switch try integer(column) {
        case 0: false
        case 1: true
        default: throw mismatch(at: column, wanted: "0 or 1")
        }
    }

    /// The column as a truth value, or nil for NULL.
    public func flagOrNil(_ column: Int) throws -> Bool? {
        isNull(column) ? nil : try flag(column)
    }

    /// Whatever the column holds; a blob throws.
    public func value(_ column: Int) throws -> SQLValue {
        switch sqlite3_column_type(statement, Int32(clamping: column)) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: .integer(Int64(try integer(column)))
        case SQLITE_FLOAT: .real(try real(column))
        case SQLITE_TEXT: .text(try text(column))
        default: throw mismatch(at: column, wanted: "a number, text or NULL")
        }
    }

    /// Lends the bytes of the column's text, without a copy, for the time of the call.
    public func utf8<T>(
        _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T
    ) throws -> T {
        try expect(SQLITE_TEXT, at: column)
        let index = Int32(clamping: column)
        let start = sqlite3_column_text(statement, index)
        let count = Int(sqlite3_column_bytes(statement, index))
        // Text without an address is what SQLite answers when memory ran out.
        guard let start else {
            throw DatabaseError(handle: sqlite3_db_handle(statement), result: SQLITE_NOMEM)
        }
        return try body(UnsafeBufferPointer(start: start, count: count))
    }

    private func expect(_ type: Int32, at column: Int) throws {
        if sqlite3_column_type(statement, Int32(clamping: column)) != type {
            throw mismatch(at: column, wanted: Row.name(of: type))
        }
    }

    private func mismatch(at column: Int, wanted: String) -> DatabaseError {
        let sql = String(cString: sqlite3_sql(statement))
        guard column >= 0, column < count else {
            return DatabaseError(
                .mismatch, "there is no column \(column), the row has \(count)", sql: sql)
        }
        let found = Row.name(of: sqlite3_column_type(statement, Int32(column)))
        return DatabaseError(
            .mismatch, "column \(column) holds \(found), not \(wanted)", sql: sql)
    }

    private static func name(of type: Int32) -> String {
        switch type {
        case SQLITE_INTEGER: "an integer"
        case SQLITE_FLOAT: "a real number"
        case SQLITE_TEXT: "text"
        case SQLITE_NULL: "NULL"
        default: "a blob"
        }
    }
}
