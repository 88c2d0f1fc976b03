import CSQLite

extension Connection {
    /// What a connection is for.
    enum Role {
        /// The only one that writes and checkpoints.
        case writer
        /// Reads only, and leaves the WAL alone.
        case reader
    }

    /// Opens `path`, which must exist, and sets every pragma there is to set.
    static func open(path: String, role: Role, options: Database.Options) throws -> Connection {
        let handle = try openHandle(path: path)
        let connection = try Connection(
            adopting: handle, cachedStatements: options.cachedStatements)
        do {
            try connection.configure(role: role, options: options)
        } catch let error as DatabaseError where error.isNotADatabase {
            throw DatabaseError(.notADatabase, "\(path) is not a database")
        }
        return connection
    }

    /// Opens a file that a backup fills; all of its pages are going to be replaced.
    static func openCopy(path: String) throws -> Connection {
        try Connection(adopting: try openHandle(path: path), cachedStatements: 1)
    }

    /// Opens a file that nobody writes, to read it without leaving a trace.
    ///
    /// A write-ahead log beside it is not looked at.
    static func openUnchanging(path: String) throws -> Connection {
        let handle = try openHandle(
            path: path, uri: "file:\(percentEncoded(path))?immutable=1",
            flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
        return try Connection(adopting: handle, cachedStatements: 1)
    }

    private static func percentEncoded(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            let isPlain = byte > 0x20 && byte < 0x7f && !"%?#".utf8.contains(byte)
            text += isPlain ? String(UnicodeScalar(byte)) : "%\(byte < 16 ? "0" : "")"
            if !isPlain { text += String(byte, radix: 16) }
        }
        return text
    }

    private static func openHandle(
        path: String, uri: String? = nil, flags: Int32 = SQLITE_OPEN_READWRITE
    ) throws -> OpaquePointer {
        _ = Process.prepared
        var handle: OpaquePointer?
        // Without SQLite's own mutex: a `Mutex` of ours holds every connection.
        let flags = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let result = sqlite3_open_v2(uri ?? path, &handle, flags, nil)
        guard result == SQLITE_OK, let handle else {
            let error = DatabaseError(handle: handle, result: result)
            sqlite3_close_v2(handle)
            throw DatabaseError(
                error.code, "\(path) cannot be opened: \(error.message)",
                extendedCode: error.extendedCode)
        }
        return handle
    }

    private borrowing func configure(role: Role, options: Database.Options) throws {
        sqlite3_busy_timeout(handle, Int32(clamping: options.busyTimeout))
        csqlite_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        csqlite_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
        csqlite_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0)
        // Otherwise every new pattern for a LIKE means that the statement is prepared anew.
        csqlite_db_config(handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        if role == .reader || !options.exclusive {
            csqlite_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        }
        // The mode is kept in the file; asking again costs nothing.
        let mode = try pragma("journal_mode = WAL")
        guard mode == "wal" else {
            throw DatabaseError(.cannotOpen, "the file system does not support a write-ahead log")
        }
        try pragma("synchronous = \(options.synchronous.rawValue)")
        try pragma("wal_autocheckpoint = 0")
        try pragma("foreign_keys = ON")
        // Off would be the stricter choice, but SQLite 3.40 then refuses json_valid in a CHECK, and
        // with it the whole schema. The schema is ours alone.
        try pragma("trusted_schema = ON")
        try pragma("cell_size_check = ON")
        try pragma("temp_store = MEMORY")
        try pragma("cache_size = -\(options.cacheKibibytes)")
        try pragma("mmap_size = \(options.mappedBytes)")
        if role == .reader { try pragma("query_only = ON") }
    }

    /// Runs a pragma and returns the first column of its first row as text.
    @discardableResult
    borrowing func pragma(_ text: String) throws -> String? {
        let statement = try Statement("PRAGMA " + text, on: handle, persistent: false)
        guard try statement.step(), let value = sqlite3_column_text(statement.handle, 0) else {
            return nil
        }
        return String(cString: value)
    }

    /// What is done once, before the first connection.
    private enum Process {
        static let prepared: Int32 = csqlite_disable_memory_statistics()
    }
}
