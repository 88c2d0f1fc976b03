import Dispatch
import Synchronization

/// What waits to be written, in the order of arrival; bounded, with one thread that takes.
final class WriteQueue: Sendable {
    /// What a job that has run is told: nil when its batch is committed, else why it is not.
    typealias Completion = @Sendable (_ failure: (any Error)?) -> Void

    /// One closure in the queue.
    struct Job: Sendable {
        /// Does the work and returns whom to tell.
        let run: @Sendable (borrowing Connection) throws -> Completion
        /// Tells the caller that the work has failed.
        let fail: @Sendable (any Error) -> Void
    }

    /// What the taking thread gets.
    enum Next {
        /// The oldest jobs.
        case jobs([Job])
        /// None for as long as it wanted to wait.
        case nothing
        /// None, and there will be no more.
        case closed
    }

    private struct State {
        var jobs: [Job] = []
        var isWaiting = false
        var isClosed = false
    }

    private let limit: Int
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Makes a queue for at most `limit` jobs.
    init(limit: Int) {
        self.limit = limit
    }

    /// How many jobs wait.
    var depth: Int { state.withLock { $0.jobs.count } }

    /// Adds a job; throws `overloaded` when the queue is full and `closed` after `close`.
    func append(_ job: Job) throws {
        let wakes = try state.withLock { state in
            guard !state.isClosed else { throw DatabaseError.closed }
            guard state.jobs.count < limit else { throw DatabaseError.overloaded }
            state.jobs.append(job)
            defer { state.isWaiting = false }
            return state.isWaiting
        }
        if wakes { wake.signal() }
    }

    /// Takes no more jobs; those that wait are still handed out.
    func close() {
        state.withLock { $0.isClosed = true }
        wake.signal()
    }

    /// Returns up to `limit` jobs as soon as there is one; waits at most `patience` if given.
    func next(atMost limit: Int, wait patience: DispatchTimeInterval?) -> Next {
        while true {
            if let next = poll(atMost: limit) { return next }
            guard let patience else {
                wake.wait()
                continue
            }
            if wake.wait(timeout: .now() + patience) == .timedOut { return .nothing }
        }
    }

    private func poll(atMost limit: Int) -> Next? {
        state.withLock { state in
            guard !state.jobs.isEmpty else {
                state.isWaiting = !state.isClosed
                return state.isClosed ? .closed : nil
            }
            let batch = Array(state.jobs.prefix(limit))
            state.jobs.removeFirst(batch.count)
            return .jobs(batch)
        }
    }
}
