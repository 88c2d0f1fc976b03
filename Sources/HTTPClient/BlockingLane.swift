internal import Dispatch
internal import Synchronization

/// Runs blocking work on threads of its own: Swift's few threads for tasks never wait for a
/// network.
///
/// At most `width` pieces run at once; what comes on top waits in line, first come, first served.
final class BlockingLane: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let queue: DispatchQueue
    private let width: Int
    private let state = Mutex(State())

    /// A lane for at most `width` pieces at once.
    init(label: String, width: Int) {
        queue = DispatchQueue(label: label, attributes: .concurrent)
        self.width = max(1, width)
    }

    /// Runs `work` when its turn comes and returns what it returns.
    func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            start { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// Starts `job`, or puts it in line.
    private func start(_ job: @escaping @Sendable () -> Void) {
        let mayRun = state.withLock { state in
            guard state.running < width else {
                state.waiting.append(job)
                return false
            }
            state.running += 1
            return true
        }
        if mayRun { execute(job) }
    }

    /// Runs `job` on the queue and then the next one in line.
    private func execute(_ job: @escaping @Sendable () -> Void) {
        queue.async {
            job()
            let next = self.state.withLock { state -> (@Sendable () -> Void)? in
                guard !state.waiting.isEmpty else {
                    state.running -= 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            if let next { self.execute(next) }
        }
    }
}
