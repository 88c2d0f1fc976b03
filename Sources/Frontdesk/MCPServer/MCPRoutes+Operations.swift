import HTTP
import JSON

// What the documents say about the Model Context Protocol.
extension MCPRoutes {
    private static let identifier = JSONSchema.anyOf([
        .string(minimum: 0, maximum: 1000), .integer,
    ])

    private static let message = JSONSchema.named(
        "MCPRequest",
        .object(
            [
                .required("jsonrpc", .string(oneOf: ["2.0"])),
                .optional("id", identifier),
                .required("method", .string(description: "`tools/list`, `tools/call`, …")),
                .optional("params", .object([], additional: true)),
            ], additional: true))

    private static let answer = JSONSchema.named(
        "MCPResponse",
        .object(
            [
                .required("jsonrpc", .string(oneOf: ["2.0"])),
                .optional("id", .nullable(.anyOf([.string, .integer]))),
                .optional("result", .object([], additional: true)),
                .optional("error", error),
            ], additional: true))

    private static let error = JSONSchema.object(
        [.required("code", .integer), .required("message", .string)], additional: true)

    /// A refusal, of the protocol or of this server.
    private static let refusal = JSONSchema.anyOf([
        answer, .object([.required("code", .string)], additional: true),
    ])

    private static let example: JSONValue = [
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": ["name": "get_order", "arguments": ["order_id": "ORD-10001"]],
    ]

    private static let parameters: [Operation.Parameter] = [
        SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, SessionRoutes.key,
        .header(
            "MCP-Protocol-Version", .string,
            "The protocol's version; required with 2026-07-28."),
        .header("Mcp-Method", .string, "The body's method; required with 2026-07-28."),
        .header("Mcp-Name", .string, "The tool of a call; required with 2026-07-28."),
    ]

    private static let answers: [Operation.Answer] = [
        .json(.ok, "The result, or why there is none.", answer),
        .events(
            "A call that takes longer than a second, if `_meta.progressToken` was given: "
                + "`notifications/progress`, and the response in the end.", answer),
        .empty(.accepted, "A notification was taken."),
        .json(
            .badRequest, "No message of the protocol, or one of a version not spoken here.",
            refusal),
        .json(.notFound, "No such method or category.", refusal),
    ]

    static let serving = Operation(
        "Call tools over MCP", tag: "MCP",
        description: "The Model Context Protocol over streamable HTTP, in the versions 2026-07-28, "
            + "2025-11-25 and 2025-06-18, without sessions. Offers all tools that the caller has "
            + "a right to.",
        parameters: parameters, body: .json(message, example: example), responses: answers,
        errors: [403, 409, 415, 422, 429, 500, 503].map { Status($0) })

    static let servingCategory = Operation(
        "Call the tools of one category over MCP", tag: "MCP",
        description: "The same for the tools of one category: `order`, `email`, `complaint`, "
            + "`ticket`.",
        parameters: parameters, body: .json(message, example: example), responses: answers,
        errors: [403, 409, 415, 422, 429, 500, 503].map { Status($0) })
}
