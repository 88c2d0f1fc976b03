import Dispatch
import Glibc
import Synchronization

/// The one thread that writes: it takes all that wait and commits them together.
final class Writer: Sendable {
    /// What a finished job is told: nil when its batch is committed, else why it is not.
    typealias Completion = @Sendable (_ failure: (any Error)?) -> Void

    /// One closure in the queue.
    struct Job: Sendable {
        /// Does the work and returns whom to tell.
        let run: @Sendable (borrowing Connection) throws -> Completion
        /// Tells the caller that it failed.
        let fail: @Sendable (any Error) -> Void
    }

    private struct Queue {
        var jobs: [Job] = []
        var isIdle = false
        var isClosed = false
    }

    private let options: Database.Options
    private let connection: Mutex<Connection?>
    /// The thread that uses the connection now, 0 for none.
    private let holder = Atomic<UInt>(0)
    private let queue = Mutex(Queue())
    /// Jobs that no batch has taken yet.
    private let depth = Atomic<Int>(0)
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// Opens the connection; `start` begins the thread.
    init(path: String, options: Database.Options) throws {
        self.options = options
        connection = Mutex(try Connection.open(path: path, role: .writer, options: options))
    }

    /// Joins the queue; throws `overloaded` when it is full and `closed` after `close`.
    func enqueue(_ job: Job) throws {
        if depth.wrappingAdd(1, ordering: .relaxed).newValue > options.writeQueue {
            depth.wrappingSubtract(1, ordering: .relaxed)
            throw DatabaseError.overloaded
        }
        let (accepted, wakes) = queue.withLock { queue in
            guard !queue.isClosed else { return (false, false) }
            queue.jobs.append(job)
            defer { queue.isIdle = false }
            return (true, queue.isIdle)
        }
        guard accepted else {
            depth.wrappingSubtract(1, ordering: .relaxed)
            throw DatabaseError.closed
        }
        if wakes { wake.signal() }
    }

    /// Begins the thread.
    func start() throws {
        try Thread.start { self.loop() }
    }

    /// Lets the thread finish what waits, then ends it; later jobs are refused.
    func close() {
        let first = queue.withLock { queue in
            defer { queue.isClosed = true }
            return !queue.isClosed
        }
        guard first else { return }
        wake.signal()
        ended.wait()
        connection.withLock { $0 = nil }
    }

    /// Runs `body` between two batches; throws `misuse` inside a write.
    func alone<T: Sendable>(_ body: @Sendable (borrowing Connection) throws -> T) throws -> T {
        let thread = UInt(pthread_self())
        guard holder.load(ordering: .relaxed) != thread else {
            throw DatabaseError(.misuse, "the writer is in use by this very thread")
        }
        return try connection.withLock { connection in
            holder.store(thread, ordering: .relaxed)
            defer { holder.store(0, ordering: .relaxed) }
            switch connection {
            case .some(let connection): return try body(connection)
            case .none: throw DatabaseError.closed
            }
        }
    }

    private func loop() {
        var pending: ArraySlice<Job> = []
        while true {
            if pending.isEmpty {
                guard let next = waitForJobs() else { break }
                pending = next[...]
            }
            var batch = pending.prefix(options.maximumBatch)
            pending = pending.dropFirst(batch.count)
            if batch.count < options.maximumBatch, pending.isEmpty {
                pending = takeJobs()[...]
                let more = pending.prefix(options.maximumBatch - batch.count)
                pending = pending.dropFirst(more.count)
                batch += more
            }
            depth.wrappingSubtract(batch.count, ordering: .relaxed)
            commit(batch)
        }
        ended.signal()
    }

    /// Returns what waits, or nil when the queue is closed and empty.
    private func waitForJobs() -> [Job]? {
        while true {
            let (jobs, isClosed) = queue.withLock { queue in
                let jobs = queue.jobs
                queue.jobs = []
                queue.isIdle = jobs.isEmpty && !queue.isClosed
                return (jobs, queue.isClosed)
            }
            if !jobs.isEmpty { return jobs }
            if isClosed { return nil }
            wake.wait()
        }
    }

    private func takeJobs() -> [Job] {
        queue.withLock { queue in
            defer { queue.jobs = [] }
            return queue.jobs
        }
    }

    private func commit(_ batch: ArraySlice<Job>) {
        let completions: [Completion]
        do {
            completions = try alone { $0.commit(batch) }
        } catch {
            completions = batch.map { job in { _ in job.fail(error) } }
        }
        for completion in completions { completion(nil) }
    }
}

extension Connection {
    /// Runs the batch in one transaction and returns whom to tell, in the order of the queue.
    borrowing func commit(_ batch: ArraySlice<Writer.Job>) -> [Writer.Completion] {
        var completions: [Writer.Completion] = []
        completions.reserveCapacity(batch.count)
        do {
            try control.beginImmediate.run()
            for job in batch { completions.append(try runPiece(job)) }
            try control.commit.run()
            return completions
        } catch {
            if isInTransaction { try? control.rollback.run() }
            let rest = batch.dropFirst(completions.count).map { job -> Writer.Completion in
                { job.fail($0 ?? DatabaseError.closed) }
            }
            return (completions + rest).map { completion in { _ in completion(error) } }
        }
    }

    /// Runs one job in a savepoint; throws only when the whole transaction is lost.
    private borrowing func runPiece(_ job: Writer.Job) throws -> Writer.Completion {
        try control.savepoint.run()
        do {
            let completion = try job.run(self)
            guard isInTransaction else {
                throw DatabaseError(.error, "the transaction has been rolled back by SQLite")
            }
            try control.release.run()
            return completion
        } catch {
            try undoPiece(after: error)
            return { _ in job.fail(error) }
        }
    }
}
