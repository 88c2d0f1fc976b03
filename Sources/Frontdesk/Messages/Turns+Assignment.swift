import JSON

// What the provider of a turn is given.
extension Turns {
    /// The message of a turn with everything its provider may know and do.
    func assignment(
        _ ticket: Ticket, _ context: TurnStore.Context, _ stage: Stage
    ) -> Assignment {
        let turn = ticket.turn
        let tools = TurnTools(
            turn: turn, context: toolContext(ticket, context, stage), toolbox: environment.toolbox,
            store: environment.store, clock: environment.clock, log: environment.log,
            metrics: environment.metrics)
        let startedAt = turn.startedAt ?? ticket.arrivedAt
        let messages = MessageStore(sessions: environment.store.sessions)
        return Assignment(
            message: turn.message, state: context.agentState, tenant: turn.session.tenant,
            requestID: turn.requestID, startedAt: startedAt,
            deadline: startedAt.adding(seconds: Double(environment.timeout)),
            trace: turn.trace,
            tools: { [toolbox = environment.toolbox] in await toolbox.offered(to: turn.caller) },
            history: { count in
                try messages.context(of: turn.session, before: turn.id, newest: count)
            },
            call: { calls in await tools.call(calls) },
            say: { text, joins in turn.events?.say(text, joins: joins) },
            leaving: { [self] in try await leave(ticket, context) })
    }

    /// Stores the message as pending before anything leaves the machine, and starts the time that
    /// the turn may take outside. Throws when the turn is over.
    private func leave(_ ticket: Ticket, _ context: TurnStore.Context) async throws {
        let turn = ticket.turn
        guard turn.markLeaving() else { return try turn.check() }
        if turn.hasBegun {
            // Begun in an earlier life, whose stream goes on with a new `start`.
            if let events = turn.events { await environment.journal.flush(events) }
        } else {
            try await turn.begin {
                try await environment.store.begin(
                    turn, in: context, claim: ticket.claim, budget: environment.budget)
            }
        }
        let timeout = environment.timeout
        turn.limit(
            toSeconds: timeout,
            or: Failure(.upstreamTimeout, "The agent did not answer within \(timeout) seconds."))
    }

    private func toolContext(
        _ ticket: Ticket, _ context: TurnStore.Context, _ stage: Stage
    ) -> ToolContext {
        let turn = ticket.turn
        return ToolContext(
            tenant: turn.session.tenant, sessionID: turn.session.id, requestID: turn.requestID,
            now: turn.startedAt ?? ticket.arrivedAt,
            customerEmail: boundAddress(turn, context), stage: stage, caller: turn.caller,
            trace: turn.trace,
            leaving: { [self] in try await leave(ticket, context) })
    }

    /// The address to which the turn's tools are limited: the sender's, if they are a customer, the
    /// session's, if it is a customer's, or the one that its metadata names; nil for no limit.
    private func boundAddress(_ turn: Turn, _ context: TurnStore.Context) -> String? {
        if let email = turn.caller.ownEmail ?? context.customerEmail { return email }
        guard environment.bindsCustomer,
            let named = (try? JSONValue(parsing: context.metadata))?["customer_email"],
            !named.isNull
        else { return nil }
        // What is no text is nobody's address, and whoever is bound to that sees nothing.
        return named.string?.trimmed ?? ""
    }
}
