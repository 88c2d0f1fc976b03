import SQLite

/// The ledger of what a turn's calls do (conversations.md, section 3): calls that leave this
/// process are in it before they leave and when they are answered, all others at the turn's end.
extension TurnStore {
    /// Writes a call of a running turn as it is now. Throws the failure that ended the turn before.
    func record(_ effect: Effect, of turn: Turn) async throws {
        try await sessions.database.write { connection in
            let isRunning = try connection.first(
                """
                SELECT 1 FROM messages
                WHERE message_id = \(turn.id) AND tenant_id = \(turn.session.tenant.name)
                  AND status = 'pending'
                """
            ) { try $0.integer(0) }
            if effect.state == .started {
                try turn.check()
                guard isRunning != nil else { throw Failure.sessionNotFound(turn.session) }
            }
            // What a turn did that was given up meanwhile is known better late than never.
            try upsert(effect, of: turn, in: connection)
        }
    }

    /// Writes all calls of a turn that ends, with a reply or without.
    func insertEffects(
        of turn: Turn, hasReply: Bool = true, in connection: borrowing Connection
    ) throws {
        for effect in turn.calls {
            try upsert(hasReply ? effect : effect.withoutReply, of: turn, in: connection)
        }
    }

    private func upsert(
        _ effect: Effect, of turn: Turn, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO tool_effects
                (effect_id, tenant_id, turn_id, call_no, tool, server, arguments, state,
                 result, request_id, started_at, finished_at)
            VALUES
                (\(effect.id), \(turn.session.tenant.name), \(turn.id), \(effect.number),
                 \(effect.tool), \(effect.server), \(effect.arguments),
                 \(effect.state.rawValue), \(effect.result), \(turn.requestID),
                 \(effect.startedAt), \(effect.finishedAt))
            ON CONFLICT (effect_id) DO UPDATE
            SET call_no = excluded.call_no, state = excluded.state, result = excluded.result,
                started_at = excluded.started_at, finished_at = excluded.finished_at
            """)
    }

    /// Marks what was under way when the turn was cut short.
    func doubtEffects(of turn: Turn, in connection: borrowing Connection) throws {
        let now = sessions.clock.now()
        try connection.execute(
            """
            UPDATE tool_effects SET state = 'unknown', finished_at = \(now)
            WHERE turn_id = \(turn.id) AND tenant_id = \(turn.session.tenant.name)
              AND state = 'started'
            """)
    }

    /// The calls that earlier lives of a turn sent to other servers, in order; their numbers become
    /// negative, so that those of the new life are free.
    func setEffectsAside(
        of turn: Turn, in connection: borrowing Connection
    ) throws -> [Effect] {
        try doubtEffects(of: turn, in: connection)
        let tenant = turn.session.tenant.name
        let least =
            try connection.first(
                """
                SELECT coalesce(min(call_no), 0) FROM tool_effects
                WHERE turn_id = \(turn.id) AND tenant_id = \(tenant)
                """
            ) { min(0, try $0.integer(0)) } ?? 0
        try connection.execute(
            """
            UPDATE tool_effects SET call_no = \(least) - call_no
            WHERE turn_id = \(turn.id) AND tenant_id = \(tenant) AND call_no > 0
            """)
        return try connection.all(
            """
            SELECT effect_id, call_no, tool, server, arguments, state, result, started_at,
                   finished_at
            FROM tool_effects
            WHERE turn_id = \(turn.id) AND tenant_id = \(tenant)
            ORDER BY started_at, effect_id
            """
        ) { row in
            Effect(
                id: try row.text(0), number: try row.integer(1), tool: try row.text(2),
                server: try row.text(3), arguments: try row.text(4),
                state: try row.choice(5, Effect.State.self), result: try row.textOrNil(6),
                startedAt: try row.timestamp(7), finishedAt: try row.timestampOrNil(8))
        }
    }
}
