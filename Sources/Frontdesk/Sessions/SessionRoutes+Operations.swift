import HTTP
import JSON

// What the documents say about sessions, and the pieces that other routes share.
extension SessionRoutes {
    private static let identifier: JSONPattern = "^[A-Za-z0-9._:@-]+$"
    private static let isNoIdentifier = "must be 1 to 100 characters of A-Z, a-z, 0-9 and . _ : @ -"
    static let sessionID = JSONSchema.string(
        minimum: 1, maximum: 100, pattern: identifier, otherwise: isNoIdentifier,
        description: "1 to 100 characters of `[A-Za-z0-9._:@-]`.",
        example: "sess_abc123xyz")
    static let tenantID = JSONSchema.string(
        minimum: 1, maximum: 100, pattern: identifier, otherwise: isNoIdentifier,
        description: "The tenant; `default` when none is named.",
        example: "default")
    static let tenantHeader = Operation.Parameter.header(
        "X-Tenant-ID", tenantID, "The tenant, when neither query nor body names one.")
    static let tenantQuery = Operation.Parameter.query("tenant_id", tenantID, "The tenant.")
    static let sessionPath = Operation.Parameter.path("session_id", sessionID, "The session.")
    static let key = Operation.Parameter.header(
        "Idempotency-Key", .string(minimum: 1, maximum: 255),
        "Makes the request happen once: repeats within 24 hours get the first answer.")

    /// An instant, as every answer writes it.
    static func timestamp(_ description: String) -> JSONSchema {
        .string(
            format: .dateTime, description: description, example: "2026-02-20T10:30:00.123456Z")
    }

    /// The body of a creation.
    static let createBody = JSONSchema.named(
        "CreateSessionRequest",
        .object([
            .optional("session_id", .nullable(sessionID)),
            .optional("tenant_id", .nullable(tenantID)),
            .optional(
                "metadata",
                .nullable(
                    .object(
                        [], additional: true,
                        description: "Any JSON object of at most 16 KiB and 16 levels."))),
        ]))

    private static let metadata = JSONSchema.object(
        [], additional: true, description: "As the creator sent it.")

    private static let created = JSONSchema.named(
        "CreateSessionResponse",
        .object([
            .required("session_id", sessionID),
            .required("status", .string(oneOf: ["created"])),
            .required("message", .string),
            .required("created_at", timestamp("When it was created.")),
            .required("metadata", metadata),
        ]))

    private static let info = JSONSchema.named(
        "SessionInfo",
        .object([
            .required("session_id", sessionID),
            .required("created_at", timestamp("When it was created.")),
            .required("message_count", .integer(minimum: 0)),
            .required("last_activity", timestamp("The newest of creation, message and reply.")),
        ]))

    private static let summary = JSONSchema.named(
        "SessionSummary",
        .object([
            .required("session_id", sessionID),
            .required("tenant_id", tenantID),
            .required("message_count", .integer(minimum: 0)),
            .required("created_at", timestamp("When it was created.")),
            .required("last_activity", timestamp("The newest of creation, message and reply.")),
        ]))

    static let creating = Operation(
        "Create a session", tag: "Agent", description: "An empty body counts as `{}`.",
        parameters: [tenantHeader, tenantQuery, key],
        body: .json(
            createBody,
            example: [
                "session_id": "optional-custom-id", "tenant_id": "default",
                "metadata": ["user_name": "John Doe", "channel": "web"],
            ], optional: true),
        responses: [
            .json(
                .created, "The session is stored.", created,
                example: [
                    "session_id": "sess_abc123xyz", "status": "created",
                    "message": "Session created successfully",
                    "created_at": "2026-02-20T10:30:00.123456Z",
                    "metadata": ["user_name": "John Doe", "channel": "web"],
                ]
            ).header("Location", "Where the session is.", schema: .string, always: true)
        ],
        errors: [400, 409, 415, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.sessionsWrite))

    static let listing = Operation(
        "List active sessions", tag: "Agent", description: "Newest activity first.",
        parameters: [
            tenantHeader, tenantQuery,
            .query("limit", .integer(in: 1...1000, default: 100), "Sessions on a page."),
            .query("cursor", .string, "The `next_cursor` of the page before."),
        ],
        responses: [
            .json(
                .ok, "A page of sessions.",
                .named(
                    "ListSessionsResponse",
                    .object([
                        .required("sessions", .array(of: info)),
                        .required(
                            "total_count",
                            .integer(minimum: 0, description: "All active sessions.")),
                        .required("status", .string(oneOf: ["success"])),
                        .required("next_cursor", .nullable(.string)),
                    ])),
                example: [
                    "sessions": [
                        [
                            "session_id": "sess_abc123xyz",
                            "created_at": "2026-02-20T10:00:00.000000Z", "message_count": 5,
                            "last_activity": "2026-02-20T10:30:00.000000Z",
                        ]
                    ], "total_count": 1, "status": "success", "next_cursor": nil,
                ])
        ],
        errors: [400, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsRead))

