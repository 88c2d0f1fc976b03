import HTTP
import JSON

/// Sending messages to agents, and looking after them: `/v1/messages`.
struct InboxMessageRoutes: Sendable {
    let inboxes: Inboxes
    let idempotency: Idempotency

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/v1/messages", Self.sending, use: send)
        router.get("/v1/messages/{messageId}", Self.showing, use: show)
    }

    /// handles `POST /v1/messages`
    @Sendable private func send(_ request: Request) throws -> Reply {
        let draft = try Self.draft(request)
        return .waiting {
            try await idempotency.once(request, tenant: draft.inbox.tenant) { claim in
                let sent = try await inboxes.send(draft, claim: claim)
                return .json(sent, status: .accepted)
            }
        }
    }

    /// handles `GET /v1/messages/{messageId}`
    @Sendable private func show(_ request: Request) throws -> Response {
        let tenant = try request.tenant()
        let id = request.parameters["messageId"].lowercased()
        guard let report = try inboxes.store.find(id, of: tenant) else {
            throw Failure.messageNotFound(id)
        }
        return .json(report)
    }
}

// MARK: - Reading

extension InboxMessageRoutes {
    /// How large a payload may be, in bytes of its JSON text.
    static let payloadLimit = 262_144

    /// A message as a caller sends it; everything that is wrong with it is named at once.
    private static func draft(_ request: Request) throws -> InboxDraft {
        let body = try request.json()
        var problems = sendBody.problems(in: body)
            .map { Failure.Field(field: $0.field, problem: $0.problem) }
        let address = body["aiAgentAddress"]?.string ?? ""
        if !problems.contains(where: { $0.field == "aiAgentAddress" }),
            !Mapping.isAddress(address)
        {
            problems.insert(
                Failure.Field(field: "aiAgentAddress", problem: Mapping.addressProblem), at: 0)
        }
        if !problems.isEmpty { throw Failure(invalid: problems) }
        let payload = body["payload"]?.text ?? "{}"
        guard payload.utf8.count <= payloadLimit else {
            throw Failure(
                .payloadTooLarge, "'payload' is larger than the limit of 256 KiB as JSON.")
        }
        let sender = body["senderMetadata"]
        return InboxDraft(
            inbox: Mapping.Key(tenant: try request.tenant(body: body), address: address),
            payload: payload,
            sender: InboxDraft.Sender(
                serviceName: sender?["serviceName"]?.string,
                correlationID: sender?["correlationId"]?.string,
                messageID: sender?["senderProvidedMessageId"]?.string),
            orderingKey: body["orderingKey"]?.string,
            delay: body["deliverAfterSeconds"]?.int ?? 0, priority: body["priority"]?.int ?? 0,
            requestID: request.id, traceparent: request.trace)
    }
}

extension SentMessage: JSONWritable {
    /// The answer to a message that was sent.
    func write(to writer: inout JSONWriter) {
        writer.object { $0.field("messageId", id) }
    }
}

extension InboxStore.Report: JSONWritable {
    /// The answer to whoever looks after a message.
    func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.field("messageId", id)
            json.field("aiAgentAddress", address)
            json.field("state", state.rawValue)
            json.field("attempts", attempts)
            if let lastError { json.field("lastError", lastError) }
            json.object("timestamps") { json in
                json.field("queuedAt", queuedAt.milliseconds)
                if let availableAt { json.field("availableAt", availableAt.milliseconds) }
                if let deliveredAt { json.field("deliveredAt", deliveredAt.milliseconds) }
                if let acknowledgedAt {
                    json.field("acknowledgedAt", acknowledgedAt.milliseconds)
                }
                if let deadAt { json.field("deadAt", deadAt.milliseconds) }
            }
        }
    }
}
