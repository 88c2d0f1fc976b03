public import JSON

/// Writes server-sent events, no faster than the client reads them.
public struct EventWriter: Sendable {
    let body: BodyWriter

    /// Sends an event whose data is one JSON value. Throws `ClientGone` when the connection ended.
    public func send(
        id: Int? = nil, event: String = "message", data: some JSONWritable
    ) async throws {
        var writer = JSONWriter()
        data.write(to: &writer)
        try await send(id: id, event: event, json: writer.takeBytes())
    }

    /// Sends an event whose data is JSON already. Throws `ClientGone` when the connection ended.
    public func send(id: Int? = nil, event: String = "message", json: [UInt8]) async throws {
        try await body.write(Self.frame(id: id.map(String.init), event: event, data: json))
    }

    /// Sends an event under a name that holds no line break. Throws `ClientGone` when the
    /// connection ended.
    public func send(
        named id: String, event: String = "message", data: some JSONWritable
    ) async throws {
        var writer = JSONWriter()
        data.write(to: &writer)
        try await body.write(Self.frame(id: id, event: event, data: writer.takeBytes()))
    }

    /// Sends a line that clients ignore, which keeps connections from looking idle.
    public func comment(_ text: String) async throws {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        try await body.write(": \(line)\n\n")
    }

    /// Raised when the server is told to stop: the producer should send its last event and return.
    public var stopping: StopSignal { body.stopping }

    /// Raised when the answer is over, which for a stream in progress means that its client is
    /// gone.
    public var closed: StopSignal { body.closed }

    /// Whether the server has been told to stop.
    public var isStopping: Bool { body.isStopping }

    /// One event as it goes over the wire; each line of the data becomes a line of its own.
    static func frame(id: String?, event: String, data: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count + event.utf8.count + 40)
        if let id { bytes += "id: \(id)\n".utf8 }
        bytes += "event: \(event)\n".utf8
        for line in data.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D })
        {
            bytes += "data: ".utf8
            bytes += line
            bytes.append(0x0A)
        }
        bytes.append(0x0A)
        return bytes
    }
}

extension Response {
    /// An answer of server-sent events that `produce` sends; it ends when `produce` returns.
    public static func events(
        produce: @escaping @Sendable (EventWriter) async throws -> Void
    ) -> Response {
        let headers: Headers = [
            "Content-Type": "text/event-stream", "Cache-Control": "no-cache",
            "Connection": "keep-alive", "X-Accel-Buffering": "no",
        ]
        return Response(
            headers: headers,
            body: .stream(BodyStream { try await produce(EventWriter(body: $0)) }))
    }
}
