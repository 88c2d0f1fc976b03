import HTTP
import JSON
import SQLite

/// The one mapping from errors to answers (conventions.md, "Errors: one shape").
struct ErrorAnswer: Sendable {
    let clock: Clock
    let log: Log

    /// What a caller gets for an error; what they may not know is logged and becomes `internal`.
    func response(to error: any Error, _ request: Request) -> Response {
        switch error {
        case let failure as Failure: answer(failure, request)
        case let error as HTTPError: answer(Failure(error), request, headers: error.headers)
        default:
            if let failure = Failure(passing: error) {
                passing(failure, error, request)
            } else {
                unexpected(error, request)
            }
        }
    }

    // It must not share its name with the function above, which would then call itself for ever:
    // an overload without defaults is preferred.
    private func answer(
        _ failure: Failure, _ request: Request, headers: Headers = [:]
    ) -> Response {
        let body = failure.body(
            path: request.path, requestID: request.id, at: clock.now(),
            asProblem: request.headers["Accept"]?.contains("application/problem+json") ?? false)
        var response = Response.json(bytes: body.bytes, status: Status(failure.code.status))
        if failure.code.status == 401 { response.headers["WWW-Authenticate"] = "Bearer" }
        if body.isProblem { response.headers["Content-Type"] = "application/problem+json" }
        if let retryAfter = failure.retryAfter {
            response.headers["Retry-After"] = String(retryAfter)
        }
        for field in headers { response.headers.add(field.name, field.value) }
        return response
    }

    private func passing(
        _ failure: Failure, _ error: any Error, _ request: Request
    ) -> Response {
        // A queue that is full says so by its figures.
        if failure.code == .notReady {
            log.error(
                "database.failed",
                [("error", .text("\(error)")), ("request_id", .text(request.id))])
        }
        return answer(failure, request)
    }

    private func unexpected(_ error: any Error, _ request: Request) -> Response {
        log.error(
            "request.failed",
            [
                ("error", .text("\(error)")), ("method", .text(request.method.name)),
                ("path", .text(request.path)), ("request_id", .text(request.id)),
            ])
        return answer(
            Failure(
                .internal, "Something went wrong here; the log names it by the request id."),
            request)
    }
}

extension Failure {
    /// The product's words for what HTTP refused.
    init(_ error: HTTPError) {
        let title =
            error.status.code == 400
            ? "Validation Error"
            : error.status.code == 404 ? "Resource Not Found" : error.status.reason
        self.init(
            Code(word: error.code, status: error.status.code, title: title), error.detail)
        // It is the whole body that is wrong, where HTTP calls it invalid.
        if code == .validationError {
            fields = [Field(field: "body", problem: "must be a JSON object")]
        }
    }

    /// The body of an error answer, in the common shape or as RFC 9457 asks.
    func body(
        path: String, requestID: String, at now: Timestamp, asProblem: Bool
    ) -> (bytes: [UInt8], isProblem: Bool) {
        var writer = JSONWriter()
        writer.object { writer in
            if Envelope.covers(path) { writer.field("success", false) }
            if asProblem {
                writer.field("type", "about:blank")
                writer.field("title", code.title)
                writer.field("status", code.status)
                writer.field("instance", path)
            } else {
                writer.field("error", code.title)
            }
            writer.field("code", code.word)
            writer.field("detail", detail)
            writer.field("timestamp", (occurredAt ?? now).text)
            if !asProblem { writer.field("path", path) }
            writer.field("request_id", requestID)
            if let retryAfter { writer.field("retry_after", retryAfter) }
            if InboxMessageRoutes.isSending(path) {
                writer.field("errorCode", errorCode)
                writer.field("message", detail)
            }
            for member in extra.members { writer.field(named: member.key, member.value) }
            if !fields.isEmpty {
                writer.array("fields") { writer in
                    for field in fields {
                        writer.object { writer in
                            writer.field("field", field.field)
                            writer.field("problem", field.problem)
                        }
                    }
                }
            }
        }
        return (writer.bytes, asProblem)
    }
}
