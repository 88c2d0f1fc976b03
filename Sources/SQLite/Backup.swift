import CSQLite

extension Database {
    /// A copy that has been made and checked.
    public struct Backup: Sendable, Equatable {
        /// The file.
        public let path: String
        /// Its size in pages.
        public let pages: Int
        /// Its size in bytes.
        public let bytes: Int
        /// How many rows each of its tables has.
        public let rows: [String: Int]
    }

    /// Copies the database as it is now to `path`, while it is in use, and checks the copy.
    ///
    /// The copy is one file, complete and synced as soon as it has its name. `progress` is told
    /// the pages copied and the pages in all. Throws rather than overwrite a file.
    @discardableResult
    public func backup(
        to path: String, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws -> Backup {
        guard !FilePlace.exists(path) else {
            throw DatabaseError(
                .cannotOpen, "\(path) exists and is not overwritten", hint: "name another file")
        }
        let copy = try DatabaseCopy(path: path)
        try scan { source in
            // The copy must not begin anew with every write, so it reads from one snapshot.
            _ = try source.first("SELECT count(*) FROM sqlite_schema") { try $0.integer(0) }
            try copy.fill(from: source, progress: progress)
        }
        let backup = try copy.check(as: "the copy \(path)")
        try copy.publish()
        return backup
    }
}
