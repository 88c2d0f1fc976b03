import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct MappingTests {
    // MARK: - Registering and reading

    @Test func `an agent is registered once and read as it was stored`() async throws {
        let service = try await Service(demo: false)
        let made = try await service.register(
            "agent-sales@yourorg.com",
            [("description", "Sells."), ("ownerTeam", "Sales"), ("color", "blue")])
        #expect(made.header("Location") == "/v1/agent-inboxes/agent-sales@yourorg.com")
        #expect(made["registrationTimestamp"] == "2026-02-20T12:00:00.000Z")
        #expect(made["lastUpdatedTimestamp"] == made["registrationTimestamp"])
        #expect(made["updatedBy"] == "router_service")
        #expect(made.state == "ACTIVE")
        for absent in ["statusReason", "healthStatus", "lastHealthCheckTimestamp", "color"] {
            #expect(made[absent] == nil)
        }
        let read = try await service.agent("agent-sales@yourorg.com")
        #expect(read.status == 200)
        #expect(read.body == made.body)
        #expect(read.header("ETag") == made.header("ETag"))
        let again = try await service.post(
            "/v1/agent-inboxes",
            [
                "aiAgentAddress": "agent-sales@yourorg.com",
                "inboxDestinationType": "FRONTDESK_INBOX", "inboxName": "x",
            ])
        #expect(again.status == 409)
        #expect(again.code == "agent_exists")
        #expect(try service.miscountedAgents() == [])
    }

    @Test(arguments: [
        ("a/b", "a%2Fb"), ("a%2Fb", "a%252Fb"), ("a+b:c", "a+b:c"), ("50%", "50%25"),
        ("...", "..."), ("health", "health"), ("A.b_c-d@E", "A.b_c-d@E"),
    ])
    func `any address is found under its percent-encoded path`(
        _ address: String, _ path: String
    ) async throws {
        let service = try await Service(demo: false)
        let made = try await service.register(address)
        #expect(made.header("Location") == "/v1/agent-inboxes/\(path)")
        #expect(try await service.agent(path)["aiAgentAddress"] == .string(address))
        #expect(try await service.agent(path + "/")["aiAgentAddress"] == .string(address))
        #expect(try await service.get("/v1/agent-inboxes/\(path)/health").status == 200)
        #expect(await service.send(.delete, "/v1/agent-inboxes/\(path)").status == .noContent)
        #expect(try await service.agent(path).state == "INACTIVE manual")
        #expect(await service.send(.head, "/v1/agent-inboxes/\(path)").status == .ok)
    }

    @Test func `a raw slash is another path, and case matters`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a/b")
        try await service.register("Agent")
        #expect(try await service.agent("a/b").code == "route_not_found")
        #expect(try await service.agent("agent").code == "agent_not_found")
        try await service.register("agent")
    }

    @Test(arguments: [
        ("FRONTDESK_INBOX", "Support, first line"),
        ("HTTP_WEBHOOK", "https://hooks.example.com:8443/in?x=1"),
        ("HTTP_WEBHOOK", "http://[::1]:9000/"),
        ("GCP_PUBSUB_TOPIC", "projects/example.com:p-1/topics/t.1_~+%a"),
        ("CARRIER_PIGEON", "any text at all"), ("X", "y"),
    ])
    func `a name that fits its type is taken`(_ type: String, _ name: String) async throws {
        let service = try await Service(demo: false)
        let made = try await service.register(
            "a", [("inboxDestinationType", .string(type)), ("inboxName", .string(name))])
        #expect(made["inboxName"] == .string(name))
    }

    @Test func `a keyed registration happens once`() async throws {
        let service = try await Service(demo: false)
        let body: JSONValue = [
            "aiAgentAddress": "a", "inboxDestinationType": "FRONTDESK_INBOX", "inboxName": "x",
        ]
        let headers: Headers = ["Idempotency-Key": "k1"]
        let first = try await service.post("/v1/agent-inboxes", body, headers: headers)
        let second = try await service.post("/v1/agent-inboxes", body, headers: headers)
        #expect(second.status == 201)
        #expect(second.body == first.body)
        #expect(second.header("Idempotent-Replayed") == "true")
        #expect(second.header("Location") == "/v1/agent-inboxes/a")
        #expect(try service.rows("SELECT count(*) FROM agent_inboxes") == ["1"])
    }

    // MARK: - Changing

    @Test func `only what is named changes, and null takes a text away`() async throws {
        let service = try await Service(demo: false)
        let made = try await service.register("a", [("description", "d"), ("ownerTeam", "t")])
        service.clock.advance(seconds: 5)
        let first = try await service.put("/v1/agent-inboxes/a", ["inboxName": "new"])
        #expect(first.status == 200)
        #expect(first["inboxName"] == "new")
        #expect(first["description"] == "d")
        #expect(first["updatedBy"] == "router_service/PUT")
        #expect(first["registrationTimestamp"] == made["registrationTimestamp"])
        #expect(first["lastUpdatedTimestamp"] == "2026-02-20T12:00:05.000Z")
        #expect(first.header("ETag") != made.header("ETag"))
        let second = try await service.put(
            "/v1/agent-inboxes/a", ["description": nil, "ownerTeam": nil, "status": "INACTIVE"])
        #expect(second["description"] == nil)
        #expect(second["ownerTeam"] == nil)
        #expect(second.state == "INACTIVE manual")
        let third = try await service.put("/v1/agent-inboxes/a", ["status": "ACTIVE"])
        #expect(third.state == "ACTIVE")
        #expect(try await service.agent("a").body == third.body)
        #expect(try service.miscountedAgents() == [])
    }

    @Test func `a type without a fitting name is refused, both together are taken`()
        async throws
    {
        let service = try await Service(demo: false)
        try await service.register("a")
        let refused = try await service.put(
            "/v1/agent-inboxes/a", ["inboxDestinationType": "HTTP_WEBHOOK"])
        #expect(refused.status == 400)
        #expect(refused["fields"]?[0]?["field"] == "inboxName")
        #expect(try await service.agent("a")["inboxDestinationType"] == "FRONTDESK_INBOX")
        let taken = try await service.put(
            "/v1/agent-inboxes/a",
            ["inboxDestinationType": "GCP_PUBSUB_TOPIC", "inboxName": "projects/p/topics/t"])
        #expect(taken.status == 200)
        #expect(try service.miscountedAgents() == [])
    }

    @Test func `a tag of another state is refused, by PUT and by DELETE`() async throws {
        let service = try await Service(demo: false)
        let old = try #require(try await service.register("a").header("ETag"))
        let changed = try await service.put(
            "/v1/agent-inboxes/a", ["ownerTeam": "x"], headers: ["If-Match": old])
        let new = try #require(changed.header("ETag"))
        for condition in [old, "W/\(new)", "\"other\"", "other, \(old)", ""] {
            let put = try await service.put(
                "/v1/agent-inboxes/a", ["ownerTeam": "y"], headers: ["If-Match": condition])
            #expect(put.status == 412)
            #expect(put.code == "etag_mismatch")
            for path in ["/v1/agent-inboxes/a", "/v1/agent-inboxes/a?purge=true"] {
                let delete = try await service.delete(path, headers: ["If-Match": condition])
                #expect(delete.status == 412)
            }
        }
        #expect(try await service.agent("a")["ownerTeam"] == "x")
        for condition in ["*", "\"other\", \(new)"] {
            let delete = await service.send(
                .delete, "/v1/agent-inboxes/a", headers: ["If-Match": condition])
            #expect(delete.status == (condition == "*" ? .noContent : .preconditionFailed))
        }
    }

    @Test func `of many who change the same state only one succeeds`() async throws {
        let service = try await Service(demo: false)
        var tag = try #require(try await service.register("a").header("ETag"))
        for round in 1...5 {
            let headers: Headers = ["If-Match": tag]
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for number in 1...20 {
                    group.addTask {
                        try await service.put(
                            "/v1/agent-inboxes/a",
                            ["description": .string("\(round)-\(number)")], headers: headers)
                    }
                }
                return try await group.reduce(into: [Answer]()) { $0.append($1) }
            }
            let done = answers.filter { $0.status == 200 }
            #expect(done.count == 1)
            #expect(answers.filter { $0.status == 412 }.count == 19)
            #expect(try await service.agent("a").body == done.first?.body)
            tag = try #require(done.first?.header("ETag"))
        }
        #expect(try service.rows("SELECT version FROM agent_inboxes") == ["6"])
    }

    // MARK: - Removing

    @Test func `a removed agent stays readable and can come back`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a")
        for _ in 1...2 {
            #expect(await service.send(.delete, "/v1/agent-inboxes/a").status == .noContent)
        }
        let read = try await service.agent("a")
        #expect(read.state == "INACTIVE manual")
        #expect(read["updatedBy"] == "router_service/DELETE")
        #expect(
            try await service.put("/v1/agent-inboxes/a", ["status": "ACTIVE"]).state == "ACTIVE")
        #expect(try await service.delete("/v1/agent-inboxes/b").code == "agent_not_found")
        #expect(
            try await service.delete("/v1/agent-inboxes/b?purge=true").code == "agent_not_found")
    }

    @Test func `a purge takes the record and its reports, in as many batches as it takes`()
        async throws
    {
        let service = try await Service(demo: false) { $0.cleanup.batch = 3 }
        let old = try await service.register("a")
        try await service.register("b")
        for _ in 1...10 { try await service.report("a", "HEALTHY") }
        try await service.report("b", "HEALTHY")
        let response = await service.send(.delete, "/v1/agent-inboxes/a?purge=true")
        #expect(response.status == .noContent)
        #expect(try await service.agent("a").code == "agent_not_found")
        #expect(try service.rows("SELECT ai_agent_address FROM agent_inboxes") == ["b"])
        #expect(
            try service.rows("SELECT ai_agent_address FROM agent_health_checks") == ["b"])
        #expect(try service.miscountedAgents() == [])
        let new = try await service.register("a")
        #expect(new.header("ETag") != old.header("ETag"))
        #expect(try await service.get("/v1/agent-inboxes/a/health")["total"] == 0)
    }

    @Test func `a purge takes the messages too, and leaves those of others`() async throws {
        let world = try await InboxWorld()
        let (mine, other) = (try await world.register("a"), try await world.register("b"))
        for number in 1...10 { try await world.send(mine, "\(number)") }
        try await world.send(other)
        let mappings = MappingStore(
            database: world.store.database, clock: world.clock.clock, batch: 3)
        try await mappings.purge(mine, if: MappingCondition([]))
        let left = try world.store.database.read { connection in
            try connection.all(
                """
                SELECT ai_agent_address FROM inbox_messages
                UNION ALL SELECT ai_agent_address FROM inbox_depths
                UNION ALL SELECT ai_agent_address FROM agent_inboxes
                """
            ) { try $0.text(0) }
        }
        #expect(left == ["b", "b", "b"])
    }

    @Test func `a purge that was cut short is finished by the sweeper or the next to register`()
        async throws
    {
        let service = try await Service(demo: false) { $0.cleanup.batch = 2 }
        for address in ["a", "b"] {
            try await service.register(address)
            for _ in 1...9 { try await service.report(address, "HEALTHY") }
        }
        let clock = service.clock
        _ = try await service.app.database.write { connection in
            for address in ["a", "b"] {
                let key = Mapping.Key(tenant: .default, address: address)
                let mapping = try MappingStore.require(key, in: connection)
                try MappingRemoval.mark(mapping, at: clock.now, in: connection)
            }
        }
        #expect(try await service.agent("a").status == 404)
        #expect(try await service.get("/v1/agent-inboxes")["total"] == 0)
        try await service.register("a")
        #expect(try await service.get("/v1/agent-inboxes").addresses == ["a"])
        _ = try await service.app.sweeper.sweep()
        #expect(try service.rows("SELECT ai_agent_address FROM agent_inboxes") == ["a"])
        #expect(try service.rows("SELECT count(*) FROM agent_health_checks") == ["0"])
        #expect(try service.miscountedAgents() == [])
    }

    // MARK: - Cards and tenants

    @Test func `the card says what is true of the mapping`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a@b", [("description", "Sells."), ("ownerTeam", "Sales")])
        let card = try await service.get(
            "/v1/agent-inboxes/a@b/card", headers: ["Host": "desk.example.com:9080"])
        #expect(card["name"] == "a@b")
        #expect(card["description"] == "Sells.")
        #expect(card["url"] == "http://desk.example.com:9080/v1/messages")
        #expect(card["provider"]?["organization"] == "Sales")
        #expect(card["capabilities"]?["streaming"] == false)
        #expect(card["skills"] == [])
        #expect(try await service.get("/v1/agent-inboxes/b/card").code == "agent_not_found")
    }

    @Test func `tenants never see each other's agents`() async throws {
        let service = try await Service(demo: false)
        try await service.register("a", tenant: "one", [("description", "secret")])
        try await service.report("a", "UNHEALTHY", tenant: "one")
        let other: Headers = ["X-Tenant-ID": "two"]
        for path in ["/v1/agent-inboxes/a", "/v1/agent-inboxes/a/health"] {
            #expect(try await service.get(path, headers: other).code == "agent_not_found")
        }
        for path in ["/v1/agent-inboxes", "/v1/agent-inboxes?q=secret", "/v1/agent-health"] {
            let list = try await service.get(path, headers: other)
            #expect(list.addresses == [])
            #expect(list["total"] == 0)
        }
        let put = try await service.put(
            "/v1/agent-inboxes/a", ["status": "ACTIVE"], headers: other)
        #expect(put.status == 404)
        let purge = try await service.delete("/v1/agent-inboxes/a?purge=true", headers: other)
        #expect(purge.status == 404)
        let report = try await service.post(
            "/v1/agent-health-check", ["ai_agent_address": "a", "status": "HEALTHY"],
            headers: other)
        #expect(report.code == "agent_not_found")
        try await service.register("a", tenant: "two")
        #expect(
            await service.send(.delete, "/v1/agent-inboxes/a?purge=true", headers: other)
                .status == .noContent)
        let mine = try await service.agent("a", tenant: "one")
        #expect(mine.state == "INACTIVE health")
        #expect(try service.miscountedAgents() == [])
    }
}
