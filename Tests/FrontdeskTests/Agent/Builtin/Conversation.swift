import JSON
import SQLite
import Testing

@testable import Frontdesk

/// A session with the builtin agent over real tools and demo data, in an own database.
final class Conversation {
    private let agent: BuiltinAgent
    private let world: ToolWorld
    private let toolbox: Toolbox
    private var state: JSONValue?
    /// Everything that a reply may state: what the customer said and what the tools returned.
    private(set) var evidence = Evidence()

    init(_ agent: BuiltinAgent = BuiltinAgent(), email: Configuration.Email = .init()) async throws
    {
        self.agent = agent
        world = try await ToolWorld()
        let emails = EmailTools(settings: try EmailSettings(email), ids: IDMaker(clock: .system)) {
            _, _ in
        }
        toolbox = Toolbox(tools: world.toolbox.tools.filter { $0.category != .email } + emails.all)
        { tool, _, error in
            Issue.record("\(tool): \(error)")
        }
    }

    /// What the agent answered to one message, and which tools it called for it.
    struct Said {
        let reply: String
        let calls: [Call]
        let state: JSONValue?
    }

    /// A tool call: `search_orders {"order_id":"ORD-10001"}`.
    struct Call: Equatable, CustomStringConvertible {
        let tool: String
        let arguments: JSONValue
        var description: String { "\(tool) \(arguments)" }
    }

    /// Says something and commits the turn, as a session does.
    @discardableResult
    func say(_ message: String) async throws -> Said {
        let turn = world.turn()
        var calls: [Call] = []
        var results: [JSONValue] = []
        // The state goes through its text, as through the database.
        let kept = try state.map { try JSONValue(parsing: $0.text) }
        let reply = try await agent.respond(to: message, state: kept) { tool, arguments in
            calls.append(Call(tool: tool, arguments: arguments))
            let result = await self.toolbox.call(tool, arguments, in: turn.context)
            results.append(result)
            return result
        }
        try await turn.commit()
        state = reply.state
        evidence.hear(message, results)
        return Said(reply: reply.text, calls: calls, state: state)
    }

    /// The rows of a query, each with its columns joined by "|".
    func rows(_ sql: SQL) throws -> [String] { try world.rows(sql) }
}
