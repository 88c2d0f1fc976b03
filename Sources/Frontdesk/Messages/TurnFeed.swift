import Synchronization

/// How far a turn's events are on disk; wakes everyone who follows them.
///
/// It holds no events: readers get them from the journal, each at a pace of its own.
final class TurnFeed: Sendable {
    /// What `next` brings.
    enum News: Sendable {
        /// There are committed events after the one asked about.
        case events
        /// Nothing new within the time allowed.
        case quiet
        /// The turn is over and nothing more follows; with the failure that nobody could store.
        case finished(Failure?)
    }

    fileprivate struct State {
        /// The last event of an earlier life of the turn.
        var before = 0
        var committed = 0
        var isWhole = false
        var isFinished = false
        var failure: Failure?
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// The number after which the events of this life of the turn begin.
    var before: Int { state.withLock { $0.before } }

    /// Numbers the events after `count` that the turn has already.
    func start(after count: Int) {
        state.withLock { ($0.before, $0.committed) = (count, count) }
    }

    /// The newest event on disk.
    var committed: Int { state.withLock { $0.committed } }

    /// Whether the turn's last event is on disk.
    var isWhole: Bool { state.withLock { $0.isWhole } }

    /// Notes that the events up to this one are on disk, and whether it is the turn's last.
    func publish(upTo number: Int, isLast: Bool) {
        change { state in
            state.committed = max(state.committed, number)
            if isLast { state.isWhole = true }
        }
    }

    /// Notes that the turn is over, and why it has no reply.
    func finish(_ failure: Failure?) {
        change { state in
            state.isFinished = true
            state.failure = failure
        }
    }

    /// Waits until there are events after number `sent`, nil for the first of this life, for at
    /// most `time`.
    func next(after sent: Int?, within time: Duration) async -> News {
        if let news = news(after: sent) { return news }
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let alarm = Task {
            // Cancelled as soon as something else wakes the reader.
            if (try? await Task.sleep(for: time)) != nil { wake(number) }
        }
        defer { alarm.cancel() }
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.news(after: sent) != nil { return true }
                state.waiters[number] = continuation
                return false
            }
            if isDue { continuation.resume() }
        }
        return news(after: sent) ?? .quiet
    }

    private func news(after sent: Int?) -> News? {
        state.withLock { $0.news(after: sent) }
    }

    private func wake(_ number: Int) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }
}

extension TurnFeed.State {
    /// What there is to tell a reader who has events up to `sent`.
    fileprivate func news(after sent: Int?) -> TurnFeed.News? {
        if committed > sent ?? before { return .events }
        return isFinished ? .finished(failure) : nil
    }
}
