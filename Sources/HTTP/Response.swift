/// One answer.
public struct Response: Sendable {
    /// What follows the header.
    public enum Body: Sendable {
        /// Nothing.
        case empty
        /// Bytes that are all there.
        case bytes([UInt8])
        /// Bytes that a producer writes as the client takes them.
        case stream(BodyStream)
    }

    /// The status.
    public var status: Status
    /// The header fields; the server adds length, date and connection itself.
    public var headers: Headers
    /// The body.
    public var body: Body

    /// An answer with all its parts.
    public init(status: Status = .ok, headers: Headers = [:], body: Body = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer of bytes.
    public static func bytes(
        _ bytes: [UInt8], contentType: String, status: Status = .ok
    ) -> Response {
        Response(status: status, headers: ["Content-Type": contentType], body: .bytes(bytes))
    }

    /// An answer of plain text.
    public static func text(_ text: String, status: Status = .ok) -> Response {
        .bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8", status: status)
    }

    /// An answer for a browser.
    public static func html(_ text: String, status: Status = .ok) -> Response {
        .bytes(Array(text.utf8), contentType: "text/html; charset=utf-8", status: status)
    }

    /// An answer without a body.
    public static func empty(_ status: Status = .noContent) -> Response {
        Response(status: status)
    }

    /// An answer that `produce` writes piece by piece while the client reads. It is started once
    /// the header is on its way, runs in a task of its own, and the answer ends when it returns.
    /// When it throws, the connection is broken off, so the client sees that the end is missing.
    public static func stream(
        contentType: String, status: Status = .ok,
        produce: @escaping @Sendable (BodyWriter) async throws -> Void
    ) -> Response {
        Response(
            status: status, headers: ["Content-Type": contentType],
            body: .stream(BodyStream(produce: produce)))
    }
}

/// The producer of a body that is written piece by piece.
public struct BodyStream: Sendable {
    /// Writes the body and returns at its end.
    let produce: @Sendable (BodyWriter) async throws -> Void
}
