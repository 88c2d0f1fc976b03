/// Thrown to the producer of a stream whose client is gone.
public struct ClientGone: Error {
    /// Its client is gone.
    init() {}
}

/// Where the pieces of a streamed body go.
protocol BodySink: Sendable {
    /// Takes a piece, when there is room for it.
    func write(_ bytes: ArraySlice<UInt8>) async throws
    /// Raised when the server is told to stop.
    var stopping: StopSignal { get }
    /// Raised when nobody takes any more.
    var closed: StopSignal { get }
}

/// Takes the body of a streamed answer, no faster than the client reads it.
public struct BodyWriter: Sendable {
    let sink: any BodySink

    /// Hands bytes over. Waits while more than 64 KiB are unread; throws `ClientGone` when the
    /// connection has ended.
    public func write(_ bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try await sink.write(rest.prefix(Pipe.bound))
            rest = rest.dropFirst(Pipe.bound)
        }
    }

    /// Hands a text over as UTF-8.
    public func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }

    /// Raised when the server is told to stop: a stream without an end should now come to one.
    public var stopping: StopSignal { sink.stopping }

    /// Raised when the answer is over, which for a stream in progress means that its client is
    /// gone. A client that closes its sending half counts as gone.
    public var closed: StopSignal { sink.closed }

    /// Whether the server has been told to stop.
    public var isStopping: Bool { sink.stopping.isRaised }
}