    static let pagedListing = Operation(
        "List sessions of a tenant", tag: "Sessions", description: "Newest activity first.",
        parameters: [
            tenantHeader, tenantQuery,
            .query("limit", .integer(in: 1...100, default: 50), "Sessions on a page."),
            .query("offset", .integer(minimum: 0, default: 0), "Sessions to skip."),
        ],
        responses: [
            .json(
                .ok, "A page of sessions.",
                .named(
                    "SessionListResponse",
                    .object([
                        .required("sessions", .array(of: summary)),
                        .required("total", .integer(minimum: 0)),
                        .required("limit", .integer(in: 1...100)),
                        .required("offset", .integer(minimum: 0)),
                        .required("tenant_id", tenantID),
                    ])),
                example: [
                    "sessions": [
                        [
                            "session_id": "sess_abc123xyz", "tenant_id": "customer_acme",
                            "message_count": 5, "created_at": "2026-02-20T10:00:00.000000Z",
                            "last_activity": "2026-02-20T10:30:00.000000Z",
                        ]
                    ], "total": 1, "limit": 20, "offset": 0, "tenant_id": "customer_acme",
                ])
        ],
        errors: [400, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsRead))

    static let showing = Operation(
        "Read a session", tag: "Sessions", parameters: [tenantHeader, tenantQuery, sessionPath],
        responses: [
            .json(
                .ok, "The session.",
                .named(
                    "Session",
                    .object([
                        .required("session_id", sessionID),
                        .required("tenant_id", tenantID),
                        .required("message_count", .integer(minimum: 0)),
                        .required("created_at", timestamp("When it was created.")),
                        .required("last_activity", timestamp("Its newest activity.")),
                        .required("metadata", metadata),
                        .required("expires_at", timestamp("When it expires if nothing happens.")),
                        .required("owner", .string(oneOf: ["bot", "human"])),
                        .required(
                            "turns_waiting",
                            .integer(minimum: 0, description: "Messages behind the running one.")),
                    ])),
                example: [
                    "session_id": "sess_abc123xyz", "tenant_id": "default", "message_count": 4,
                    "created_at": "2026-02-20T10:00:00.123456Z",
                    "last_activity": "2026-02-20T10:00:50.789000Z", "metadata": [:],
                    "expires_at": "2026-02-21T10:00:50.789000Z", "owner": "bot",
                    "turns_waiting": 0,
                ])
        ],
        errors: [400, 404, 410, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsRead))

    static let deleting = Operation(
        "Delete a session", tag: "Agent",
        description: "With its history; orders, complaints and e-mails outlive it. "
            + "A JSON body may name the tenant as `tenant_id`.",
        parameters: [tenantHeader, tenantQuery, sessionPath],
        responses: [
            .json(
                .ok, "The session is gone.",
                .named(
                    "DeleteSessionResponse",
                    .object([
                        .required("session_id", sessionID),
                        .required("status", .string(oneOf: ["deleted"])),
                        .required("message", .string),
                    ])),
                example: [
                    "session_id": "sess_abc123xyz", "status": "deleted",
                    "message": "Session deleted successfully",
                ])
        ],
        errors: [400, 404, 415, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsWrite))

    static let managedDeleting = Operation(
        "Delete a session of a tenant", tag: "Sessions",
        description: "As `DELETE /agent/sessions/{session_id}`.",
        parameters: [tenantHeader, tenantQuery, sessionPath],
        responses: [
            .json(
                .ok, "The session is gone.",
                .named(
                    "DeleteSessionManagementResponse",
                    .object([
                        .required("session_id", sessionID),
                        .required("tenant_id", tenantID),
                        .required("message", .string),
                    ])),
                example: [
                    "session_id": "sess_abc123xyz", "tenant_id": "customer_acme",
                    "message": "Session deleted successfully",
                ])
        ],
        errors: [400, 404, 415, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsWrite))

    static let cleaning = Operation(
        "Clean up expired sessions", tag: "Sessions",
        description: "Removes all expired sessions of the tenant now; the id selects nothing.",
        parameters: [tenantHeader, tenantQuery, sessionPath],
        responses: [
            .json(
                .ok, "The expired sessions are gone.",
                .named(
                    "CleanupResponse",
                    .object([
                        .required("cleaned_sessions", .integer(minimum: 0)),
                        .required("message", .string),
                    ])),
                example: [
                    "cleaned_sessions": 3,
                    "message": "Expired sessions cleaned up successfully",
                ])
        ],
        errors: [400, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsAdmin))

    static let counting = Operation(
        "Count sessions", tag: "Sessions",
        description: "Over all tenants; `tenant_id` narrows it to one.",
        parameters: [tenantHeader, tenantQuery],
        responses: [
            .json(
                .ok, "The totals.",
                .named(
                    "SessionStats",
                    .object([
                        .required("total_sessions", .integer(minimum: 0)),
                        .required("active_sessions", .integer(minimum: 0)),
                        .required("expired_sessions", .integer(minimum: 0)),
                        .required(
                            "sessions_by_tenant",
                            .object([], additional: .schema(.integer(minimum: 0)))),
                        .required("oldest_session", .nullable(timestamp("Created first."))),
                        .required("newest_session", .nullable(timestamp("Created last."))),
                    ])),
                example: [
                    "total_sessions": 125, "active_sessions": 45, "expired_sessions": 80,
                    "sessions_by_tenant": ["customer_acme": 75, "default": 50],
                    "oldest_session": "2026-02-19T08:00:00.000000Z",
                    "newest_session": "2026-02-20T10:35:00.000000Z",
                ])
        ],
        errors: [400, 429, 500, 503].map { Status($0) }, access: .scope(.sessionsAdmin))
}
