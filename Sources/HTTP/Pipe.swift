import Synchronization

/// What is between the producer of a stream, which writes as fast as it likes, and the network
/// thread, which takes as much as the client reads.
final class Pipe: BodySink {
    /// How many bytes may be unread before the producer has to wait.
    static let bound = 65_536

    private struct State {
        var bytes: [UInt8] = []
        var taken = 0
        var end: End?
        /// Under which number the connection is parked, if it is.
        var ticket: Int?
        var writers: [CheckedContinuation<Void, Never>] = []

        var unread: Int { bytes.count - taken }

        /// The number to wake the connection with; each is handed out once.
        mutating func takeTicket() -> Int? {
            defer { ticket = nil }
            return ticket
        }
    }

    private enum End {
        case complete
        case failed
        case gone
    }

    /// What the network thread gets.
    enum Portion {
        case bytes(Int)
        case nothingYet
        case complete
        case failed
    }

    /// Raised when the server is told to stop.
    let stopping: StopSignal
    let closed = StopSignal()
    private let client: Client
    private let state = Mutex(State())

    /// An empty pipe to a client.
    init(client: Client, stopping: StopSignal) {
        self.client = client
        self.stopping = stopping
    }

    /// Puts bytes in and waits until at most the bound is unread; throws `ClientGone`.
    func write(_ bytes: ArraySlice<UInt8>) async throws {
        let ticket = try state.withLock { state in
            guard state.end == nil else { throw ClientGone() }
            state.bytes += bytes
            return state.takeTicket()
        }
        if let ticket { client.wake(ticket) }
        while let isFull = isFull(), isFull {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard state.end == nil, state.unread > Self.bound else { return false }
                    state.writers.append(continuation)
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        }
        if isFull() == nil { throw ClientGone() }
    }

    /// Whether a writer has to wait; nil when nobody reads any more.
    private func isFull() -> Bool? {
        state.withLock { $0.end == nil ? $0.unread > Self.bound : nil }
    }

    /// Ends the body, whole or broken off, once everything written has been read.
    func finish(failed: Bool) {
        end(failed ? .failed : .complete)
        if let ticket = state.withLock({ $0.takeTicket() }) { client.wake(ticket) }
    }

    /// Tells writers that nobody reads any more.
    func close() {
        end(.gone)
        closed.raise()
    }

    private func end(_ end: End) {
        let writers = state.withLock { state in
            if state.end == nil || end == .gone { state.end = end }
            if end == .gone { (state.bytes, state.taken) = ([], 0) }
            defer { state.writers = [] }
            return state.writers
        }
        for writer in writers { writer.resume() }
    }

    /// Copies what is there, or parks the connection until there is more; on its network thread.
    func read(into target: UnsafeMutableRawBufferPointer) -> Portion {
        let (portion, writers): (Portion, [CheckedContinuation<Void, Never>])
        (portion, writers) = state.withLock { state in
            // Parking happens under this lock: a writer comes either before the look or after the
            // parking, and never in between.
            let portion = Self.take(&state, target) ?? park(&state)
            if case .bytes = portion { client.phase.enter(.writing) }
            guard state.unread <= Self.bound / 2 else { return (portion, []) }
            defer { state.writers = [] }
            return (portion, state.writers)
        }
        for writer in writers { writer.resume() }
        return portion
    }

    private func park(_ state: inout State) -> Portion {
        client.phase.enter(.producing)
        state.ticket = client.suspend()
        return state.ticket == nil ? .failed : .nothingYet
    }

    private static func take(
        _ state: inout State, _ target: UnsafeMutableRawBufferPointer
    ) -> Portion? {
        guard state.unread > 0 else {
            switch state.end {
            case nil: return nil
            case .complete: return .complete
            case .failed, .gone: return .failed
            }
        }
        let count = min(state.unread, target.count)
        state.bytes.withUnsafeBytes { bytes in
            target.copyMemory(from: .init(rebasing: bytes[state.taken..<state.taken + count]))
        }
        state.taken += count
        if state.unread == 0 || state.taken > bound {
            // An idle stream keeps no memory, a busy one not more than twice the bound.
            state.bytes = Array(state.bytes[state.taken...])
            state.taken = 0
        }
        return .bytes(count)
    }
}
