/// A SQLite file with one writer, many readers and a lock against a second server.
///
/// `read` runs at once on a read-only connection. `write` joins a queue: one thread takes all
/// that wait, commits them together and durably, and only then answers them.
public final class Database: Sendable {
    /// How a database is opened.
    public struct Options: Sendable {
        /// When a commit counts as done.
        public enum Synchronous: String, Sendable {
            /// After it has reached the disk.
            case full
            /// Before; a power failure may lose the newest commits but damages nothing.
            case normal
        }

        /// How many reads run at the same time, 1 to 64.
        public var readers = 4
        /// When a commit counts as done.
        public var synchronous = Synchronous.full
        /// How long to wait for another process' write lock, in milliseconds.
        public var busyTimeout = 5000
        /// How many writes may wait; one more is refused as overloaded.
        public var writeQueue = 10_000
        /// How many writes one commit takes at most.
        public var maximumBatch = 256
        /// Whether this is the server's own opening, which takes the lock and looks after the
        /// WAL, or a command's beside a server.
        public var exclusive = true
        /// How many pages the WAL may have before they are folded into the file, when no write
        /// waits; with writes waiting, eight times as many.
        public var checkpointPages = 1000
        /// How long without a write before the WAL is emptied, in milliseconds.
        public var idleMilliseconds = 1000
        /// How many statements each connection keeps prepared.
        public var cachedStatements = 256
        /// Each connection's page cache, in KiB.
        public var cacheKibibytes = 8192
        /// How much of the file is mapped into memory, in bytes.
        ///
        /// None is best for short reads: mapped pages are not kept, so each is checked again at
        /// every use, and a disk that fails under a mapping kills the process.
        public var mappedBytes = 0

        /// The defaults of a server.
        public init() {}
    }

    /// The file, as an absolute path without symbolic links.
    public let path: String
    /// Whether this opening holds the lock, so that nobody else changes the database.
    public let isExclusive: Bool
    private let options: Options
    private let writer: Writer
    private let readers: Readers

    /// Opens the database at `path`; the server's opening makes it, and its folder, if missing.
    ///
    /// Throws `DatabaseError`: `locked` when another server has it, `notADatabase`, `cannotOpen`.
    public init(path: String, options: Options = .init()) throws {
        let file = try FilePlace(path, create: options.exclusive)
        self.path = file.path
        isExclusive = options.exclusive
        self.options = options
        let lock = options.exclusive ? try LockFile(beside: file.path) : nil
        try file.create()
        writer = try Writer(path: file.path, lock: lock, options: options)
        readers = try Readers(path: file.path, options: options)
        try writer.start()
    }

    deinit {
        close()
    }

    /// Runs `body` on one snapshot of the database and returns its result.
    ///
    /// It blocks the calling thread, and waits while all readers are in use. A read inside a
    /// read throws `misuse`; changes throw `readOnly`.
    public func read<T: Sendable>(_ body: (borrowing Connection) throws -> T) throws -> T {
        try readers.read(body)
    }

    /// Runs `body` on one snapshot, on a connection opened for this call.
    ///
    /// For what takes long, an export or a check of everything, so that it keeps no reader from
    /// the short reads.
    public func scan<T>(_ body: (borrowing Connection) throws -> T) throws -> T {
        try readers.checkOpen()
        let connection = try Connection.open(path: path, role: .reader, options: options)
        try connection.beginSnapshot()
        let value = try body(connection)
        try connection.endSnapshot()
        return value
    }

    /// Runs `body` in the next batch and returns its result once that is durable.
    ///
    /// If `body` throws, what it changed is undone and the error is rethrown here. Bodies run
    /// one after the other in the order of the calls; keep them short. One may run a second time,
    /// after its first run was undone, so it must not count on running once. Throws `overloaded` at
    /// once when the queue is full. Cancelling the task does not take a body out of the queue.
    @discardableResult
    public func write<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Connection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let job = WriteQueue.Job(
                run: { connection in
                    let value = try body(connection)
                    return { failure in
                        if let failure {
                            continuation.resume(throwing: failure)
                        } else {
                            continuation.resume(returning: value)
                        }
                    }
                },
                fail: { continuation.resume(throwing: $0) })
            do {
                try writer.enqueue(job)
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Runs `body` on the writer's connection between two batches, outside a transaction.
    func alone<T: Sendable>(_ body: @Sendable (borrowing Connection) throws -> T) throws -> T {
        try writer.alone(body)
    }

    /// Folds the WAL into the file and empties it; returns false where a reader prevents that.
    @discardableResult
    public func checkpoint() throws -> Bool {
        guard isExclusive else {
            throw DatabaseError(.misuse, "only the server that holds the lock checkpoints")
        }
        return try writer.checkpoint(.truncate)
    }

    /// What the writer has done, and what waits.
    public var statistics: Statistics { writer.statistics }

    /// Commits what waits, folds the WAL into the file, closes all connections and lets go of
    /// the lock; later calls throw `closed`.
    ///
    /// Waits for the reads that run. Inside a `read` or `write` it only asks for the end.
    public func close() {
        readers.close()
        writer.close()
    }
}
