import JSON
import SQLite

/// The transaction of a tool call that stands for itself, outside of any turn.
struct ToolCallStore: Sendable {
    let database: Database
    let ids: IDMaker

    /// For how many days a call's row is kept.
    private static let retentionDays = 30.0

    /// The instant before which calls are forgotten.
    static func oldest(at now: Timestamp) -> Timestamp {
        now.adding(seconds: -retentionDays * 86_400)
    }

    /// A call that is over, as its row tells it.
    struct Call: Sendable {
        /// The row's id.
        let id: String
        let tool: String
        /// Who does it: `local`, or the name of another server.
        let server: String
        /// The arguments as they were sent, a JSON object.
        let arguments: String
        let outcome: ToolOutcome
        /// What became of it.
        let state: Effect.State
        let startedAt: Timestamp
        let finishedAt: Timestamp
    }

    /// Notes a call that is about to leave for another server, and the answer that repeats get if
    /// this server dies before the call's own is stored.
    func begin(
        _ effect: Effect, tenant: Tenant, requestID: String, answer: JSONValue,
        claim: IdempotencyClaim?
    ) async throws {
        try await database.write { connection in
            try claim?.store(answer, status: 200, at: effect.startedAt, in: connection)
            try connection.execute(
                """
                INSERT INTO tool_effects
                    (effect_id, tenant_id, turn_id, call_no, tool, server, arguments, state,
                     result, request_id, started_at, finished_at)
                VALUES
                    (\(effect.id), \(tenant.name), NULL, 1, \(effect.tool), \(effect.server),
                     \(effect.arguments), 'started', NULL, \(requestID), \(effect.startedAt),
                     NULL)
                ON CONFLICT (effect_id) DO NOTHING
                """)
        }
    }

    /// Stores what a call has changed, that it was made, and the answer that repeats will get
    /// if it is final; else they are tried again.
    ///
    /// Throws `turn_conflict` when somebody else changed one of its rows meanwhile; nothing is
    /// kept then.
    func commit(
        _ call: Call, _ stage: Stage, tenant: Tenant, requestID: String,
        answer: JSONValue, isFinal: Bool, claim: IdempotencyClaim?
    ) async throws {
        try await database.write { connection in
            if call.outcome.succeeded {
                try stage.commit(
                    in: connection, tenant: tenant, sessionID: nil, requestID: requestID)
            }
            try connection.execute(
                """
                INSERT INTO tool_effects
                    (effect_id, tenant_id, turn_id, call_no, tool, server, arguments, state,
                     result, request_id, started_at, finished_at)
                VALUES
                    (\(call.id), \(tenant.name), NULL, 1, \(call.tool), \(call.server),
                     \(call.arguments), \(call.state.rawValue),
                     \(call.outcome.result.text), \(requestID), \(call.startedAt),
                     \(call.finishedAt))
                ON CONFLICT (effect_id) DO UPDATE
                SET state = excluded.state, result = excluded.result,
                    finished_at = excluded.finished_at
                """)
            if isFinal {
                try claim?.store(answer, status: 200, at: call.finishedAt, in: connection)
            } else {
                try claim?.remove(in: connection)
            }
        }
    }

    /// Removes at most `limit` calls that began before an instant, and returns how many.
    func removeBatch(before instant: Timestamp, atMost limit: Int) async throws -> Int {
        try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM tool_effects WHERE effect_id IN (
                    SELECT effect_id FROM tool_effects
                    WHERE turn_id IS NULL AND started_at < \(instant)
                    ORDER BY started_at LIMIT \(limit))
                """)
        }
    }

    /// How many calls began before an instant.
    func count(before instant: Timestamp) throws -> Int {
        try database.read { connection in
            try connection.first(
                """
                SELECT count(*) FROM tool_effects
                WHERE turn_id IS NULL AND started_at < \(instant)
                """
            ) { try $0.integer(0) } ?? 0
        }
    }
}
