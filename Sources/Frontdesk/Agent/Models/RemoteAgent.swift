import HTTPClient
import JSON

/// The agent that lets a model behind HTTP write the replies and call the tools.
struct RemoteAgent: Provider {
    let dialect: any ModelDialect
    let settings: ModelSettings
    let client: HTTPClient
    let tokens: TokenStore
    let budget: TokenBudget
    let clock: Clock
    let log: Log
    let metrics: Metrics
    /// A random number of a range, by which waiting times differ.
    var random: @Sendable (ClosedRange<Double>) -> Double = { .random(in: $0) }

    /// How often a request is sent again, and the longest wait before that, in seconds.
    private static let retries = 3
    private static let longestWait = 30.0

    /// `openai` or `anthropic`.
    var name: String { settings.provider }

    /// The configured model.
    var model: String? { settings.model }

    /// Lets the model answer, with a round for the results of the tools that it calls, until it
    /// calls none; after the last round it has to answer without tools.
    func answer(_ assignment: Assignment) async throws -> AgentAnswer {
        try await assignment.leaving()
        var speech = Speech(say: assignment.say)
        var dialogue = try dialogue(for: assignment)
        let tools = await assignment.tools()
        var usage = TokenUsage()
        for round in 0...settings.maxToolRounds {
            let isLast = round == settings.maxToolRounds
            let body = dialect.body(of: dialogue, tools: isLast ? nil : tools)
            speech.beginRound()
            let reply = try await reply(to: body, assignment, &usage, &speech)
            let calls = reply.calls
            if calls.isEmpty || isLast { break }
            dialogue.passages.append(.agent(reply.text, calls))
            let results = await assignment.call(
                calls.map { ToolCall(tool: $0.name, arguments: $0.arguments) })
            try Task.checkCancellation()
            dialogue.passages.append(
                .results(zip(calls, results).map { (call: $0, result: $1) }))
        }
        return AgentAnswer(text: speech.text, usage: usage)
    }

    private func dialogue(for assignment: Assignment) throws -> ModelDialogue {
        let past = try assignment.history(settings.historyMessages)
        let passages = past.map { message -> ModelDialogue.Passage in
            message.isFromCustomer ? .customer(message.text) : .agent(message.text, [])
        }
        return ModelDialogue(
            model: settings.model, maxOutputTokens: settings.maxOutputTokens,
            prompt: settings.prompt(on: assignment.startedAt.date),
            passages: passages + [.customer(assignment.message)])
    }
}

// MARK: - One round

extension RemoteAgent {
    /// Asks until there is an answer, or no hope for one. Throws the failure that ends the turn.
    private func reply(
        to body: [UInt8], _ assignment: Assignment, _ usage: inout TokenUsage,
        _ speech: inout Speech
    ) async throws -> ModelReply {
        var attempt = 0
        while true {
            try check(assignment.tenant, usage)
            var reply = ModelReply()
            let startedAt = ContinuousClock.now
            do {
                let time = assignment.deadline.seconds(since: clock.now())
                try await ModelRequest(
                    client: client, dialect: dialect, settings: settings,
                    trace: assignment.trace, clock: clock
                ).send(body, within: .seconds(max(0, time)), into: &reply) { speech.add($0) }
                try await count(reply, of: assignment.tenant, &usage, "complete", since: startedAt)
                return reply
            } catch let trouble as ModelTrouble {
                try await count(reply, of: assignment.tenant, &usage, "failed", since: startedAt)
                note(trouble, attempt, assignment)
                try await wait(after: trouble, attempt, hasText: reply.hasText, assignment)
                attempt += 1
            } catch {
                try await count(reply, of: assignment.tenant, &usage, "cancelled", since: startedAt)
                throw error
            }
        }
    }

    /// Throws 429 when the tokens of the day or of this turn are used up.
    private func check(_ tenant: Tenant, _ usage: TokenUsage) throws {
        try budget.check(tenant)
        let limit = settings.maxTokensPerTurn
        guard limit > 0, usage.total >= limit else { return }
        throw Failure(
            .budgetExceeded, "This message used up the \(limit) tokens that one may use.",
            retryAfter: 1)
    }

    /// Waits for another try; throws the failure when there is to be none.
    private func wait(
        after trouble: ModelTrouble, _ attempt: Int, hasText: Bool, _ assignment: Assignment
    ) async throws {
        let usual = Double(1 << attempt) * random(0.8...1.2)
        let seconds = min(trouble.retryAfter ?? usual, Self.longestWait)
        let inTime = clock.now().adding(seconds: seconds) < assignment.deadline
        guard trouble.isTransient, !hasText, attempt < Self.retries, inTime else {
            throw Failure(.upstreamFailed, trouble.summary)
        }
        try await clock.sleep(.seconds(seconds))
    }

    /// Counts what a request used before anything else can fail.
    func count(
        _ reply: ModelReply, of tenant: Tenant, _ usage: inout TokenUsage, _ outcome: String,
        since startedAt: ContinuousClock.Instant
    ) async throws {
        let labels = "provider=\"\(name)\""
        metrics.count(
            "frontdesk_model_requests_total", "Requests to models.",
            labels: labels + ",outcome=\"\(outcome)\"")
        metrics.observe(
            "frontdesk_model_seconds", "Time from a request to a model to its whole answer.",
            labels: labels, seconds: (ContinuousClock.now - startedAt) / .seconds(1))
        guard let used = reply.usage else { return }
        usage.add(used)
        for (direction, amount) in [("input", used.input), ("output", used.output)] {
            metrics.count(
                "frontdesk_model_tokens_total", "Tokens that models read and wrote.",
                labels: labels + ",direction=\"\(direction)\"", by: amount)
        }
        try await tokens.record(used, by: name, of: tenant)
    }

    private func note(_ trouble: ModelTrouble, _ attempt: Int, _ assignment: Assignment) {
        log.warning(
            "model.failed",
            [
                ("provider", .text(name)), ("problem", .text(trouble.summary)),
                ("attempt", .integer(attempt + 1)), ("request_id", .text(assignment.requestID)),
            ])
    }
}

/// What the model has said so far in a turn; the stored reply is exactly this.
private struct Speech {
    private(set) var text = ""
    private var isNewRound = false
    private let say: @Sendable (String, Bool) -> Void

    init(say: @escaping @Sendable (String, Bool) -> Void) {
        self.say = say
    }

    /// Lets the next text stand apart from what an earlier round said.
    mutating func beginRound() {
        isNewRound = !text.isEmpty
    }

    /// Adds a text and hands it on.
    mutating func add(_ piece: String) {
        guard !piece.isEmpty else { return }
        if isNewRound {
            isNewRound = false
            text += "\n\n"
            say("\n\n", false)
        }
        text += piece
        say(piece, true)
    }
}
