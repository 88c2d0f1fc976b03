import HTTP
import JSON

// What the documents say about sending messages to agents.
extension InboxMessageRoutes {
    static let messageID = JSONSchema.string(
        description: "A UUID.", example: "7c9e6679-7425-40de-944b-e07fc1f90ae7")
    static let orderingKey = JSONSchema.string(
        minimum: 1, maximum: 255,
        description: "Messages with the same key are delivered in order, one at a time.",
        example: "conversation-42")

    /// A text of the sender's own.
    private static func word(_ description: String, _ example: JSONValue) -> JSONSchema {
        .nullable(.string(minimum: 1, maximum: 255, description: description, example: example))
    }

    /// The body of a message.
    static let sendBody = JSONSchema.named(
        "SendInboxMessageRequest",
        .object([
            .required("aiAgentAddress", MappingRoutes.address),
            .required(
                "payload",
                .object(
                    [], additional: true,
                    description: "Any JSON object of at most 256 KiB; it arrives as it is sent.")),
            .optional(
                "senderMetadata",
                .nullable(
                    .object([
                        .optional("serviceName", word("Who sends.", "order-service")),
                        .optional(
                            "correlationId", word("What the message belongs to.", "order-4711")),
                        .optional(
                            "senderProvidedMessageId",
                            word(
                                "The sender's own id: for 24 hours a repeat is not stored again.",
                                "order-4711-paid")),
                    ]))),
            .optional("orderingKey", .nullable(orderingKey)),
            .optional(
                "deliverAfterSeconds",
                .nullable(
                    .integer(
                        in: 0...43_200, description: "Seconds until it may be delivered."))),
            .optional(
                "priority",
                .nullable(.integer(in: 0...9, description: "Higher comes first; 0 if none."))),
            .optional("tenant_id", .nullable(SessionRoutes.tenantID)),
        ]))

    static let sending = Operation(
        "Send a message to an agent", tag: "Agents",
        description: "The answer comes once the message is stored durably; it is delivered by "
            + "the kind of place that the agent is registered with. Refusals say the same in "
            + "`errorCode` and `message`.",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, SessionRoutes.key],
        body: .json(
            sendBody,
            example: [
                "aiAgentAddress": "agent-sales@yourorg.com",
                "payload": ["type": "order_paid", "order": "4711"],
                "senderMetadata": [
                    "serviceName": "order-service", "correlationId": "order-4711",
                    "senderProvidedMessageId": "order-4711-paid",
                ],
                "orderingKey": "order-4711", "priority": 5,
            ]),
        responses: [
            .json(
                .accepted, "The message is stored, now or by an earlier request.",
                .named(
                    "SendInboxMessageResponse", .object([.required("messageId", messageID)])),
                example: ["messageId": "7c9e6679-7425-40de-944b-e07fc1f90ae7"])
        ],
        errors: [400, 404, 409, 413, 415, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.messagesSend))

    static let showing = Operation(
        "Look after a message", tag: "Agents",
        description: "How far a message has come. A message is forgotten a day after it was "
            + "delivered or acknowledged.",
        parameters: [
            SessionRoutes.tenantHeader, SessionRoutes.tenantQuery,
            .path("messageId", messageID, "The message."),
        ],
        responses: [
            .json(
                .ok, "The message.",
                .named(
                    "MessageReport",
                    .object([
                        .required("messageId", messageID),
                        .required("aiAgentAddress", MappingRoutes.address),
                        .required(
                            "state",
                            .string(oneOf: InboxStore.Report.State.allCases.map(\.rawValue))),
                        .required(
                            "attempts",
                            .integer(minimum: 0, description: "How often it was handed out.")),
                        .optional("lastError", .string(description: "Why it came back.")),
                        .required("timestamps", timestamps),
                    ])),
                example: [
                    "messageId": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                    "aiAgentAddress": "agent-sales@yourorg.com", "state": "in_flight",
                    "attempts": 1,
                    "timestamps": [
                        "queuedAt": "2025-06-24T10:00:00.000Z",
                        "availableAt": "2025-06-24T10:00:00.000Z",
                        "deliveredAt": "2025-06-24T10:00:01.250Z",
                    ],
                ])
        ],
        errors: [400, 404, 429, 500, 503].map { Status($0) },
        access: .scope(.messagesSend, .inboxRead))

    private static let timestamps = JSONSchema.object(
        [
            .required("queuedAt", MappingRoutes.time("When it was stored.")),
            .optional("availableAt", MappingRoutes.time("Since when it may be handed out.")),
            .optional("deliveredAt", MappingRoutes.time("When it was last handed out or taken.")),
            .optional("acknowledgedAt", MappingRoutes.time("When its puller was done with it.")),
            .optional("deadAt", MappingRoutes.time("When it had failed too often.")),
        ], description: "Each once it has happened.")
}
