import HTTP
import JSON

// Messages pushed to a reader as they come.
extension InboxRoutes {
    /// Messages that are taken for a stream at a time, so that a slow reader does not hold many
    /// that it has not even been sent.
    private static let portion = 20
    /// Seconds without a message after which a comment shows that the connection lives.
    private static let quiet = 15

    /// handles `GET /v1/inboxes/{aiAgentAddress}/stream`
    @Sendable func stream(_ request: Request) throws -> Reply {
        let inbox = try request.mappingKey()
        var query = QueryReader(request)
        let seconds = query.integer("ackDeadlineSeconds", 10...600, default: 30)
        let limit = query.integer("maxOutstanding", 1...1000, default: 100)
        try query.check()
        // Where there is nothing to pull from, the answer is an ordinary error.
        _ = try inboxes.store.outlook(inbox)
        return .now(
            .events { events in
                try await push(inbox, seconds: seconds, limit: limit, to: events)
            })
    }

    /// Sends messages as long as the reader answers them, until it goes or the server stops.
    ///
    /// What it leaves unanswered comes again when the leases end.
    private func push(
        _ inbox: Mapping.Key, seconds: Int, limit: Int, to events: EventWriter
    ) async throws {
        let outstanding = inboxes.streams.enter(inbox)
        defer { inboxes.streams.leave(inbox, outstanding) }
        let inboxes = inboxes
        // The line knows before the server does that it stops.
        @Sendable func isStopping() -> Bool { inboxes.line.isStopped || events.isStopping }
        while !isStopping(), !events.closed.isRaised {
            let now = inboxes.store.clock.now()
            let room = limit - outstanding.count(at: now)
            guard room > 0 else {
                let end = outstanding.firstEnd.map { $0.seconds(since: now) } ?? 0
                let begun = ContinuousClock.now
                let rest = Duration.seconds(min(max(end, 0), Double(Self.quiet)))
                await outstanding.bell.wait(until: begun + rest)
                if ContinuousClock.now - begun >= .seconds(Self.quiet) {
                    try await events.comment("keep-alive")
                }
                continue
            }
            let order = LeaseOrder(count: min(room, Self.portion), seconds: seconds)
            let leases = try await inboxes.pull(inbox, order, wait: Self.quiet) {
                events.closed.isRaised || isStopping()
            }
            // Before they are sent, because an answer may come at once.
            outstanding.add(leases)
            for lease in leases { try await events.send(named: lease.ackID, data: lease) }
            if leases.isEmpty, !isStopping() { try await events.comment("keep-alive") }
        }
        if isStopping() { try await events.send(event: "end", data: Self.stopping) }
    }

    /// What the last event of a stream says.
    private static let stopping: JSONValue = ["reason": "server_stopping"]
}
