import HTTPClient
import JSON
import MCP
import MCPPeer
import MailServer
import Testing

/// What a caller learns about a call that leaves.
@Suite struct `MCP client: calls that leave` {
    private struct Refused: Error {}

    @Test func `the caller is told before a call leaves, after all that leads up to it`()
        async throws
    {
        let server = try await ScriptedServer.greeting(["eras": ["legacy"]])
        let client = server.client()
        var options = MCPClient.Options()
        options.beforeSending = {
            let methods = try server.diary.methods
            #expect(
                methods == [
                    "server/discover", "initialize", "notifications/initialized", "tools/list",
                ])
        }
        let result = try await client.call("greet", [:], options)
        #expect(result.payload == ["greeting": "hello"])
        #expect(try server.diary.methods.last == "tools/call")
    }

    @Test func `a caller who refuses keeps the call from leaving`() async throws {
        let server = try await ScriptedServer.greeting()
        let client = server.client()
        var options = MCPClient.Options()
        options.beforeSending = { throw Refused() }
        await #expect(throws: Refused.self) { try await client.call("greet", [:], options) }
        #expect(try server.diary.all("tools/call").isEmpty)
    }

    @Test(
        arguments: [
            (["do": "drop"], true), (["do": "status", "status": 500], true),
            (["do": "body", "body": "{"], true), (["do": "status", "status": 404], false),
            (["do": "status", "status": 503], false), (["do": "status", "status": 401], false),
            (["do": "error", "error": ["code": -32603, "message": "no"]], false),
        ] as [(JSONObject, Bool)])
    func `a failure says whether the server may have acted`(
        _ fault: JSONObject, _ leavesDoubt: Bool
    ) async throws {
        var fault = fault
        fault["on"] = "tools/call"
        let server = try await ScriptedServer.greeting(["faults": [.object(fault)]])
        let error = await #expect(throws: MCPError.self) {
            try await server.client().call("greet", [:])
        }
        #expect(error?.leavesDoubt == leavesDoubt)
    }

    @Test func `where nobody listens nothing was done`() async throws {
        let client = MCPClient.to("http://127.0.0.1:1/mcp")
        let error = await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        #expect(error?.leavesDoubt == false)
    }

    @Test func `whoever watches has the tools at hand`() async throws {
        let server = try await ScriptedServer.greeting()
        let client = server.client()
        #expect(client.knownTools == nil && !client.hasCurrentTools)
        var pace = MCPClient.Pace()
        pace.readsTools = true
        client.startWatching(pace)
        defer { client.stopWatching() }
        try await eventually { client.knownTools?.map(\.name) == ["greet"] }
        #expect(client.hasCurrentTools && client.isUp == true)
    }

    @Test(
        arguments: [
            ("7", 7), (" 7 ", 7), ("1.5", 1.5), ("-5", nil), ("soon", nil), ("", nil),
            ("Fri, 20 Feb 2026 12:00:30 GMT", 30), ("Friday, 20-Feb-26 12:00:30 GMT", 30),
            ("Fri, 20 Feb 2026 11:00:00 GMT", 0), (nil, nil),
        ] as [(String?, Double?)])
    func `a time to wait is a number of seconds or a date`(_ field: String?, _ seconds: Double?) {
        #expect(RetryAfter.seconds(field, now: 1_771_588_800) == seconds)
    }
}
