import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct HealthTests {
    @Test func `a report is stored and shows in the record`() async throws {
        let service = try await Service(demo: false)
        try await service.register("agent@example.com")
        let answer = try await service.post(
            "/v1/agent-health-check",
            [
                "ai_agent_address": "agent@example.com", "status": "HEALTHY",
                "details": ["component": "db", "metrics": ["lag": 1.5]],
                "timestamp": "2026-02-20T14:00:00.25+02:00",
            ])
        #expect(answer.status == 200)
        #expect(
            answer.body == [
                "status": "success",
                "message": "Health status recorded for agent agent@example.com",
                "timestamp": "2026-02-20T12:00:00.250000Z",
            ])
        let agent = try await service.agent("agent@example.com")
        #expect(agent["healthStatus"] == "HEALTHY")
        #expect(agent["lastHealthCheckTimestamp"] == "2026-02-20T12:00:00.250Z")
        #expect(agent["updatedBy"] == "router_service/health")
        let list = try await service.get("/v1/agent-inboxes/agent@example.com/health")
        #expect(list["total"] == 1)
        let item = try #require(list["items"]?[0])
        #expect(item["status"] == "HEALTHY")
        #expect(item["details"]?.text == #"{"component":"db","metrics":{"lag":1.5}}"#)
        #expect(item["reportedAt"] == "2026-02-20T12:00:00.250Z")
        #expect(item["receivedAt"] == "2026-02-20T12:00:00.000Z")
    }

    /// What was reported or done, and the state after it.
    struct Story: Sendable, CustomTestStringConvertible {
        var unhealthyAfter = 1
        var healthyAfter = 1
        /// `H` and `U` are reports, `A` and `I` a person's words, `D` a DELETE, `G` a 410.
        let steps: String
        let states: [String]

        var testDescription: String { "\(steps) \(unhealthyAfter)/\(healthyAfter)" }
    }

    @Test(arguments: [
        Story(steps: "HUH", states: ["ACTIVE", "INACTIVE health", "ACTIVE"]),
        Story(
            steps: "UDHA",
            states: ["INACTIVE health", "INACTIVE manual", "INACTIVE manual", "ACTIVE"]),
        Story(steps: "IHUH", states: Array(repeating: "INACTIVE manual", count: 4)),
        Story(
            steps: "UAUH", states: ["INACTIVE health", "ACTIVE", "INACTIVE health", "ACTIVE"]),
        Story(steps: "GHUHA", states: Array(repeating: "INACTIVE gone", count: 4) + ["ACTIVE"]),
        Story(steps: "GI", states: ["INACTIVE gone", "INACTIVE manual"]),
        Story(
            unhealthyAfter: 3, healthyAfter: 2, steps: "UUHUUUHUHH",
            states: [
                "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "INACTIVE health",
                "INACTIVE health", "INACTIVE health", "INACTIVE health", "ACTIVE",
            ]),
    ])
    func `reports and people decide together whether an agent is active`(
        _ story: Story
    ) async throws {
        let service = try await Service(demo: false) {
            $0.router.unhealthyAfter = story.unhealthyAfter
            $0.router.healthyAfter = story.healthyAfter
        }
        try await service.register("a")
        var states: [String] = []
        for step in story.steps {
            try await take(step, service)
            states.append(try await service.agent("a").state)
        }
        #expect(states == story.states)
        #expect(try service.miscountedAgents() == [])
    }

    private func take(_ step: Character, _ service: Service) async throws {
        let path = "/v1/agent-inboxes/a"
        switch step {
        case "H": try await service.report("a", "HEALTHY")
        case "U": try await service.report("a", "UNHEALTHY")
        case "A": _ = try await service.put(path, ["status": "ACTIVE"])
        case "I": _ = try await service.put(path, ["status": "INACTIVE"])
        case "D": _ = await service.send(.delete, path)
        default:
            let key = Mapping.Key(tenant: .default, address: "a")
            let author = MappingAuthor(name: "router_service/delivery")
            _ = try await service.app.parts.mappings.change(key, by: author) { mapping in
                mapping.deactivate(.gone)
                return true
            }
        }
    }

    @Test func `the newest report counts, by its own time`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a")
        let now = service.clock.now
        try await service.report("a", "HEALTHY", at: now)
        let tag = try await service.agent("a").header("ETag")
        try await service.report("a", "UNHEALTHY", at: now.adding(seconds: -1))
        let same = try await service.agent("a")
        #expect(same.state == "ACTIVE")
        #expect(same["healthStatus"] == "HEALTHY")
        #expect(same.header("ETag") == tag)
        // Of equal times the later received one wins.
        try await service.report("a", "UNHEALTHY", at: now)
        #expect(try await service.agent("a").state == "INACTIVE health")
        try await service.report("a", "HEALTHY", at: now.adding(seconds: 299))
        #expect(try await service.agent("a").state == "ACTIVE")
        let list = try await service.get("/v1/agent-inboxes/a/health")
        #expect(list["total"] == 4)
        let statuses = list["items"]?.array?.map { $0["status"]?.string }
        #expect(statuses == ["HEALTHY", "UNHEALTHY", "HEALTHY", "UNHEALTHY"])
        #expect(try service.miscountedAgents() == [])
    }

    @Test func `while hysteresis holds the status the health is told as reported`()
        async throws
    {
        let service = try await Service(demo: false) { $0.router.unhealthyAfter = 2 }
        try await service.register("a")
        try await service.report("a", "UNHEALTHY")
        let agent = try await service.agent("a")
        #expect(agent.state == "ACTIVE")
        #expect(agent["healthStatus"] == "UNHEALTHY")
    }

    @Test func `reports are listed by pages, newest first`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a")
        try await service.register("b")
        let start = service.clock.now
        for number in 0..<7 {
            // Pairs of equal times, so that a page ends within one.
            try await service.report(
                "a", "HEALTHY", at: start.adding(seconds: Double(number / 2)))
        }
        try await service.report("b", "HEALTHY")
        let all = try await service.get("/v1/agent-inboxes/a/health")
        #expect(all["total"] == 7)
        #expect(all["nextCursor"] == .null)
        let ids = all["items"]?.array?.compactMap { $0["healthCheckId"]?.string } ?? []
        #expect(ids == ids.sorted(by: >))
        var pages: [String] = []
        var cursor = ""
        repeat {
            let page = try await service.get("/v1/agent-inboxes/a/health?limit=3\(cursor)")
            #expect(page["total"] == 7)
            #expect(page["limit"] == 3)
            pages += page["items"]?.array?.compactMap { $0["healthCheckId"]?.string } ?? []
            cursor = page["nextCursor"]?.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(pages == ids)
    }

    @Test func `the health of all agents is listed by address`() async throws {
        let service = try await Service(demo: false)
        for address in ["c", "a", "b"] { try await service.register(address) }
        try await service.report("a", "HEALTHY")
        try await service.report("b", "UNHEALTHY")
        let list = try await service.get("/v1/agent-health?limit=2")
        #expect(list["total"] == 3)
        #expect(list["limit"] == 2)
        #expect(
            list["items"] == [
                [
                    "aiAgentAddress": "a", "status": "ACTIVE", "healthStatus": "HEALTHY",
                    "lastHealthCheckTimestamp": "2026-02-20T12:00:00.000Z",
                ],
                [
                    "aiAgentAddress": "b", "status": "INACTIVE", "statusReason": "health",
                    "healthStatus": "UNHEALTHY",
                    "lastHealthCheckTimestamp": "2026-02-20T12:00:00.000Z",
                ],
            ])
        let cursor = try #require(list["nextCursor"]?.string)
        let rest = try await service.get("/v1/agent-health?cursor=\(cursor)")
        #expect(rest.addresses == ["c"])
        #expect(rest["items"]?[0]?["healthStatus"] == .null)
        #expect(rest["nextCursor"] == .null)
    }

    @Test func `all that is wrong with a report is named at once`() async throws {
        let service = try await Service(demo: false)
        let details = JSONValue.string(String(repeating: "x", count: 17_000))
        let answer = try await service.post(
            "/v1/agent-health-check",
            [
                "ai_agent_address": ".", "status": "FINE", "timestamp": "noon",
                "details": ["note": details],
            ])
        #expect(answer.status == 400)
        let fields = answer["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(Set(fields) == ["ai_agent_address", "status", "timestamp", "details"])
        #expect(fields.count == 4)
    }

    @Test func `a keyed report is stored once`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a")
        let body: JSONValue = ["ai_agent_address": "a", "status": "HEALTHY"]
        let headers: Headers = ["Idempotency-Key": "k"]
        let first = try await service.post("/v1/agent-health-check", body, headers: headers)
        service.clock.advance(seconds: 5)
        let second = try await service.post("/v1/agent-health-check", body, headers: headers)
        #expect(second.body == first.body)
        #expect(second.header("Idempotent-Replayed") == "true")
        #expect(try service.rows("SELECT count(*) FROM agent_health_checks") == ["1"])
    }

    @Test func `reports are kept for as long as configured, then removed in batches`()
        async throws
    {
        let service = try await Service(demo: false, clock: TestClock(step: 0)) {
            $0.router.healthRetentionDays = 2
            $0.cleanup.batch = 3
        }
        for address in ["a", "b"] { try await service.register(address) }
        for _ in 1...5 { try await service.report("a", "HEALTHY") }
        for _ in 1...3 { try await service.report("b", "UNHEALTHY") }
        service.clock.advance(seconds: 2 * 86_400)
        try await service.report("a", "HEALTHY")
        #expect(try service.app.sweeper.preview()["agent_health_checks"] == 0)
        service.clock.advance(microseconds: 1)
        #expect(try service.app.sweeper.preview()["agent_health_checks"] == 8)
        #expect(try await service.app.sweeper.sweep()["agent_health_checks"] == 8)
        #expect(try await service.get("/v1/agent-inboxes/a/health")["total"] == 1)
        #expect(try await service.get("/v1/agent-inboxes/b/health")["total"] == 0)
        #expect(try await service.agent("b").state == "INACTIVE health")
        #expect(try service.miscountedAgents() == [])
    }

    @Test func `many reports of one agent at once are all counted`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...50 {
                group.addTask {
                    try await service.report("a", number % 2 == 0 ? "HEALTHY" : "UNHEALTHY")
                }
            }
            try await group.waitForAll()
        }
        let newest = try service.rows(
            """
            SELECT status FROM agent_health_checks
            ORDER BY reported_at DESC, received_at DESC, health_check_id DESC LIMIT 1
            """)
        #expect(try service.rows("SELECT health_status FROM agent_inboxes") == newest)
        #expect(try service.miscountedAgents() == [])
    }
}
