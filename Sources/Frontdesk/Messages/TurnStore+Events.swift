import JSON
import SQLite

/// The journal of streamed turns, and the same story of turns that were not streamed.
extension TurnStore {
    /// What one turn brings to a common commit.
    struct Batch: Sendable {
        let queue: EventQueue
        let events: [EventQueue.Numbered]
    }

    /// An event as it is stored and sent.
    struct StoredEvent: Sendable {
        let number: Int
        /// JSON.
        let data: String
    }

    /// Stores events of running turns, all in one commit.
    func append(_ batches: [Batch]) async throws {
        let now = sessions.clock.now()
        try await sessions.database.write { connection in
            for batch in batches {
                let (turnID, tenant) = (batch.queue.turnID, batch.queue.tenant.name)
                for (number, event) in batch.events {
                    // Nothing may follow the end of a turn, nor come back of a deleted one.
                    try connection.execute(
                        """
                        INSERT INTO stream_events (turn_id, event_no, tenant_id, data, created_at)
                        SELECT message_id, \(number), tenant_id, \(event.jsonText), \(now)
                        FROM messages
                        WHERE message_id = \(turnID) AND tenant_id = \(tenant)
                          AND status = 'pending'
                        """)
                }
            }
        }
    }

    /// Stores events together with the beginning or the end of their turn.
    func insert(
        _ events: [EventQueue.Numbered], of turn: Turn, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        for (number, event) in events {
            try connection.execute(
                """
                INSERT INTO stream_events (turn_id, event_no, tenant_id, data, created_at)
                VALUES (\(turn.id), \(number), \(turn.session.tenant.name),
                        \(event.jsonText), \(now))
                """)
        }
    }

    /// At most `limit` events of a turn that follow number `after` in the journal.
    func events(
        of turnID: String, _ tenant: Tenant, after: Int, limit: Int = 64
    ) throws -> [StoredEvent] {
        try sessions.database.read { connection in
            try connection.all(
                """
                SELECT event_no, data FROM stream_events
                WHERE turn_id = \(turnID) AND tenant_id = \(tenant.name) AND event_no > \(after)
                ORDER BY event_no
                LIMIT \(limit)
                """
            ) { StoredEvent(number: try $0.integer(0), data: try $0.text(1)) }
        }
    }

    /// Whether the journal holds anything of a turn.
    func isStreamed(_ turnID: String, _ tenant: Tenant) throws -> Bool {
        try !events(of: turnID, tenant, after: 0, limit: 1).isEmpty
    }

    /// The events of an ended turn that was not streamed, made from its calls and its end.
    func derivedEvents(of turn: Stored) throws -> [StoredEvent] {
        let tenant = turn.session.tenant
        let calls = try sessions.database.read { connection in
            try self.calls(of: turn.id, tenant, in: connection)
        }
        let start = TurnEvent.start(sessionID: turn.session.id, requestID: turn.requestID)
        guard let reply = turn.reply else {
            return Self.story(start, calls, [.error(.ofTurn(turn.errorCode ?? ""))]).stored
        }
        let metadata = TurnReply.Metadata(try JSONValue(parsing: reply.metadata))
        let end = TurnEvent.end(sessionID: turn.session.id, chunks: 1, metadata: metadata)
        return Self.story(start, calls, [.chunk(reply.text), end]).stored
    }

    /// The events of a turn of which nothing is left but its answer.
    static func events(of answer: JSONValue) -> [StoredEvent] {
        let sessionID = answer["session_id"]?.string ?? ""
        let metadata = TurnReply.Metadata(answer["metadata"] ?? .null)
        return story(
            .start(sessionID: sessionID, requestID: metadata.requestID),
            metadata.toolCalls.map { (tool: $0, succeeded: true) },
            [
                .chunk(answer["response"]?.string ?? ""),
                .end(sessionID: sessionID, chunks: 1, metadata: metadata),
            ]
        ).stored
    }

    /// The tools that the newest life of a turn called, and whether each did what it was asked.
    func calls(
        of turnID: String, _ tenant: Tenant, in connection: borrowing Connection
    ) throws -> [(tool: String, succeeded: Bool)] {
        try connection.all(
            """
            SELECT tool, state FROM tool_effects
            WHERE turn_id = \(turnID) AND tenant_id = \(tenant.name) AND call_no > 0
            ORDER BY call_no
            """
        ) { (tool: try $0.text(0), succeeded: try $0.text(1) == "done") }
    }

    /// Numbered events: the start, each call with its result, and the end.
    static func story(
        _ start: TurnEvent, _ calls: [(tool: String, succeeded: Bool)], _ end: [TurnEvent]
    ) -> [EventQueue.Numbered] {
        let called = calls.flatMap { call -> [TurnEvent] in
            [.toolCall(call.tool), .toolResult(call.tool, succeeded: call.succeeded)]
        }
        return ([start] + called + end).enumerated().map { ($0.offset + 1, $0.element) }
    }
}

extension [EventQueue.Numbered] {
    /// The events as a reader of the journal gets them.
    fileprivate var stored: [TurnStore.StoredEvent] {
        map { TurnStore.StoredEvent(number: $0.number, data: $0.event.jsonText) }
    }
}
