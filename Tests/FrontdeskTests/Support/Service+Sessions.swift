import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

extension Service {
    /// Creates a session and returns the answer.
    func create(
        _ id: String, tenant: String = "default",
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await post(
            "/agent/sessions", ["session_id": .string(id), "tenant_id": .string(tenant)],
            location)
    }

    /// Puts many messages into a session, without turns.
    func fill(
        _ session: String, tenant: String = "default", messages count: Int,
        text: @escaping @Sendable (Int) -> String = { "Message \($0)" }
    ) async throws {
        let key = Session.Key(tenant: Tenant(unchecked: tenant), id: session)
        let (store, ids, clock) = (app.sessions, app.sessions.ids, clock)
        _ = try await app.database.write { connection in
            let now = clock.now
            let session = try store.require(key, for: .anyone, in: connection)
            for number in 1...count {
                let seq = session.messageCount + number
                try MessageStore.insert(
                    Message(
                        id: ids.make("msg"), seq: seq, role: seq % 2 == 1 ? .user : .assistant,
                        content: text(seq), requestID: "req_\((seq + 1) / 2)", createdAt: now,
                        status: .complete), author: "test", finishedAt: now, of: key,
                    in: connection)
            }
            try SessionStore.update(
                session, messageCount: session.messageCount + count, agentState: nil, at: now,
                in: connection)
        }
    }

    /// What is not as it should be between the counters and the rows they count.
    func miscounts() throws -> [String] {
        let counted = try rows(
            """
            SELECT tenant_id, substr(last_activity, 1, 15), count(*) FROM sessions
            WHERE removing_since IS NULL GROUP BY 1, 2 ORDER BY 1, 2
            """)
        let kept = try rows("SELECT * FROM session_counts ORDER BY tenant_id, active_in")
        let messages = try rows(
            """
            SELECT session_id, message_count FROM sessions WHERE removing_since IS NULL
              AND message_count <> (
                SELECT count(*) FROM messages WHERE messages.tenant_id = sessions.tenant_id
                  AND messages.session_id = sessions.session_id)
            """)
        let unindexed = try rows(
            """
            SELECT row_no FROM messages WHERE row_no NOT IN (SELECT rowid FROM message_search)
            UNION ALL
            SELECT rowid FROM message_search WHERE rowid NOT IN (SELECT row_no FROM messages)
            """)
        return (counted == kept ? [] : ["rows \(counted), counters \(kept)"])
            + messages.map { "message_count: \($0)" } + unindexed.map { "search index: \($0)" }
    }
}

extension Answer {
    /// The session ids of a list.
    var ids: [String] {
        body["sessions"]?.array?.compactMap { $0["session_id"]?.string } ?? []
    }
}
