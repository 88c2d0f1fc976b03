import HTTP
import JSON

/// The events of turns: as a turn goes on, and again for those who lost their connection.
///
/// Every reader gets them from the journal at its own pace, so what a client has seen is on disk
/// and a slow one costs no memory.
struct TurnEventRoutes: Sendable {
    let turns: Turns

    /// Without an event for so long a comment shows that the connection lives.
    private static let quiet = Duration.seconds(15)

    private var store: TurnStore { turns.environment.store }

    /// Adds the route.
    func register(on router: inout Router) {
        router.get("/agent/messages/{request_id}/events", Self.resuming, use: events)
    }

    /// handles `GET /agent/messages/{request_id}/events`
    @Sendable private func events(_ request: Request) throws -> Response {
        let tenant = try request.tenant()
        let after = try Self.position(in: request)
        let requestID = request.parameters["request_id"]
        let visitor = request.caller.visitor
        if let turn = turns.find(requestID, of: tenant) {
            try turns.check(turn.session, from: turn.caller.identity, for: visitor)
            return live(turn, after: after)
        }
        guard let turn = try turns.stored(requestID, of: tenant, for: visitor) else {
            throw Failure.turnNotFound(requestID)
        }
        if try store.isStreamed(turn.id, tenant) {
            let isOver = try store.events(of: turn.id, tenant, after: after, limit: 1).isEmpty
            return isOver ? .empty(.noContent) : stored(turn.id, tenant, after: after)
        }
        let events = try store.derivedEvents(of: turn).filter { $0.number > after }
        return events.isEmpty ? .empty(.noContent) : Self.response(events)
    }

    /// The number after which a reader wants to go on.
    private static func position(in request: Request) throws -> Int {
        var name = "after"
        var text = request.query.pairs.last { $0.name == name }?.value
        if text == nil {
            name = "Last-Event-ID"
            text = request.headers[name]
        }
        guard let text else { return 0 }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Failure.invalid(name, "must be a whole number of at least 0")
        }
        // Whoever names a number that no stream reaches has seen everything.
        return min(Int(text) ?? Int.max, 1_000_000_000)
    }
}

// MARK: - Streams

extension TurnEventRoutes {
    /// The events of a turn that `run` runs, as its sender gets them; what goes wrong before the
    /// first one is an ordinary error.
    func follow(_ turn: Turn, _ run: Task<TurnReply, any Error>) async throws -> Response {
        switch await turn.feed.next(after: nil, within: Self.quiet) {
        case .events:
            // The last event alone is a failure.
            let isAlone = turn.feed.committed == turn.feed.before + 1
            if turn.feed.isWhole && isAlone { _ = try await run.value }
        case .finished: _ = try await run.value
        case .quiet: break
        }
        return .events { writer in try await send(turn, after: nil, to: writer) }
    }

    /// The events of a turn that waits or runs, for someone who comes later.
    private func live(_ turn: Turn, after: Int) -> Response {
        .events { writer in try await send(turn, after: after, to: writer) }
    }

    /// The events of a turn that ended earlier, when its key is used again; from the first on.
    func replay(
        _ outcome: IdempotencyStore.Outcome, of turnID: String?, _ tenant: Tenant
    ) throws -> Response {
        var response: Response
        if let turnID, try store.events(of: turnID, tenant, after: 0, limit: 2).count > 1 {
            response = stored(turnID, tenant, after: 0)
        } else if outcome.status == 200, let reply = try? JSONValue(parsing: outcome.body) {
            // The events left with their session; the reply stays as long as its key.
            response = Self.response(TurnStore.events(of: reply))
        } else {
            // What failed before its first event was an ordinary error then, and is one now.
            return Response.replay(outcome)
        }
        response.headers["Idempotent-Replayed"] = "true"
        return response
    }

    private func stored(_ turnID: String, _ tenant: Tenant, after: Int) -> Response {
        .events { writer in
            var sent = after
            while try await sendPage(of: turnID, tenant, &sent, to: writer) {}
        }
    }

    private static func response(_ events: [TurnStore.StoredEvent]) -> Response {
        .events { writer in
            for event in events { try await send(event, to: writer) }
        }
    }

    /// Sends what is in the journal and what comes into it, to the end of the turn.
    private func send(_ turn: Turn, after: Int?, to writer: EventWriter) async throws {
        let tenant = turn.session.tenant
        var sent = after
        while true {
            switch await turn.feed.next(after: sent, within: Self.quiet) {
            case .events:
                var position = sent ?? turn.feed.before
                let hasSent = try await sendPage(of: turn.id, tenant, &position, to: writer)
                // Of a session that is deleted meanwhile nothing is left to be read.
                sent = hasSent ? position : turn.feed.committed
            case .quiet: try await writer.comment("keep-alive")
            case .finished(let failure):
                return try await sendEnd(of: turn, after: sent, failure, to: writer)
            }
        }
    }

    /// Sends what is left to be told of a turn that is over.
    private func sendEnd(
        of turn: Turn, after sent: Int?, _ failure: Failure?, to writer: EventWriter
    ) async throws {
        let tenant = turn.session.tenant
        guard turn.events == nil else {
            // The turn ended before it could store its last event: the failure is all there is.
            guard let failure, !turn.feed.isWhole else { return }
            let number = max(turn.feed.committed, sent ?? 0) + 1
            return try await writer.send(id: number, data: TurnEvent.error(failure))
        }
        guard let stored = try? turns.stored(turn.requestID, of: tenant), stored.id == turn.id
        else {
            guard let failure else { return }
            return try await writer.send(id: (sent ?? 0) + 1, data: TurnEvent.error(failure))
        }
        for event in try store.derivedEvents(of: stored) where event.number > sent ?? 0 {
            try await Self.send(event, to: writer)
        }
    }

    /// Sends the next events of the journal; whether there were any.
    private func sendPage(
        of turnID: String, _ tenant: Tenant, _ sent: inout Int, to writer: EventWriter
    ) async throws -> Bool {
        let events = try store.events(of: turnID, tenant, after: sent)
        for event in events {
            try await Self.send(event, to: writer)
            sent = event.number
        }
        return !events.isEmpty
    }

    private static func send(
        _ event: TurnStore.StoredEvent, to writer: EventWriter
    ) async throws {
        try await writer.send(id: event.number, json: Array(event.data.utf8))
    }
}
