/// The three digits of an answer and the words that go with them.
public struct Status: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 100 … 999.
    public let code: Int

    /// Any status, also one without a name below.
    public init(_ code: Int) {
        self.code = code
    }

    /// The standard's words, such as `Not Found`; `Unknown` for a code that the standard lacks.
    public var reason: String {
        Self.reasons[code] ?? "Unknown"
    }

    /// The code and the words, such as `404 Not Found`.
    public var description: String { "\(code) \(reason)" }

    /// By code.
    public static func < (left: Status, right: Status) -> Bool { left.code < right.code }

    private static let reasons: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
        301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
        404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
        408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
        412: "Precondition Failed", 413: "Payload Too Large", 414: "URI Too Long",
        415: "Unsupported Media Type", 417: "Expectation Failed", 421: "Misdirected Request",
        422: "Unprocessable Content", 423: "Locked", 425: "Too Early", 426: "Upgrade Required",
        428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 507: "Insufficient Storage",
    ]
}

extension Status {
    /// 200.
    public static var ok: Status { Status(200) }
    /// 201.
    public static var created: Status { Status(201) }
    /// 202.
    public static var accepted: Status { Status(202) }
    /// 204, an answer without a body.
    public static var noContent: Status { Status(204) }
    /// 303.
    public static var seeOther: Status { Status(303) }
    /// 304, an answer without a body.
    public static var notModified: Status { Status(304) }
    /// 400.
    public static var badRequest: Status { Status(400) }
    /// 401.
    public static var unauthorized: Status { Status(401) }
    /// 402.
    public static var paymentRequired: Status { Status(402) }
    /// 403.
    public static var forbidden: Status { Status(403) }
    /// 404.
    public static var notFound: Status { Status(404) }
    /// 405.
    public static var methodNotAllowed: Status { Status(405) }
    /// 409.
    public static var conflict: Status { Status(409) }
    /// 410.
    public static var gone: Status { Status(410) }
    /// 412.
    public static var preconditionFailed: Status { Status(412) }
    /// 413.
    public static var payloadTooLarge: Status { Status(413) }
    /// 415.
    public static var unsupportedMediaType: Status { Status(415) }
    /// 422.
    public static var unprocessable: Status { Status(422) }
    /// 429.
    public static var tooManyRequests: Status { Status(429) }
    /// 500.
    public static var internalError: Status { Status(500) }
    /// 501.
    public static var notImplemented: Status { Status(501) }
    /// 502.
    public static var badGateway: Status { Status(502) }
    /// 503.
    public static var unavailable: Status { Status(503) }
    /// 504.
    public static var gatewayTimeout: Status { Status(504) }
}
