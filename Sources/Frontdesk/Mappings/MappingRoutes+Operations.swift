import HTTP
import JSON

// What the documents say about mappings, and the pieces that the other routes of agents share.
extension MappingRoutes {
    static let address = JSONSchema.string(
        minimum: 1, maximum: 255, pattern: "^[A-Za-z0-9._%+@:/-]{1,255}$",
        otherwise: Mapping.addressProblem,
        description: "1 to 255 characters of `[A-Za-z0-9._%+@:/-]`; case matters.",
        example: "agent-sales@yourorg.com")
    static let addressPath = Operation.Parameter.path(
        "aiAgentAddress", address, "The agent; a `/` in it travels as `%2F`.")
    static let destinationType = JSONSchema.string(
        pattern: "^[A-Z][A-Z0-9_]{0,49}$",
        otherwise: "must be a word of capital letters such as 'FRONTDESK_INBOX'",
        description: "`FRONTDESK_INBOX`, `HTTP_WEBHOOK` or `GCP_PUBSUB_TOPIC`; others are kept, "
            + "and messages to them are refused.", example: "GCP_PUBSUB_TOPIC")
    static let status = JSONSchema.string(
        oneOf: Mapping.Status.allCases.map(\.rawValue),
        description: "Whether messages are taken.", example: "ACTIVE")
    static let reason = JSONSchema.string(
        oneOf: Mapping.Reason.allCases.map(\.rawValue),
        description: "Why it is inactive; there while it is.")
    static let health = JSONSchema.string(
        oneOf: Mapping.Health.allCases.map(\.rawValue), description: "The newest report's word.")
    private static let inboxName = JSONSchema.string(
        minimum: 1, maximum: 1024, notBlank: true,
        description: "The label, the URL or the topic that messages go to.",
        example: "projects/your-gcp-project/topics/agent-new-inbox")
    private static let description = JSONSchema.string(
        maximum: 2000, description: "What the agent is for.",
        example: "New agent for customer support")
    private static let ownerTeam = JSONSchema.string(
        maximum: 255, description: "Who looks after it.", example: "Support-A")

    /// An instant with three fraction digits.
    static func time(_ description: String) -> JSONSchema {
        .string(format: .dateTime, description: description, example: "2025-06-24T10:00:00.000Z")
    }

    /// The body of a registration.
    static let createBody = JSONSchema.named(
        "RegisterAgentRequest",
        .object([
            .required("aiAgentAddress", address),
            .required("inboxDestinationType", destinationType),
            .required("inboxName", inboxName),
            .optional("description", .nullable(description)),
            .optional("ownerTeam", .nullable(ownerTeam)),
            .optional("tenant_id", .nullable(SessionRoutes.tenantID)),
        ]))

    /// The body of a change.
    static let updateBody = JSONSchema.named(
        "UpdateAgentRequest",
        .object([
            .optional("inboxDestinationType", destinationType),
            .optional("inboxName", inboxName),
            .optional("description", .nullable(description, description: "null takes it away.")),
            .optional("ownerTeam", .nullable(ownerTeam, description: "null takes it away.")),
            .optional("status", status),
            .optional("tenant_id", .nullable(SessionRoutes.tenantID)),
        ]))

    /// The members of a mapping's record.
    static let recordFields: [JSONSchema.Property] = [
        .required("aiAgentAddress", address),
        .required("inboxDestinationType", destinationType),
        .required("inboxName", inboxName),
        .required("status", status),
        .optional("statusReason", reason),
        .required("registrationTimestamp", time("When it was registered.")),
        .required("lastUpdatedTimestamp", time("When the record last changed.")),
        .optional("lastHealthCheckTimestamp", time("The newest report's own time.")),
        .optional("healthStatus", health),
        .optional("description", description),
        .optional("ownerTeam", ownerTeam),
        .required(
            "updatedBy",
            .string(
                description: "Whose credential made the last change, else the way it came.",
                example: "router_service")),
    ]

    /// The record of a mapping.
    static let record = JSONSchema.named("AgentMapping", .object(recordFields))

    private static let example: JSONValue = [
        "aiAgentAddress": "agent-new@example.com", "inboxDestinationType": "GCP_PUBSUB_TOPIC",
        "inboxName": "projects/your-gcp-project/topics/agent-new-inbox", "status": "ACTIVE",
        "registrationTimestamp": "2025-06-24T10:00:00.000Z",
        "lastUpdatedTimestamp": "2025-06-24T10:00:00.000Z",
        "description": "New agent for customer support", "ownerTeam": "Support-A",
        "updatedBy": "router_service",
    ]

