import HTTP
import JSON

// What documents say of routes that a remote agent answers.
extension RemoteTicketRoutes {
    /// What a remote agent answers: whatever it has to say, and where it comes from.
    private static let answer = JSONSchema.named(
        "RemoteAnswer",
        .object([
            .required("success", .constant(true)),
            .required(
                "data",
                .object(
                    [.required("source", .constant("mcp"))], additional: true,
                    description: "As the remote agent gave it.",
                    example: ["source": "mcp"])),
        ]))

    /// What refusals say beside the usual.
    static let refusal: [JSONSchema.Property] = [
        .optional(
            "upstream",
            .object(
                [
                    .required(
                        "layer", .string(oneOf: ["transport", "jsonrpc", "tool", "payload"])),
                    .required("code", .nullable(.anyOf([.integer, .string]))),
                ],
                description: "How far a remote ticket agent's answer got, and its word for it."))
    ]

    private static let errors = [403, 404, 409, 422, 501, 502, 503, 504].map { Status($0) }

    /// A route that the agent answers.
    static func answering(_ operation: Operation) -> Operation {
        var operation = refusing(operation)
        operation.responses = operation.responses.map { response in
            Operation.Answer.json(
                response.status, response.description, answer,
                example: ["success": true, "data": ["source": "mcp"]])
        }
        return operation
    }

    /// A route that nobody answers here.
    static func refusing(_ operation: Operation) -> Operation {
        var operation = operation
        operation.errors += errors.filter { !operation.errors.contains($0) }
        return operation
    }
}
