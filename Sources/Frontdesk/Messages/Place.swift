import Synchronization

/// A message's place in its session's lane.
final class Place: Sendable {
    private struct State {
        var hasBegun = false
        var isSettling = false
        var dismissal: Failure?
        var waiter: CheckedContinuation<Void, any Error>?
    }

    /// The session in whose lane it is.
    let key: Session.Key
    private let state = Mutex(State())

    /// A place that waits.
    init(key: Session.Key) {
        self.key = key
    }

    /// Whether it is this place's turn.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Whether one of the turns that run in the server at once is this place's.
    var isRunning: Bool { state.withLock { $0.hasBegun && !$0.isSettling } }

    /// Notes that the agent's work is done and only has to be stored.
    func markSettling() {
        state.withLock { $0.isSettling = true }
    }

    /// Returns when it is this place's turn. Throws the failure of a dismissal.
    func turn() async throws {
        if hasBegun { return }
        try await withCheckedThrowingContinuation { continuation in
            let outcome: Result<Void, any Error>? = state.withLock { state in
                if let dismissal = state.dismissal { return .failure(dismissal) }
                if state.hasBegun { return .success(()) }
                state.waiter = continuation
                return nil
            }
            if let outcome { continuation.resume(with: outcome) }
        }
    }

    /// Notes that the turn has come, without waking the one who waits.
    func markBegun() {
        state.withLock { $0.hasBegun = true }
    }

    /// Lets the one who waits go on.
    func begin() {
        let waiter = state.withLock { state in
            state.hasBegun = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Ends the waiting with a failure; without effect once the turn has come.
    func dismiss(with failure: Failure) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.hasBegun, state.dismissal == nil else { return nil }
            state.dismissal = failure
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(throwing: failure)
    }
}
