import JSON
import Synchronization

/// One message on its way to a reply: who sent it, how far it is, and what it has done so far.
///
/// Exactly one of reply, failure and cancellation ends it; whoever settles it first wins.
final class Turn: Sendable {
    /// How far a turn is.
    enum Phase: Sendable, Equatable {
        case queued, running
        /// Its end is decided and being committed.
        case settling
        case ended
    }

    private struct State {
        var phase = Phase.queued
        var abortion: Failure?
        var waiter: CheckedContinuation<AgentAnswer, any Error>?
        var work: Task<Void, Never>?
        /// Ends the turn when its time is over.
        var alarm: Task<Void, Never>?
        var calls: [Effect] = []
        /// Calls to other servers of an earlier life of the turn, not yet met again.
        var earlier: [Effect] = []
        var callCount = 0
        var startedAt: Timestamp?
        var hasBegun = false
        var hasLeft = false
        /// Whether the message is being stored, and who waits until that is over.
        var isBeginning = false
        var beginningWaiters: [CheckedContinuation<Void, Never>] = []
        /// Those who wait for the end.
        var observers: [CheckedContinuation<Void, Never>] = []
    }

    let session: Session.Key
    let requestID: String
    let message: String
    /// The user message's id, by which events and effects refer to the turn.
    let id: String
    /// How far its events are, for those who follow it.
    let feed = TurnFeed()
    /// Its events before they are on disk, nil when nobody asked for a stream.
    let events: EventQueue?
    /// Who sent the message, and with whose rights tools act.
    let caller: Caller
    /// The W3C trace of the request that sent it, nil for none.
    let trace: String?
    private let state = Mutex(State())

    /// A turn that waits in line; with a `journal` it is streamed.
    init(
        session: Session.Key, requestID: String, message: String, id: String,
        journal: EventJournal?, caller: Caller, trace: String? = nil
    ) {
        self.caller = caller
        self.trace = trace
        self.session = session
        self.requestID = requestID
        self.message = message
        self.id = id
        events = journal.map { [feed] journal in
            EventQueue(turnID: id, tenant: session.tenant, feed: feed, journal: journal)
        }
    }

    /// How far it is.
    var phase: Phase { state.withLock { $0.phase } }

    /// When its turn came, nil while it waits.
    var startedAt: Timestamp? { state.withLock { $0.startedAt } }

    /// Whether its turn has come.
    var hasStarted: Bool { startedAt != nil }

    /// The calls made so far.
    var calls: [Effect] { state.withLock { $0.calls } }

    /// Whether the user message is already stored as pending.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Notes that the user message is stored.
    func markBegun() {
        state.withLock { $0.hasBegun = true }
    }

    /// Notes that the turn needs something from outside; whether that is the first time.
    func markLeaving() -> Bool {
        state.withLock { state in
            defer { state.hasLeft = true }
            return !state.hasLeft
        }
    }

    /// Runs `work`, which stores the user message; `beginningIsOver` waits for it.
    ///
    /// Throws the failure that ended the turn before.
    func begin(_ work: () async throws -> Void) async throws {
        try state.withLock { state in
            if let abortion = state.abortion { throw abortion }
            state.isBeginning = true
        }
        defer {
            let waiters = state.withLock { state in
                state.isBeginning = false
                defer { state.beginningWaiters = [] }
                return state.beginningWaiters
            }
            for waiter in waiters { waiter.resume() }
        }
        try await work()
    }

    /// Returns when the message is stored, or will not be.
    func beginningIsOver() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isBeginning { state.beginningWaiters.append(continuation) }
                return !state.isBeginning
            }
            if isOver { continuation.resume() }
        }
    }

    /// Throws the failure that ended the turn, if one did.
    func check() throws {
        if let abortion = state.withLock({ $0.abortion }) { throw abortion }
    }

    /// Notes that its turn has come. Throws when it was aborted while it waited.
    func start(at now: Timestamp) throws {
        try state.withLock { state in
            if let abortion = state.abortion { throw abortion }
            state.phase = .running
            state.startedAt = now
        }
    }

}

// MARK: - Calls

extension Turn {
    /// Notes a finished tool call.
    func add(_ call: Effect) {
        state.withLock { $0.calls.append(call) }
    }

    /// The number of the next call.
    func takeCallNumber() -> Int {
        state.withLock { state in
            state.callCount += 1
            return state.callCount
        }
    }

    /// Remembers what an earlier life of the turn asked other servers to do, in order.
    func remember(_ earlier: [Effect]) {
        state.withLock { $0.earlier = earlier }
    }

    /// The first equal call of an earlier life that was not met yet, nil if there is none.
    func takeEarlier(_ tool: String, _ arguments: JSONValue) -> Effect? {
        state.withLock { state in
            let place = state.earlier.firstIndex { effect in
                effect.tool == tool && (try? JSONValue(parsing: effect.arguments)) == arguments
            }
            return place.map { state.earlier.remove(at: $0) }
        }
    }
}

// MARK: - The end

extension Turn {
    /// Ends the turn with `failure` unless its end is decided already; returns whether it did.
    ///
    /// Takes effect at once: who waits for the agent's text gets the failure.
    func abort(with failure: Failure) -> Bool {
        let (won, waiter) = state.withLock { state in
            guard state.phase == .queued || state.phase == .running, state.abortion == nil
            else { return (false, nil as CheckedContinuation<AgentAnswer, any Error>?) }
            state.abortion = failure
            state.work?.cancel()
            defer { state.waiter = nil }
            return (true, state.waiter)
        }
        waiter?.resume(throwing: failure)
        return won
    }

    /// Claims the right to store the turn's end. Throws when it was aborted before.
    func settle() throws {
        try state.withLock { state in
            if let abortion = state.abortion { throw abortion }
            state.phase = .settling
        }
    }

    /// Ends the turn with `failure` unless it is over after so many seconds.
    func limit(toSeconds seconds: Int, or failure: Failure) {
        let alarm = Task {
            guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
            _ = abort(with: failure)
        }
        let isLate = state.withLock { state in
            state.alarm = alarm
            return state.phase == .ended
        }
        if isLate { alarm.cancel() }
    }

    /// Notes that the end is committed, or that it cannot be, and why there is no reply.
    func end(_ failure: Failure?) {
        let observers = state.withLock { state in
            state.phase = .ended
            state.alarm?.cancel()
            defer { state.observers = [] }
            return state.observers
        }
        feed.finish(failure)
        for observer in observers { observer.resume() }
    }

    /// Returns once the turn has ended.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.phase == .ended { return true }
                state.observers.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// Runs the agent's `work`; throws as soon as the turn is aborted, without waiting for it.
    func answer(
        of work: @escaping @Sendable () async throws -> AgentAnswer
    ) async throws -> AgentAnswer {
        try await withCheckedThrowingContinuation { continuation in
            let abortion = state.withLock { state in
                if state.abortion == nil { state.waiter = continuation }
                return state.abortion
            }
            if let abortion { return continuation.resume(throwing: abortion) }
            // Begins here and now: work that waits for nothing needs no second thread.
            let task = Task.immediate {
                let result: Result<AgentAnswer, any Error>
                do { result = .success(try await work()) } catch { result = .failure(error) }
                self.takeWaiter()?.resume(with: result)
            }
            let isAborted = state.withLock { state in
                state.work = task
                return state.abortion != nil
            }
            if isAborted { task.cancel() }
        }
    }

    private func takeWaiter() -> CheckedContinuation<AgentAnswer, any Error>? {
        state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
    }
}
