import HTTP
import JSON

/// Sending messages to the agent: `/agent/messages` and its stream.
struct MessageRoutes: Sendable {
    let turns: Turns
    let idempotency: Idempotency
    let streams: TurnEventRoutes

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
                isStreamed
                    ? try streams.replay(outcome, of: turn, message.session.tenant)
                    : Response.replay(outcome))
        }
        do {
            let ticket = try turns.enter(
                session: message.session, message: message.text, requestID: requestID,
                caller: request.caller, trace: request.trace, isStreamed: isStreamed,
                claim: claim, again: turnID)
            let (turns, streams) = (turns, streams)
            guard isStreamed else { return .later { .json(try await turns.run(ticket)) } }
            return .later {
                try await streams.follow(ticket.turn, Task { try await turns.run(ticket) })
            }
        } catch {
            if let claim { idempotency.release(claim) }
            throw error
        }
    }
}
