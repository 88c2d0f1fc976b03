import Synchronization

/// Says once and for all that the server is to stop.
public final class StopSignal: Sendable {
    private struct State {
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())
    /// Beside the lock, because it is asked once per request on every network thread.
    private let raised = Atomic(false)

    /// A signal that is not raised.
    init() {}

    /// Whether it has been raised.
    public var isRaised: Bool { raised.load(ordering: .acquiring) }

    /// Returns when the signal is raised, or when the waiting task is cancelled.
    public func wait() async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if isRaised || Task.isCancelled { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }

    /// Wakes everybody who waits; later waits return at once.
    func raise() {
        let waiters = state.withLock { state in
            raised.store(true, ordering: .releasing)
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }
}
