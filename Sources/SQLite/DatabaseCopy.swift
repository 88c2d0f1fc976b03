import CSQLite
import Glibc

/// A copy of a database in the making: `<path>.partial`, until it is complete.
struct DatabaseCopy: ~Copyable {
    private static let pagesPerStep: Int32 = 256

    private let path: String
    private let partial: String
    private let descriptor: Int32

    /// Begins a copy that shall become `path`; throws `locked` beside another one.
    init(path: String) throws {
        let partial = path + ".partial"
        let descriptor = open(partial, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FilePlace.failure("\(partial) cannot be made") }
        // What an interrupted copy left behind is used again; what another one fills is not.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0,
            FilePlace.isOpen(descriptor, at: partial), ftruncate(descriptor, 0) == 0
        else {
            close(descriptor)
            throw DatabaseError(.locked, "another backup writes \(partial)")
        }
        self.path = path
        self.partial = partial
        self.descriptor = descriptor
    }

    deinit {
        if FilePlace.isOpen(descriptor, at: partial) { unlink(partial) }
        close(descriptor)
    }

    /// Copies everything; `progress` is told the pages copied and the pages in all.
    borrowing func fill(
        from source: borrowing Connection, progress: (Int, Int) -> Void = { _, _ in }
    ) throws {
        let copy = try Connection.openCopy(path: partial)
        try copy.fill(
            from: source, pagesPerStep: DatabaseCopy.pagesPerStep, progress: progress)
        // The source's mode comes along with its pages; a copy shall be one file.
        try copy.pragma("journal_mode = DELETE")
    }

    /// Copies everything that a file holds which nobody has open.
    borrowing func fill(fromFile source: String) throws {
        guard FilePlace.exists(source) else {
            throw DatabaseError(
                .cannotOpen, "there is no file \(source)", hint: "name another file")
        }
        guard !FilePlace.isFolder(source) else {
            throw DatabaseError(
                .cannotOpen, "\(source) is a folder, not a database", hint: "name a file in it")
        }
        // What the log holds would be missed.
        guard FilePlace.size(of: source + "-wal") == 0 else {
            throw DatabaseError(
                .misuse, "\(source) has a write-ahead log beside it, so it is in use or incomplete",
                hint: "make a backup of it, and use that")
        }
        do {
            try fill(from: Connection.openUnchanging(path: source))
        } catch let error as DatabaseError where error.isNotADatabase {
            throw DatabaseError(.notADatabase, "\(source) is not a database")
        }
    }

    /// Looks through the whole copy, lets `body` look too, and tells what it is like.
    ///
    /// An error about damage begins with `name`.
    borrowing func check(
        as name: String, _ body: (borrowing Connection) throws -> Void = { _ in }
    ) throws -> Database.Backup {
        let copy = try Connection.openCopy(path: partial)
        try copy.beginSnapshot()
        if let problem = try copy.integrityProblems().first {
            throw DatabaseError(.corrupt, "\(name) is damaged: \(problem)")
        }
        try body(copy)
        let pages = try copy.first("PRAGMA page_count") { try $0.integer(0) } ?? 0
        let rows = try copy.rowCounts()
        try copy.endSnapshot()
        return Database.Backup(
            path: path, pages: pages, bytes: FilePlace.size(of: partial), rows: rows)
    }

    /// Gives the copy its name, which must be free.
    borrowing func publish() throws {
        guard fsync(descriptor) == 0, link(partial, path) == 0 else {
            throw FilePlace.failure("\(path) cannot be made")
        }
        unlink(partial)
        try FilePlace.syncFolder(of: path)
    }

    /// Gives the copy the owner and rights of the file that has its name, if there is one.
    borrowing func prepareToReplace() throws {
        var facts = stat()
        if stat(path, &facts) == 0 {
            // Whoever restores may be another user than the server's.
            guard fchown(descriptor, facts.st_uid, facts.st_gid) == 0,
                fchmod(descriptor, facts.st_mode & 0o7777) == 0
            else { throw FilePlace.failure("\(partial) cannot be given to the server's user") }
        }
        guard fsync(descriptor) == 0 else { throw FilePlace.failure("\(partial) cannot be synced") }
    }

    /// Gives the copy its name, in place of the file that has it.
    borrowing func replace() throws {
        guard rename(partial, path) == 0 else {
            throw FilePlace.failure("\(path) cannot be replaced")
        }
        try FilePlace.syncFolder(of: path)
    }
}

extension Connection {
    /// Copies all pages of `source` over this database.
    fileprivate borrowing func fill(
        from source: borrowing Connection, pagesPerStep: Int32, progress: (Int, Int) -> Void
    ) throws {
        guard let backup = sqlite3_backup_init(handle, "main", source.handle, "main") else {
            throw DatabaseError(handle: handle, result: sqlite3_extended_errcode(handle))
        }
        var result = SQLITE_OK
        while result == SQLITE_OK {
            result = sqlite3_backup_step(backup, pagesPerStep)
            let all = Int(sqlite3_backup_pagecount(backup))
            progress(all - Int(sqlite3_backup_remaining(backup)), all)
        }
        let last = sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE, last == SQLITE_OK else {
            throw DatabaseError(handle: handle, result: last == SQLITE_OK ? result : last)
        }
    }

    /// How many rows each table has, those behind a search index left out.
    fileprivate borrowing func rowCounts() throws -> [String: Int] {
        let names = try all(
            """
            SELECT name FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            """
        ) { try $0.text(0) }
        var counts: [String: Int] = [:]
        for name in names {
            let quoted = name.split(separator: "\"", omittingEmptySubsequences: false)
                .joined(separator: "\"\"")
            let count = SQL(text: "SELECT count(*) FROM \"\(quoted)\"", values: [])
            counts[name] = try first(count) { try $0.integer(0) }
        }
        return counts
    }
}
