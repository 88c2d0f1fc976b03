import HTTPClient

extension RemoteAgent {
    /// What the model says to one question, without tools, history or another try; counted like
    /// what it says in turns.
    ///
    /// Throws `ModelTrouble`, 429 when the tenant's tokens of the day are used up, and
    /// `CancellationError`.
    func reply(
        to question: String, prompt: String, of tenant: Tenant, within time: Duration
    ) async throws -> String {
        try budget.check(tenant)
        let dialogue = ModelDialogue(
            model: settings.model, maxOutputTokens: settings.maxOutputTokens, prompt: prompt,
            passages: [.customer(question)])
        let request = ModelRequest(
            client: client, dialect: dialect, settings: settings, trace: nil, clock: clock)
        var reply = ModelReply()
        var usage = TokenUsage()
        let startedAt = ContinuousClock.now
        do {
            try await request.send(
                dialect.body(of: dialogue, tools: nil), within: time, into: &reply
            ) { _ in }
        } catch {
            let outcome = error is ModelTrouble ? "failed" : "cancelled"
            try await count(reply, of: tenant, &usage, outcome, since: startedAt)
            throw error
        }
        try await count(reply, of: tenant, &usage, "complete", since: startedAt)
        return reply.text
    }
}
