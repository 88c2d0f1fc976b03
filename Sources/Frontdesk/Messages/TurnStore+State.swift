import JSON
import SQLite

extension TurnStore {
    /// What the database knows of a turn.
    struct Stored: Sendable {
        /// The user message's id.
        let id: String
        let requestID: String
        let session: Session.Key
        var status: Message.Status
        /// Why there is no reply.
        var errorCode: String?
        /// When the reply or the end was stored, or the message of a turn that runs.
        let timestamp: String
        /// The reply's text and metadata, nil when there is none.
        let reply: (text: String, metadata: String)?

        /// The same turn as its row will tell once it can be written.
        var interrupted: Stored {
            var turn = self
            turn.status = .interrupted
            turn.errorCode = Failure.turnInterrupted.code.word
            return turn
        }
    }

    /// The newest turn with this request id, nil when none was stored. Throws 403, 404 and 410 of
    /// its session.
    func find(
        _ requestID: String, of tenant: Tenant, for visitor: SessionVisitor = .anyone
    ) throws -> Stored? {
        try sessions.database.read { connection in
            let turn = try connection.first(
                """
                SELECT session_id, seq, status, error_code, coalesce(finished_at, created_at),
                       message_id
                FROM messages
                WHERE tenant_id = \(tenant.name) AND request_id = \(requestID) AND role = 'user'
                ORDER BY row_no DESC
                LIMIT 1
                """
            ) { row in
                (
                    session: Session.Key(tenant: tenant, id: try row.text(0)),
                    seq: try row.integer(1), status: try row.choice(2, Message.Status.self),
                    errorCode: try row.textOrNil(3), timestamp: try row.text(4),
                    id: try row.text(5)
                )
            }
            guard let turn else { return nil }
            _ = try sessions.require(turn.session, for: visitor, in: connection)
            let reply = try connection.first(
                """
                SELECT content, metadata, created_at FROM messages
                WHERE tenant_id = \(tenant.name) AND session_id = \(turn.session.id)
                  AND seq > \(turn.seq) AND role = 'assistant' AND request_id = \(requestID)
                ORDER BY seq DESC
                LIMIT 1
                """
            ) { row in
                (
                    text: try row.text(0), metadata: try row.textOrNil(1) ?? "{}",
                    timestamp: try row.text(2)
                )
            }
            return Stored(
                id: turn.id, requestID: requestID, session: turn.session, status: turn.status,
                errorCode: turn.errorCode,
                timestamp: reply?.timestamp ?? turn.timestamp,
                reply: reply.map { ($0.text, $0.metadata) })
        }
    }
}
