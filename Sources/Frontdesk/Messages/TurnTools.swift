import JSON

/// The tools as one turn calls them: each call is noted, announced and reported.
struct TurnTools: Sendable {
    let turn: Turn
    let context: ToolContext
    let toolbox: Toolbox
    let clock: Clock
    let log: Log
    let metrics: Metrics

    /// Runs a tool and returns its result, which has `status` `success` or `error`.
    func call(_ name: String, _ arguments: JSONValue) async -> JSONValue {
        let startedAt = clock.now()
        turn.stage(.toolCall(name))
        let outcome = await toolbox.outcome(of: name, arguments, in: context)
        turn.stage(.toolResult(name, succeeded: outcome.succeeded))
        turn.add(
            Turn.Call(
                tool: name, arguments: arguments.text, result: outcome.result.text,
                succeeded: outcome.succeeded, startedAt: startedAt, finishedAt: clock.now()))
        // An agent may make up any name, which must not become a figure.
        let label = toolbox.tool(named: name) == nil ? "unknown" : name
        metrics.count(
            "frontdesk_tool_calls_total", "Tools called.",
            labels: "tool=\"\(label)\",outcome=\"\(outcome.succeeded ? "done" : "failed")\"")
        log.debug(
            "tool.called",
            [
                ("tool", .text(name)), ("error", .text(outcome.errorType?.rawValue ?? "-")),
                ("request_id", .text(context.requestID)),
            ])
        return outcome.result
    }
}
