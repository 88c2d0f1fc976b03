import HTTP
import JSON

// What the documents say about inboxes, and the bodies that are expected.
extension InboxRoutes {
    private static let parameters = [
        SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, MappingRoutes.addressPath,
    ]
    private static let errors = [400, 404, 415, 429, 500, 503].map { Status($0) }
    private static let tenant = JSONSchema.Property.optional(
        "tenant_id", .nullable(SessionRoutes.tenantID))

    private static let ackID = JSONSchema.string(
        minimum: 1, maximum: 255, description: "Names one handing out of a message.",
        example: "7c9e6679-7425-40de-944b-e07fc1f90ae7.lease_0mh2k8w3f1a9b8c7d6e5f4a3b2c")
    private static let ackIDs = JSONSchema.array(of: ackID, count: 1...1000)
    private static let deadline = JSONSchema.integer(
        in: 10...600, description: "Seconds until the message goes to somebody else.")

    /// A message in the form in which it is delivered.
    static let message = JSONSchema.named(
        "InboxMessage",
        .object([
            .required("messageId", InboxMessageRoutes.messageID),
            .required(
                "data",
                .string(description: "The payload's JSON text in base64.", example: "e30=")),
            .required(
                "attributes",
                .object(
                    [], additional: .schema(.string),
                    description: "`messageId`, `aiAgentAddress`, `timestampPublished`, "
                        + "`contentType`, and what the sender said of itself.")),
            .optional("orderingKey", InboxMessageRoutes.orderingKey),
            .required("publishTime", MappingRoutes.time("When it was stored.")),
        ]))

    private static let received = JSONSchema.named(
        "ReceivedMessage",
        .object([
            .required("ackId", ackID),
            .required(
                "deliveryAttempt",
                .integer(minimum: 1, description: "How often it was handed out, this included.")),
            .required("leaseUntil", MappingRoutes.time("Until when it is nobody else's.")),
            .required("message", message),
        ]))

    private static let messageSample: JSONValue = [
        "messageId": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "data": "eyJvcmRlciI6IjQ3MTEifQ==",
        "attributes": [
            "messageId": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
            "aiAgentAddress": "agent-sales@yourorg.com",
            "timestampPublished": "2025-06-24T10:00:00.000Z",
            "contentType": "application/json", "senderId": "order-service",
        ],
        "orderingKey": "order-4711", "publishTime": "2025-06-24T10:00:00.000Z",
    ]

    private static let receivedSample: JSONValue = [
        "ackId": "7c9e6679-7425-40de-944b-e07fc1f90ae7.lease_0mh2k8w3f1a9b8c7d6e5f4a3b2c",
        "deliveryAttempt": 1, "leaseUntil": "2025-06-24T10:00:31.250Z",
        "message": messageSample,
    ]

    static let pullBody = JSONSchema.named(
        "PullRequest",
        .object([
            .optional("maxMessages", .nullable(.integer(in: 1...100, default: 10))),
            .optional("ackDeadlineSeconds", .nullable(deadline)),
            .optional(
                "waitSeconds",
                .nullable(
                    .integer(
                        in: 0...20, default: 0,
                        description: "How long to wait for a message when there is none."))),
            tenant,
        ]))

    static let pulling = Operation(
        "Pull messages", tag: "Agents",
        description: "Messages are nobody else's until their lease ends, an `ack` ends them for "
            + "good, and a `nack` gives them back. Higher priority comes first, then arrival; "
            + "messages of one `orderingKey` come in order, one at a time.",
        parameters: parameters,
        body: .json(
            pullBody, example: ["maxMessages": 10, "ackDeadlineSeconds": 30, "waitSeconds": 20],
            optional: true),
        responses: [
            .json(
                .ok, "Messages, or none.",
                .named(
                    "PullResponse",
                    .object([.required("receivedMessages", .array(of: received))])),
                example: ["receivedMessages": [receivedSample]])
        ],
        errors: errors + [.conflict], access: .scope(.inboxRead))

    static let streaming = Operation(
        "Have messages pushed", tag: "Agents",
        description: "The same messages as by pulling, as server-sent events whose `id` is the "
            + "`ackId`. No more than `maxOutstanding` are sent without an answer.",
        parameters: parameters + [
            .query("ackDeadlineSeconds", .integer(in: 10...600, default: 30), "As for pulling."),
            .query(
                "maxOutstanding", .integer(in: 1...1000, default: 100),
                "Messages that may be unanswered at a time."),
        ],
        responses: [.events("Messages without end.", received, example: receivedSample)],
        errors: errors + [.conflict], access: .scope(.inboxRead))
}

// MARK: - Answers to leases

extension InboxRoutes {
    static let ackBody = JSONSchema.named(
        "AckRequest", .object([.required("ackIds", ackIDs), tenant]))

    static let nackBody = JSONSchema.named(
        "NackRequest",
        .object([
            .required("ackIds", ackIDs),
            .optional(
                "delaySeconds",
                .nullable(
                    .integer(
                        in: 0...43_200, default: 0,
                        description: "Seconds until they come again."))),
            tenant,
        ]))

    static let extendBody = JSONSchema.named(
        "ExtendRequest",
        .object([
            .required("ackIds", ackIDs), .required("ackDeadlineSeconds", deadline), tenant,
        ]))

    static let acking = answering(
        "Acknowledge messages", "They are done with.", ackBody, status: "acked")
    static let nacking = answering(
        "Give messages back", "They come again, or are dead after too many times.", nackBody,
        status: "nacked")
    static let extending = answering(
        "Extend leases", "They end so many seconds from now.", extendBody, status: "extended")

