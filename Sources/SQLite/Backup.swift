import CSQLite
import Glibc

extension Database {
    /// A copy that has been made and checked.
    public struct Backup: Sendable, Equatable {
        /// The file.
        public let path: String
        /// Its size in pages.
        public let pages: Int
        /// Its size in bytes.
        public let bytes: Int
    }

    /// Copies the database as it is now to `path`, while it is in use, and checks the copy.
    ///
    /// The copy is one file, complete and synced as soon as it has its name. `progress` is told
    /// the pages copied and the pages in all. Throws rather than overwrite a file.
    @discardableResult
    public func backup(
        to path: String, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws -> Backup {
        let target = try BackupFile(path: path)
        let pages = try scan { source in
            // The copy must not begin anew with every write, so it reads from one snapshot.
            _ = try source.first("SELECT count(*) FROM sqlite_schema") { try $0.integer(0) }
            return try target.fill(from: source, progress: progress)
        }
        let bytes = try target.publish()
        return Backup(path: path, pages: pages, bytes: bytes)
    }
}

/// A copy in the making: `<path>.partial`, until it is complete.
private struct BackupFile: ~Copyable {
    private static let pagesPerStep: Int32 = 256

    private let path: String
    private let partial: String
    private let descriptor: Int32

    init(path: String) throws {
        guard !FilePlace.exists(path) else {
            throw DatabaseError(
                .cannotOpen, "\(path) exists and is not overwritten", hint: "name another file")
        }
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

    /// Copies everything, checks the copy and returns its pages.
    borrowing func fill(
        from source: borrowing Connection, progress: (Int, Int) -> Void
    ) throws -> Int {
        let copy = try Connection.openCopy(path: partial)
        let pages = try copy.fill(
            from: source, pagesPerStep: BackupFile.pagesPerStep, progress: progress)
        // The source's mode comes along with its pages; a copy shall be one file.
        try copy.pragma("journal_mode = DELETE")
        try copy.control.begin.run()
        let problems = try copy.integrityProblems()
        try copy.control.commit.run()
        if let problem = problems.first {
            throw DatabaseError(.corrupt, "the copy \(path) is damaged: \(problem)")
        }
        return pages
    }

    /// Gives the copy its name and returns its size in bytes.
    borrowing func publish() throws -> Int {
        guard fsync(descriptor) == 0, link(partial, path) == 0 else {
            throw FilePlace.failure("\(path) cannot be made")
        }
        unlink(partial)
        try FilePlace.syncFolder(of: path)
        var facts = stat()
        return fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
    }
}

extension Connection {
    /// Copies all pages of `source` over this database and returns how many they are.
    fileprivate borrowing func fill(
        from source: borrowing Connection, pagesPerStep: Int32, progress: (Int, Int) -> Void
    ) throws -> Int {
        guard let backup = sqlite3_backup_init(handle, "main", source.handle, "main") else {
            throw DatabaseError(handle: handle, result: sqlite3_extended_errcode(handle))
        }
        var result = SQLITE_OK
        while result == SQLITE_OK {
            result = sqlite3_backup_step(backup, pagesPerStep)
            let all = Int(sqlite3_backup_pagecount(backup))
            progress(all - Int(sqlite3_backup_remaining(backup)), all)
        }
        let pages = Int(sqlite3_backup_pagecount(backup))
        let last = sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE, last == SQLITE_OK else {
            throw DatabaseError(handle: handle, result: last == SQLITE_OK ? result : last)
        }
        return pages
    }
}
