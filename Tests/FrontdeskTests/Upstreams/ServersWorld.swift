import HTTP
import JSON
import MCP
import MCPPeer
import MailServer

@testable import Frontdesk

/// The product with a model that says what a test has written, and another server's tools.
final class ServersWorld: Sendable {
    let model: ModelService
    let server: ScriptedServer

    /// The product's own part.
    var service: Service { model.service }

    /// The tools `weather`, which reads, and `book`, which does something.
    static let tools: JSONValue = [
        [
            "name": "weather", "description": "Tells the weather",
            "annotations": ["readOnlyHint": true],
            "inputSchema": [
                "type": "object", "required": ["city"],
                "properties": ["city": ["type": "string"], "days": ["type": "integer"]],
            ],
        ],
        ScriptedServer.tool("book", ["room"], required: ["room"]),
    ]

    /// The plan of a server with these tools, with `more` laid over it.
    static func plan(_ more: JSONObject) -> JSONValue {
        var plan: JSONObject = [
            "tools": tools,
            "results": [
                "weather": ["structuredContent": ["sky": "clear"]],
                "book": ["structuredContent": ["booking": 7]],
            ],
        ]
        for member in more.members { plan[member.key] = member.value }
        return .object(plan)
    }

    /// The product with a server named `hotel`; `change` adds to what its operator says.
    init(
        _ more: JSONObject = [:], provider: Configuration.Agent.Provider = .openai,
        environment: [String: String] = [:], upstream change: (inout Upstream) -> Void = { _ in },
        configure: (inout Configuration) -> Void = { _ in }
    ) async throws {
        let server = try await ScriptedServer(Self.plan(more))
        var upstream = Upstream()
        upstream.name = "hotel"
        upstream.url = server.url()
        upstream.timeoutSeconds = 60
        change(&upstream)
        self.server = server
        model = try await ModelService(provider, environment: environment) {
            $0.mcp.servers = [upstream]
            configure(&$0)
        }
    }

    deinit {
        model.service.app.servers.stop()
    }

    /// The server's client.
    var hotel: UpstreamServer { service.app.servers.all[0] }

    /// Looks at the server from now on, and returns when it was found up or down.
    func watch() async throws {
        service.app.servers.start()
        try await eventually { self.hotel.client.isUp != nil }
    }

    /// What the server was called with, one tool call after the other.
    func calls() throws -> [JSONValue] {
        try server.diary.all("tools/call").compactMap { $0.json?["params"]?["arguments"] }
    }

    /// The names of the tools that the model was offered at a request.
    func offered(_ request: Int = 0) throws -> [String] {
        (try model.diary.body(request)["tools"]?.array ?? []).compactMap {
            $0["function"]?["name"]?.string
        }
    }

    /// The results that the model was told before its last request.
    func told() throws -> [JSONValue] {
        let diary = try model.diary
        let messages = try diary.body(diary.requests.count - 1)["messages"]?.array ?? []
        return try messages.filter { $0["role"] == "tool" }.map {
            try JSONValue(parsing: $0["content"]?.string ?? "")
        }
    }

    /// The rows of the ledger.
    func ledger() throws -> [String] {
        try service.rows(
            "SELECT call_no, server, tool, state FROM tool_effects ORDER BY call_no")
    }
}
