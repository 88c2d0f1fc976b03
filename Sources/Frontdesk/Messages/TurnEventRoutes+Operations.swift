import HTTP
import JSON

// What the documents say about the events of turns.
extension TurnEventRoutes {
    static let resuming = Operation(
        "Follow a turn", tag: "Agent",
        description: "The events of the newest turn with this request id after the one named by "
            + "`after` or `Last-Event-ID`, then the live ones, to its end; also after a restart "
            + "of the server, and while the turn waits. 204 when it is over and nothing follows.",
        parameters: [
            SessionRoutes.tenantHeader, SessionRoutes.tenantQuery,
            .path(
                "request_id", .string(minimum: 1, maximum: 128),
                "The `X-Request-ID` of the message."),
            .query("after", number, "The number of the newest event the reader has; wins."),
            .header("Last-Event-ID", number, "The same, as browsers send it."),
        ],
        responses: [
            .events(
                "The turn's events.", MessageRoutes.event,
                example: ["type": "start", "session_id": "sess_abc123xyz"]),
            .empty(.noContent, "The turn is over, and the reader has all of it."),
        ],
        errors: [400, 403, 404, 410, 429, 503].map { Status($0) }, access: .scope(.chatSend))

    private static let number = JSONSchema.integer(minimum: 0, default: 0)
}
