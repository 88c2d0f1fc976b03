import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Messages that are not, or not quite, of the Model Context Protocol.
struct MCPRefusalTests {
    /// A body and what comes back.
    struct Case: Sendable, CustomTestStringConvertible {
        let body: String
        let status: Int
        let code: Int

        var testDescription: String { body }
    }

    @Test(arguments: [
        Case(body: "", status: 400, code: -32700),
        Case(body: "{", status: 400, code: -32700),
        Case(body: "[]", status: 400, code: -32600),
        Case(body: #"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, status: 400, code: -32600),
        Case(body: "7", status: 400, code: -32600),
        Case(body: #"{"id":1,"method":"ping"}"#, status: 400, code: -32600),
        Case(body: #"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, status: 400, code: -32600),
        Case(body: #"{"jsonrpc":"2.0","id":1}"#, status: 400, code: -32600),
        Case(body: #"{"jsonrpc":"2.0","id":1,"method":7}"#, status: 400, code: -32600),
        Case(body: #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, status: 400, code: -32600),
        Case(body: #"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, status: 400, code: -32600),
        Case(
            body: #"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, status: 400,
            code: -32600),
        Case(body: #"{"jsonrpc":"2.0","id":1,"method":"nothing"}"#, status: 200, code: -32601),
        Case(
            body: #"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#, status: 200,
            code: -32601),
        Case(body: #"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#, status: 200, code: -32602),
        Case(
            body: #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#,
            status: 200, code: -32602),
        Case(body: #"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, status: 400, code: -32602),
        Case(
            body: #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop"}}"#,
            status: 200, code: -32602),
        Case(
            body: #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_order","#
                + #""arguments":[]}}"#, status: 400, code: -32602),
    ])
    func `what is no request is refused with its number`(_ sent: Case) async throws {
        let service = try await Service()
        let answer = try Answer(
            await service.send(
                .post, "/mcp", body: Array(sent.body.utf8),
                headers: ["Content-Type": "application/json"]))
        #expect(answer.status == sent.status)
        #expect(answer["error"]?["code"]?.int == sent.code)
        #expect(answer["jsonrpc"] == "2.0")
    }

    @Test func `an unknown version is refused whatever the length of the id`() async throws {
        let id = String(repeating: "7", count: 1001)
        let answer = try Answer(
            await Service().send(
                .post, "/mcp",
                body: Array(#"{"jsonrpc":"2.0","id":"\#(id)","method":"ping"}"#.utf8),
                headers: ["Content-Type": "application/json", "MCP-Protocol-Version": "1"]))
        #expect(answer.status == 400)
        #expect(answer["id"]?.string == id)
    }

    @Test func `header and body of a new client must agree`() async throws {
        let client = MCPClient(service: try await Service())
        let order: JSONObject = ["name": "get_order", "arguments": ["order_id": "ORD-10001"]]
        typealias Change = (inout JSONObject, inout Headers) -> Void
        let changes: [(Int, Change)] = [
            (-32020, { _, headers in headers.remove("MCP-Protocol-Version") }),
            (-32020, { _, headers in headers["MCP-Protocol-Version"] = "2025-11-25" }),
            (-32020, { _, headers in headers.remove("Mcp-Method") }),
            (-32020, { _, headers in headers["Mcp-Method"] = "tools/list" }),
            (-32020, { _, headers in headers.remove("Mcp-Name") }),
            (-32020, { _, headers in headers["Mcp-Name"] = "update_order" }),
            (-32602, { parameters, _ in parameters["_meta"] = [:] }),
            (
                -32602,
                { parameters, _ in
                    var meta = MCPClient.meta
                    meta["io.modelcontextprotocol/clientInfo"] = nil
                    parameters["_meta"] = .object(meta)
                }
            ),
            (
                -32022,
                { parameters, headers in
                    var meta = MCPClient.meta
                    meta["io.modelcontextprotocol/protocolVersion"] = "2030-01-01"
                    parameters["_meta"] = .object(meta)
                    headers["MCP-Protocol-Version"] = "2030-01-01"
                }
            ),
        ]
        for (number, (code, change)) in changes.enumerated() {
            let answer = try await client.modern("tools/call", order, change: change)
            #expect(answer.status == 400, "case \(number)")
            #expect(answer["error"]?["code"]?.int == code, "case \(number)")
        }
        let coded = try await client.modern("tools/call", order) { _, headers in
            headers["Mcp-Name"] = "=?base64?Z2V0X29yZGVy?="
        }
        #expect(coded["result"]?["isError"] == false)
        let unknown = try await client.modern("resources/list")
        #expect(unknown.status == 404)
        #expect(unknown["error"]?["code"] == -32601)
        let old = try await client.legacy("ping", headers: ["MCP-Protocol-Version": "2024-01-01"])
        #expect(old.status == 400)
        #expect(old["error"]?["data"]?["requested"] == "2024-01-01")
    }

    @Test func `an old version may be named as new clients do`() async throws {
        let client = MCPClient(service: try await Service())
        func meta(_ version: JSONValue) -> JSONObject {
            ["_meta": ["io.modelcontextprotocol/protocolVersion": version]]
        }
        for version in ["2025-11-25", "2025-06-18"] {
            let answer = try await client.legacy("ping", meta(.string(version)))
            #expect(answer["result"] == [:], "\(version)")
            let torn = try await client.legacy(
                "ping", meta(.string(version)), headers: ["MCP-Protocol-Version": "2026-07-28"])
            #expect(torn["error"]?["code"] == -32020)
        }
        for version: JSONValue in [5, [], true] {
            let answer = try await client.legacy("ping", meta(version))
            #expect(answer.status == 400)
            #expect(answer["error"]?["code"] == -32602)
        }
    }

    @Test func `notifications and answers are taken without a word`() async throws {
        let service = try await Service()
        for body in [
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"{"jsonrpc":"2.0","id":3,"result":{}}"#,
        ] {
            let response = await service.send(.post, "/mcp", body: Array(body.utf8))
            #expect(response.status == .accepted)
            #expect(try await response.collectBody().isEmpty)
        }
    }

    @Test(arguments: [
        ("http://evil.example", 403), ("https://frontdesk.evil.example", 403), ("null", 403),
        ("http://localhost.evil.example", 403), ("http://localhost:3000", 200),
        ("http://127.0.0.1", 200), ("http://[::1]:8080", 200), ("http://desk.example", 200),
        ("https://pages.example", 200), ("http://rebound.example:9080", 403),
        ("http://127.0.0.1.evil.example", 403), ("http://evil.example@127.0.0.1.evil.example", 403),
    ])
    func `pages of strange origins are refused`(origin: String, status: Int) async throws {
        let service = try await Service {
            $0.server.corsOrigins = ["*", "https://pages.example"]
            $0.server.host = "desk.example"
        }
        // A name that a stranger lets lead here stands in both fields.
        let answer = try await MCPClient(service: service).legacy(
            "ping", headers: ["Origin": origin, "Host": "rebound.example:9080"])
        #expect(answer.status == status)
        if status == 403 { #expect(answer.code == "origin_refused") }
    }

    @Test func `other verbs, types, categories and a server that does not serve`() async throws {
        let service = try await Service()
        #expect(await service.send(.get, "/mcp").status == Status(405))
        #expect(await service.send(.delete, "/mcp").status == Status(405))
        let text = await service.send(
            .post, "/mcp", body: Array("{}".utf8), headers: ["Content-Type": "text/plain"])
        #expect(text.status == Status(415))
        let nowhere = try await MCPClient(service: service, path: "/mcp/nothing").legacy("ping")
        #expect(nowhere.status == 404)
        #expect(nowhere.code == "route_not_found")
        let silent = try await Service { $0.mcp.serve = false }
        #expect(await silent.send(.post, "/mcp", body: Array("{}".utf8)).status == .notFound)
    }
}
