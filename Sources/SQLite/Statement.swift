import CSQLite

/// A prepared statement, finalized when it goes out of scope.
struct Statement: ~Copyable {
    let handle: OpaquePointer
    /// How many values it binds.
    let parameterCount: Int
    /// Whether it leaves the database as it is.
    let isReadOnly: Bool

    /// Prepares exactly one statement; throws for wrong SQL, for none and for more than one.
    init(_ text: String, on database: OpaquePointer, persistent: Bool = true) throws {
        var copy = text
        handle = try copy.withUTF8 { bytes in
            let (statement, used) = try Statement.prepare(
                UnsafeBufferPointer(rebasing: bytes[...]), on: database, persistent: persistent)
            guard let statement else {
                throw DatabaseError(.misuse, "there is no statement in the text", sql: text)
            }
            let rest = UnsafeBufferPointer(rebasing: bytes[used...])
            guard Statement.skipBlanks(rest) == rest.count else {
                sqlite3_finalize(statement)
                throw DatabaseError(
                    .misuse, "only one statement can be run at a time", sql: text)
            }
            return statement
        }
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
    }

    /// Takes over a handle that `prepare` made.
    init(adopting handle: OpaquePointer) {
        self.handle = handle
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// Binds all values; throws unless there is exactly one for every placeholder.
    borrowing func bind(_ values: [SQLValue]) throws {
        guard values.count == parameterCount else {
            throw DatabaseError(
                .misuse, "the statement binds \(parameterCount) values, not \(values.count)",
                sql: text)
        }
        var index: Int32 = 0
        for value in values {
            index += 1
            let result =
                switch value {
                case .null: sqlite3_bind_null(handle, index)
                case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
                case .real(let real): sqlite3_bind_double(handle, index, real)
                case .text(let text): bind(text, at: index)
                }
            if result != SQLITE_OK { throw error(result) }
        }
    }

    private borrowing func bind(_ text: String, at index: Int32) -> Int32 {
        var copy = text
        return copy.withUTF8 {
            csqlite_bind_text(
                handle, index,
                UnsafeRawPointer($0.baseAddress)?.assumingMemoryBound(to: CChar.self),
                UInt64($0.count))
        }
    }

    /// Goes to the next row and returns whether there is one.
    borrowing func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw error(result)
        }
    }

    /// Runs the statement to its end, whatever rows it has, and makes it ready to run again.
    borrowing func run() throws {
        defer { reset() }
        while try step() {}
    }

    /// Ends the current run and lets go of the values bound to it.
    borrowing func reset() {
        // The result repeats the error of the last step, which has been thrown already.
        sqlite3_reset(handle)
        if parameterCount > 0 { sqlite3_clear_bindings(handle) }
    }

    /// The SQL as prepared.
    var text: String { String(cString: sqlite3_sql(handle)) }

    private borrowing func error(_ result: Int32) -> DatabaseError {
        DatabaseError(handle: sqlite3_db_handle(handle), result: result, sql: text)
    }

    /// Prepares the first statement in `bytes`; nil when there is only space and comments.
    /// Also returns how many bytes it took.
    static func prepare(
        _ bytes: UnsafeBufferPointer<UInt8>, on database: OpaquePointer, persistent: Bool
    ) throws -> (statement: OpaquePointer?, used: Int) {
        var statement: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let result = bytes.withMemoryRebound(to: CChar.self) { text in
            sqlite3_prepare_v3(
                database, text.baseAddress, Int32(clamping: text.count), flags, &statement, &tail)
        }
        if result != SQLITE_OK {
            throw DatabaseError(
                handle: database, result: result, sql: String(decoding: bytes, as: UTF8.self))
        }
        guard let start = bytes.baseAddress, let tail else { return (statement, bytes.count) }
        return (statement, UnsafeRawPointer(tail) - UnsafeRawPointer(start))
    }

    /// Where the first thing stands that is no white space, semicolon or comment.
    static func skipBlanks(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var index = 0
        while index < bytes.count {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch (bytes[index], next) {
            case (0x20, _), (0x09...0x0d, _), (0x3b, _):
                index += 1
            case (0x2d, 0x2d):  // "--" to the end of the line
                index = bytes[index...].firstIndex(of: 0x0a) ?? bytes.count
            case (0x2f, 0x2a):  // "/*" to "*/", or to the end of the text
                // The star that opens it does not close it as well.
                index += 3
                while index < bytes.count, !(bytes[index - 1] == 0x2f && bytes[index - 2] == 0x2a) {
                    index += 1
                }
            default:
                return index
            }
        }
        return index
    }
}
