/// Thrown to the producer of a stream whose client is gone.
public struct ClientGone: Error {
    init() {}
}

/// Takes the body of a streamed answer, no faster than the client reads it.
public struct BodyWriter: Sendable {
    let pipe: Pipe

    /// Hands bytes over. Waits while more than 64 KiB are unread; throws `ClientGone` when the
    /// connection has ended.
    public func write(_ bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try await pipe.write(rest.prefix(Pipe.bound))
            rest = rest.dropFirst(Pipe.bound)
        }
    }

    /// Hands a text over as UTF-8.
    public func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }

    /// Raised when the server is told to stop: a stream without an end should now come to one.
    public var stopping: StopSignal { pipe.stopping }

    /// Whether the server has been told to stop.
    public var isStopping: Bool { pipe.stopping.isRaised }
}
