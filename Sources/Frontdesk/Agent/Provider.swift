import JSON

/// Who writes the replies: the dialogue engine in this program, or a model behind HTTP.
protocol Provider: Sendable {
    /// The word by which answers, rows and figures name it.
    var name: String { get }
    /// The model behind it, nil when there is none.
    var model: String? { get }

    /// Writes the reply to a message.
    func answer(_ assignment: Assignment) async throws -> AgentAnswer
}

/// What the agent says to a message.
struct AgentAnswer: Sendable {
    /// The reply.
    let text: String
    /// The open dialogue as JSON, nil when nothing is open.
    var state: String?
    /// What a model used for it, nil without one.
    var usage: TokenUsage?
}

/// A message to be answered, and what its provider may know and do for that.
///
/// Everything is bound to the turn: the tools see its tenant, and what they change is kept only
/// with the reply.
struct Assignment: Sendable {
    /// What the customer says.
    let message: String
    /// The open dialogue as JSON, nil when nothing is open.
    let state: String?
    let tenant: Tenant
    let requestID: String
    let startedAt: Timestamp
    /// When the turn is given up.
    let deadline: Timestamp
    /// The W3C trace that the message belongs to, nil for none.
    let trace: String?
    /// The tools that may be used, in catalogue order; to be asked for when they are needed, since
    /// those of other servers may have to be read first.
    let tools: @Sendable () async -> [Tool]
    /// At most so many of the session's newest messages before this one, oldest first, of whole
    /// turns that were not cancelled.
    let history: @Sendable (_ newest: Int) throws -> [PastMessage]
    /// Calls the tools of one round and returns their results, in the same order.
    let call: @Sendable (_ calls: [ToolCall]) async -> [JSONValue]
    /// Hands on a piece of the reply; the pieces together are the reply.
    let say: @Sendable (_ text: String, _ joins: Bool) -> Void
    /// To be awaited before anything leaves the machine; throws when the turn is over.
    let leaving: @Sendable () async throws -> Void
}

/// What an agent wants a tool to do.
struct ToolCall: Sendable {
    let tool: String
    let arguments: JSONValue
}

/// A message of a session as a model is told of it.
struct PastMessage: Sendable, Equatable {
    let isFromCustomer: Bool
    let text: String
}

extension BuiltinAgent: Provider {
    /// `builtin`.
    var name: String { Configuration.Agent.Provider.builtin.rawValue }

    /// None: it needs no model.
    var model: String? { nil }

    /// Answers by its rules.
    func answer(_ assignment: Assignment) async throws -> AgentAnswer {
        let (text, state) = try await respond(
            to: assignment.message,
            state: try assignment.state.map { try JSONValue(parsing: $0) },
            call: { name, arguments in
                await assignment.call([ToolCall(tool: name, arguments: arguments)])[0]
            })
        assignment.say(text, true)
        return AgentAnswer(text: text, state: state?.text)
    }
}
