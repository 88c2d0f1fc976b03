import Dispatch
import Glibc
import Synchronization

/// The one thread that writes: it takes all that wait and commits them together.
///
/// It also looks after the WAL, and ends by closing the connection and letting go of the lock.
final class Writer: Sendable {
    private let path: String
    private let options: Database.Options
    private let lock: LockFile?
    private let connection: Mutex<Connection?>
    /// Used only while `connection` is locked.
    private let anchor: Mutex<SnapshotAnchor>
    private let queue: WriteQueue
    private let wal = WALPages()
    private let counters = Mutex(Counters())
    /// The thread that uses the connection now, 0 for none.
    private let holder = Atomic<UInt>(0)
    private let ended = DispatchSemaphore(value: 0)

    /// Opens the connection; `start` begins the thread.
    init(path: String, lock: LockFile?, options: Database.Options) throws {
        let connection = try Connection.open(path: path, role: .writer, options: options)
        connection.watch(wal)
        self.path = path
        self.lock = lock
        self.options = options
        self.connection = Mutex(connection)
        anchor = Mutex(SnapshotAnchor(path: path, options: options))
        queue = WriteQueue(limit: options.writeQueue)
    }

    /// Begins the thread.
    func start() throws {
        do {
            try Thread.start { self.loop() }
        } catch {
            end()
            throw error
        }
    }

    /// Joins the queue; throws `overloaded` when it is full and `closed` after `close`.
    func enqueue(_ job: WriteQueue.Job) throws {
        try queue.append(job)
    }

    /// Waits until all that is queued is committed and the thread has ended.
    func close() {
        queue.close()
        // The last reference to a database may go away on the thread itself.
        guard !isHeldHere else { return }
        ended.wait()
        ended.signal()
    }

    /// Runs `body` between two batches; throws `misuse` inside a write.
    func alone<T: Sendable>(_ body: @Sendable (borrowing Connection) throws -> T) throws -> T {
        guard !isHeldHere else {
            throw DatabaseError(.misuse, "the writer is in use by this very thread")
        }
        return try connection.withLock { connection in
            holder.store(UInt(pthread_self()), ordering: .relaxed)
            defer { holder.store(0, ordering: .relaxed) }
            switch connection {
            case .some(let connection): return try body(connection)
            case .none: throw DatabaseError.closed
            }
        }
    }

    /// Folds the WAL into the file as far as readers allow, and returns whether all of it was.
    func checkpoint(_ mode: Connection.Checkpoint) throws -> Bool {
        counters.withLock { $0.checkpoints += 1 }
        do {
            return try alone { connection in
                try anchor.withLock { anchor in
                    anchor.letGo()
                    defer { anchor.renew() }
                    return try connection.checkpoint(
                        mode, wal: wal, patience: options.busyTimeout)
                }
            }
        } catch {
            counters.withLock { $0.failedCheckpoints += 1 }
            throw error
        }
    }

    /// The counters as they are now.
    var statistics: Database.Statistics {
        counters.withLock {
            Database.Statistics(
                queueDepth: queue.depth, counters: $0, walPages: wal.count,
                databaseBytes: FilePlace.size(of: path),
                walBytes: FilePlace.size(of: path + "-wal"))
        }
    }

    private var isHeldHere: Bool { holder.load(ordering: .relaxed) == UInt(pthread_self()) }

    private func loop() {
        var plan = CheckpointPlan(options: options)
        while true {
            try? alone { _ in anchor.withLock { $0.renew() } }
            switch queue.next(atMost: options.maximumBatch, wait: plan.patience(wal: wal.count)) {
            case .jobs(let batch):
                commit(batch)
                if plan.isDue(wal: wal.count, isQueueEmpty: queue.depth == 0) {
                    plan.note(wal: wal.count)
                    _ = try? checkpoint(.passive)
                }
            case .nothing:
                if wal.count > 0 || FilePlace.size(of: path + "-wal") > 0 {
                    plan.tidied((try? checkpoint(.truncate)) ?? false)
                }
            case .closed:
                end()
                return
            }
        }
    }

    private func commit(_ batch: [WriteQueue.Job]) {
        let result: Connection.BatchResult
        do {
            result = try alone { $0.commit(batch) }
        } catch {
            result = .init(lost: batch, to: error)
        }
        counters.withLock { $0.count(result, of: batch.count) }
        for finish in result.completions { finish(result.failure) }
    }

    private func end() {
        queue.close()
        if options.exclusive { _ = try? checkpoint(.truncate) }
        // SQLite removes the WAL when the last connection closes, and that must be the writer's.
        anchor.withLock { $0.close() }
        connection.withLock { $0 = nil }
        lock?.release()
        ended.signal()
    }
}
