import JSON
import MCP
import MCPPeer
import MailServer
import Testing

@Suite struct `MCP client: failures` {
    /// A fault of the server and the error that it becomes.
    struct Case: Sendable, CustomStringConvertible {
        let fault: JSONObject
        let layer: MCPError.Layer
        let kind: MCPError.Kind
        var description: String { JSONValue.object(fault).text }

        init(_ fault: JSONObject, _ layer: MCPError.Layer, _ kind: MCPError.Kind) {
            self.fault = fault
            self.layer = layer
            self.kind = kind
        }

        /// The fault, met by every call of a tool.
        var plan: JSONObject {
            var fault = fault
            fault["on"] = "tools/call"
            return ["faults": [.object(fault)]]
        }
    }

    private static let wrong = #"{"jsonrpc": "2.0", "id": 999, "result": {}}"#
    private static let half = "event: message\ndata: {\"jsonrpc\": \"2.0\""

    static let cases = [
        Case(["do": "drop"], .transport, .connection),
        Case(["do": "hang"], .transport, .timeout),
        Case(["do": "status", "status": 500], .transport, .status(500)),
        Case(["do": "status", "status": 418], .transport, .status(418)),
        Case(
            ["do": "status", "status": 307, "fields": ["Location": "/elsewhere"]], .transport,
            .status(307)),
        Case(["do": "status", "status": 401], .transport, .credential),
        Case(
            ["do": "status", "status": 429, "fields": ["Retry-After": "7"]], .transport,
            .overloaded(retryAfter: 7)),
        Case(["do": "status", "status": 503], .transport, .overloaded(retryAfter: nil)),
        Case(
            ["do": "status", "status": 503, "fields": ["Retry-After": "-5"]], .transport,
            .overloaded(retryAfter: nil)),
        Case(["do": "body", "body": "{not json"], .transport, .malformed),
        Case(["do": "body", "body": ""], .transport, .malformed),
        Case(["do": "body", "body": "[]"], .transport, .malformed),
        Case(["do": "body", "body": .string(wrong)], .transport, .malformed),
        Case(["do": "body", "body": "<html>", "kind": "text/html"], .transport, .malformed),
        Case(["do": "stream", "body": .string(half)], .transport, .connection),
        Case(["do": "stream", "body": .string(half), "ends": false], .transport, .timeout),
        Case(["do": "stream", "body": "data: {oops}\n\n"], .transport, .malformed),
        Case(["do": "stream", "body": .string("data: \(wrong)\n\n")], .transport, .connection),
        Case(["do": "stream", "body": ": nothing\n\n"], .transport, .connection),
        Case(["do": "huge"], .transport, .malformed),
        Case(["do": "huge", "kind": "text/event-stream"], .transport, .malformed),
        Case(
            ["do": "error", "error": ["code": -32603, "message": "broken"]], .jsonrpc,
            .rpc(-32603)),
        Case(
            ["do": "error", "status": 500, "error": ["code": -32603, "message": "broken"]],
            .jsonrpc, .rpc(-32603)),
        Case(
            [
                "do": "status", "status": 400,
                "body": ["jsonrpc": "2.0", "id": nil, "error": ["code": -32600, "message": "no"]],
            ], .jsonrpc, .rpc(-32600)),
        Case(
            [
                "do": "body",
                "body":
                    #"{"jsonrpc": "2.0", "id": $ID, "result": {"resultType": "input_required"}}"#,
            ], .tool, .inputRequired),
    ]

