import JSON
import SQLite

/// The transactions of a turn (conversations.md, section 3): how it begins and how it ends.
///
/// A turn that needs nothing from outside this process begins and ends in one transaction; one
/// that does is begun before anything leaves, so that a crash cannot forget it.
struct TurnStore: Sendable {
    let sessions: SessionStore
    let ids: IDMaker
    let autoCreate: Bool

    private var database: Database { sessions.database }
    private var clock: Clock { sessions.clock }

    /// What the agent is to know of the session before it answers.
    struct Context: Sendable {
        /// When the session was created, nil if the message is to create it.
        let createdAt: Timestamp?
        /// The open dialogue as JSON.
        let agentState: String?
        /// The session's metadata, a JSON object.
        let metadata: String
        /// The address of the customer whose session it is; nil for a session of nobody's own.
        var customerEmail: String?
    }

    /// What the session holds as the turn starts. Throws 403, 404 and 410.
    func context(of turn: Turn, arrivedAt arrival: Timestamp) throws -> Context {
        let key = turn.session
        let expiry = sessions.lifetime.expiry(at: arrival)
        let row = try database.read { connection in
            try connection.first(
                """
                SELECT session.created_at, last_activity, agent_state, metadata,
                       removing_since IS NOT NULL, subject,
                       CASE
                           WHEN owner.user_id IS NOT NULL THEN coalesce((
                               SELECT email FROM customers record
                               WHERE record.tenant_id = session.tenant_id
                                 AND record.customer_id = owner.customer_id), '')
                           -- Outsiders are known by their issuer and who they are to it.
                           WHEN instr(subject, ' ') > 0 THEN (
                               SELECT email FROM customers record
                               WHERE record.tenant_id = session.tenant_id
                                 AND auth_subject = substr(subject, instr(subject, ' ') + 1))
                       END
                FROM sessions session LEFT JOIN users owner
                  ON owner.tenant_id = session.tenant_id AND owner.user_id = session.subject
                  AND owner.role = 'customer'
                WHERE session.tenant_id = \(key.tenant.name) AND session_id = \(key.id)
                """
            ) { row in
                let context = Context(
                    createdAt: try row.timestamp(0), agentState: try row.textOrNil(2),
                    metadata: try row.text(3), customerEmail: try row.textOrNil(6))
                if try !row.flag(4) { try turn.caller.visitor.check(row.textOrNil(5)) }
                return (context, try row.timestamp(1) < expiry, try row.flag(4))
            }
        }
        guard let (context, isExpired, isRemoving) = row, !isRemoving else {
            guard autoCreate else { throw Failure.sessionNotFound(key) }
            return Context(createdAt: nil, agentState: nil, metadata: "{}")
        }
        if isExpired { throw Failure.sessionExpired(key) }
        return context
    }

    /// Stores the user message as pending, with the events staged so far. Throws the failure that
    /// ended the turn before.
    func begin(
        _ turn: Turn, in context: Context, claim: IdempotencyClaim?, budget: TokenBudget? = nil
    ) async throws {
        let now = turn.startedAt ?? clock.now()
        let events = turn.events?.take(beforeOpen: true) ?? []
        do {
            try await insertBeginning(of: turn, events, in: context, claim, budget, at: now)
        } catch {
            turn.events?.giveBack()
            throw error
        }
        turn.markBegun()
        if !events.isEmpty { turn.events?.markCommitted() }
        turn.events?.open()
    }

    private func insertBeginning(
        of turn: Turn, _ events: [EventQueue.Numbered], in context: Context,
        _ claim: IdempotencyClaim?, _ budget: TokenBudget?, at now: Timestamp
    ) async throws {
        try await write(turn) { connection in
            // Of a session that was deleted meanwhile nothing may come back.
            try turn.check()
            let session = try open(turn, context, at: now, in: connection)
            try budget?.check(turn.session.tenant, at: now, in: connection)
            let seq = session.messageCount + 1
            try insertUserMessage(
                turn, seq: seq, .pending, error: nil, at: now, finishedAt: nil,
                in: connection)
            try SessionStore.update(
                session, messageCount: seq, agentState: context.agentState, at: now,
                in: connection)
            try insert(events, of: turn, at: now, in: connection)
            try claim?.reserve(turn: turn.id, at: now, in: connection)
        }
    }

    /// Stores the reply and everything that belongs to it, in one transaction.
    ///
    /// Throws what took its place: 404, `turn_cancelled`, `turn_conflict`; nothing is kept then.
    func reply(
        _ turn: Turn, _ answer: AgentAnswer, stage: Stage, in context: Context,
        metadata: TurnReply.Metadata, claim: IdempotencyClaim?
    ) async throws -> TurnReply {
        let now = clock.now()
        let reply = TurnReply(
            sessionID: turn.session.id, response: answer.text, timestamp: now,
            metadata: metadata)
        let replyID = ids.make("msg")
        let events = turn.events?.takeRest() ?? []
        do {
            try await write(turn) { connection in
                let session = try close(turn, .complete, error: nil, context, in: connection)
                let seq = session.messageCount + 1
                try stage.commit(
                    in: connection, tenant: turn.session.tenant, sessionID: turn.session.id,
                    requestID: turn.requestID)
                try insertReply(reply, id: replyID, seq: seq, of: turn, in: connection)
                try SessionStore.update(
                    session, messageCount: seq, agentState: answer.state, at: now, in: connection)
                try insertEffects(of: turn, in: connection)
                try insert(events, of: turn, at: now, in: connection)
                try claim?.store(reply, status: 200, turn: turn.id, at: now, in: connection)
                try turn.settle()
            }
        } catch {
            // Or the failure's own events would wait for these for ever.
            turn.events?.giveBack()
            throw error
        }
        if !events.isEmpty { turn.events?.markCommitted() }
        return reply
    }

