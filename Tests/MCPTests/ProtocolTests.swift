import JSON
import MCP
import MCPPeer
import Testing

@Suite struct `MCP client: protocol` {
    @Test func `the newest revision needs no handshake but a look`() async throws {
        let server = try await ScriptedServer.greeting()
        let client = server.client { $0.headers = [("X-Team", "desk")] }
        var options = MCPClient.Options()
        options.headers = [("X-Request-ID", "req_1")]
        let result = try await client.call("greet", ["name": "Zoë"], options)
        #expect(result.payload == ["greeting": "hello"])

        let diary = try server.diary
        #expect(diary.methods == ["server/discover", "tools/list", "tools/call"])
        for seen in diary.requests {
            #expect(seen.fields["mcp-protocol-version"] == "2026-07-28")
            #expect(seen.fields["mcp-method"] == seen.method)
            #expect(seen.fields["accept"] == "application/json, text/event-stream")
            #expect(seen.fields["content-type"] == "application/json")
            #expect(seen.fields["x-team"] == "desk")
            #expect(seen.fields["mcp-session-id"] == nil)
            let meta = seen.json?["params"]?["_meta"]
            #expect(meta?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
            #expect(meta?["io.modelcontextprotocol/clientInfo"]?["name"] == "frontdesk")
            #expect(meta?["io.modelcontextprotocol/clientCapabilities"] == [:])
        }
        let call = try #require(diary.requests.last)
        #expect(call.fields["mcp-name"] == "greet")
        #expect(call.fields["x-request-id"] == "req_1")
        #expect(call.json?["params"]?["arguments"] == ["name": "Zoë"])
    }

    @Test(arguments: [true, false])
    func `an older server is greeted once and its session kept`(_ streams: Bool) async throws {
        let server = try await ScriptedServer.greeting([
            "eras": ["legacy"], "session": true, "stream": .bool(streams),
        ])
        let client = server.client()
        for _ in 0..<2 {
            let result = try await client.call("greet", [:])
            #expect(result.payload == ["greeting": "hello"])
        }
        let diary = try server.diary
        #expect(
            diary.methods == [
                "server/discover", "initialize", "notifications/initialized", "tools/list",
                "tools/call", "tools/call",
            ])
        for seen in diary.requests.dropFirst(2) {
            #expect(seen.fields["mcp-session-id"] == "session-1")
            #expect(seen.fields["mcp-protocol-version"] == "2025-11-25")
            #expect(seen.json?["params"]?["_meta"] == nil)
        }
        #expect(diary.requests[1].json?["params"]?["protocolVersion"] == "2025-11-25")
    }

    @Test func `a session that the server forgot is opened anew, once`() async throws {
        let server = try await ScriptedServer.greeting([
            "eras": ["legacy"], "session": true,
            "faults": [["on": "tools/call", "times": 1, "do": "forget"]],
        ])
        let client = server.client()
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
        #expect(try server.diary.all("initialize").count == 2)
        #expect(try server.diary.all("tools/call").count == 2)
    }

    @Test func `a session that is never known is an error`() async throws {
        let server = try await ScriptedServer.greeting([
            "eras": ["legacy"], "session": true, "faults": [["on": "tools/list", "do": "forget"]],
        ])
        let error = await #expect(throws: MCPError.self) {
            try await server.client().call("greet", [:])
        }
        #expect(error?.kind == .status(404))
        #expect(try server.diary.all("initialize").count == 2)
    }

    @Test(arguments: [-32020, -32021, -32022])
    func `a server that knows the newest revision's errors is spoken to in it`(
        _ code: Int
    ) async throws {
        let server = try await ScriptedServer.greeting([
            "faults": [
                [
                    "on": "server/discover", "do": "error", "status": 400,
                    "error": ["code": JSONValue(code), "message": "no"],
                ]
            ]
        ])
        #expect(try await server.client().call("greet", [:]).payload == ["greeting": "hello"])
        #expect(try server.diary.all("initialize").isEmpty)
    }

    @Test func `a server that names only older revisions is greeted`() async throws {
        let server = try await ScriptedServer.greeting([
            "eras": ["legacy"],
            "faults": [
                [
                    "on": "server/discover", "do": "error", "status": 400,
                    "error": [
                        "code": -32022, "message": "no", "data": ["supported": ["2025-11-25"]],
                    ],
                ]
            ],
        ])
        #expect(try await server.client().call("greet", [:]).payload == ["greeting": "hello"])
        #expect(try server.diary.all("initialize").count == 1)
    }

    @Test(arguments: [
        ("2026-07-28", ["tools/list"]),
        ("2025-11-25", ["initialize", "notifications/initialized", "tools/list"]),
    ])
    func `a revision that is set is not looked for`(
        _ revision: String, _ methods: [String]
    ) async throws {
        let server = try await ScriptedServer.greeting()
        let client = server.client {
            $0.revision = MCPEndpoint.Revision(rawValue: revision) ?? .auto
        }
        _ = try await client.tools()
        #expect(try server.diary.methods == methods)
    }

    @Test func `a server that takes no handshake is asked without any`() async throws {
        let server = try await ScriptedServer.greeting(["eras": ["bare"]])
        let refused = await #expect(throws: MCPError.self) {
            try await server.client().call("greet", [:])
        }
        #expect(refused?.kind == .rpc(-32601))

        let client = server.client { $0.allowsBareCalls = true }
        let result = try await client.call("greet") { tool in
            #expect(tool == nil)
            return ["name": "x"]
        }
        #expect(result.payload == ["greeting": "hello"])
        let call = try #require(server.diary.requests.last)
        #expect(call.fields["mcp-protocol-version"] == nil)
        #expect(call.json?["params"] == ["name": "greet", "arguments": ["name": "x"]])
        try await client.probe()
    }

    @Test func `arguments that a tool wants in header fields go there, too`() async throws {
        let region: JSONValue = ["type": "string", "x-mcp-header": "Region"]
        let tool: JSONValue = [
            "name": "greet",
            "inputSchema": [
                "type": "object",
                "properties": [
                    "region": region, "count": ["type": "integer", "x-mcp-header": "Count"],
                    "deep": [
                        "type": "object",
                        "properties": ["on": ["type": "boolean", "x-mcp-header": "On"]],
                    ],
                    "plain": ["type": "string"],
                ],
            ],
        ]
        let server = try await ScriptedServer.greeting(["tools": [tool]])
        let client = server.client()
        let arguments: JSONObject = [
            "region": "Zürich", "count": 3, "deep": ["on": true], "plain": "x",
        ]
        _ = try await client.call("greet", arguments)
        _ = try await client.call("greet", ["region": " =?base64?eA==?="])
        let calls = try server.diary.all("tools/call")
        #expect(calls[0].fields["mcp-param-region"] == "=?base64?WsO8cmljaA==?=")
        #expect(calls[0].fields["mcp-param-count"] == "3")
        #expect(calls[0].fields["mcp-param-on"] == "true")
        #expect(calls[0].fields["mcp-param-plain"] == nil)
        #expect(calls[1].fields["mcp-param-region"]?.hasPrefix("=?base64?") == true)
        #expect(calls[1].fields["mcp-param-count"] == nil)
    }
}
