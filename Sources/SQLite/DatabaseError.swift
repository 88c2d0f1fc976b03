import CSQLite

/// What went wrong in the database: the code, the sentence, the statement, and what to do.
///
/// It names the SQL text but never a bound value, so it can be logged.
public struct DatabaseError: Error, Sendable, Equatable {
    /// The kind of failure: SQLite's primary result code, or one of this library's own.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// SQLite's number; this library's own codes are negative.
        public let rawValue: Int32

        /// Makes a code of SQLite's number.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// The SQL is wrong, or another plain failure.
        public static let error = Code(rawValue: SQLITE_ERROR)
        /// Another process holds the write lock for longer than the busy timeout.
        public static let busy = Code(rawValue: SQLITE_BUSY)
        /// A write on a read-only connection, file or folder.
        public static let readOnly = Code(rawValue: SQLITE_READONLY)
        /// The operating system failed to read or write.
        public static let inputOutput = Code(rawValue: SQLITE_IOERR)
        /// The file is damaged.
        public static let corrupt = Code(rawValue: SQLITE_CORRUPT)
        /// The disk, or the size allowed to the database, is used up.
        public static let full = Code(rawValue: SQLITE_FULL)
        /// The file cannot be opened or made.
        public static let cannotOpen = Code(rawValue: SQLITE_CANTOPEN)
        /// A constraint of the schema is violated.
        public static let constraint = Code(rawValue: SQLITE_CONSTRAINT)
        /// The file is something else than a database.
        public static let notADatabase = Code(rawValue: SQLITE_NOTADB)
        /// The library was used in a way it does not allow.
        public static let misuse = Code(rawValue: SQLITE_MISUSE)
        /// The write queue is full.
        public static let overloaded = Code(rawValue: -1)
        /// The database has been closed.
        public static let closed = Code(rawValue: -2)
        /// Another process has the database open.
        public static let locked = Code(rawValue: -3)
        /// A column holds another type than was asked for, or NULL.
        public static let mismatch = Code(rawValue: -4)
        /// The schema's history and the program's migrations do not agree.
        public static let migration = Code(rawValue: -5)
    }

    /// The kind of failure.
    public let code: Code
    /// SQLite's extended result code; equals the code where there is none.
    public let extendedCode: Int32
    /// What happened, in one sentence.
    public let message: String
    /// The statement, without its values.
    public let sql: String?
    /// What an operator can do about it.
    public let hint: String?

    /// Makes an error of this library or of its user.
    public init(
        _ code: Code, _ message: String, sql: String? = nil, hint: String? = nil,
        extendedCode: Int32? = nil
    ) {
        self.code = code
        self.extendedCode = extendedCode ?? code.rawValue
        self.message = message
        self.sql = sql
        self.hint = hint ?? code.hint
    }

    /// The write queue is full; trying again later may work.
    public static let overloaded = DatabaseError(.overloaded, "the write queue is full")
    /// The database has been closed.
    public static let closed = DatabaseError(.closed, "the database is closed")
}

extension DatabaseError {
    /// Whether a constraint of the schema is violated.
    public var isConstraint: Bool { code == .constraint }
    /// Whether a row with this key exists already.
    public var isUnique: Bool {
        extendedCode == Extended.unique || extendedCode == Extended.primaryKey
            || extendedCode == Extended.rowID
    }
    /// Whether a reference points nowhere.
    public var isForeignKey: Bool { extendedCode == Extended.foreignKey }
    /// Whether a CHECK failed.
    public var isCheck: Bool { extendedCode == Extended.check }
    /// Whether another process held the write lock for too long.
    public var isBusy: Bool { code == .busy }
    /// Whether the disk or the allowed size is used up.
    public var isFull: Bool { code == .full }
    /// Whether the file is damaged.
    public var isCorrupt: Bool { code == .corrupt }
    /// Whether the file is something else than a database.
    public var isNotADatabase: Bool { code == .notADatabase }
    /// Whether the write queue was full.
    public var isOverloaded: Bool { code == .overloaded }
    /// Whether the database was closed before.
    public var isClosed: Bool { code == .closed }
    /// Whether another process has the database open.
    public var isLocked: Bool { code == .locked }

    /// Extended result codes, which SQLite defines by macros that Swift does not import.
    enum Extended {
        static let check = SQLITE_CONSTRAINT | (1 << 8)
        static let foreignKey = SQLITE_CONSTRAINT | (3 << 8)
        static let primaryKey = SQLITE_CONSTRAINT | (6 << 8)
        static let unique = SQLITE_CONSTRAINT | (8 << 8)
        static let rowID = SQLITE_CONSTRAINT | (10 << 8)
    }
}

extension DatabaseError: CustomStringConvertible {
    /// The message, the codes, the statement and the hint in one line.
    public var description: String {
        var text = message
        if code.rawValue > 0 { text += " (SQLite code \(extendedCode))" }
        if let sql { text += " in: \(sql)" }
        if let hint { text += " — \(hint)" }
        return text
    }
}

extension DatabaseError {
    /// Makes an error of what SQLite says about its last call on this connection.
    init(handle: OpaquePointer?, result: Int32, sql: String? = nil) {
        let code = Code(rawValue: result & 0xff)
        var message = String(cString: sqlite3_errstr(result))
        var extended = result
        // The connection may have moved on, or never opened; then its message is another call's.
        if let handle, sqlite3_errcode(handle) & 0xff == code.rawValue {
            message = String(cString: sqlite3_errmsg(handle))
            extended = sqlite3_extended_errcode(handle)
        }
        self.init(code, message, sql: sql, extendedCode: extended)
    }
}

extension DatabaseError.Code {
    /// What an operator can do about a failure of this kind.
    var hint: String? {
        switch self {
        case .busy: "another process holds the write lock; close its transaction"
        case .readOnly: "check the owner and the permissions of the file and its folder"
        case .inputOutput: "check the disk and the system log"
        case .corrupt: "restore a backup; keep the damaged file"
        case .full: "free space on the disk, then try again"
        case .cannotOpen: "check that the folder exists and can be written to"
        case .notADatabase: "name another file, or move this one away"
        case .overloaded: "try again later"
        default: nil
        }
    }
}
