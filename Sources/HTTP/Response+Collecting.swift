import Synchronization

extension Response {
    /// The whole body, for tests without a network; a stream's producer runs to its end first, and
    /// what it throws is thrown.
    public func collectBody() async throws -> [UInt8] {
        switch body {
        case .empty:
            return []
        case .bytes(let bytes):
            return bytes
        case .stream(let stream):
            let collector = BodyCollector()
            try await stream.produce(BodyWriter(sink: collector))
            return collector.bytes
        }
    }
}

/// Takes a streamed body into memory.
private final class BodyCollector: BodySink {
    let stopping = StopSignal()
    let closed = StopSignal()
    private let collected = Mutex<[UInt8]>([])

    var bytes: [UInt8] { collected.withLock { $0 } }

    func write(_ bytes: ArraySlice<UInt8>) async throws {
        collected.withLock { $0 += bytes }
    }
}