    /// Stores that the turn brought no reply, and why. Throws when the session is gone.
    ///
    /// A turn that the server failed is interrupted: its key may take it up again.
    func fail(
        _ turn: Turn, _ failure: Failure, in context: Context, claim: IdempotencyClaim?
    ) async throws {
        let isInterrupted = failure.interruptsTurns
        let word = isInterrupted ? Failure.turnInterrupted.code.word : failure.code.word
        let status: Message.Status =
            isInterrupted ? .interrupted : failure.code == .turnCancelled ? .cancelled : .failed
        let now = clock.now()
        let events = turn.events?.takeRest() ?? []
        try await write(turn) { connection in
            let session = try close(turn, status, error: word, context, in: connection)
            try SessionStore.update(
                session, messageCount: session.messageCount, agentState: context.agentState,
                at: now, in: connection)
            try insert(events, of: turn, at: now, in: connection)
            guard !isInterrupted else { return try doubtEffects(of: turn, in: connection) }
            try insertEffects(of: turn, hasReply: false, in: connection)
            try claim?.store(failure, turn: turn.id, at: now, in: connection)
        }
        if !events.isEmpty { turn.events?.markCommitted() }
    }
}

// MARK: - Pieces

extension TurnStore {
    /// The removal of an earlier session of this id is not finished yet.
    private struct Occupied: Error {}

    /// Runs one transaction of the turn, after a removal that holds its session's id.
    private func write(
        _ turn: Turn, _ body: @escaping @Sendable (borrowing Connection) throws -> Void
    ) async throws {
        while true {
            do {
                return try await database.write(body)
            } catch is Occupied {
                try await sessions.finishRemoval(of: turn.session)
            }
        }
    }

    /// The session the turn belongs to, created now if it is the first to name it.
    private func open(
        _ turn: Turn, _ context: Context, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Session {
        guard let (session, state) = try sessions.find(turn.session, in: connection) else {
            guard context.createdAt == nil else { throw Failure.sessionNotFound(turn.session) }
            return try SessionStore.insertNew(
                turn.session, metadata: "{}", by: turn.caller.visitor, requestID: turn.requestID,
                at: now, in: connection)
        }
        if let createdAt = context.createdAt {
            // Deleted while the agent worked, and perhaps created anew: not this turn's session.
            guard state != .removing, session.createdAt == createdAt else {
                throw Failure.sessionNotFound(turn.session)
            }
        } else if state == .removing {
            throw Occupied()
        }
        // Another may have created it while this one was on its way.
        if context.createdAt == nil { try turn.caller.visitor.check(session.subject) }
        return session
    }

    /// Stores how the user message ended, and returns its session with the message counted in.
    private func close(
        _ turn: Turn, _ status: Message.Status, error: String?, _ context: Context,
        in connection: borrowing Connection
    ) throws -> Session {
        let now = clock.now()
        guard turn.hasBegun else {
            let startedAt = turn.startedAt ?? now
            var session = try open(turn, context, at: startedAt, in: connection)
            session.messageCount += 1
            try insertUserMessage(
                turn, seq: session.messageCount, status, error: error, at: startedAt,
                finishedAt: now, in: connection)
            return session
        }
        let changed = try connection.execute(
            """
            UPDATE messages
            SET status = \(status.rawValue), error_code = \(error), finished_at = \(now)
            WHERE message_id = \(turn.id) AND tenant_id = \(turn.session.tenant.name)
              AND status = 'pending'
            """)
        guard changed == 1, let (session, state) = try sessions.find(turn.session, in: connection),
            state != .removing
        else { throw Failure.sessionNotFound(turn.session) }
        return session
    }

    private func insertUserMessage(
        _ turn: Turn, seq: Int, _ status: Message.Status, error: String?, at now: Timestamp,
        finishedAt: Timestamp?, in connection: borrowing Connection
    ) throws {
        try MessageStore.insert(
            Message(
                id: turn.id, seq: seq, role: .user, content: turn.message,
                requestID: turn.requestID, createdAt: now, status: status, errorCode: error),
            author: "customer", finishedAt: finishedAt, of: turn.session, in: connection)
    }

    private func insertReply(
        _ reply: TurnReply, id: String, seq: Int, of turn: Turn,
        in connection: borrowing Connection
    ) throws {
        let tools = reply.metadata.toolCalls
        try MessageStore.insert(
            Message(
                id: id, seq: seq, role: .assistant, content: reply.response,
                requestID: turn.requestID, createdAt: reply.timestamp, status: .complete,
                toolCalls: tools.isEmpty ? nil : JSONValue.array(tools.map { .string($0) }).text),
            author: reply.metadata.agent, finishedAt: reply.timestamp, of: turn.session,
            metadata: reply.metadata.jsonText, in: connection)
    }
}
