import JSON
import Synchronization

/// Takes messages to their replies: in line, through the agent, and into the database.
final class Turns: Sendable {
    /// What a turn is made with and reported to.
    struct Environment: Sendable {
        let store: TurnStore
        let lanes: Lanes
        /// Who writes the replies, nil when the configured one could not be built.
        let provider: (any Provider)?
        /// What a tenant may use in a day; nil for a provider that uses no tokens.
        let budget: TokenBudget?
        let journal: EventJournal
        let toolbox: Toolbox
        let clock: Clock
        let ids: IDMaker
        let log: Log
        let metrics: Metrics
        let idempotency: Idempotency
        /// Seconds a turn may take from its start.
        let timeout: Int
        /// Whether a conversation is limited to its `metadata.customer_email`.
        let bindsCustomer: Bool
        /// Told when a reply brought mail to be sent.
        let mailQueued: @Sendable () -> Void
    }

    /// A message on its way: what a route holds between taking a place and answering.
    struct Ticket: Sendable {
        let turn: Turn
        let place: Place
        let arrivedAt: Timestamp
        let claim: IdempotencyClaim?

        /// Ends the turn, waiting or running; whether nothing else had ended it before.
        func abort(with failure: Failure) -> Bool {
            // First of all: who is woken in its place ends the turn, which then is lost to us.
            let won = turn.abort(with: failure)
            place.dismiss(with: failure)
            return won
        }
    }

    let environment: Environment
    let book = TurnBook()
    let unended: UnendedTurns
    private let isStopping = Atomic<Bool>(false)

    /// No turns yet.
    init(_ environment: Environment) {
        self.environment = environment
        unended = UnendedTurns(store: environment.store)
    }

    /// Takes the message's place in line. Throws 409 and 503 (`Lanes.enter`).
    func enter(
        session: Session.Key, message: String, requestID: String,
        caller: Caller = .unrestricted, trace: String? = nil, isStreamed: Bool = false,
        claim: IdempotencyClaim?, again turnID: String? = nil
    ) throws -> Ticket {
        if isStopping.load(ordering: .relaxed) { throw Turns.stopped }
        guard environment.provider != nil else { throw Turns.unprovided }
        let place = try environment.lanes.enter(session)
        // Whoever follows a turn that is taken up again goes on after what was told of it.
        let isJournalled = isStreamed || turnID != nil
        let turn = Turn(
            session: session, requestID: requestID, message: message,
            id: turnID ?? environment.ids.make("msg"),
            journal: isJournalled ? environment.journal : nil, caller: caller,
            trace: trace)
        if turnID != nil { turn.markBegun() }
        let ticket = Ticket(
            turn: turn, place: place, arrivedAt: environment.clock.now(), claim: claim)
        book.enter(ticket)
        return ticket
    }

    /// Waits for the turn, runs it and returns the stored reply. Throws the stored failure.
    func run(_ ticket: Ticket) async throws -> TurnReply {
        do {
            let reply = try await take(ticket)
            finish(ticket, nil)
            return reply
        } catch {
            let failure = failure(of: error, ticket.turn)
            finish(ticket, failure)
            throw failure
        }
    }

    private func take(_ ticket: Ticket) async throws -> TurnReply {
        let turn = ticket.turn
        try await ticket.place.turn()
        let startedAt = environment.clock.now()
        try turn.start(at: startedAt)
        let context = try environment.store.context(of: turn, arrivedAt: ticket.arrivedAt)
        if turn.hasBegun { try await unended.resume(turn) }
        do {
            let stage = Stage()
            let answer = try await answer(ticket, context, stage)
            environment.lanes.settle(ticket.place)
            return try await store(answer, ticket, context, stage)
        } catch {
            throw await fail(ticket, context, failure(of: error, turn))
        }
    }

    /// What a caller may know of an error that ended a turn; what they may not is logged.
    private func failure(of error: any Error, _ turn: Turn) -> Failure {
        if let failure = error as? Failure { return failure }
        environment.log.error(
            "turn.failed",
            [("error", .text("\(error)")), ("request_id", .text(turn.requestID))])
        return Failure(passing: error)
            ?? Failure(
                .internal, "Something went wrong here; the log names it by the request id.")
    }

    /// The turn of a request while it waits or runs.
    func find(_ requestID: String, of tenant: Tenant) -> Turn? {
        book.find(requestID, of: tenant)?.turn
    }

    /// How many turns of the session wait behind the running one.
    func waiting(in session: Session.Key) -> Int {
        max(0, environment.lanes.count(session) - 1)
    }

    /// How many turns wait and run.
    var count: Int { book.tickets.count }

    /// Refuses new turns, from now on.
    func beginStopping() {
        isStopping.store(true, ordering: .relaxed)
    }

