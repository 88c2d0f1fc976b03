import JSON
import MCP
import MCPPeer
import Testing

@Suite struct `MCP client: list of tools` {
    private static func names(_ client: MCPClient) async throws -> [String]? {
        try await client.tools()?.map(\.name)
    }

    @Test func `all pages are read, and kept for five minutes`() async throws {
        let server = try await ScriptedServer([
            "pages": [
                [ScriptedServer.tool("a"), ScriptedServer.tool("b")], [],
                [ScriptedServer.tool("c")],
            ]
        ])
        let hands = Hands()
        let client = server.client(hands: hands)
        #expect(try await Self.names(client) == ["a", "b", "c"])
        hands.pass(seconds: 299)
        _ = try await client.tools()
        #expect(try server.diary.all("tools/list").count == 3)
        hands.pass(seconds: 2)
        _ = try await client.tools()
        #expect(try server.diary.all("tools/list").count == 6)
    }

    @Test func `a list lives as long as the server says`() async throws {
        let server = try await ScriptedServer(["tools": [ScriptedServer.tool("a")], "ttl": 5000])
        let hands = Hands()
        let client = server.client(hands: hands)
        for (pause, lists) in [(0, 1), (4, 1), (2, 2)] {
            hands.pass(seconds: pause)
            _ = try await client.tools()
            #expect(try server.diary.all("tools/list").count == lists)
        }
    }

    @Test func `pages without an end come to one`() async throws {
        let server = try await ScriptedServer([
            "tools": [ScriptedServer.tool("a")], "loops": true,
        ])
        let notes = Notes()
        #expect(try await Self.names(server.client(notes: notes)) == ["a"])
        #expect(try server.diary.all("tools/list").count == 2)
        #expect(notes.all.contains { $0.contains("no end") })
    }

    @Test func `not more than a thousand tools are kept`() async throws {
        let page: JSONValue = .array((0..<600).map { ScriptedServer.tool("t\($0)") })
        let other: JSONValue = .array((600..<1200).map { ScriptedServer.tool("t\($0)") })
        let server = try await ScriptedServer(["pages": [page, other, page]])
        #expect(try await server.client().tools()?.count == 1000)
        #expect(try server.diary.all("tools/list").count == 2)
    }

    @Test func `what is no tool is left out with a warning`() async throws {
        let object: JSONValue = ["type": "object"]
        func marked(_ mark: JSONValue, _ type: String) -> JSONValue {
            [
                "name": "x",
                "inputSchema": [
                    "properties": ["a": ["type": .string(type), "x-mcp-header": mark]]
                ],
            ]
        }
        let server = try await ScriptedServer([
            "tools": [
                ScriptedServer.tool("good"), ["name": "no-schema"], ["inputSchema": object],
                ["name": 5, "inputSchema": object], "text", ["name": "", "inputSchema": object],
                ["name": "list", "inputSchema": ["type": "array"]],
                marked("a b", "string"), marked("A", "number"), marked(1, "string"),
                ScriptedServer.tool("good"), ["name": "bare", "inputSchema": [:]],
            ]
        ])
        let notes = Notes()
        #expect(try await Self.names(server.client(notes: notes)) == ["good", "bare"])
        #expect(notes.all.count == 10)
    }

    @Test func `a notice of change makes the list be read again`() async throws {
        let notice = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
        let server = try await ScriptedServer.greeting([
            "eras": ["legacy"],
            "faults": [
                [
                    "on": "tools/call", "times": 1, "do": "stream",
                    "body": "data: \(notice)\n\ndata: $REPLY\n\n",
                ]
            ],
        ])
        let client = server.client()
        for lists in [1, 2, 2] {
            _ = try await client.call("greet", [:])
            #expect(try server.diary.all("tools/list").count == lists)
        }
    }

    @Test func `a tool that changed is called as it is now`() async throws {
        let server = try await ScriptedServer.greeting([
            "faults": [
                [
                    "on": "tools/call", "times": 1, "do": "error",
                    "error": ["code": -32602, "message": "who?"],
                ]
            ]
        ])
        let client = server.client()
        // The definition is what it was, so the refusal stands.
        let error = await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        #expect(error?.kind == .rpc(-32602))
        #expect(try server.diary.all("tools/list").count == 2)
        #expect(try server.diary.all("tools/call").count == 1)

        try server.follow(
            .object(
                ScriptedServer.greetingPlan([
                    "tools": [ScriptedServer.tool("greet", ["who"])],
                    "faults": [
                        [
                            "on": "tools/call", "times": 1, "do": "error",
                            "error": ["code": -32602, "message": "who?"],
                        ]
                    ],
                ])))
        let result = try await client.call("greet") { tool in
            JSONObject(dictionaryLiteral: (tool?.argumentNames.first ?? "", "Ann"))
        }
        #expect(result.payload == ["greeting": "hello"])
        let calls = try server.diary.all("tools/call")
        #expect(
            calls.map { $0.json?["params"]?["arguments"] } == [["name": "Ann"], ["who": "Ann"]])
    }

    @Test func `a tool that the server lacks is not called`() async throws {
        let server = try await ScriptedServer.greeting()
        let error = await #expect(throws: MCPError.self) {
            try await server.client().call("dance", [:])
        }
        #expect(error?.kind == .unknownTool)
        #expect(try server.diary.all("tools/call").isEmpty)
    }

    @Test func `ten calls at once greet and list once`() async throws {
        let server = try await ScriptedServer.greeting(["eras": ["legacy"], "session": true])
        let client = server.client()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    (try? await client.call("greet", [:]).payload) == ["greeting": "hello"]
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        let diary = try server.diary
        #expect(diary.all("initialize").count == 1)
        #expect(diary.all("tools/list").count == 1)
        #expect(diary.all("tools/call").count == 10)
    }
}
