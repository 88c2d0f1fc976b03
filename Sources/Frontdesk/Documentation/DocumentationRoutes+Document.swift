import HTTP
import JSON

// What the document says beside the routes, and what it says about itself.
extension DocumentationRoutes {
    /// The maker of the document; tests compare real answers with it.
    static func openAPI(_ configuration: Configuration, version: String) -> OpenAPI {
        let info = configuration.info
        return OpenAPI(
            info: OpenAPI.Info(
                title: Product.name, version: version, description: Product.description,
                contact: OpenAPI.Contact(
                    name: info.contactName, email: info.contactEmail, url: info.contactURL)),
            groups: groups, common: common(configuration))
    }

    private static let groups = [
        OpenAPI.Group("Service", "The service itself: its health, its facts, its documentation."),
        OpenAPI.Group("Agent", "Conversations with the agent."),
        OpenAPI.Group(
            "Sessions", "Sessions of a tenant and their history, for those who run them."),
        OpenAPI.Group("Agents", "Where the messages of agents go, and how the agents are."),
        OpenAPI.Group("Orders", "Orders of a tenant."),
        OpenAPI.Group("Complaints", "Complaints of a tenant."),
        OpenAPI.Group("Accounts", "Who uses the server: signing in and out."),
        OpenAPI.Group("Emails", "E-mails that the agent wrote."),
        OpenAPI.Group("MCP", "The tools for other agents, by the Model Context Protocol."),
    ]

    /// What every route takes and answers without saying so.
    private static func common(_ configuration: Configuration) -> OpenAPI.Common {
        var common = OpenAPI.Common()
        common.parameters = [
            .header(
                "X-Request-ID",
                .string,
                "Names the request, by 1 to 128 of `A-Z a-z 0-9 . _ : -`; another is taken too, "
                    + "and replaced by a UUID.")
        ]
        common.headers = [
            Operation.Header("X-Request-ID", "The id of the request, as in every log line."),
            Operation.Header("X-Response-Time", "How long the answer took, such as `12.34ms`."),
            limit("X-RateLimit-Limit", "Requests per minute, when they are limited."),
            limit("X-RateLimit-Remaining", "Requests left just now, when they are limited."),
            limit("X-RateLimit-Reset", "Unix seconds when all are left again."),
        ]
        common.errorForms = [error, problem]
        common.errorHeaders = [
            .tooManyRequests: [wait(always: true)], .conflict: [wait(always: false)],
            .unavailable: [wait(always: false)],
            .unauthorized: [
                Operation.Header("WWW-Authenticate", "`Bearer`.", schema: .constant("Bearer"))
            ],
        ]
        common.errors = [.internalError]
        common.guardedErrors = [.unauthorized, .forbidden, .unavailable]
        common.credential = OpenAPI.Credential(
            "bearer",
            [
                "type": "http", "scheme": "bearer",
                "description": "An access token, a token of a configured issuer, or an API key.",
            ], isOptional: configuration.auth.mode == .off)
        common.bodyErrors = [.badRequest, .payloadTooLarge, .unsupportedMediaType]
        return common
    }

    private static func limit(_ name: String, _ description: String) -> Operation.Header {
        Operation.Header(name, description, schema: .integer(minimum: 0), always: false)
    }

    private static func wait(always: Bool) -> Operation.Header {
        Operation.Header(
            "Retry-After", "Seconds to wait before another try.", schema: .integer(minimum: 0),
            always: always)
    }
}

// The routes' own words.
extension DocumentationRoutes {
    static let showingDocument = Operation(
        "Read the OpenAPI document", tag: "Service",
        description: "OpenAPI 3.0.3, made from the table that requests are dispatched by.",
        responses: [
            .json(
                .ok, "This document.",
                .object([.required("openapi", .constant("3.0.3"))], additional: true))
        ], access: .open)

    static let showingSwaggerUI = Operation(
        "Read the documentation in Swagger UI", tag: "Service",
        description: "Swagger UI if `docs.swagger_ui_base` says where its files are, otherwise a "
            + "plain reference.",
        responses: [.other(.ok, "The page.", contentType: "text/html")], access: .open)

    static let showingRedoc = Operation(
        "Read the documentation in ReDoc", tag: "Service",
        description: "ReDoc if `docs.redoc_base` says where its files are, otherwise a plain "
            + "reference.",
        responses: [.other(.ok, "The page.", contentType: "text/html")], access: .open)

    static let showingAsset = Operation(
        "Read a file of the documentation pages", tag: "Service",
        parameters: [
            .path(
                "folder", .string(oneOf: ["page", "swagger-ui", "redoc"]), "Whose file it is."),
            .path("file", .string(example: "reference.css"), "The file's name."),
        ],
        responses: [.json(.ok, "The file.", .any)]
            + assetTypes.map { .other(.ok, "The file.", contentType: $0) },
        errors: [.notFound], access: .open)

    private static let assetTypes = [
        "text/css", "text/javascript", "image/svg+xml", "image/png",
        "image/x-icon", "font/woff", "font/woff2", "font/ttf", "text/plain",
    ]
}
