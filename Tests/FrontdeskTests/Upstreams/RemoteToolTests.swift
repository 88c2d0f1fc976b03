import HTTP
import JSON
import MCP
import MCPPeer
import MailServer
import Testing
import WebPeer

@testable import Frontdesk

/// Tools of other servers in the hands of a model.
@Suite struct RemoteToolTests {
    private static let york = #"{"city": "York"}"#
    private static let room = #"{"room": "9"}"#

    @Test(arguments: ModelTurnTests.providers)
    func `a model sees and calls them beside ours, under the server's name`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let world = try await ServersWorld(provider: provider)
        try world.model.script(
            .calls(
                ("hotel__weather", Self.york), ("get_order", #"{"order_id": "10001"}"#),
                ("hotel__book", Self.room)), .says("Booked."))
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let answer = try await world.model.say(
            "Book it", headers: ["X-Request-ID": "r-1", "traceparent": .init(trace)])
        #expect(answer["response"] == "Booked.", "\(answer.body)")
        #expect(
            answer["metadata"]?["tool_calls"] == ["hotel__weather", "get_order", "hotel__book"])
        if provider == .openai {
            #expect(try world.offered().suffix(2) == ["hotel__weather", "hotel__book"])
            let told = try world.told()
            #expect(told[0] == ["status": "success", "result": ["sky": "clear"]])
            #expect(told[1]["order"]?["order_id"] == "ORD-10001")
            #expect(told[2] == ["status": "success", "result": ["booking": 7]])
        }
        #expect(
            try world.ledger() == [
                "1|hotel|hotel__weather|done", "2|local|get_order|done",
                "3|hotel|hotel__book|done",
            ])
        for call in try world.server.diary.all("tools/call") {
            #expect(call.fields["traceparent"] == trace)
            #expect(call.fields["x-request-id"] == "r-1")
            #expect(call.fields["x-tenant-id"] == "default")
        }
        #expect(try world.model.diary.header(0, "traceparent") == trace)
        #expect(try world.service.miscounts() == [])
    }

    @Test func `arguments are checked against the server's schema before they leave`() async throws
    {
        let world = try await ServersWorld(["results": ["weather": "echo"]])
        try world.model.script(
            .calls(
                ("hotel__weather", "{}"), ("hotel__weather", #"{"city": 5}"#),
                ("hotel__weather", #"{"city": "York", "days": null}"#), ("hotel__nothing", "{}")),
            .says("Fine."))
        #expect(try await world.model.say("Weather?").status == 200)
        #expect(try world.calls() == [["city": "York"]])
        let types = try world.told().map { $0["error_type"] }
        #expect(types == ["ValidationError", "ValidationError", nil, "UnknownTool"])
        #expect(try world.told()[0]["error"] == "city is required.")
    }

    /// What a server answers to a call, and the kind of error that the model is told.
    struct Lie: Sendable, CustomStringConvertible {
        let fault: JSONObject
        /// For a tool that reads, and for one that does something.
        let types: [String]
        let state: String
        var description: String { JSONValue.object(fault).text }

        init(_ fault: JSONObject, _ read: String, _ write: String, _ state: String) {
            (self.fault, types, self.state) = (fault, [read, write], state)
        }
    }

    private static let half = "event: message\ndata: {\"jsonrpc\": \"2.0\""

    private static let long = String(repeating: "x", count: 300_000)

    static let lies = [
        Lie(["do": "drop"], "ToolUnavailable", "OutcomeUnknown", "unknown"),
        Lie(["do": "hang"], "ToolTimeout", "ToolTimeout", "unknown"),
        Lie(
            ["do": "stream", "body": .string(half)], "ToolUnavailable", "OutcomeUnknown",
            "unknown"),
        Lie(["do": "status", "status": 500], "ToolUnavailable", "OutcomeUnknown", "unknown"),
        Lie(["do": "status", "status": 503], "ToolUnavailable", "ToolUnavailable", "failed"),
        Lie(["do": "status", "status": 401], "ToolUnavailable", "ToolUnavailable", "failed"),
        Lie(["do": "status", "status": 302], "ToolUnavailable", "ToolUnavailable", "failed"),
        Lie(["do": "body", "body": "<html>"], "ToolUnavailable", "OutcomeUnknown", "unknown"),
        Lie(["do": "huge"], "ToolUnavailable", "OutcomeUnknown", "unknown"),
        Lie(
            ["do": "error", "error": ["code": -32603, "message": "SECRET"]], "InternalError",
            "InternalError", "failed"),
        Lie(
            ["do": "error", "error": ["code": -32602, "message": "SECRET"]], "ValidationError",
            "ValidationError", "failed"),
        Lie(["result": ["isError": true]], "InternalError", "InternalError", "failed"),
        Lie(
            ["result": ["resultType": "input_required"]], "InternalError", "InternalError",
            "failed"),
        Lie(
            ["result": ["structuredContent": ["text": .string(long)]]], "InternalError",
            "OutcomeUnknown", "unknown"),
    ]

    @Test(arguments: lies)
    func `a server that lies costs its answer, never the turn`(_ lie: Lie) async throws {
        var plan: JSONObject = [:]
        if let result = lie.fault["result"] {
            plan["results"] = ["weather": result, "book": result]
        } else {
            var fault = lie.fault
            fault["on"] = "tools/call"
            plan["faults"] = [.object(fault)]
        }
        let world = try await ServersWorld(
            plan, upstream: { $0.timeoutSeconds = lie.types[0] == "ToolTimeout" ? 4 : 60 })
        // The short time is for the calls, not for getting to know the tools.
        try await eventually { (try? await world.hotel.client.tools()) != nil }
        try world.model.script(
            .calls(("hotel__weather", Self.york)), .calls(("hotel__book", Self.room)),
            .says("So be it."))
        let answer = try await world.model.say("Do it")
        #expect(answer["response"] == "So be it.", "\(answer.body)")
        let told = try world.told()
        #expect(told.map { $0["error_type"]?.string } == lie.types)
        #expect(told.allSatisfy { $0["status"] == "error" && !$0.text.contains("SECRET") })
        #expect(try world.ledger().last == "2|hotel|hotel__book|\(lie.state)")
        #expect(try world.calls().filter { $0["room"] != nil }.count == 1)
        try world.model.script(.says("Still here."))
        #expect(try await world.model.say("And now?")["response"] == "Still here.")
    }

    @Test func `definitions that make no sense are left out, the others stay`() async throws {
        let world = try await ServersWorld([
            "tools": [
                5, [:], ["name": "no_schema"], ["name": "list", "inputSchema": []],
                ["name": "text", "inputSchema": ["type": "string"]],
                ["name": "", "inputSchema": [:]],
                ["name": .string(String(repeating: "long", count: 20)), "inputSchema": [:]],
                ScriptedServer.tool("with.dots/é"), ScriptedServer.tool("fine"),
                ScriptedServer.tool("fine"), ["name": "bare", "inputSchema": [:]],
            ],
            "results": ["with.dots/é": "echo"],
        ])
        try world.model.script(.calls(("hotel__with_dots__", "{}")), .says("Good."))
        #expect(try await world.model.say("Hi").status == 200)
        #expect(
            try world.offered().filter { $0.contains("__") } == [
                "hotel__with_dots__", "hotel__fine", "hotel__bare",
            ])
        let bare = try world.model.diary.body(0)["tools"]?.array?.last?["function"]
        #expect(bare?["parameters"] == ["type": "object", "properties": [:]])
        #expect(try world.told()[0]["result"] == ["arguments": [:]])
    }

    @Test(
        arguments: [
            ["on": "*", "do": "status", "status": 500], ["on": "*", "do": "body", "body": "{"],
            ["on": "tools/list", "do": "drop"],
            ["on": "tools/list", "do": "body", "body": #"{"jsonrpc":"2.0","id":$ID,"result":{}}"#],
            ["on": "*", "do": "hang"],
        ] as [JSONValue])
    func `a server without a list has no tools, and the turn goes on`(_ fault: JSONValue)
        async throws
    {
        let world = try await ServersWorld(["faults": [fault]])
        try world.model.script(.calls(("hotel__weather", Self.york)), .says("Hello."))
        let answer = try await world.model.say("Hi")
        #expect(answer["response"] == "Hello.", "\(answer.body)")
        #expect(try world.offered().count == 17)
        #expect(try world.told()[0]["error_type"] == "UnknownTool")
    }

    @Test func `calls to a server that is down fail at once, and go on when it is up`() async throws
    {
        let world = try await ServersWorld()
        try await world.watch()
        #expect(world.hotel.isUp)
        try await eventually { world.hotel.client.knownTools != nil }
        try world.server.follow(["faults": [["on": "*", "do": "status", "status": 500]]])
        try world.model.script(.calls(("hotel__weather", Self.york)), .says("Hm."))
        #expect(try await world.model.say("Hi").status == 200)
        try await eventually { world.hotel.client.isDown }
        let seen = try world.server.diary.all("tools/call").count
        try world.model.script(.calls(("hotel__book", Self.room)), .says("No."))
        #expect(try await world.model.say("Book").status == 200)
        #expect(try world.told().last?["error_type"] == "ToolUnavailable")
        #expect(try world.offered().filter { $0.hasPrefix("hotel__") } == [])
        #expect(try world.server.diary.all("tools/call").count == seen)
        try world.server.follow(ServersWorld.plan([:]))
        try await eventually { world.hotel.isUp }
        try world.model.script(.calls(("hotel__book", Self.room)), .says("Yes."))
        #expect(try await world.model.say("Book").status == 200)
        #expect(try world.told().last?["result"] == ["booking": 7])
    }

    @Test func `calls of one round run side by side, and their results keep their order`()
        async throws
    {
        let world = try await ServersWorld([
            "faults": [["on": "tools/call", "tool": "weather", "do": "wait", "for": 2]]
        ])
        try world.model.script(
            .calls(
                ("hotel__weather", Self.york), ("get_order", #"{"order_id": "10001"}"#),
                ("hotel__weather", #"{"city": "Leeds"}"#)), .says("Done."))
        let events = try await world.model.stream("Both")
        #expect(
            events.map(\.type) == [
                "start", "tool_call", "tool_call", "tool_call", "tool_result", "tool_result",
                "tool_result", "chunk", "end",
            ])
        #expect(
            events.filter { $0.type == "tool_result" }.map { $0.data["tool"] } == [
                "hotel__weather", "get_order", "hotel__weather",
            ])
        #expect(try world.calls().count == 2)
    }

    @Test func `what the official SDK serves can be used`() async throws {
        let peer = try await WebPeer(script: "mcp/official.py", packages: true)
        let world = try await ServersWorld(upstream: { $0.url = peer.url("/mcp") })
        try world.model.script(
            .calls(("hotel__add", #"{"a": 2, "b": 40}"#), ("hotel__fail", "{}")),
            .calls(("hotel__add", #"{"a": "x"}"#)), .says("42."))
        #expect(try await world.model.say("Add")["response"] == "42.")
        let told = try world.told()
        #expect(told[0] == ["status": "success", "result": ["result": 42]])
        #expect(told[1]["error_type"] == "InternalError")
        #expect(told[1]["error"]?.string?.contains("fail") == true, "\(told[1])")
        #expect(told[2]["error_type"] == "ValidationError")
    }

    @Test func `who lacks a right is offered no tool that needs it`() async throws {
        let world = try await ServersWorld(configure: { $0.agent.ticketTools = true })
        func offered(_ scopes: Scope...) async throws -> [String] {
            let key = try await world.service.addKey("key-\(scopes.count)", scopes: scopes)
            try world.model.script(.says("Hi."))
            let answer = try await world.model.say(
                "Hi", in: "s-\(scopes.count)", headers: .bearer(key))
            #expect(answer.status == 200, "\(answer.body)")
            return try world.offered()
        }
        let none = try await offered(.chatSend)
        #expect(none.contains("get_order") && none.contains("hotel__weather"))
        #expect(!none.contains("get_customer") && !none.contains("create_upgrade_order"))
        let read = try await offered(.chatSend, .ticketsRead)
        #expect(read.contains("get_customer") && !read.contains("create_upgrade_order"))
        let write = try await offered(.chatSend, .ticketsRead, .ticketsWrite)
        #expect(write.contains("create_upgrade_order"))
    }
}
