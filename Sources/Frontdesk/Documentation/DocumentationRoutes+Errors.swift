import HTTP
import JSON

// The shapes of refusals, as conventions.md describes them.
extension DocumentationRoutes {
    /// The usual shape.
    static let error = OpenAPI.ErrorForm(
        .named(
            "Error",
            .object(
                [
                    .required("error", .string(description: "A title for people.")),
                    .required(
                        "code", .string(description: "A word for programs that never changes.")),
                    .required("detail", .string(description: "What to do about it.")),
                    .required("timestamp", .string(format: .dateTime)),
                    .required("path", .string),
                    .required("request_id", .string),
                    retryAfter, fields, turn, errorCode, message, success, reasons,
                ] + TicketOrderRoutes.refusal + RemoteTicketRoutes.refusal))
    ) { status in example(of: status, asProblem: false) }

    /// The shape of RFC 9457, for those that accept it.
    static let problem = OpenAPI.ErrorForm(
        contentType: "application/problem+json",
        .named(
            "Problem",
            .object(
                [
                    .required("type", .string),
                    .required("title", .string),
                    .required("status", .integer(in: 400...599)),
                    .required("detail", .string(description: "What to do about it.")),
                    .required("instance", .string),
                    .required(
                        "code", .string(description: "A word for programs that never changes.")),
                    .required("timestamp", .string(format: .dateTime)),
                    .required("request_id", .string),
                    retryAfter, fields, turn, errorCode, message, success, reasons,
                ] + TicketOrderRoutes.refusal + RemoteTicketRoutes.refusal))
    ) { status in example(of: status, asProblem: true) }

    private static let retryAfter = JSONSchema.Property.optional(
        "retry_after", .integer(minimum: 0, description: "Seconds to wait before another try."))

    private static let fields = JSONSchema.Property.optional(
        "fields",
        .array(
            of: .object([
                .required("field", .string(description: "Its path: `items[2].name`.")),
                .required("problem", .string(description: "Such as `is required`.")),
            ]), description: "All that is wrong with the request's fields."))

    private static let errorCode = JSONSchema.Property.optional(
        "errorCode", .string(description: "Under `/v1/messages`: the word in capitals."))

    private static let message = JSONSchema.Property.optional(
        "message", .string(description: "Under `/v1/messages`: the same as `detail`."))

    private static let turn = JSONSchema.Property.optional(
        "turn_request_id",
        .string(description: "The request whose turn is still running, for an idempotent repeat."))

    private static let success = JSONSchema.Property.optional(
        "success", .constant(false, description: "In answers of the tickets part."))

    private static let reasons = JSONSchema.Property.optional("reasons", TicketRoutes.reasons)

    /// A refusal of a status as it looks.
    private static func example(of status: Status, asProblem: Bool) -> JSONValue? {
        guard let code = samples[status.code] else { return nil }
        var object: JSONObject =
            asProblem
            ? [
                "type": "about:blank", "title": .string(code.title),
                "status": JSONValue(status.code), "instance": "/agent/messages",
            ]
            : ["error": .string(code.title), "path": "/agent/messages"]
        object["code"] = .string(code.word)
        object["detail"] = .string(code.detail)
        object["timestamp"] = "2026-02-20T10:30:00.123456Z"
        object["request_id"] = "req_xyz789"
        if status == .tooManyRequests { object["retry_after"] = 45 }
        if status == .badRequest {
            object["fields"] = [["field": "message", "problem": "is required"]]
        }
        return .object(object)
    }

    /// One refusal of each status.
    private static let samples: [Int: (title: String, word: String, detail: String)] = [
        400: ("Validation Error", "validation_error", "'message' is required."),
        401: ("Authentication Failed", "token_missing", "This needs a credential."),
        402: (
            "Payment Declined", "payment_declined",
            "The payment failed because the bank declined it."
        ),
        403: ("Access Denied", "not_owner", "This session belongs to somebody else."),
        404: (
            "Session Not Found", "session_not_found",
            "No session 'sess_abc123xyz' in tenant 'default'."
        ),
        412: (
            "Precondition Failed", "etag_mismatch",
            "Agent 'agent@example.com' has changed since; read it again and repeat."
        ),
        409: ("Conflict", "session_exists", "Session 'sess_abc123xyz' exists already."),
        410: ("Session Expired", "session_expired", "Session 'sess_abc123xyz' has expired."),
        413: ("Payload Too Large", "payload_too_large", "The body is larger than the limit."),
        415: (
            "Unsupported Media Type", "unsupported_media_type",
            "The body must be sent as application/json."
        ),
        422: (
            "Unprocessable Request", "idempotency_mismatch",
            "This Idempotency-Key came with another body before."
        ),
        429: (
            "Rate Limit Exceeded", "rate_limited", "Too many requests. Try again in 45 seconds."
        ),
        500: ("Internal Server Error", "internal", "Something went wrong here."),
        502: (
            "Bad Gateway", "upstream_failed",
            "The payment failed because the payment provider could not be reached."
        ),
        503: ("Service Unavailable", "overloaded", "Too much is waiting; try again."),
        504: ("Gateway Timeout", "upstream_timeout", "The answer took too long."),
    ]
}
