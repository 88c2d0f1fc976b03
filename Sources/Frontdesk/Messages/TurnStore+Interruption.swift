import JSON
import SQLite

// Turns that the server cut short, and what becomes of them.
extension TurnStore {
    /// Takes up a turn that was interrupted: its user message is pending again, and its events go
    /// on after those it has, or would have if it had been streamed.
    func resume(_ turn: Turn) async throws {
        let tenant = turn.session.tenant
        let now = sessions.clock.now()
        let (events, earlier) = try await sessions.database.write { connection in
            // The end of its earlier life may not have been stored.
            _ = try interruptPending(only: turn.id, at: now, in: connection)
            let changed = try connection.execute(
                """
                UPDATE messages SET status = 'pending', error_code = NULL, finished_at = NULL
                WHERE message_id = \(turn.id) AND tenant_id = \(tenant.name)
                  AND status = 'interrupted'
                """)
            guard changed == 1 else { throw Failure.sessionNotFound(turn.session) }
            let count =
                try connection.first(
                    """
                    SELECT count(*) FROM stream_events
                    WHERE turn_id = \(turn.id) AND tenant_id = \(tenant.name)
                    """
                ) { try $0.integer(0) } ?? 0
            return (
                try journal(turn, after: count, at: now, in: connection),
                try setEffectsAside(of: turn, in: connection)
            )
        }
        turn.remember(earlier)
        turn.events?.start(after: events)
        turn.events?.open()
    }

    /// Writes what followers of a turn were told that was not streamed; the number of its events.
    private func journal(
        _ turn: Turn, after count: Int, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Int {
        guard count == 0 else { return count }
        let calls = try self.calls(of: turn.id, turn.session.tenant, in: connection)
        let told = TurnStore.story(
            .start(sessionID: turn.session.id, requestID: turn.requestID), calls,
            [.error(.turnInterrupted)])
        try insert(told, of: turn, at: now, in: connection)
        return told.count
    }

    /// Marks every turn that a crash cut short, and returns how many there were.
    func interruptPending() async throws -> Int {
        let now = sessions.clock.now()
        return try await sessions.database.write { connection in
            try interruptPending(only: nil, at: now, in: connection)
        }
    }

    /// Marks those of the turns that are pending, and of which `isDue` still says that they are to
    /// be marked; returns those.
    func interrupt(
        _ turnIDs: [String], where isDue: @escaping @Sendable (String) -> Bool
    ) async throws -> [String] {
        let now = sessions.clock.now()
        return try await sessions.database.write { connection in
            let due = turnIDs.filter(isDue)
            for id in due { _ = try interruptPending(only: id, at: now, in: connection) }
            return due
        }
    }

    /// Marks pending turns, all or one, as interrupted and ends their streams.
    private func interruptPending(
        only turnID: String?, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Int {
        let failure = Failure.turnInterrupted
        try connection.execute(
            """
            UPDATE tool_effects SET state = 'unknown', finished_at = \(now)
            WHERE state = 'started'
              AND turn_id IN (
                SELECT message_id FROM messages
                WHERE status = 'pending' AND (\(turnID) IS NULL OR message_id = \(turnID)))
            """)
        // Only turns whose `start` was journalled were streamed and need a last event.
        try connection.execute(
            """
            INSERT INTO stream_events (turn_id, event_no, tenant_id, data, created_at)
            SELECT message.message_id, max(event.event_no) + 1, message.tenant_id,
                   \(TurnEvent.error(failure).jsonText), \(now)
            FROM messages message JOIN stream_events event
              ON event.turn_id = message.message_id
            WHERE message.status = 'pending'
              AND (\(turnID) IS NULL OR message.message_id = \(turnID))
            GROUP BY message.message_id, message.tenant_id
            """)
        return try connection.execute(
            """
            UPDATE messages
            SET status = 'interrupted', error_code = \(failure.code.word), finished_at = \(now)
            WHERE status = 'pending' AND (\(turnID) IS NULL OR message_id = \(turnID))
            """)
    }
}

extension Failure {
    /// Whether it is the server's fault that a turn ended, so that the turn may run again.
    var interruptsTurns: Bool { code == .notReady || code == .overloaded }
}
