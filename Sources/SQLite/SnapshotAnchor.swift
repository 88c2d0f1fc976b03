/// A connection that stays on the newest snapshot, so that reads need not lock it themselves.
///
/// A reader locks the mark of its snapshot in the WAL's index by a system call, and unlocks it
/// by another, unless a connection of the same process holds that mark already. Those two calls
/// are half the time of a short read. The writer renews the anchor after every batch and lets
/// go of it before it checkpoints, so it never keeps the WAL from being folded in.
struct SnapshotAnchor: ~Copyable {
    private var connection: Connection?

    /// Opens the connection; without one reads are only slower.
    ///
    /// A command beside a server has none: it would stand in the way of the server's checkpoints.
    init(path: String, options: Database.Options) {
        guard options.exclusive else {
            connection = nil
            return
        }
        connection = try? Connection.open(path: path, role: .reader, options: options)
    }

    /// Moves to the newest snapshot.
    borrowing func renew() {
        letGo()
        try? connection?.beginSnapshot()
        // The transaction begins with the first statement.
        _ = try? connection?.first("SELECT 1 FROM sqlite_schema LIMIT 1") { _ in }
    }

    /// Holds no snapshot until the next renewal.
    borrowing func letGo() {
        try? connection?.endSnapshot()
    }

    /// Closes the connection; from now on nothing is held.
    mutating func close() {
        connection = nil
    }
}
