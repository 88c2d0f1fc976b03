internal import Synchronization

/// Work that is done once for all who wait for it at the same time.
///
/// A waiter that is cancelled leaves at once; when the last one has left, the work is cancelled.
final class Flight<Value: Sendable>: Sendable {
    fileprivate enum Waiter {
        /// Not yet asleep.
        case coming
        case waiting(CheckedContinuation<Value, any Error>)
    }

    fileprivate struct State {
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
        var work: Task<Void, Never>?
        /// Which work it is: what comes of an earlier one reaches nobody.
        var number = 0
    }

    private let state = Mutex(State())

    /// No work under way.
    init() {}

    /// What comes of the work under way, or of `work`, which begins now if there is none.
    func join(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let me = state.withLock { state in
            defer { state.nextWaiter += 1 }
            state.waiters[state.nextWaiter] = .coming
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isHere = state.withLock { state in
                    guard state.waiters[me] != nil else { return false }
                    state.waiters[me] = .waiting(continuation)
                    if state.work == nil { begin(work, &state) }
                    return true
                }
                if !isHere { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            leave(me)
        }
    }

    private func begin(_ work: @escaping @Sendable () async throws -> Value, _ state: inout State) {
        state.number += 1
        let number = state.number
        state.work = Task {
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            self.end(number, result)
        }
    }

    private func end(_ number: Int, _ result: Result<Value, any Error>) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
            guard state.number == number, state.work != nil else { return [] }
            state.work = nil
            return state.takeWaiting()
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    private func leave(_ me: Int) {
        let waiter = state.withLock { state in
            defer {
                if state.waiters.isEmpty {
                    state.work?.cancel()
                    state.work = nil
                }
            }
            return state.waiters.removeValue(forKey: me)
        }
        if case .waiting(let continuation) = waiter {
            continuation.resume(throwing: CancellationError())
        }
    }
}

extension Flight.State {
    /// Those who are asleep, each of them once.
    fileprivate mutating func takeWaiting() -> [CheckedContinuation<Value, any Error>] {
        var taken: [CheckedContinuation<Value, any Error>] = []
        for (number, waiter) in waiters {
            guard case .waiting(let continuation) = waiter else { continue }
            taken.append(continuation)
            waiters[number] = nil
        }
        return taken
    }
}

/// The moment at which a call must be over.
struct Deadline: Sendable {
    /// The moment.
    let instant: ContinuousClock.Instant

    /// The moment after `duration` from now.
    init(after duration: Duration) {
        instant = .now + duration
    }

    /// What is left until then; throws when nothing is.
    func remaining() throws -> Duration {
        let left = ContinuousClock.now.duration(to: instant)
        guard left > .zero else { throw MCPError.timeout }
        return left
    }
}
