import HTTP
import JSON

/// Sending messages to the agent: `/agent/messages` and its stream.
struct MessageRoutes: Sendable {
    let turns: Turns
    let idempotency: Idempotency

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/agent/messages", Self.sending, use: send)
        router.post("/agent/messages/stream", Self.streaming, use: stream)
    }

    /// A message as a caller sends it.
    private struct Message {
        let session: Session.Key
        let text: String
        let isStreamed: Bool

        init(_ request: Request) throws {
            let body = try request.body(MessageRoutes.message)
            let tenant = try request.tenant(body: body)
            let id = body["session_id"]?.string ?? ""
            try checkSessionID(id)
            session = Session.Key(tenant: tenant, id: id)
            text = body["message"]?.string ?? ""
            isStreamed = body["stream"]?.bool ?? false
        }
    }

    /// handles `POST /agent/messages`
    @Sendable private func send(_ request: Request) throws -> Reply {
        let message = try Message(request)
        return try start(request, message, isStreamed: message.isStreamed)
    }

    /// handles `POST /agent/messages/stream`
    @Sendable private func stream(_ request: Request) throws -> Reply {
        try start(request, try Message(request), isStreamed: true)
    }

    /// Takes the message's place in line, before anything else can come between.
    private func start(
        _ request: Request, _ message: Message, isStreamed: Bool
    ) throws -> Reply {
        let decision = try idempotency.decide(request, tenant: message.session.tenant)
        var claim: IdempotencyClaim?
        var turnID: String?
        var requestID = request.id
        switch decision {
        case .unkeyed: break
        case .first(let first): claim = first
        case .interrupted(let first, let interrupted):
            (claim, turnID, requestID) = (first, interrupted, first.requestID)
        case .replay(let outcome, let turn):
            return .now(
                isStreamed ? try replayStream(outcome, turn) : Response.replay(outcome))
        }
        do {
            let feed = isStreamed ? TurnFeed() : nil
            let ticket = try turns.enter(
                session: message.session, message: message.text, requestID: requestID,
                caller: request.caller, feed: feed, claim: claim, again: turnID)
            let turns = turns
            guard let feed else { return .later { .json(try await turns.run(ticket)) } }
            return .later { try await follow(feed, Task { try await turns.run(ticket) }) }
        } catch {
            if let claim { idempotency.release(claim) }
            throw error
        }
    }
}

// MARK: - Streams

extension MessageRoutes {
    /// Seconds without an event after which a comment shows that the connection lives.
    private static let quiet = Duration.seconds(15)

    /// An answer of events; what goes wrong before the first one is an ordinary error.
    private func follow(
        _ feed: TurnFeed, _ run: Task<TurnReply, any Error>
    ) async throws -> Response {
        switch await feed.next(after: 0, within: Self.quiet) {
        case .events(let events):
            if case .error = events[0].event { _ = try await run.value }
        case .finished: _ = try await run.value
        case .quiet: break
        }
        return .events { writer in
            var sent = 0
            while true {
                switch await feed.next(after: sent, within: Self.quiet) {
                case .events(let events):
                    for (number, event) in events {
                        try await writer.send(id: number, data: event)
                        if event.isTerminal { return }
                    }
                    sent += events.count
                case .quiet: try await writer.comment("keep-alive")
                case .finished:
                    // The turn ended before it could store an event: the failure is all there is.
                    if case .failure(let failure as Failure) = await run.result {
                        try await writer.send(id: sent + 1, data: TurnEvent.error(failure))
                    }
                    return
                }
            }
        }
    }

    /// The events of a turn that ended earlier, from the first on.
    private func replayStream(
        _ outcome: IdempotencyStore.Outcome, _ turnID: String?
    ) throws -> Response {
        guard let turnID else { return Response.replay(outcome) }
        let store = turns.environment.store
        let events =
            outcome.status == 200
            ? try store.events(of: turnID, reply: outcome.body)
            : try store.storedEvents(of: turnID)
        // What failed before its first event was an ordinary error then, and is one now.
        guard events.count > 1 else { return Response.replay(outcome) }
        var response = Response.events { writer in
            for (index, event) in events.enumerated() {
                try await writer.send(id: index + 1, json: Array(event.utf8))
            }
        }
        response.headers["Idempotent-Replayed"] = "true"
        return response
    }
}
