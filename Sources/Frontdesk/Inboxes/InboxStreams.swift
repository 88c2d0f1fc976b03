import Synchronization

/// The messages that one stream has sent and that nobody has answered yet.
final class OutstandingMessages: Sendable {
    private struct State {
        /// When each lease ends, by its name.
        var leases: [String: Timestamp] = [:]
        var sleeper: CheckedContinuation<Void, Never>?
        var isRung = false
    }

    private let state = Mutex(State())

    /// How many are outstanding at an instant; leases that have ended are not.
    func count(at now: Timestamp) -> Int {
        state.withLock { state in
            // Only now and then, because it looks at all of them.
            state.leases = state.leases.filter { $0.value > now }
            return state.leases.count
        }
    }

    /// When the first of the leases ends, nil when there are none.
    var firstEnd: Timestamp? { state.withLock { $0.leases.values.min() } }

    /// Notes messages that are about to be sent.
    func add(_ leases: [InboxLease]) {
        state.withLock { state in
            for lease in leases { state.leases[lease.ackID] = lease.until }
        }
    }

    /// Notes what became of leases, of which some may be of this stream.
    func note(_ outcomes: [(ackID: String, outcome: LeaseOutcome)]) {
        let sleeper = state.withLock { state in
            for (ackID, outcome) in outcomes where state.leases[ackID] != nil {
                switch outcome {
                case .extended(let until): state.leases[ackID] = until
                case .acked, .nacked, .expired, .unknown: state.leases[ackID] = nil
                }
            }
            state.isRung = true
            defer { state.sleeper = nil }
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Returns when something was noted, at the latest after `time`.
    func wait(for time: Duration) async {
        let alarm = Task {
            if (try? await Task.sleep(for: time)) != nil { note([]) }
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

/// The streams that are open, so that answers free room in them.
final class InboxStreams: Sendable {
    private let open = Mutex<[Mapping.Key: [OutstandingMessages]]>([:])

    /// Notes a stream that begins.
    func enter(_ inbox: Mapping.Key) -> OutstandingMessages {
        let messages = OutstandingMessages()
        open.withLock { $0[inbox, default: []].append(messages) }
        return messages
    }

    /// Forgets a stream that has ended.
    func leave(_ inbox: Mapping.Key, _ messages: OutstandingMessages) {
        open.withLock { open in
            var rest = open[inbox] ?? []
            rest.removeAll { $0 === messages }
            open[inbox] = rest.isEmpty ? nil : rest
        }
    }

    /// Tells the streams of an inbox what became of leases.
    func note(_ inbox: Mapping.Key, _ outcomes: [(ackID: String, outcome: LeaseOutcome)]) {
        for messages in open.withLock({ $0[inbox] ?? [] }) { messages.note(outcomes) }
    }

    /// Wakes every stream, so that it can see that the server stops.
    func wake() {
        for messages in open.withLock({ $0.values.flatMap(\.self) }) { messages.note([]) }
    }
}
