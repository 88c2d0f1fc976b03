import Synchronization

/// The messages that one stream has sent and that nobody has answered yet.
final class OutstandingMessages: Sendable {
    /// When each lease ends, by its name.
    private let leases = Mutex<[String: Timestamp]>([:])
    /// Rung when there may be room again, or no need for it.
    let bell = Bell()

    /// How many are outstanding at an instant; leases that have ended are not.
    func count(at now: Timestamp) -> Int {
        leases.withLock { leases in
            leases = leases.filter { $0.value > now }
            return leases.count
        }
    }

    /// When the first of the leases ends, nil when there are none.
    var firstEnd: Timestamp? { leases.withLock { $0.values.min() } }

    /// Notes messages that are about to be sent.
    func add(_ new: [InboxLease]) {
        leases.withLock { leases in
            for lease in new { leases[lease.ackID] = lease.until }
        }
    }

    /// Notes what became of leases, of which some may be of this stream.
    func note(_ outcomes: [(ackID: String, outcome: LeaseOutcome)]) {
        leases.withLock { leases in
            for (ackID, outcome) in outcomes where leases[ackID] != nil {
                switch outcome {
                case .extended(let until): leases[ackID] = until
                case .acked, .nacked, .expired, .unknown: leases[ackID] = nil
                }
            }
        }
        bell.ring()
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
        for messages in open.withLock({ $0.values.flatMap(\.self) }) { messages.bell.ring() }
    }
}
