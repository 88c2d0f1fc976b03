import HTTP
import JSON

// What the documents say about the server itself.
extension AboutRoutes {
    private static let now = SessionRoutes.timestamp("The present instant.")

    private static let checks = JSONSchema.named(
        "Checks",
        .object([
            .required("agent_manager", .boolean(description: "The agent can answer.")),
            .required("database", .boolean(description: "Reads and writes succeed.")),
            .required("mcp_server", .boolean(description: "Every configured server answers.")),
        ]))

    private static let checksExample: JSONValue = [
        "agent_manager": true, "database": true, "mcp_server": false,
    ]

    private static let readiness = JSONSchema.named(
        "ReadinessCheckResponse",
        .object([
            .required("ready", .boolean),
            .required("status", .string(oneOf: ["ready", "not_ready"])),
            .required("timestamp", now),
            .required("components", checks),
        ]))

    static let naming = Operation(
        "Name the API", tag: "Service",
        responses: [
            .json(
                .ok, "The API and where its documents are.",
                .named(
                    "RootResponse",
                    .object([
                        .required("name", .string), .required("version", .string),
                        .required("status", .string(oneOf: ["operational"])),
                        .required("documentation", .string), .required("health", .string),
                        .required("openapi", .string),
                        .required(
                            "rate_limiting",
                            .object([
                                .required("enabled", .boolean),
                                .required(
                                    "requests_per_minute", .nullable(.integer(minimum: 1))),
                            ])),
                    ])),
                example: [
                    "name": "Customer Service Agent API", "version": "0.1.0",
                    "status": "operational", "documentation": "/docs", "health": "/health",
                    "openapi": "/openapi.json",
                    "rate_limiting": ["enabled": false, "requests_per_minute": nil],
                ])
        ],
        errors: [401, 403, 429, 503].map { Status($0) }, access: .open)

    static let checking = Operation(
        "Check the health", tag: "Service",
        description: "Always 200 while the process answers.",
        responses: [
            .json(
                .ok, "The state of all parts.",
                .named(
                    "HealthCheckResponse",
                    .object([
                        .required("status", .string(oneOf: ["healthy", "degraded", "unhealthy"])),
                        .required("timestamp", now),
                        .required("version", .string),
                        .required("uptime_seconds", .number(minimum: 0)),
                        .required("checks", checks),
                        .optional("durability", .string(oneOf: ["normal"])),
                    ])),
                example: [
                    "status": "healthy", "timestamp": "2026-02-20T10:30:00.123456Z",
                    "version": "0.1.0", "uptime_seconds": 3600.5, "checks": checksExample,
                ])
        ], access: .open)

    static let asking = Operation(
        "Check whether requests can be served", tag: "Service",
        responses: [
            .json(
                .ok, "They can.", readiness,
                example: [
                    "ready": true, "status": "ready",
                    "timestamp": "2026-02-20T10:30:00.123456Z", "components": checksExample,
                ]),
            .json(
                .unavailable, "They cannot.", readiness,
                example: [
                    "ready": false, "status": "not_ready",
                    "timestamp": "2026-02-20T10:30:00.123456Z",
                    "components": [
                        "agent_manager": false, "database": false, "mcp_server": false,
                    ],
                ]),
        ], access: .open)

    static let living = Operation(
        "Check that the process lives", tag: "Service",
        description: "Touches neither database nor network.",
        responses: [
            .json(
                .ok, "It does.",
                .named(
                    "LivenessCheckResponse",
                    .object([
                        .required("status", .string(oneOf: ["alive"])),
                        .required("timestamp", now),
                    ])),
                example: ["status": "alive", "timestamp": "2026-02-20T10:30:00.123456Z"])
        ], access: .open)

    static let introducing = Operation(
        "Describe the API", tag: "Service",
        responses: [
            .json(
                .ok, "Version and contact.",
                .named(
                    "APIInfo",
                    .object([
                        .required("name", .string), .required("version", .string),
                        .required("description", .string),
                        .required("documentation_url", .string),
                        .required(
                            "contact",
                            .object([
                                .required("name", .string), .required("email", .string),
                                .required("url", .string),
                            ])),
                    ])),
                example: [
                    "name": "Customer Service Agent API", "version": "0.1.0",
                    "description": .string(Product.description), "documentation_url": "/docs",
                    "contact": [
                        "name": "API Support", "email": "support@example.com",
                        "url": "https://github.com/yourusername/project",
                    ],
                ])
        ],
        errors: [401, 403, 429, 503].map { Status($0) }, access: .open)

    static let listingTools = Operation(
        "List the agent's tools", tag: "Service",
        responses: [
            .json(
                .ok, "The whole catalogue; what cannot be used now is marked.",
                .named(
                    "ListToolsResponse",
                    .object([
                        .required(
                            "tools",
                            .array(
                                of: .named(
                                    "ToolInfo",
                                    .object([
                                        .required("name", .string),
                                        .required("description", .string),
                                        .required(
                                            "category",
                                            .string(oneOf: Tool.Category.allCases.map(\.rawValue))),
                                        .required("available", .boolean),
                                    ])))),
                        .required("total_count", .integer(minimum: 0)),
                        .required("categories", .array(of: .string)),
                    ])),
                example: [
                    "tools": [
                        [
                            "name": "create_new_order",
                            "description": "Create a new order for a customer",
                            "category": "order", "available": true,
                        ]
                    ], "total_count": 1, "categories": ["order"],
                ])
        ],
        errors: [401, 403, 429, 503].map { Status($0) }, access: .open)

    static let measuring = Operation(
        "Read the figures", tag: "Service",
        responses: [
            .other(.ok, "Prometheus text.", contentType: "text/plain; version=0.0.4; charset=utf-8")
        ], access: .scope(.sessionsAdmin))
}
