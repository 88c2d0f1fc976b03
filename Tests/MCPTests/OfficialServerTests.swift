import JSON
import MCP
import Testing
import WebPeer

/// Against the official SDK, as it comes.
@Suite struct `MCP client: the official server` {
    /// How the server is started and spoken to.
    struct Case: Sendable, CustomStringConvertible {
        let arguments: [String]
        let revision: MCPEndpoint.Revision
        var description: String { "\(revision.rawValue) \(arguments.joined(separator: " "))" }
    }

    static let cases = MCPEndpoint.Revision.allCases.flatMap { revision in
        [[], ["--json"], ["--stateless"], ["--json", "--stateless"]].map {
            Case(arguments: $0, revision: revision)
        }
    }

    @Test(arguments: cases)
    func `tools are listed and called`(_ example: Case) async throws {
        let peer = try await WebPeer(
            script: "mcp/official.py", arguments: example.arguments, packages: true)
        let client = MCPClient.to(peer.url("/mcp")) { $0.revision = example.revision }
        let tools = try #require(await client.tools())
        #expect(tools.map(\.name) == ["add", "describe", "fail"])
        #expect(tools[0].isRepeatable && !tools[1].isRepeatable)
        #expect(tools[1].argumentNames == ["ticket_id", "tags"])
        #expect(tools[1].requiredNames == ["ticket_id"])

        let sum = try await client.call("add", ["a": 2, "b": 40])
        #expect(sum.result["structuredContent"] == ["result": 42])
        let ticket = try await client.call("describe", ["ticket_id": "DEMO-1001 é"])
        #expect(ticket.payload?["eligible"] == true)
        #expect(ticket.payload?["ticket"]?["ticket_id"] == "DEMO-1001 é")
        let failure = try await client.call("fail", [:])
        #expect(failure.isError && !ticket.isError)
        try await client.probe()
    }

    @Test(arguments: MCPEndpoint.Revision.allCases)
    func `many calls at once get each their own reply`(
        _ revision: MCPEndpoint.Revision
    ) async throws {
        let peer = try await WebPeer(script: "mcp/official.py", packages: true)
        let client = MCPClient.to(peer.url("/mcp")) { $0.revision = revision }
        try await withThrowingTaskGroup(of: (Int, JSONValue?).self) { group in
            for number in 0..<20 {
                group.addTask {
                    let sum = try await client.call("add", ["a": JSONValue(number), "b": 1])
                    return (number, sum.result["structuredContent"]?["result"])
                }
            }
            for try await (number, sum) in group { #expect(sum == JSONValue(number + 1)) }
        }
    }
}
