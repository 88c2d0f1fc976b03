import JSON
import Synchronization

/// What the agent says to a message.
struct AgentAnswer: Sendable {
    /// The reply.
    let text: String
    /// The open dialogue as JSON, nil when nothing is open.
    let state: String?
}

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

    /// A tool call as the ledger keeps it.
    struct Call: Sendable {
        let tool: String
        let arguments: String
        let result: String
        let succeeded: Bool
        let startedAt: Timestamp
        let finishedAt: Timestamp
    }

    private struct State {
        var phase = Phase.queued
        var abortion: Failure?
        var waiter: CheckedContinuation<AgentAnswer, any Error>?
        var work: Task<Void, Never>?
        var calls: [Call] = []
        /// Events staged since the last commit, and how many were committed before.
        var staged: [TurnEvent] = []
        var committedEvents = 0
        var startedAt: Timestamp?
        var hasBegun = false
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
    /// Where committed events go, nil when nobody asked for a stream.
    let feed: TurnFeed?
    /// Who sent the message, and with whose rights tools act.
    let caller: Caller
    private let state = Mutex(State())

    /// A turn that waits in line.
    init(
        session: Session.Key, requestID: String, message: String, id: String, feed: TurnFeed?,
        caller: Caller
    ) {
        self.caller = caller
        self.session = session
        self.requestID = requestID
        self.message = message
        self.id = id
        self.feed = feed
    }

    /// How far it is.
    var phase: Phase { state.withLock { $0.phase } }

    /// When its turn came, nil while it waits.
    var startedAt: Timestamp? { state.withLock { $0.startedAt } }

    /// Whether its turn has come.
    var hasStarted: Bool { startedAt != nil }

    /// The calls made so far.
    var calls: [Call] { state.withLock { $0.calls } }

    /// Whether the user message is already stored as pending.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Notes that the user message is stored.
    func markBegun() {
        state.withLock { $0.hasBegun = true }
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

    /// Notes that it was begun in an earlier life, which stored so many events.
    func resume(after events: Int) {
        state.withLock { $0.committedEvents = events }
        feed?.start(after: events)
    }

    /// Notes that its turn has come. Throws when it was aborted while it waited.
    func start(at now: Timestamp) throws {
        try state.withLock { state in
            if let abortion = state.abortion { throw abortion }
            state.phase = .running
            state.startedAt = now
        }
    }

    /// Notes a finished tool call.
    func add(_ call: Call) {
        state.withLock { $0.calls.append(call) }
    }

    /// Stages an event for the next commit.
    func stage(_ event: TurnEvent) {
        guard feed != nil else { return }
        state.withLock { $0.staged.append(event) }
    }

    /// Forgets the events of an end that did not come about.
    func dropStagedEvents() {
        state.withLock { $0.staged = [] }
    }

    /// The staged events with their numbers, to be committed now.
    var stagedEvents: [(number: Int, event: TurnEvent)] {
        state.withLock { state in
            state.staged.enumerated().map { (state.committedEvents + $0.offset + 1, $0.element) }
        }
    }

    /// Notes that the staged events are committed.
    func markCommitted(events count: Int) {
        let events = state.withLock { state in
            let events = Array(state.staged.prefix(count))
            state.staged.removeFirst(count)
            state.committedEvents += count
            return events
        }
        feed?.publish(events)
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

    /// Notes that the end is committed, or that it cannot be.
    func end() {
        let observers = state.withLock { state in
            state.phase = .ended
            defer { state.observers = [] }
            return state.observers
        }
        feed?.finish()
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
                guard state.abortion == nil else { return state.abortion }
                state.waiter = continuation
                state.work = Task {
                    let result: Result<AgentAnswer, any Error>
                    do { result = .success(try await work()) } catch { result = .failure(error) }
                    self.takeWaiter()?.resume(with: result)
                }
                return nil
            }
            if let abortion { continuation.resume(throwing: abortion) }
        }
    }

    private func takeWaiter() -> CheckedContinuation<AgentAnswer, any Error>? {
        state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
    }
}
