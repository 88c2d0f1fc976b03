import HTTP
import JSON
import MCP
import MCPPeer
import MailServer
import Testing

@testable import Frontdesk

/// What `/health` and its kin say about other servers.
@Suite struct ServerHealthTests {
    private static let broken: JSONValue = [
        "faults": [["on": "*", "do": "status", "status": 500]]
    ]

    /// The product with servers; each is up or down, required or not.
    private func service(
        _ servers: [(isUp: Bool, isRequired: Bool, role: Upstream.Role)]
    ) async throws -> (Service, [ScriptedServer]) {
        var peers: [ScriptedServer] = []
        var settings: [Upstream] = []
        for (index, server) in servers.enumerated() {
            let peer = try await ScriptedServer(server.isUp ? ServersWorld.plan([:]) : Self.broken)
            var upstream = Upstream()
            upstream.name = "s\(index)"
            upstream.url = peer.url()
            upstream.isRequired = server.isRequired
            upstream.role = server.role
            peers.append(peer)
            settings.append(upstream)
        }
        let service = try await Service { [settings] in $0.mcp.servers = settings }
        service.app.servers.start()
        try await eventually { service.app.servers.all.allSatisfy { $0.client.isUp != nil } }
        return (service, peers)
    }

    /// Servers, and what is said of them.
    struct Case: Sendable {
        let servers: [(isUp: Bool, isRequired: Bool, role: Upstream.Role)]
        let check: Bool
        let status: String

        init(_ servers: [(Bool, Bool)], _ check: Bool, _ status: String) {
            self.servers = servers.map { ($0.0, $0.1, .extra) }
            self.check = check
            self.status = status
        }
    }

    static let cases = [
        Case([], false, "healthy"), Case([(true, false)], true, "healthy"),
        Case([(true, true), (true, false)], true, "healthy"),
        Case([(false, false)], false, "degraded"), Case([(false, true)], false, "unhealthy"),
        Case([(true, true), (false, false)], false, "degraded"),
        Case([(true, false), (false, true)], false, "unhealthy"),
    ]

    @Test(arguments: cases)
    func `health tells of servers that are down, and readiness of those that are required`(
        _ example: Case
    ) async throws {
        let (service, peers) = try await service(example.servers)
        defer { service.app.servers.stop() }
        let health = try await service.get("/health")
        #expect(health.status == 200)
        #expect(health["status"] == .string(example.status))
        #expect(health["checks"]?["mcp_server"] == .bool(example.check))
        let ready = try await service.get("/health/ready")
        let isReady = example.status != "unhealthy"
        #expect(ready.status == (isReady ? 200 : 503))
        #expect(ready["ready"] == .bool(isReady))
        #expect(ready["components"]?["mcp_server"] == .bool(example.check))
        #expect(peers.count == example.servers.count)
    }

    @Test func `tools are available as their server is`() async throws {
        let (service, peers) = try await service([
            (true, false, .extra), (false, false, .extra), (true, false, .complaint),
        ])
        defer { service.app.servers.stop() }
        func available() async throws -> [String: Bool] {
            let answer = try await service.get("/info/tools")
            #expect(answer["total_count"] == 14)
            #expect(answer["categories"] == ["order", "email", "complaint", "mcp"])
            let pairs = (answer["tools"]?.array ?? []).map {
                ($0["name"]?.string ?? "", $0["available"]?.bool ?? false)
            }
            #expect(pairs.suffix(3).map(\.0) == ["complaint_management", "mcp_s0", "mcp_s1"])
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        var tools = try await available()
        #expect(tools["mcp_s0"] == true && tools["mcp_s1"] == false)
        #expect(tools["complaint_management"] == true && tools["get_order"] == true)
        try peers[2].follow(Self.broken)
        _ = try? await service.app.servers.all[2].client.call("get_complaint", [:])
        try await eventually { !service.app.servers.all[2].isUp }
        tools = try await available()
        #expect(tools["complaint_management"] == false && tools["get_order"] == true)
    }

    @Test func `a server that was never looked at is not up`() async throws {
        let world = try await ServersWorld(upstream: { $0.isRequired = true })
        #expect(try await world.service.get("/health")["status"] == "unhealthy")
    }
}
