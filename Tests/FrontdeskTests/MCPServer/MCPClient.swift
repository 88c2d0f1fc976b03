import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Sends messages of the Model Context Protocol to a service, as a client of either version does.
struct MCPClient {
    let service: Service
    var path = "/mcp"

    /// What every modern request says of itself.
    static let meta: JSONObject = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": ["name": "test", "version": "1"],
        "io.modelcontextprotocol/clientCapabilities": [:],
    ]

    /// A request of 2025-11-25.
    func legacy(
        _ method: String, _ parameters: JSONObject = JSONObject(), headers: Headers = [:]
    ) async throws -> Answer {
        try await service.post(
            path, Self.message(method, parameters), headers: headers)
    }

    /// A request of 2026-07-28, complete in body and header unless `change` spoils it.
    func modern(
        _ method: String, _ parameters: JSONObject = JSONObject(),
        change: (inout JSONObject, inout Headers) -> Void = { _, _ in }
    ) async throws -> Answer {
        var parameters = parameters
        parameters["_meta"] = .object(Self.meta)
        var headers: Headers = ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method]
        headers["Mcp-Name"] = parameters["name"]?.string
        change(&parameters, &headers)
        return try await service.post(
            path, Self.message(method, parameters), headers: headers)
    }

    /// Calls a tool and returns its `result`.
    func call(_ tool: String, _ arguments: JSONValue) async throws -> JSONValue? {
        try await legacy("tools/call", ["name": .string(tool), "arguments": arguments])["result"]
    }

    static func message(_ method: String, _ parameters: JSONObject) -> JSONValue {
        [
            "jsonrpc": "2.0", "id": 7, "method": .string(method),
            "params": .object(parameters),
        ]
    }
}
