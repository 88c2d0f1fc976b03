import Glibc

extension Migrator {
    /// What a restoration came to.
    public struct Restoration: Sendable, Equatable {
        /// What is now in place.
        public let database: Database.Backup
        /// Where the file that was there is kept, nil when there was none.
        public let kept: String?
        /// The migrations that the program has yet to apply.
        public let pending: [String]
    }

    /// Puts a checked copy of the database `source` in the place of the one at `path`, which is
    /// kept beside it.
    ///
    /// A death at any moment leaves the one or the other in place, complete. Throws `locked` while
    /// `path` is in use, and refuses a source that is damaged, has a write-ahead log beside it, or
    /// is of another program or a newer version.
    public func restore(_ path: String, from source: String) throws -> Restoration {
        let place = try FilePlace(path, create: true)
        let lock = try LockFile(beside: place.path)
        defer { lock.release() }
        guard !FilePlace.isSame(source, place.path) else {
            throw DatabaseError(.misuse, "\(source) is the database itself")
        }
        let copy = try DatabaseCopy(path: place.path)
        try copy.fill(fromFile: source)
        var pending: [String] = []
        let restored = try copy.check(as: source) { connection in
            let history = try MigrationHistory(of: migrations, in: connection)
            try history.check(path: source)
            guard history.hasApplied else {
                throw DatabaseError(.migration, "\(source) is empty", hint: "name another file")
            }
            pending = history.pending
        }
        try copy.prepareToReplace()
        let kept = try keep(place.path)
        do {
            try copy.replace()
        } catch {
            if let kept { unkeep(kept, place.path) }
            throw error
        }
        return Restoration(database: restored, kept: kept, pending: pending)
    }

    /// Gives the database a second name and takes its write-ahead log out of the way.
    private func keep(_ path: String) throws -> String? {
        guard FilePlace.exists(path) else { return nil }
        let log = path + "-wal"
        let kept = keptPath(of: path, before: "restore")
        // Opening a damaged file may remove its log, which may be all that can be saved.
        guard link(log, kept + "-wal") == 0 || errno == ENOENT else {
            throw FilePlace.failure("\(kept)-wal cannot be made")
        }
        // Closing folds the log in, which leaves one complete file if this ends half way.
        let isSound = (try? Connection.open(path: path, role: .writer, options: .init())) != nil
        if isSound { unlink(kept + "-wal") }
        guard !isSound || FilePlace.size(of: log) == 0 else {
            throw DatabaseError(
                .locked, "another program has \(path) open", hint: "end it, then try again")
        }
        // Last, because a database with two names is in danger when one of them is opened.
        guard link(path, kept) == 0 else { throw FilePlace.failure("\(kept) cannot be made") }
        // Beside another file the log would damage it.
        unlink(log)
        unlink(path + "-shm")
        return kept
    }

    /// Takes back what `keep` did.
    private func unkeep(_ kept: String, _ path: String) {
        rename(kept + "-wal", path + "-wal")
        unlink(kept)
    }
}
