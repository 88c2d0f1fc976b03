public import JSON
import WebPeer

/// An MCP server in Python that does as it is told, good and bad, for one test.
public struct ScriptedServer: Sendable {
    /// A request that it has seen.
    public struct Seen: Decodable, Sendable {
        /// The path with its query.
        public let path: String
        /// The header's fields, their names in lower case.
        public let fields: [String: String]
        /// The body's text.
        public let body: String
        /// The method of JSON-RPC; empty in answers and at the token endpoint.
        public let method: String

        /// The body.
        public var json: JSONValue? { try? JSONValue(parsing: body) }
    }

    /// What it has seen since its plan was made.
    public struct Diary: Decodable, Sendable {
        /// All requests in order.
        public let requests: [Seen]
        /// Tokens that it gave.
        public let tokens: Int

        /// The methods of JSON-RPC in order.
        public var methods: [String] { requests.map(\.method).filter { !$0.isEmpty } }

        /// The requests with a method.
        public func all(_ method: String) -> [Seen] { requests.filter { $0.method == method } }
    }

    private let peer: WebPeer

    /// Starts a server with a plan; `mcp/scripted.py` tells what it may hold.
    public init(_ plan: JSONValue = [:]) async throws {
        peer = try await WebPeer(script: "mcp/scripted.py")
        try follow(plan)
    }

    /// Gives it another plan and an empty diary.
    public func follow(_ plan: JSONValue) throws {
        let order: JSONValue = ["plan": plan]
        _ = try peer.ask(order.text, as: Diary.self)
    }

    /// Lets it refuse the tokens that it gave so far.
    public func revokeTokens() throws {
        _ = try peer.ask(#"{"revoke": true}"#, as: Diary.self)
    }

    /// Lets it give no more tokens.
    public func breakTokens() throws {
        _ = try peer.ask(#"{"break": true}"#, as: Diary.self)
    }

    /// What it has seen.
    public var diary: Diary { get throws { try peer.ask(as: Diary.self) } }

    /// An address of it.
    public func url(_ path: String = "/mcp") -> String { peer.url(path) }

    /// The definition of a tool with these arguments, all of them texts.
    public static func tool(
        _ name: String, _ arguments: [String] = [], required: [String] = []
    ) -> JSONValue {
        var properties = JSONObject()
        for argument in arguments { properties[argument] = ["type": "string"] }
        return [
            "name": .string(name),
            "inputSchema": [
                "type": "object", "properties": .object(properties),
                "required": .array(required.map { .string($0) }),
            ],
        ]
    }
}
