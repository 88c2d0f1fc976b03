import HTTPClient
import JSON
import MCP
import MCPPeer

/// The HTTP client of all tests here.
let http = HTTPClient()

extension MCPClient {
    /// A client for a server, with a limit of time that a busy machine keeps.
    static func to(
        _ url: String, hands: Hands? = nil, notes: Notes? = nil,
        _ change: (inout MCPEndpoint) -> Void = { _ in }
    ) -> MCPClient {
        var endpoint = MCPEndpoint(url: url)
        endpoint.timeout = .seconds(60)
        change(&endpoint)
        let hands = hands ?? Hands(stands: false)
        return MCPClient(
            endpoint, identity: Identity(name: "frontdesk", version: "0.1.0"), http: http,
            now: { hands.now }, warn: { notes?.write($0) })
    }
}

extension ScriptedServer {
    /// A client for this server.
    func client(
        hands: Hands? = nil, notes: Notes? = nil,
        _ change: (inout MCPEndpoint) -> Void = { _ in }
    ) -> MCPClient {
        .to(url(), hands: hands, notes: notes, change)
    }

    /// A server with one tool, `greet`, that answers `{"greeting": "hello"}`.
    static func greeting(_ more: JSONObject = [:]) async throws -> ScriptedServer {
        try await ScriptedServer(.object(greetingPlan(more)))
    }

    /// The plan of `greeting`.
    static func greetingPlan(_ more: JSONObject) -> JSONObject {
        var plan: JSONObject = [
            "tools": [tool("greet", ["name"])],
            "results": ["greet": ["structuredContent": ["greeting": "hello"]]],
        ]
        for member in more.members { plan[member.key] = member.value }
        return plan
    }
}

/// A clock that only a test moves.
final class Hands: Sendable {
    private let start = ContinuousClock.now
    private let passed = Counter()

    private let stands: Bool

    /// A clock that stands still unless it is moved, or one that only runs.
    init(stands: Bool = true) {
        self.stands = stands
    }

    /// The time as it is now.
    var now: ContinuousClock.Instant {
        stands ? start + .seconds(passed.value) : .now
    }

    /// Lets time pass.
    func pass(seconds: Int) { passed.add(seconds) }
}
