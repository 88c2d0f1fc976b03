internal import Synchronization

/// One request and its answer, between the task that asked and the thread that talks.
final class Transfer: Sendable {
    /// Bytes that may wait for their reader before the other side has to.
    static let bound = 262_144

    /// What became of bytes that arrived.
    enum Delivery {
        /// They are kept for the reader.
        case taken
        /// The reader has to read first.
        case full
        /// Nobody wants them any more.
        case unwanted
    }

    private enum Event {
        case head
        case chunk
        case end
    }

    private struct Waiter {
        let event: Event
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var head: HeadReader.Head?
        var body: [UInt8] = []
        var end: Result<Void, HTTPClientError>?
        var isFull = false
        var waiters: [Waiter] = []

        /// Whether one who waits for `event` waits no longer.
        func has(_ event: Event) -> Bool {
            switch event {
            case .head: head != nil || end != nil
            case .chunk: !body.isEmpty || end != nil
            case .end: end != nil
            }
        }

        /// Those who wait no longer, each of them once.
        mutating func takeReady() -> [Waiter] {
            guard !waiters.isEmpty else { return [] }
            let all = waiters
            waiters = all.filter { !has($0.event) }
            return all.filter { has($0.event) }
        }
    }

    /// What is asked.
    let request: HTTPClient.Request
    /// Scheme, host and port.
    let origin: String
    /// When it must be over.
    let deadline: ContinuousClock.Instant
    private let isStreamed: Bool
    private let loop: TransferLoop
    private let state = Mutex(State())

    /// A transfer that `loop` is to begin; its time begins now.
    init(
        _ request: HTTPClient.Request, origin: String, isStreamed: Bool, loop: TransferLoop
    ) {
        self.request = request
        self.origin = origin
        self.isStreamed = isStreamed
        self.loop = loop
        deadline = .now + request.timeout
    }
}

// MARK: - For the task that asked

extension Transfer {
    /// The answer's head, waiting for it; throws `HTTPClientError`.
    func head() async throws -> HeadReader.Head {
        await wait(for: .head)
        return try state.withLock { state in
            if let head = state.head { return head }
            throw state.end?.failure ?? HTTPClientError.noAnswer
        }
    }

    /// What there is of the body, waiting for it, nil at its end; throws `HTTPClientError`.
    func chunk() async throws -> [UInt8]? {
        await wait(for: .chunk)
        let (bytes, wasFull) = try state.withLock { state in
            if !state.body.isEmpty, state.end?.failure?.kind != .cancelled {
                defer { (state.body, state.isFull) = ([], false) }
                return (Optional(state.body), state.isFull)
            }
            try state.end?.get()
            return (nil, false)
        }
        if wasFull { loop.resume(self) }
        return bytes
    }

    /// The whole answer, waiting for its end; throws `HTTPClientError`.
    func whole() async throws -> (HeadReader.Head, [UInt8]) {
        await wait(for: .end)
        return try state.withLock { state in
            try state.end?.get()
            guard let head = state.head else { throw HTTPClientError.noAnswer }
            return (head, state.body)
        }
    }

    /// Breaks the transfer off, if it is not over.
    func cancel() {
        if finish(.failure(.cancelled)) { loop.forget(self) }
    }

    private func wait(for event: Event) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard !state.has(event) else { return false }
                    state.waiters.append(Waiter(event: event, continuation: continuation))
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
    }
}

// MARK: - For the thread that talks

extension Transfer {
    /// Whether nobody waits for more of it.
    var isOver: Bool { state.withLock { $0.end != nil } }

    /// Takes the answer's head.
    func deliver(_ head: HeadReader.Head) {
        wake { $0.head = head }
    }

    /// Takes bytes of the body, all of them or none.
    func deliver(_ bytes: UnsafeRawBufferPointer) -> Delivery {
        var delivery = Delivery.taken
        wake { state in
            if state.end != nil {
                delivery = .unwanted
            } else if isStreamed, state.body.count >= Self.bound {
                state.isFull = true
                delivery = .full
            } else {
                state.body += bytes
            }
        }
        return delivery
    }

    /// Ends the transfer; false when it is over already.
    @discardableResult
    func finish(_ end: Result<Void, HTTPClientError>) -> Bool {
        var isFirst = false
        wake { state in
            guard state.end == nil else { return }
            state.end = end
            isFirst = true
        }
        return isFirst
    }

    /// Changes the state and wakes those who have waited for that.
    private func wake(_ change: (inout State) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            return state.takeReady()
        }
        for waiter in ready { waiter.continuation.resume() }
    }
}

extension Result<Void, HTTPClientError> {
    /// The error, if there is one.
    fileprivate var failure: HTTPClientError? {
        if case .failure(let error) = self { error } else { nil }
    }
}

extension HTTPClientError {
    /// What a cancelled task gets.
    static let cancelled = HTTPClientError(kind: .cancelled, message: "the request was cancelled")

    /// What an answer gets that ends before its head does.
    static let noAnswer = HTTPClientError(
        kind: .connection, message: "the connection ended before the answer's head was whole")
}
