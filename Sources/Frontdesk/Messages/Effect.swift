import JSON

/// A tool call as the ledger keeps it.
struct Effect: Sendable {
    /// How far it is, and what came of it.
    enum State: String, CaseIterable, Sendable {
        /// Sent, or about to be.
        case started
        case done, failed
        /// Nobody can tell whether the other server has done it.
        case unknown
    }

    /// The server of calls that stay in this process.
    static let local = "local"

    /// The row's id.
    let id: String
    /// Its place among the calls of its turn, from 1.
    var number: Int
    let tool: String
    /// Who does it: `local`, or the name of another server.
    let server: String
    /// JSON, as it was asked for.
    let arguments: String
    var state: State
    /// JSON, nil while there is none.
    var result: String?
    var startedAt: Timestamp
    var finishedAt: Timestamp?
    /// Whether it changes something only together with the turn's reply.
    var needsReply = false

    /// What it is when there is no reply.
    var withoutReply: Effect {
        var effect = self
        if needsReply, state == .done { effect.state = .failed }
        return effect
    }

    /// Notes what came of it.
    mutating func end(_ state: State, _ result: JSONValue, at now: Timestamp) {
        self.state = state
        self.result = result.text
        finishedAt = now
    }
}

extension ToolOutcome {
    /// What is known of a call that had left when this server died.
    static func cutShort(_ tool: Tool) -> ToolOutcome {
        let error = ToolError(
            .outcomeUnknown,
            "The server stopped while '\(tool.server ?? Effect.local)' did this; whether it was "
                + "done is not known.")
        return ToolOutcome(tool: tool.name, error: error, isReadOnly: tool.isReadOnly)
    }

    /// How the ledger tells it; `wasSent` when another server was asked.
    func state(wasSent: Bool) -> Effect.State {
        switch errorType {
        case nil: .done
        case .outcomeUnknown: .unknown
        case .toolTimeout where wasSent: .unknown
        default: .failed
        }
    }
}
