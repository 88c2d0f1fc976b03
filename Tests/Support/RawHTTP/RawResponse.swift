/// An answer as it came over the wire.
public struct RawResponse: Sendable {
    /// The status code.
    public let status: Int
    /// The header fields in order.
    public let headers: [(name: String, value: String)]
    /// The body as text.
    public let body: String

    /// The first value of a header field.
    public subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension RawClient {
    /// Sends a request without a body and returns the answer.
    public func get(_ path: String, headers: String = "") async throws -> RawResponse {
        try await send("GET \(path) HTTP/1.1\r\nHost: test\r\n\(headers)\r\n")
        return try await receiveResponse()
    }

    /// Sends a request with a body and returns the answer.
    public func post(_ path: String, _ body: String, headers: String = "") async throws
        -> RawResponse
    {
        try await send(
            "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n"
                + "\(headers)\r\n\(body)")
        return try await receiveResponse()
    }

    /// Reads one whole answer and leaves what follows.
    public func receiveResponse(hasBody: Bool = true) async throws -> RawResponse {
        let (status, headers) = try await receiveHead()
        let head = RawResponse(status: status, headers: headers, body: "")
        guard hasBody, status != 204, status != 304, status >= 200 else { return head }
        var body: [UInt8] = []
        if head["Transfer-Encoding"] == "chunked" {
            while case let chunk = try await receiveChunk(), !chunk.isEmpty { body += chunk }
        } else if let length = head["Content-Length"].flatMap(Int.init) {
            body = try await receive(count: length)
        } else {
            body = Array(try await receiveAll().utf8)
        }
        return RawResponse(
            status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    /// Reads the header of an answer.
    public func receiveHead() async throws -> (Int, [(name: String, value: String)]) {
        let lines = try await receive(through: "\r\n\r\n").split(separator: "\r\n")
        let parts = lines[0].split(separator: " ")
        guard parts.count > 1, let status = Int(parts[1]) else {
            throw Failure("no status line: \(lines[0])")
        }
        let headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (
                name: String(line[..<colon]),
                value: String(line[colon...].dropFirst().drop { $0 == " " })
            )
        }
        return (status, headers)
    }

    /// Reads one piece of a chunked body; the last one is empty.
    public func receiveChunk() async throws -> [UInt8] {
        let size = try await receive(through: "\r\n").dropLast(1)
        guard let count = Int(size, radix: 16) else {
            throw Failure("no chunk size: \(size)")
        }
        let bytes = try await receive(count: count)
        _ = try await receive(count: 2)
        return bytes
    }
}