    /// Ends every turn that waits or runs as interrupted by the server's stop.
    func abortAll() {
        for ticket in book.tickets { _ = ticket.abort(with: Turns.stopped) }
    }

    /// Ends the turns of a session that is being deleted.
    func abort(_ session: Session.Key) {
        let gone = Failure.sessionNotFound(session)
        for ticket in book.remove(session) { _ = ticket.abort(with: gone) }
    }

    private static let stopped = Failure(
        .notReady, "The server is shutting down; send the message again.", retryAfter: 5)

    private static let unprovided = Failure(
        .notReady, "The agent is not configured; the log and /health tell more.", retryAfter: 60)

    private func finish(_ ticket: Ticket, _ failure: Failure?) {
        book.leave(ticket)
        environment.lanes.leave(ticket.place)
        if let claim = ticket.claim { environment.idempotency.release(claim) }
        ticket.turn.events?.publishEnd()
        ticket.turn.end(failure)
    }
}

// MARK: - From the message to its end

extension Turns {
    /// What the agent says. Throws `agent_failed`, or the failure that ended the turn before.
    private func answer(
        _ ticket: Ticket, _ context: TurnStore.Context, _ stage: Stage
    ) async throws -> AgentAnswer {
        let turn = ticket.turn
        guard let provider = environment.provider else { throw Turns.unprovided }
        turn.events?.stage(.start(sessionID: turn.session.id, requestID: turn.requestID))
        let assignment = assignment(ticket, context, stage)
        do {
            let answer = try await turn.answer { try await provider.answer(assignment) }
            guard answer.text.isBlank else { return answer }
            throw Failure(.agentFailed, "The agent ended without an answer.")
        } catch let failure as Failure {
            throw failure
        } catch {
            environment.log.error(
                "agent.failed",
                [("error", .text("\(error)")), ("request_id", .text(turn.requestID))])
            throw Failure(passing: error)
                ?? Failure(.agentFailed, "The agent could not answer this message.")
        }
    }

    private func store(
        _ answer: AgentAnswer, _ ticket: Ticket, _ context: TurnStore.Context, _ stage: Stage
    ) async throws -> TurnReply {
        let turn = ticket.turn
        let metadata = metadata(of: turn, answer)
        if let events = turn.events {
            await events.seal()
            events.conclude(
                with: .end(
                    sessionID: turn.session.id, chunks: events.chunks, metadata: metadata),
                dropping: false)
        }
        let reply = try await environment.store.reply(
            turn, answer, stage: stage, in: context, metadata: metadata, claim: ticket.claim)
        if !stage.emails.isEmpty { environment.mailQueued() }
        report(turn, outcome: "complete")
        return reply
    }

    /// Stores why there is no reply, and returns what the caller is told.
    private func fail(
        _ ticket: Ticket, _ context: TurnStore.Context, _ cause: Failure
    ) async -> Failure {
        let turn = ticket.turn
        report(turn, outcome: cause.code.word)
        // Whether the message is stored decides how its end is; that may be happening just now.
        await turn.beginningIsOver()
        // A session that is gone holds nothing, and what was kept from beginning never was.
        let isForgotten =
            !turn.hasBegun && (cause.interruptsTurns || cause.code == .budgetExceeded)
        if cause.code == .sessionNotFound || isForgotten { return cause }
        var failure = cause
        failure.occurredAt = environment.clock.now()
        await turn.events?.seal()
        turn.events?.conclude(with: .error(failure), dropping: true)
        do {
            try await environment.store.fail(turn, failure, in: context, claim: ticket.claim)
            return failure
        } catch {
            let failure = self.failure(of: error, turn)
            // A message that stands there as pending must not stay so.
            if turn.hasBegun && failure.code != .sessionNotFound { unended.add(turn.id) }
            return failure
        }
    }

    private func metadata(of turn: Turn, _ answer: AgentAnswer) -> TurnReply.Metadata {
        let elapsed = environment.clock.now().seconds(
            since: turn.startedAt ?? environment.clock.now())
        return TurnReply.Metadata(
            requestID: turn.requestID, toolCalls: turn.calls.map(\.tool),
            processingTimeMS: max(0, Int(elapsed * 1000)),
            agent: environment.provider?.name ?? "", model: environment.provider?.model,
            usage: answer.usage)
    }

    private func report(_ turn: Turn, outcome: String) {
        let provider = environment.provider?.name ?? ""
        environment.metrics.count(
            "frontdesk_turns_total", "Turns ended.",
            labels: "provider=\"\(provider)\",outcome=\"\(outcome)\"")
        environment.log.info(
            "agent.turn",
            [
                ("session", .text(turn.session.id)), ("tenant", .text(turn.session.tenant.name)),
                ("outcome", .text(outcome)), ("tools", .integer(turn.calls.count)),
                ("request_id", .text(turn.requestID)),
            ])
    }
}
