import JSON

/// The tools as one turn calls them: each call is noted, announced and reported.
struct TurnTools: Sendable {
    let turn: Turn
    let context: ToolContext
    let toolbox: Toolbox
    let store: TurnStore
    let clock: Clock
    let log: Log
    let metrics: Metrics

    /// A call with its place in the turn.
    private struct Step: Sendable {
        let number: Int
        let call: ToolCall
        /// What is called, nil when there is no such tool.
        let tool: Tool?

        /// Whether another server does it.
        var isRemote: Bool { tool?.server != nil }
    }

    /// What a call came to, and how the ledger tells it.
    private struct Ended: Sendable {
        let outcome: ToolOutcome
        let effect: Effect
    }

    /// Runs the calls of one round and returns their results, in the same order.
    ///
    /// Those that stay here run one after the other, since a later one may build on an earlier
    /// one's effect; those of other servers run side by side.
    func call(_ calls: [ToolCall]) async -> [JSONValue] {
        let steps = calls.map { call in
            Step(
                number: turn.takeCallNumber(), call: call, tool: toolbox.tool(named: call.tool))
        }
        guard steps.count > 1, steps.contains(where: \.isRemote) else {
            return await inTurn(steps)
        }
        for step in steps { announce(step) }
        let ended = await sideBySide(steps)
        return zip(steps, ended).map { conclude($0, $1) }
    }

    private func inTurn(_ steps: [Step]) async -> [JSONValue] {
        var results: [JSONValue] = []
        for step in steps {
            announce(step)
            let ended = await run(step)
            results.append(conclude(step, ended))
        }
        return results
    }

    private func sideBySide(_ steps: [Step]) async -> [Ended] {
        await withTaskGroup(of: (Int, Ended).self) { group in
            for (index, step) in steps.enumerated() where step.isRemote {
                group.addTask { (index, await run(step)) }
            }
            var ended: [Int: Ended] = [:]
            for (index, step) in steps.enumerated() where !step.isRemote {
                ended[index] = await run(step)
            }
            for await (index, end) in group { ended[index] = end }
            return steps.indices.compactMap { ended[$0] }
        }
    }

    private func announce(_ step: Step) {
        turn.events?.stage(.toolCall(step.call.tool))
    }

    private func conclude(_ step: Step, _ ended: Ended) -> JSONValue {
        let (name, outcome) = (step.call.tool, ended.outcome)
        turn.events?.stage(.toolResult(name, succeeded: outcome.succeeded))
        turn.add(ended.effect)
        metrics.countToolCall(outcome, isKnown: step.tool != nil)
        log.debug(
            "tool.called",
            [
                ("tool", .text(name)), ("error", .text(outcome.errorType?.rawValue ?? "-")),
                ("request_id", .text(context.requestID)),
            ])
        return outcome.result
    }
}

// MARK: - One call

extension TurnTools {
    private func run(_ step: Step) async -> Ended {
        if let tool = step.tool, tool.server != nil { return await send(step, tool) }
        var effect = effect(of: step, Effect.local)
        let outcome = await toolbox.outcome(
            of: step.call.tool, step.call.arguments, in: context)
        effect.end(outcome.succeeded ? .done : .failed, outcome.result, at: clock.now())
        effect.needsReply = !outcome.isReadOnly
        return Ended(outcome: outcome, effect: effect)
    }

    private func effect(of step: Step, _ server: String, again id: String? = nil) -> Effect {
        Effect(
            id: id ?? store.ids.make("eff"), number: step.number, tool: step.call.tool,
            server: server, arguments: step.call.arguments.text, state: .started,
            startedAt: clock.now())
    }

    /// Lets another server do it, unless the ledger knows that it has done it.
    private func send(_ step: Step, _ tool: Tool) async -> Ended {
        let earlier = turn.takeEarlier(step.call.tool, step.call.arguments)
        if var known = earlier, let outcome = known.outcome(of: tool) {
            known.number = step.number
            if known.result == nil { known.result = outcome.result.text }
            await note(known)
            return Ended(outcome: outcome, effect: known)
        }
        var effect = effect(of: step, tool.server ?? "", again: earlier?.id)
        let departure = Departure()
        var context = context
        context.sending = { [effect] in
            guard !departure.hasBegun else { return try turn.check() }
            try await self.context.leaving()
            try await store.record(effect, of: turn)
            departure.note()
        }
        let outcome = await toolbox.outcome(
            of: step.call.tool, step.call.arguments, in: context)
        effect.end(outcome.state(wasSent: departure.hasBegun), outcome.result, at: clock.now())
        if departure.hasBegun { await note(effect) }
        return Ended(outcome: outcome, effect: effect)
    }

    /// Writes what came of a call. The turn goes on without it: the row tells of a call whose end
    /// is not known, and the turn's own end writes it again.
    private func note(_ effect: Effect) async {
        do {
            try await store.record(effect, of: turn)
        } catch {
            log.error(
                "tool.not_recorded",
                [
                    ("tool", .text(effect.tool)), ("error", .text("\(error)")),
                    ("request_id", .text(context.requestID)),
                ])
        }
    }
}

extension Effect {
    /// What the call of an earlier life means for an equal one; nil when that is to be made.
    fileprivate func outcome(of tool: Tool) -> ToolOutcome? {
        switch state {
        case .failed: return nil
        case .started, .unknown:
            return tool.isRepeatable ? nil : .cutShort(tool)
        case .done:
            guard let result = result.flatMap({ try? JSONValue(parsing: $0) }) else { return nil }
            return ToolOutcome(tool: tool.name, result: result, isReadOnly: tool.isReadOnly)
        }
    }
}
