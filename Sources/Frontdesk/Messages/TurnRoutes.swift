import HTTP
import JSON

/// Looking after a turn by its request id, so that a lost connection loses no answer.
struct TurnRoutes: Sendable {
    let turns: Turns

    /// Adds the routes.
    func register(on router: inout Router) {
        router.get("/agent/messages/{request_id}", Self.showing, use: show)
        router.post("/agent/messages/{request_id}/cancel", Self.cancelling, use: cancel)
    }

    /// handles `GET /agent/messages/{request_id}`
    @Sendable private func show(_ request: Request) throws -> Response {
        let tenant = try request.tenant()
        let requestID = request.parameters["request_id"]
        let visitor = request.caller.visitor
        if let turn = turns.find(requestID, of: tenant) {
            try turns.check(turn.session, from: turn.caller.identity, for: visitor)
            return .json { json in
                json.field("request_id", requestID)
                json.field("session_id", turn.session.id)
                json.field("status", turn.phase == .queued ? "queued" : "running")
                json.null("response")
                json.field("timestamp", turns.environment.clock.now().text)
                json.object("metadata") { $0.field("request_id", requestID) }
                json.null("error")
            }
        }
        guard let stored = try turns.stored(requestID, of: tenant, for: visitor) else {
            throw Failure.turnNotFound(requestID)
        }
        return .json { json in
            json.field("request_id", requestID)
            json.field("session_id", stored.session.id)
            json.field("status", stored.status == .pending ? "running" : stored.status.rawValue)
            json.field("response", stored.reply?.text)
            json.field("timestamp", stored.timestamp)
            if let reply = stored.reply {
                json.field("metadata", raw: reply.metadata)
            } else {
                json.object("metadata") { $0.field("request_id", requestID) }
            }
            guard let word = stored.errorCode else { return json.null("error") }
            let failure = Failure.ofTurn(word)
            json.object("error") { json in
                json.field("error", failure.code.title)
                json.field("code", word)
                json.field("detail", failure.detail)
            }
        }
    }

    /// handles `POST /agent/messages/{request_id}/cancel`
    @Sendable private func cancel(_ request: Request) async throws -> Response {
        let requestID = request.parameters["request_id"]
        let tenant = try request.tenant(body: try request.body(.naming, allowsEmpty: true))
        let session = try await turns.cancel(
            requestID, of: tenant, for: request.caller.visitor)
        return .json { json in
            json.field("request_id", requestID)
            json.field("session_id", session.id)
            json.field("status", "cancelled")
            json.field("message", "Turn cancelled")
        }
    }
}

extension Failure {
    /// 404: no turn of the tenant has this request id.
    static func turnNotFound(_ requestID: String) -> Failure {
        Failure(.turnNotFound, "No turn with the request id '\(requestID)' in this tenant.")
    }

    /// The failure that a stored code stands for.
    static func ofTurn(_ word: String) -> Failure {
        let known: [Failure] = [
            .turnInterrupted, .turnCancelled,
            Failure(.turnConflict, "A row that the turn changed was changed by someone else."),
            Failure(.upstreamTimeout, "The agent did not answer in time."),
            Failure(.upstreamFailed, "The model behind the agent failed."),
            Failure(.budgetExceeded, "The tokens allowed for this turn or day are used up."),
            Failure(.notReady, "The server was shutting down."),
            Failure(.internal, "Something went wrong while the message was answered."),
        ]
        return known.first { $0.code.word == word }
            ?? Failure(.agentFailed, "The agent could not answer this message.")
    }
}

// What the documents say about turns.
extension TurnRoutes {
    private static let requestPath = Operation.Parameter.path(
        "request_id", .string(minimum: 1, maximum: 128), "The `X-Request-ID` of the message.")

    static let showing = Operation(
        "Read a turn", tag: "Agent",
        description: "How far the newest turn with this request id is, and its reply.",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, requestPath],
        responses: [
            .json(
                .ok, "The turn.",
                .named(
                    "TurnState",
                    .object([
                        .required("request_id", .string),
                        .required("session_id", SessionRoutes.sessionID),
                        .required(
                            "status",
                            .string(oneOf: [
                                "queued", "running", "complete", "failed", "cancelled",
                                "interrupted",
                            ])),
                        .required("response", .nullable(.string)),
                        .required("timestamp", SessionRoutes.timestamp("Of this state.")),
                        .required("metadata", .object([], additional: true)),
                        .required(
                            "error",
                            .nullable(
                                .object([
                                    .required("error", .string), .required("code", .string),
                                    .required("detail", .string),
                                ]))),
                    ])),
                example: [
                    "request_id": "req_xyz789", "session_id": "sess_abc123xyz",
                    "status": "running", "response": nil,
                    "timestamp": "2026-02-20T10:30:05.789000Z",
                    "metadata": ["request_id": "req_xyz789"], "error": nil,
                ])
        ],
        errors: [400, 404, 410, 429, 503].map { Status($0) }, access: .scope(.chatSend))

    static let cancelling = Operation(
        "Cancel a turn", tag: "Agent",
        description: "Exactly one of reply and cancellation wins; repeating it is harmless.",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, requestPath],
        body: .json(.naming, example: ["tenant_id": "default"], optional: true),
        responses: [
            .json(
                .ok, "The turn is cancelled.",
                .named(
                    "CancelTurnResponse",
                    .object([
                        .required("request_id", .string),
                        .required("session_id", SessionRoutes.sessionID),
                        .required("status", .string(oneOf: ["cancelled"])),
                        .required("message", .string),
                    ])),
                example: [
                    "request_id": "req_xyz789", "session_id": "sess_abc123xyz",
                    "status": "cancelled", "message": "Turn cancelled",
                ])
        ],
        errors: [400, 404, 409, 410, 415, 429, 503].map { Status($0) }, access: .scope(.chatSend))
}
