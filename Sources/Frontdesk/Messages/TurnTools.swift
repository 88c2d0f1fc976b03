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
        turn.events?.stage(.toolCall(name))
        let outcome = await toolbox.outcome(of: name, arguments, in: context)
        turn.events?.stage(.toolResult(name, succeeded: outcome.succeeded))
        turn.add(
            Turn.Call(
                tool: name, arguments: arguments.text, result: outcome.result.text,
                succeeded: outcome.succeeded, startedAt: startedAt, finishedAt: clock.now()))
        metrics.countToolCall(outcome, isKnown: toolbox.tool(named: name) != nil)
        log.debug(
            "tool.called",
            [
                ("tool", .text(name)), ("error", .text(outcome.errorType?.rawValue ?? "-")),
                ("request_id", .text(context.requestID)),
            ])
        return outcome.result
    }
}
