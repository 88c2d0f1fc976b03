import JSON
import SQLite

extension TurnStore {
    /// The journalled events of a turn as JSON, first to last; none if it was not streamed.
    func storedEvents(of turnID: String) throws -> [String] {
        try sessions.database.read { connection in
            try connection.all(
                "SELECT data FROM stream_events WHERE turn_id = \(turnID) ORDER BY event_no"
            ) { try $0.text(0) }
        }
    }

    /// The events of an ended turn as JSON, first to last.
    ///
    /// Those of a turn that was not streamed are made from its calls and its stored `reply`.
    func events(of turnID: String, reply: String) throws -> [String] {
        let stored = try storedEvents(of: turnID)
        if !stored.isEmpty { return stored }
        let calls = try sessions.database.read { connection in
            try connection.all(
                "SELECT tool, state FROM tool_effects WHERE turn_id = \(turnID) ORDER BY call_no"
            ) { (tool: try $0.text(0), succeeded: try $0.text(1) == "done") }
        }
        let body = try JSONValue(parsing: reply)
        let metadata = body["metadata"]
        let sessionID = body["session_id"]?.string ?? ""
        let requestID = metadata?["request_id"]?.string ?? ""
        var events: [TurnEvent] = [.start(sessionID: sessionID, requestID: requestID)]
        for call in calls {
            events.append(.toolCall(call.tool))
            events.append(.toolResult(call.tool, succeeded: call.succeeded))
        }
        events.append(.chunk(body["response"]?.string ?? ""))
        events.append(
            .end(
                sessionID: sessionID, chunks: 1,
                metadata: TurnReply.Metadata(
                    requestID: requestID,
                    toolCalls: metadata?["tool_calls"]?.array?.compactMap(\.string) ?? [],
                    processingTimeMS: metadata?["processing_time_ms"]?.int ?? 0,
                    agent: metadata?["agent"]?.string ?? "")))
        return events.map(\.jsonText)
    }
}
