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
        case let error as DatabaseError where error.isOverloaded:
            answer(
                Failure(.overloaded, "Too many writes wait; try again.", retryAfter: 1),
                request)
        case let error as DatabaseError where error.isUnavailable:
            unavailable(error, request)
        default: unexpected(error, request)
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

    private func unavailable(_ error: DatabaseError, _ request: Request) -> Response {
        log.error(
            "database.failed",
            [("error", .text("\(error)")), ("request_id", .text(request.id))])
        return answer(
            Failure(
                .notReady, "The database cannot be written just now; try again later.",
                retryAfter: 5), request)
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

extension DatabaseError {
    /// Whether the disk or another process is at fault, so that the same may work later.
    fileprivate var isUnavailable: Bool {
        [.full, .inputOutput, .readOnly, .cannotOpen, .busy, .closed].contains(code)
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
