/// A refusal that HTTP itself gives: an unknown route, a body too large, text that is no JSON.
public struct HTTPError: Error, Sendable, CustomStringConvertible {
    /// What the caller gets.
    public let status: Status
    /// A word that stays the same for ever, for programs: `route_not_found`.
    public let code: String
    /// One sentence for people.
    public let detail: String
    /// What must stand in the answer's header, such as `Allow`.
    public let headers: Headers

    /// A refusal with all its parts.
    public init(_ status: Status, code: String, detail: String, headers: Headers = [:]) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
    }

    /// Status, code and sentence, for logs.
    public var description: String { "\(status.code) \(code): \(detail)" }
}

extension HTTPError {
    /// 400: the path or the query is not percent-encoded UTF-8.
    static func malformedTarget(_ part: String) -> HTTPError {
        HTTPError(
            .badRequest, code: "malformed_url",
            detail: "The \(part) of the address is not valid percent-encoded UTF-8.")
    }

    /// 400: what the header says does not tell for certain what the request is and where it ends.
    static func malformedRequest(_ detail: String) -> HTTPError {
        HTTPError(.badRequest, code: "malformed_request", detail: detail)
    }

    /// 404: no route has this path.
    static func routeNotFound(_ path: String) -> HTTPError {
        HTTPError(.notFound, code: "route_not_found", detail: "There is no route '\(path)'.")
    }

    /// 405: the path is known, the method is not; `allow` lists those that are.
    static func methodNotAllowed(_ method: Method, allow: String) -> HTTPError {
        HTTPError(
            .methodNotAllowed, code: "method_not_allowed",
            detail: "\(method) is not possible here; allowed are \(allow).",
            headers: ["Allow": allow])
    }

    /// 413: a body of more than `limit` bytes.
    static func bodyTooLarge(limit: Int) -> HTTPError {
        HTTPError(
            .payloadTooLarge, code: "payload_too_large",
            detail: "The body is larger than the limit of \(limit) bytes.")
    }
}