    /// A page of a list by address.
    static func page(_ name: String, of item: JSONSchema, more: [JSONSchema.Property] = [])
        -> JSONSchema
    {
        .named(
            name,
            .object(
                [
                    .required("items", .array(of: item)),
                    .required(
                        "total", .integer(minimum: 0, description: "Items on all pages.")),
                    .required("limit", .integer(in: 1...500)),
                    .required("nextCursor", .nullable(.string)),
                ] + more))
    }

    static let limit = Operation.Parameter.query(
        "limit", .integer(in: 1...500, default: 100), "Items on a page.")
    static let cursor = Operation.Parameter.query(
        "cursor", .string, "The `nextCursor` of the page before.")
    static let tenantHeader = SessionRoutes.tenantHeader
    static let tenantQuery = SessionRoutes.tenantQuery
    private static let condition = Operation.Parameter.header(
        "If-Match", .string, "The `ETag` of the state that is meant; another one is refused.")

    static let creating = Operation(
        "Register an agent", tag: "Agents",
        description: "The name must fit the type: a label, an absolute http(s) URL, or "
            + "`projects/P/topics/T`.",
        parameters: [tenantHeader, tenantQuery, SessionRoutes.key],
        body: .json(
            createBody,
            example: [
                "aiAgentAddress": "agent-new@example.com",
                "inboxDestinationType": "GCP_PUBSUB_TOPIC",
                "inboxName": "projects/your-gcp-project/topics/agent-new-inbox",
                "description": "New agent for customer support", "ownerTeam": "Support-A",
            ]),
        responses: [
            .json(.created, "The agent is registered.", revealedRecord, example: example)
                .header("Location", "Where the mapping is.")
                .header("ETag", "The state of the record.", always: false)
        ],
        errors: [400, 409, 415, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.agentsWrite))

    static let listing = Operation(
        "List agents", tag: "Agents", description: "By address.",
        parameters: [
            tenantHeader, tenantQuery, .query("status", status, "Only those in this state."),
            .query("ownerTeam", .string(minimum: 1, maximum: 255), "Only those of this team."),
            .query("inboxDestinationType", destinationType, "Only those of this type."),
            .query(
                "q", .string(maximum: 1000),
                "A part of address, description or owner team, in whatever case."),
            limit, cursor,
        ],
        responses: [.json(.ok, "A page of agents.", page("AgentMappingList", of: record))],
        errors: [400, 429, 500, 503].map { Status($0) }, access: .scope(.agentsRead))

    static let showing = Operation(
        "Read an agent's mapping", tag: "Agents",
        parameters: [addressPath, tenantHeader, tenantQuery],
        responses: [
            .json(.ok, "The record.", record, example: example)
                .header("ETag", "The state of the record, for `If-Match`.")
        ],
        errors: [400, 404, 429, 500, 503].map { Status($0) }, access: .scope(.agentsRead))

    static let updating = Operation(
        "Change an agent's mapping", tag: "Agents",
        description: "What is not named stays as it is. A status set here wins over health "
            + "reports: INACTIVE stays so until someone sets ACTIVE.",
        parameters: [addressPath, tenantHeader, tenantQuery, condition],
        body: .json(updateBody, example: ["inboxName": "projects/p/topics/t", "status": "ACTIVE"]),
        responses: [
            .json(.ok, "The changed record.", revealedRecord, example: example)
                .header("ETag", "The state of the record, for `If-Match`.")
        ],
        errors: [400, 404, 412, 415, 429, 500, 503].map { Status($0) },
        access: .scope(.agentsWrite))

    static let deleting = Operation(
        "Remove an agent", tag: "Agents",
        description: "The record stays readable as INACTIVE, unless `purge` removes it with its "
            + "health reports and its inbox.",
        parameters: [
            addressPath, tenantHeader, tenantQuery, condition,
            .query(
                "purge", .string(oneOf: ["true", "false"], default: "false"),
                "Whether nothing is kept."),
        ],
        responses: [.empty(.noContent, "It is done.")],
        errors: [400, 404, 412, 429, 500, 503].map { Status($0) }, access: .scope(.agentsWrite))
}
