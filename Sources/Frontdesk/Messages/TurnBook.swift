import Synchronization

/// The turns of the server by the ids of their requests: those that wait or run, and those that
/// were cancelled before anything of them was stored.
final class TurnBook: Sendable {
    private struct Key: Hashable {
        let tenant: Tenant
        let requestID: String

        init(_ turn: Turn) {
            (tenant, requestID) = (turn.session.tenant, turn.requestID)
        }

        init(_ tenant: Tenant, _ requestID: String) {
            (self.tenant, self.requestID) = (tenant, requestID)
        }
    }

    /// What is left of a turn that was cancelled before anything of it was stored.
    struct Dismissal: Sendable {
        let turn: TurnStore.Stored
        /// Who sent the message.
        let caller: String?
    }

    private struct State {
        /// Several where a caller used a request id again, the newest last.
        var active: [Key: [Turns.Ticket]] = [:]
        var dismissed: [Key: Dismissal] = [:]
        /// Their keys, the newest last.
        var dismissedKeys: [Key] = []
    }

    /// How many dismissals are remembered.
    private static let limit = 1024

    private let state = Mutex(State())

    /// All that wait or run.
    var tickets: [Turns.Ticket] { state.withLock { $0.active.values.flatMap(\.self) } }

    /// Notes a turn that waits from now on.
    func enter(_ ticket: Turns.Ticket) {
        let key = Key(ticket.turn)
        state.withLock { state in
            state.active[key, default: []].append(ticket)
            // Its request's id means the newest turn from now on.
            if !state.dismissed.isEmpty { state.dismissed[key] = nil }
        }
    }

    /// Forgets a turn that is over.
    func leave(_ ticket: Turns.Ticket) {
        let key = Key(ticket.turn)
        state.withLock { state in
            let others = state.active[key]?.filter { $0.turn !== ticket.turn } ?? []
            state.active[key] = others.isEmpty ? nil : others
        }
    }

    /// The newest turn of a request that waits or runs.
    func find(_ requestID: String, of tenant: Tenant) -> Turns.Ticket? {
        state.withLock { $0.active[Key(tenant, requestID)]?.last }
    }

    /// Forgets what was dismissed in a session, and returns those of its turns that wait or run.
    func remove(_ session: Session.Key) -> [Turns.Ticket] {
        state.withLock { state in
            state.dismissed = state.dismissed.filter { $0.value.turn.session != session }
            return state.active.values.flatMap { $0.filter { $0.turn.session == session } }
        }
    }

    /// Remembers a turn that was cancelled before anything of it was stored.
    func dismiss(_ turn: Turn, at now: Timestamp) {
        let dismissal = Dismissal(
            turn: TurnStore.Stored(
                id: turn.id, requestID: turn.requestID, session: turn.session,
                status: .cancelled, errorCode: Failure.turnCancelled.code.word,
                timestamp: now.text, reply: nil),
            caller: turn.caller.identity)
        state.withLock { state in
            if state.dismissedKeys.count == Self.limit {
                state.dismissed[state.dismissedKeys.removeFirst()] = nil
            }
            state.dismissed[Key(turn)] = dismissal
            state.dismissedKeys.append(Key(turn))
        }
    }

    /// The newest turn of a request, if it was cancelled before anything of it was stored.
    func dismissal(_ requestID: String, of tenant: Tenant) -> Dismissal? {
        state.withLock { $0.dismissed[Key(tenant, requestID)] }
    }
}