    @Test(arguments: cases)
    func `each fault is told by its layer and kind`(_ example: Case) async throws {
        let server = try await ScriptedServer.greeting(example.plan)
        // Only what hangs has to be waited for.
        let hangs = example.kind == .timeout
        let client = server.client {
            if hangs { $0.timeout = .seconds(3) }
            $0.maxResponseBytes = 1_000_000
        }
        let error = await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        #expect(error?.layer == example.layer, "\(error?.message ?? "")")
        #expect(error?.kind == example.kind, "\(error?.message ?? "")")
        if !hangs { #expect(try server.diary.all("tools/call").count == 1) }
    }

    @Test(arguments: [1, 3, 1000])
    func `a reply is found among other things, however the stream is cut`(
        _ size: Int
    ) async throws {
        let stream = [
            ": hello", "", "id: 0", "data:", "",
            #"data: {"jsonrpc": "2.0", "method": "notifications/progress", "params": {}}"#, "",
            #"data: {"jsonrpc": "2.0", "id": 999, "result": {"structuredContent": {"no": 1}}}"#, "",
            "event: message", "id: 1", #"data: {"jsonrpc": "2.0", "id": $ID,"#,
            #"data: "result": {"structuredContent": {"greeting": "Grüße"}}}"#, "", "",
        ].joined(separator: "\r\n")
        let server = try await ScriptedServer.greeting([
            "faults": [
                [
                    "on": "tools/call", "do": "stream", "size": JSONValue(size), "ends": false,
                    "body": .string(stream),
                ]
            ]
        ])
        let result = try await server.client().call("greet", [:])
        #expect(result.payload == ["greeting": "Grüße"])
    }

    @Test func `what the server asks on a stream is answered`() async throws {
        let stream = [
            #"data: {"jsonrpc": "2.0", "id": "a", "method": "ping"}"#,
            #"data: {"jsonrpc": "2.0", "id": 7, "method": "sampling/createMessage"}"#,
            "data: $REPLY", "",
        ].joined(separator: "\n\n")
        let server = try await ScriptedServer.greeting([
            "eras": ["legacy"], "session": true,
            "faults": [["on": "tools/call", "do": "stream", "body": .string(stream)]],
        ])
        _ = try await server.client().call("greet", [:])
        try await eventually { try server.diary.requests.filter { $0.method.isEmpty }.count == 2 }
        let answers = try server.diary.requests.filter { $0.method.isEmpty }
        #expect(answers.allSatisfy { $0.fields["mcp-session-id"] == "session-1" })
        let bodies = answers.compactMap(\.json)
        #expect(bodies.contains(["jsonrpc": "2.0", "id": "a", "result": [:]]))
        #expect(bodies.contains { $0["id"] == 7 && $0["error"]?["code"] == -32601 })
    }

    @Test(arguments: [true, false])
    func `only what may be repeated is sent again after a broken connection`(
        _ isRepeatable: Bool
    ) async throws {
        let server = try await ScriptedServer.greeting([
            "faults": [["on": "tools/call", "times": 1, "do": "drop"]]
        ])
        let client = server.client()
        _ = try await client.tools()
        var options = MCPClient.Options()
        options.isRepeatable = isRepeatable
        let result = try? await client.call("greet", [:], options)
        #expect((result != nil) == isRepeatable)
        #expect(try server.diary.all("tools/call").count == (isRepeatable ? 2 : 1))
    }

    @Test func `a server that broke is greeted anew`() async throws {
        let server = try await ScriptedServer.greeting([
            "eras": ["legacy"], "session": true,
            "faults": [["on": "tools/call", "times": 1, "do": "drop"]],
        ])
        let client = server.client()
        await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
        #expect(try server.diary.all("initialize").count == 2)
    }

    @Test(arguments: ["server/discover", "initialize", "tools/list", "tools/call"])
    func `cancelling ends a call at once, wherever it is`(_ method: String) async throws {
        let server = try await ScriptedServer.greeting([
            "eras": ["legacy"], "faults": [["on": .string(method), "do": "hang"]],
        ])
        let client = server.client()
        let start = ContinuousClock.now
        let calling = Task { try await client.call("greet", [:]) }
        try await eventually { try server.diary.methods.contains(method) }
        calling.cancel()
        let error = await #expect(throws: MCPError.self) { try await calling.value }
        #expect(error?.kind == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(15))
        guard method == "tools/call" else { return }
        try await eventually { try server.diary.methods.contains("notifications/cancelled") }
        let diary = try server.diary
        #expect(
            diary.requests.last?.json?["params"]?["requestId"]
                == diary.all("tools/call").first?.json?["id"])
    }

    @Test func `one who leaves takes nobody along`() async throws {
        let server = try await ScriptedServer.greeting([
            "faults": [
                ["on": "tools/list", "times": 1, "do": "status", "status": 500, "body": "wait"]
            ]
        ])
        let client = server.client()
        let calls = (0..<8).map { _ in Task { try await client.call("greet", [:]) } }
        for call in calls.prefix(4) { call.cancel() }
        for call in calls.prefix(4) { _ = try? await call.value }
        for call in calls.suffix(4) {
            do {
                _ = try await call.value
            } catch let error as MCPError {
                #expect(error.kind == .status(500))
            }
        }
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
    }

    @Test func `nobody listening is an error of the connection`() async throws {
        let client = MCPClient.to("http://127.0.0.1:1/mcp")
        let error = await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        #expect(error?.kind == .connection)
    }
}

@Suite struct `MCP client: watching` {
    private static let pace: MCPClient.Pace = {
        var pace = MCPClient.Pace()
        pace.firstPause = .milliseconds(50)
        pace.longestPause = .milliseconds(100)
        return pace
    }()

    @Test(arguments: [["modern"], ["legacy"]] as [[String]])
    func `a server that is down is not asked, until it is up`(_ eras: [String]) async throws {
        let eras = JSONValue.array(eras.map { .string($0) })
        let server = try await ScriptedServer.greeting(["eras": eras])
        let notes = Notes()
        let client = server.client(notes: notes)
        #expect(client.isUp == nil)
        client.startWatching(Self.pace)
        defer { client.stopWatching() }
        try await eventually { client.isUp == true }

        let down: JSONValue = ["on": "*", "do": "status", "status": 500]
        try server.follow(
            .object(ScriptedServer.greetingPlan(["eras": eras, "faults": [down]])))
        // The failure of a call makes the client look.
        await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        try await eventually { client.isDown }
        let error = await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        #expect(error?.kind == .down)
        #expect(notes.all.contains { $0.contains("down") })

        try server.follow(.object(ScriptedServer.greetingPlan(["eras": eras])))
        try await eventually { client.isUp == true }
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
    }

    @Test func `who refuses is alive`() async throws {
        let server = try await ScriptedServer.greeting(["eras": ["bare"]])
        let client = server.client { $0.allowsBareCalls = true }
        client.startWatching(Self.pace)
        defer { client.stopWatching() }
        try await eventually { client.isUp == true }
    }
}
