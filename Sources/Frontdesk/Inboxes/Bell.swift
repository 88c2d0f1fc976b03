import Synchronization

/// A bell for one who waits: a ring that comes while nobody sleeps is heard by the next to wait.
final class Bell: Sendable {
    private struct State {
        var isRung = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes whoever waits, or keeps it from falling asleep.
    func ring() {
        let sleeper = state.withLock { state in
            state.isRung = true
            defer { state.sleeper = nil }
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Returns when the bell is rung, at the latest at `instant`.
    func wait(until instant: ContinuousClock.Instant) async {
        let alarm = Task {
            // Cancelled as soon as something else has woken the sleeper.
            if (try? await Task.sleep(until: instant, clock: .continuous)) != nil { ring() }
        }
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state in
                if !state.isRung { state.sleeper = continuation }
                return state.isRung
            }
            if isRung { continuation.resume() }
        }
        alarm.cancel()
        state.withLock { $0.isRung = false }
    }
}
