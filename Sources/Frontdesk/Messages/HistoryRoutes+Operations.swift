import HTTP
import JSON

// What the documents say about history and search.
extension HistoryRoutes {
    private static let message = JSONSchema.named(
        "SessionMessage",
        .object([
            .required("role", .string(oneOf: ["user", "assistant", "system"])),
            .required("content", .string),
            .required("timestamp", SessionRoutes.timestamp("When it was stored.")),
            .optional(
                "tool_calls",
                .nullable(
                    .array(of: .string), description: "On assistant messages: the tools called.")),
            .required("id", .string(example: "msg_0mh2k8w3f1a9b8c7d6e5f4a3b2c")),
            .required("seq", .integer(minimum: 1, description: "1, 2, 3 … within the session.")),
            .required("request_id", .string),
            .required(
                "status",
                .string(oneOf: ["pending", "complete", "failed", "cancelled", "interrupted"])),
            .optional("error_code", .string(description: "Why there is no reply.")),
        ]))

    static let reading = Operation(
        "Read a session's history", tag: "Sessions",
        description: "Without `limit` the complete history, oldest first.",
        parameters: [
            SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, SessionRoutes.sessionPath,
            .query("limit", .integer(in: 1...1000), "At most so many messages."),
            .query("after", .integer(minimum: 0), "Only messages with a greater `seq`."),
            .query("before", .integer(minimum: 0), "Only messages with a smaller `seq`."),
            .query(
                "order", .string(oneOf: ["asc", "desc"], default: "asc"),
                "Oldest first or newest."),
        ],
        responses: [
            .json(
                .ok, "The messages.",
                .named(
                    "SessionHistoryResponse",
                    .object([
                        .required("session_id", SessionRoutes.sessionID),
                        .required("tenant_id", SessionRoutes.tenantID),
                        .required(
                            "message_count",
                            .integer(minimum: 0, description: "All messages of the session.")),
                        .required("created_at", SessionRoutes.timestamp("Of the session.")),
                        .required("last_activity", SessionRoutes.timestamp("Of the session.")),
                        .required("messages", .array(of: message)),
                        .optional(
                            "has_more",
                            .boolean(description: "With `limit`: whether more follow.")),
                        .optional(
                            "next",
                            .nullable(
                                .integer(minimum: 1),
                                description: "With `limit`: the value for `after` or `before`.")),
                    ])),
                example: [
                    "session_id": "sess_abc123xyz", "tenant_id": "default", "message_count": 2,
                    "created_at": "2026-02-20T10:00:00.123456Z",
                    "last_activity": "2026-02-20T10:00:50.789000Z",
                    "messages": [
                        [
                            "role": "user", "content": "It's ORD-10001",
                            "timestamp": "2026-02-20T10:00:45.123456Z", "id": "msg_1", "seq": 1,
                            "request_id": "req_a", "status": "complete",
                        ],
                        [
                            "role": "assistant", "content": "I found your order ORD-10001.",
                            "timestamp": "2026-02-20T10:00:50.789000Z",
                            "tool_calls": ["search_orders"], "id": "msg_2", "seq": 2,
                            "request_id": "req_a", "status": "complete",
                        ],
                    ],
                ])
        ],
        errors: [400, 404, 410, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsRead))

    static let searching = Operation(
        "Search messages", tag: "Sessions",
        description: "Over the tenant's active sessions, newest first. Words are ANDed, "
            + "`\"a phrase\"` and `pre*` work; case and accents do not matter.",
        parameters: [
            SessionRoutes.tenantHeader, SessionRoutes.tenantQuery,
            .query("q", .string(minimum: 1, maximum: 200), required: true, "What to look for."),
            .query("role", .string(oneOf: ["user", "assistant", "system"]), "Only of this role."),
            .query("session_id", SessionRoutes.sessionID, "Only in this session."),
            .query("limit", .integer(in: 1...100, default: 20), "Results on a page."),
            .query("cursor", .string, "The `next_cursor` of the page before."),
        ],
        responses: [
            .json(
                .ok, "A page of results.",
                .named(
                    "SearchResponse",
                    .object([
                        .required("query", .string),
                        .required("tenant_id", SessionRoutes.tenantID),
                        .required(
                            "results",
                            .array(
                                of: .object([
                                    .required("session_id", SessionRoutes.sessionID),
                                    .required("message_id", .string),
                                    .required("seq", .integer(minimum: 1)),
                                    .required(
                                        "role", .string(oneOf: ["user", "assistant", "system"])),
                                    .required("timestamp", SessionRoutes.timestamp("Stored.")),
                                    .required(
                                        "snippet",
                                        .string(description: "Safe HTML with `<mark>`.")),
                                ]))),
                        .required("limit", .integer(in: 1...100)),
                        .required("next_cursor", .nullable(.string)),
                    ])),
                example: [
                    "query": "refund laptop", "tenant_id": "default",
                    "results": [
                        [
                            "session_id": "sess_abc123xyz", "message_id": "msg_1", "seq": 7,
                            "role": "user", "timestamp": "2026-02-20T10:30:00.123456Z",
                            "snippet": "my <mark>refund</mark> for the <mark>laptop</mark>",
                        ]
                    ], "limit": 20, "next_cursor": nil,
                ])
        ],
        errors: [400, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsRead))
}
