import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct SilenceTests {
    /// A service where a minute of silence makes an agent stale.
    private func world() async throws -> Service {
        try await Service(demo: false, clock: TestClock(step: 0)) {
            $0.router.staleAfterSeconds = 60
        }
    }

    @Test func `an agent that falls silent is stale until it reports again`() async throws {
        let service = try await world()
        for address in ["talks", "silent", "never"] { try await service.register(address) }
        try await service.report("silent", "HEALTHY")
        service.clock.advance(seconds: 30)
        try await service.report("talks", "HEALTHY")
        service.clock.advance(seconds: 29.999)
        #expect(try await service.app.parts.watch.look() == 0)
        service.clock.advance(seconds: 0.001)
        #expect(try await service.app.parts.watch.look() == 1)
        #expect(try await service.app.parts.watch.look() == 0)
        let silent = try await service.agent("silent")
        #expect(silent.state == "INACTIVE stale")
        #expect(silent["healthStatus"] == "STALE")
        #expect(silent["updatedBy"] == "router_service/health")
        #expect(silent["lastHealthCheckTimestamp"] == "2026-02-20T12:00:00.000Z")
        #expect(try await service.agent("talks").state == "ACTIVE")
        #expect(try await service.agent("never").state == "ACTIVE")
        try await service.report("silent", "HEALTHY")
        #expect(try await service.agent("silent").state == "ACTIVE")
        #expect(try service.miscountedAgents() == [])
    }

    @Test func `silence counts from when a report came in, whatever time it told`()
        async throws
    {
        let service = try await world()
        try await service.register("a")
        try await service.report("a", "HEALTHY", at: service.clock.now.adding(seconds: -3600))
        service.clock.advance(seconds: 59)
        #expect(try await service.app.parts.watch.look() == 0)
        try await service.report("a", "HEALTHY", at: service.clock.now.adding(seconds: -7200))
        service.clock.advance(seconds: 59)
        #expect(try await service.app.parts.watch.look() == 0)
        service.clock.advance(seconds: 1)
        #expect(try await service.app.parts.watch.look() == 1)
    }

    @Test func `silence keeps a better reason, and ill health replaces silence`() async throws {
        let service = try await world()
        for address in ["ill", "off", "stale"] { try await service.register(address) }
        try await service.report("ill", "UNHEALTHY")
        try await service.report("off", "HEALTHY")
        try await service.report("stale", "HEALTHY")
        _ = await service.send(.delete, "/v1/agent-inboxes/off")
        service.clock.advance(seconds: 60)
        #expect(try await service.app.parts.watch.look() == 3)
        #expect(try await service.agent("ill").state == "INACTIVE health")
        #expect(try await service.agent("ill")["healthStatus"] == "STALE")
        #expect(try await service.agent("off").state == "INACTIVE manual")
        try await service.report("off", "HEALTHY")
        #expect(try await service.agent("off").state == "INACTIVE manual")
        try await service.report("stale", "UNHEALTHY")
        #expect(try await service.agent("stale").state == "INACTIVE health")
    }

    @Test func `without a limit nobody is ever stale`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a")
        try await service.report("a", "HEALTHY")
        service.clock.advance(seconds: 86_400 * 365)
        #expect(try await service.app.parts.watch.look() == 0)
        #expect(try await service.agent("a").state == "ACTIVE")
    }

    @Test func `many silent agents are found in batches`() async throws {
        let service = try await world()
        for number in 1...230 {
            try await service.register("a\(number)")
            try await service.report("a\(number)", "HEALTHY")
        }
        service.clock.advance(seconds: 61)
        #expect(try await service.app.parts.watch.look() == 230)
        #expect(try await service.get("/v1/agent-inboxes?status=INACTIVE")["total"] == 230)
        #expect(try service.miscountedAgents() == [])
    }
}
