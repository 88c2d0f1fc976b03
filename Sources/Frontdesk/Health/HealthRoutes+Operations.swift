import HTTP
import JSON

// What the documents say about health reports.
extension HealthRoutes {
    private static let status = JSONSchema.string(
        oneOf: HealthCheck.Status.allCases.map(\.rawValue), description: "How the agent is.",
        example: "HEALTHY")
    private static let details = JSONSchema.object(
        [], additional: true, description: "Whatever the agent says of it, at most 16 KiB.")

    /// The body of a report.
    static let reportBody = JSONSchema.named(
        "HealthReport",
        .object([
            .required("ai_agent_address", MappingRoutes.address),
            .required("status", status),
            .optional("details", .nullable(details)),
            .optional(
                "timestamp",
                .nullable(
                    .string(
                        format: .dateTime,
                        description: "When it was so, at most 5 minutes from now; else now."))),
            .optional("tenant_id", .nullable(SessionRoutes.tenantID)),
        ]))

    private static let recorded = JSONSchema.named(
        "HealthReportResponse",
        .object([
            .required("status", .string(oneOf: ["success"])),
            .required("message", .string),
            .required("timestamp", SessionRoutes.timestamp("The time that the report tells of.")),
        ]))

    private static let check = JSONSchema.named(
        "HealthCheck",
        .object([
            .required("healthCheckId", .string),
            .required("status", status),
            .optional("details", details),
            .required("reportedAt", MappingRoutes.time("When it was so, as the agent says.")),
            .required("receivedAt", MappingRoutes.time("When the report came in.")),
        ]))

    private static let share = JSONSchema.nullable(
        .number(minimum: 0, maximum: 1, decimals: 4),
        description: "The share of healthy time; null while nothing is known.")

    private static let line = JSONSchema.named(
        "AgentHealth",
        .object([
            .required("aiAgentAddress", MappingRoutes.address),
            .required("status", MappingRoutes.status),
            .optional("statusReason", MappingRoutes.reason),
            .required("healthStatus", .nullable(MappingRoutes.health)),
            .required(
                "lastHealthCheckTimestamp",
                .nullable(MappingRoutes.time("The newest report's own time."))),
        ]))

    static let reporting = Operation(
        "Report an agent's health", tag: "Agents",
        description: "UNHEALTHY makes the agent INACTIVE, and HEALTHY makes one ACTIVE again that "
            + "health or silence made INACTIVE, after as many reports in a row as are configured. "
            + "A report older than the newest is kept and changes nothing.",
        parameters: [
            MappingRoutes.tenantHeader, MappingRoutes.tenantQuery, SessionRoutes.key,
        ],
        body: .json(
            reportBody,
            example: [
                "ai_agent_address": "agent@example.com", "status": "HEALTHY",
                "details": ["component": "worker", "metrics": ["queue": 3]],
                "timestamp": "2025-06-24T12:00:00Z",
            ]),
        responses: [
            .json(
                .ok, "The report is stored.", recorded,
                example: [
                    "status": "success",
                    "message": "Health status recorded for agent agent@example.com",
                    "timestamp": "2025-06-24T12:00:00.000000Z",
                ])
        ],
        errors: [400, 404, 409, 415, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.agentsHealth))

    static let listing = Operation(
        "List an agent's health reports", tag: "Agents",
        description: "Newest first, with the share of healthy time. Time before the first report "
            + "does not count.",
        parameters: [
            MappingRoutes.addressPath, MappingRoutes.tenantHeader, MappingRoutes.tenantQuery,
            MappingRoutes.limit, MappingRoutes.cursor,
        ],
        responses: [
            .json(
                .ok, "A page of reports.",
                MappingRoutes.page(
                    "HealthCheckList", of: check,
                    more: [
                        .required(
                            "uptime",
                            .object([
                                .required("1h", share), .required("24h", share),
                                .required("7d", share),
                            ]))
                    ]))
        ],
        errors: [400, 404, 429, 500, 503].map { Status($0) }, access: .scope(.agentsRead))

    static let overlooking = Operation(
        "Read the health of all agents", tag: "Agents",
        description: "The newest state of every agent, by address: for boards and alerts.",
        parameters: [
            MappingRoutes.tenantHeader, MappingRoutes.tenantQuery, MappingRoutes.limit,
            MappingRoutes.cursor,
        ],
        responses: [
            .json(.ok, "A page of agents.", MappingRoutes.page("AgentHealthList", of: line))
        ],
        errors: [400, 429, 500, 503].map { Status($0) }, access: .scope(.agentsRead))
}