    private static func answering(
        _ summary: String, _ effect: String, _ body: JSONSchema, status: String
    ) -> Operation {
        Operation(
            summary, tag: "Agents",
            description: effect + " Each id has an outcome of its own: `\(status)`, `expired` "
                + "when the lease has ended, or `unknown`; one that was acknowledged before is "
                + "`acked`.",
            parameters: parameters, body: .json(body),
            responses: [
                .json(
                    .ok, "What became of each.",
                    .named(
                        "LeaseResults",
                        .object([.required("results", .array(of: result))])),
                    example: [
                        "results": [
                            ["ackId": receivedSample["ackId"] ?? "", "status": .string(status)]
                        ]
                    ])
            ],
            errors: errors, access: .scope(.inboxRead))
    }

    private static let result = JSONSchema.object([
        .required("ackId", ackID),
        .required("status", .string(oneOf: ["acked", "nacked", "extended", "expired", "unknown"])),
        .optional("leaseUntil", MappingRoutes.time("Of a lease that was extended.")),
    ])
}

// MARK: - Dead letters, replaying and figures

extension InboxRoutes {
    static let choiceBody = JSONSchema.named(
        "DeadLetterChoice",
        .object([
            .optional("messageIds", .array(of: InboxMessageRoutes.messageID, count: 1...1000)),
            .optional("all", .boolean(description: "Instead of `messageIds`: all there are.")),
            tenant,
        ]))

    private static let notFound = JSONSchema.Property.required(
        "notFound", .array(of: .string, description: "Ids that name no dead letter here."))

    static let listingDeadLetters = Operation(
        "List dead letters", tag: "Agents",
        description: "Messages that failed too often, the longest dead first.",
        parameters: parameters + [
            .query("limit", .integer(in: 1...500, default: 100), "Dead letters on a page."),
            .query("cursor", .string, "The `nextCursor` of the page before."),
        ],
        responses: [
            .json(
                .ok, "A page of dead letters.",
                .named(
                    "DeadLetterList",
                    .object([
                        .required(
                            "items",
                            .array(
                                of: .object([
                                    .required("message", message),
                                    .required("attempts", .integer(minimum: 0)),
                                    .required("lastError", .nullable(.string)),
                                    .required(
                                        "deadSince", MappingRoutes.time("When it was given up.")),
                                ]))),
                        .required("total", .integer(minimum: 0)),
                        .required("limit", .integer(minimum: 1)),
                        .required("nextCursor", .nullable(.string)),
                    ])),
                example: [
                    "items": [
                        [
                            "message": messageSample, "attempts": 5,
                            "lastError": "The receiver gave it back.",
                            "deadSince": "2025-06-24T10:05:00.000Z",
                        ]
                    ], "total": 1, "limit": 100, "nextCursor": nil,
                ])
        ],
        errors: errors, access: .scope(.inboxRead))

    static let redriving = Operation(
        "Redrive dead letters", tag: "Agents",
        description: "They are deliverable again, each in its place by arrival, and their "
            + "attempts start again at 0.",
        parameters: parameters, body: .json(choiceBody, example: ["all": true]),
        responses: [
            .json(
                .ok, "How many came back.",
                .named(
                    "RedriveResponse",
                    .object([.required("redriven", .integer(minimum: 0)), notFound])),
                example: ["redriven": 3, "notFound": []])
        ],
        errors: errors, access: .scope(.agentsWrite))

    static let deletingDeadLetters = Operation(
        "Throw dead letters away", tag: "Agents", parameters: parameters,
        body: .json(choiceBody, example: ["all": true]),
        responses: [
            .json(
                .ok, "How many are gone.",
                .named(
                    "DeleteDeadLettersResponse",
                    .object([.required("deleted", .integer(minimum: 0)), notFound])),
                example: ["deleted": 3, "notFound": []])
        ],
        errors: errors, access: .scope(.agentsWrite))

    static let seekBody = JSONSchema.named(
        "SeekRequest",
        .object([
            .required(
                "time",
                .string(
                    format: .dateTime, description: "The instant to go back to.",
                    example: "2025-06-24T10:00:00.000Z")), tenant,
        ]))

    static let seeking = Operation(
        "Replay messages", tag: "Agents",
        description: "Acknowledged messages that were sent at this time or later are deliverable "
            + "again, as long as they are kept: a day. Nothing is removed.",
        parameters: parameters, body: .json(seekBody),
        responses: [
            .json(
                .ok, "How many came back.",
                .named("SeekResponse", .object([.required("replayed", .integer(minimum: 0))])),
                example: ["replayed": 12])
        ],
        errors: errors, access: .scope(.agentsWrite))

    static let counting = Operation(
        "Count an inbox' messages", tag: "Agents",
        description: "No message is in two of the numbers.", parameters: parameters,
        responses: [
            .json(
                .ok, "The numbers.",
                .named(
                    "InboxStats",
                    .object([
                        .required(
                            "depth",
                            .integer(minimum: 0, description: "Ready to be pulled now.")),
                        .required("inFlight", .integer(minimum: 0)),
                        .required(
                            "delayed",
                            .integer(
                                minimum: 0,
                                description: "Waiting for their time, or behind an earlier "
                                    + "message of their key.")),
                        .required(
                            "parked",
                            .integer(
                                minimum: 0, description: "Waiting while the agent is INACTIVE.")),
                        .required("dead", .integer(minimum: 0)),
                        .required(
                            "oldestAgeSeconds",
                            .integer(
                                minimum: 0, description: "Of the oldest that is ready, or 0.")),
                    ])),
                example: [
                    "depth": 42, "inFlight": 10, "delayed": 3, "parked": 0, "dead": 1,
                    "oldestAgeSeconds": 7,
                ])
        ],
        errors: errors, access: .scope(.inboxRead))
}
