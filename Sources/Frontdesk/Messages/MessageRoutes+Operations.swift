import HTTP
import JSON

// What the documents say about sending messages.
extension MessageRoutes {
    /// The body of a message.
    static let message = JSONSchema.named(
        "SendMessageRequest",
        .object([
            .required("session_id", SessionRoutes.sessionID),
            .required(
                "message",
                .string(
                    minimum: 1, maximum: 10_000, notBlank: true,
                    description: "What the customer says; stored as sent.",
                    example: "What's the status of my order ORD-10001?")),
            .optional("tenant_id", .nullable(SessionRoutes.tenantID)),
            .optional(
                "stream",
                .nullable(
                    .boolean(default: false, description: "Answer with server-sent events."))),
        ]))

    /// The answer to a message.
    static let reply = JSONSchema.named(
        "SendMessageResponse",
        .object([
            .required("session_id", .string),
            .required("response", .string(description: "What the agent says.")),
            .required("status", .string(oneOf: ["success"])),
            .required("timestamp", SessionRoutes.timestamp("When the reply was stored.")),
            .required("metadata", metadata),
        ]))

    /// What a turn took and used.
    static let metadata = JSONSchema.named(
        "TurnMetadata",
        .object([
            .required("request_id", .string),
            .required(
                "tool_calls", .array(of: .string, description: "The tools in order of call.")),
            .required(
                "processing_time_ms",
                .integer(minimum: 0, description: "From the start of the turn.")),
            .required("agent", .string(description: "Who wrote the reply.")),
            .optional("model", .string(description: "The model behind it, if any.")),
            .optional("usage", usage),
        ]))

    private static let usage = JSONSchema.object(
        [
            .required("input_tokens", .integer(minimum: 0)),
            .required("output_tokens", .integer(minimum: 0)),
        ], description: "What the model read and wrote, over all rounds.")

    /// One event of a stream.
    static let event = JSONSchema.named(
        "StreamEvent",
        .object(
            [
                .required(
                    "type",
                    .string(oneOf: ["start", "chunk", "tool_call", "tool_result", "end", "error"]))
            ], additional: true))

    private static let replyExample: JSONValue = [
        "session_id": "sess_abc123xyz",
        "response": .string(
            "Your order ORD-10001 is currently in transit and expected to arrive on "
                + "February 25, 2026."),
        "status": "success", "timestamp": "2026-02-20T10:30:05.789000Z",
        "metadata": [
            "request_id": "req_xyz789", "tool_calls": ["search_orders"],
            "processing_time_ms": 12, "agent": "builtin",
        ],
    ]

    private static let messageExample: JSONValue = [
        "session_id": "sess_abc123xyz", "message": "What's the status of my order ORD-10001?",
        "tenant_id": "default", "stream": false,
    ]

    /// Refusals that any message may meet.
    private static let refusals: [Status] = [400, 404, 409, 410, 415, 422, 429, 500, 502, 503, 504]
        .map {
            Status($0)
        }

    static let sending = Operation(
        "Send a message", tag: "Agent",
        description: "Takes the next place in the session's lane and answers with the agent's "
            + "reply once message and reply are on disk. An unknown session is created.",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, SessionRoutes.key],
        body: .json(message, example: messageExample),
        responses: [
            .json(.ok, "The agent's reply.", reply, example: replyExample),
            .events("With `stream: true`: the reply as events.", event),
        ],
        errors: refusals, access: .scope(.chatSend))

    static let streaming = Operation(
        "Send a message and stream the reply", tag: "Agent",
        description: "The same turn as server-sent events: `start`, `tool_call` and "
            + "`tool_result` for each tool, `chunk`s whose concatenation is the stored reply, "
            + "and one `end` or `error`.",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, SessionRoutes.key],
        body: .json(message, example: messageExample),
        responses: [
            .events(
                "The turn's events.", event,
                example: ["type": "start", "session_id": "sess_abc123xyz"])
        ],
        errors: refusals, access: .scope(.chatSend))
}
