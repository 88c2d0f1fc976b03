/// What can be done with inboxes, and who is told of it: those who wait, deliverers, log, figures.
final class Inboxes: Sendable {
    let store: InboxStore
    let line = InboxLine()
    let streams = InboxStreams()
    private let log: Log
    private let metrics: Metrics
    /// Told of every inbox in which something may have become ready, once that is durable.
    private let readied: @Sendable (Mapping.Key) -> Void

    /// Inboxes over a store.
    init(
        store: InboxStore, log: Log, metrics: Metrics,
        readied: @escaping @Sendable (Mapping.Key) -> Void = { _ in }
    ) {
        self.store = store
        self.log = log
        self.metrics = metrics
        self.readied = readied
    }

    /// Says that something may have become ready in an inbox, or will be sooner than before.
    func ring(_ inbox: Mapping.Key) {
        line.ring(inbox)
        readied(inbox)
    }

    /// Ends all waiting, for ever.
    func beginStopping() {
        line.stop()
        streams.wake()
    }

    /// Removes at most about `limit` messages of an inbox that are past their time, and returns how
    /// many.
    func removeBatch(of inbox: Mapping.Key, atMost limit: Int) async throws -> Int {
        let count = try await store.removeBatch(of: inbox, atMost: limit)
        // Those that were held behind one that went may be ready now.
        if count > 0 { ring(inbox) }
        return count
    }

    private func count(_ event: String, _ amount: Int) {
        guard amount > 0 else { return }
        metrics.count(
            "frontdesk_inbox_events_total", "What was done with messages of inboxes.",
            labels: "event=\"\(event)\"", by: amount)
    }
}

// MARK: - Sending

extension Inboxes {
    /// Stores a message, and its outcome under the key of the request if it has one.
    func send(_ draft: InboxDraft, claim: IdempotencyClaim?) async throws -> SentMessage {
        let clock = store.clock
        let sent = try await store.send(draft) { sent, connection in
            try claim?.store(sent, status: 202, at: clock.now(), in: connection)
        }
        log.info(
            "message.routed",
            [
                ("message_id", .text(sent.id)), ("tenant", .text(draft.inbox.tenant.name)),
                ("agent", .text(draft.inbox.address)),
                ("destination", .text(sent.destination.rawValue)),
                ("repeat", .text(sent.isRepeat ? "true" : "false")),
                ("request_id", .text(draft.requestID)),
            ])
        count(sent.isRepeat ? "repeated" : "sent", 1)
        if !sent.isRepeat {
            // Deliverers have nothing to look for where others pull.
            if sent.destination == .frontdeskInbox {
                line.ring(draft.inbox)
            } else {
                ring(draft.inbox)
            }
        }
        return sent
    }
}

// MARK: - Pulling

extension Inboxes {
    /// Takes messages; when there are none, waits for some for at most `seconds`.
    ///
    /// Those who wait are served in the order in which they came. `isGone` is asked before anything
    /// is taken for somebody who had to wait.
    func pull(
        _ inbox: Mapping.Key, _ order: LeaseOrder, wait seconds: Int,
        isGone: @Sendable () -> Bool
    ) async throws -> [InboxLease] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        let leases = try await take(inbox, order)
        guard leases.isEmpty, seconds > 0 else { return leases }
        let place = line.enter(inbox)
        defer { line.leave(place) }
        while ContinuousClock.now < deadline {
            var alarm = deadline
            if line.isFirst(place) {
                if isGone() || line.isStopped { return [] }
                let outlook = try store.outlook(inbox)
                if outlook.isReady {
                    let leases = try await take(inbox, order)
                    if !leases.isEmpty { return leases }
                    continue
                }
                if let next = outlook.next {
                    let rest = max(0, next.seconds(since: store.clock.now()))
                    alarm = min(deadline, ContinuousClock.now + .seconds(rest))
                }
            }
            if line.isStopped { return [] }
            await place.bell.wait(until: alarm)
        }
        return []
    }

    private func take(_ inbox: Mapping.Key, _ order: LeaseOrder) async throws -> [InboxLease] {
        let leases = try await store.pull(inbox, order)
        count("pulled", leases.count)
        return leases
    }
}

// MARK: - Answering

extension Inboxes {
    /// A lease as a puller named it, and what became of it.
    typealias Answer = (ackID: String, outcome: LeaseOutcome)

    /// Writes that messages are done with.
    func ack(_ inbox: Mapping.Key, _ ids: [String]) async throws -> [Answer] {
        note(inbox, ids, try await store.ack(inbox, ids))
    }

    /// Gives messages back, to come again after `delay` seconds.
    func nack(_ inbox: Mapping.Key, _ ids: [String], delay: Int) async throws -> [Answer] {
        note(inbox, ids, try await store.nack(inbox, ids, delay: delay))
    }

    /// Makes leases end `seconds` from now.
    func extend(_ inbox: Mapping.Key, _ ids: [String], seconds: Int) async throws -> [Answer] {
        note(inbox, ids, try await store.extend(inbox, ids, seconds: seconds))
    }

    private func note(
        _ inbox: Mapping.Key, _ ids: [String], _ outcomes: [LeaseOutcome]
    ) -> [Answer] {
        let answers = zip(ids, outcomes).map { (ackID: $0, outcome: $1) }
        count("acked", outcomes.count { $0 == .acked })
        count("nacked", outcomes.count { $0 == .nacked })
        count("expired", outcomes.count { $0 == .expired })
        streams.note(inbox, answers)
        // A successor may be ready now, or the next change come at another time.
        line.ring(inbox)
        return answers
    }

    /// Makes dead letters deliverable again.
    func redrive(
        _ inbox: Mapping.Key, _ choice: DeadLetterChoice
    ) async throws -> (count: Int, notFound: [String]) {
        let result = try await store.redrive(inbox, choice)
        count("redriven", result.count)
        ring(inbox)
        return result
    }

    /// Makes acknowledged messages that were sent at `time` or later deliverable again.
    func seek(_ inbox: Mapping.Key, to time: Timestamp) async throws -> Int {
        let replayed = try await store.seek(inbox, to: time)
        count("replayed", replayed)
        ring(inbox)
        return replayed
    }
}
