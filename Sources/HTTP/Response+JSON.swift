public import JSON

extension Response {
    /// An answer of one JSON value.
    public static func json(_ value: some JSONWritable, status: Status = .ok) -> Response {
        var writer = JSONWriter()
        value.write(to: &writer)
        return json(bytes: writer.takeBytes(), status: status)
    }

    /// An answer of one JSON object whose fields `build` writes.
    public static func json(
        status: Status = .ok, _ build: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        var writer = JSONWriter()
        try writer.object(build)
        return json(bytes: writer.takeBytes(), status: status)
    }

    /// An answer of bytes that are JSON already.
    public static func json(bytes: [UInt8], status: Status = .ok) -> Response {
        Response(status: status, headers: jsonHeaders, body: .bytes(bytes))
    }

    /// The body as JSON, for tests; throws if it is a stream or no JSON.
    public func jsonBody() throws -> JSONValue {
        guard case .bytes(let bytes) = body else {
            throw JSONValueMissing()
        }
        return try JSONValue(parsing: bytes)
    }

    private static let jsonHeaders: Headers = ["Content-Type": "application/json"]
}

/// The body is empty or a stream, where JSON was wanted.
struct JSONValueMissing: Error {}
