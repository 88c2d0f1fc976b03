import Synchronization

/// The committed events of a streamed turn, for the one reader that follows it.
final class TurnFeed: Sendable {
    /// What `next` brings.
    enum Batch: Sendable {
        case events([(number: Int, event: TurnEvent)])
        /// Nothing new within the time allowed.
        case quiet
        /// Nothing will follow.
        case finished
    }

    private struct State {
        /// Events before the first of these, of an earlier life of the turn.
        var before = 0
        var events: [TurnEvent] = []
        var isFinished = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Numbers the events after `count` that the turn has already.
    func start(after count: Int) {
        state.withLock { $0.before = count }
    }

    /// Adds events that are on disk now.
    func publish(_ events: [TurnEvent]) {
        change { $0.events += events }
    }

    /// Notes that the turn is over.
    func finish() {
        change { $0.isFinished = true }
    }

    /// The events after the first `after` of this feed; waits for at most `time` when there are
    /// none yet.
    func next(after: Int, within time: Duration) async -> Batch {
        if let batch = batch(after: after) { return batch }
        let alarm = Task {
            // Cancelled as soon as something else wakes the reader.
            if (try? await Task.sleep(for: time)) != nil { change { _ in } }
        }
        defer { alarm.cancel() }
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.isFinished || state.events.count > after { return true }
                state.waiter = continuation
                return false
            }
            if isDue { continuation.resume() }
        }
        return batch(after: after) ?? .quiet
    }

    private func batch(after: Int) -> Batch? {
        state.withLock { state in
            if state.events.count > after {
                return .events(
                    state.events.enumerated().dropFirst(after).map {
                        (state.before + $0.offset + 1, $0.element)
                    })
            }
            return state.isFinished ? .finished : nil
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiter = state.withLock { state in
            body(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
