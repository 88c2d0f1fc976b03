import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct MappingListTests {
    /// A service with a dozen agents of several kinds.
    private func world() async throws -> Service {
        let service = try await Service(demo: false)
        for number in 10...21 {
            try await service.register(
                "agent-\(number)",
                [
                    ("ownerTeam", number % 2 == 0 ? "Éclair" : "Support"),
                    ("description", .string(number == 15 ? "Über 100% sure_thing" : "plain")),
                    ("inboxDestinationType", number % 3 == 0 ? "CUSTOM" : "FRONTDESK_INBOX"),
                ])
        }
        for number in [10, 11, 12] {
            _ = await service.send(.delete, "/v1/agent-inboxes/agent-\(number)")
        }
        return service
    }

    @Test(arguments: [
        ("", 12), ("status=ACTIVE", 9), ("status=INACTIVE", 3), ("ownerTeam=Support", 6),
        ("ownerTeam=support", 0), ("inboxDestinationType=CUSTOM", 4),
        ("inboxDestinationType=NONE", 0),
        ("status=ACTIVE&ownerTeam=Support&inboxDestinationType=CUSTOM", 2), ("q=", 12),
        ("q=AGENT-1", 10), ("q=%C3%BCber", 1), ("q=100%25", 1), ("q=%25", 1), ("q=_", 1),
        ("q=%C3%A9CLAIR", 6), ("q=eclair", 0), ("q=agent-1&status=INACTIVE", 3), ("q=nobody", 0),
    ])
    func `a list is narrowed and counted`(_ query: String, _ count: Int) async throws {
        let service = try await world()
        let list = try await service.get("/v1/agent-inboxes?\(query)")
        #expect(list.status == 200)
        #expect(list["total"] == JSONValue(count))
        #expect(list.addresses.count == count)
        #expect(list.addresses == list.addresses.sorted())
        #expect(list["limit"] == 100)
        #expect(list["nextCursor"] == .null)
        // The same by pages of two.
        var pages: [String] = []
        var cursor = ""
        repeat {
            let page = try await service.get("/v1/agent-inboxes?\(query)&limit=2\(cursor)")
            #expect(page["total"] == JSONValue(count))
            #expect(page.addresses.count <= 2)
            pages += page.addresses
            cursor = page["nextCursor"]?.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(pages == list.addresses)
    }

    @Test func `changes move what is counted`() async throws {
        let service = try await world()
        _ = try await service.put(
            "/v1/agent-inboxes/agent-14", ["ownerTeam": nil, "inboxDestinationType": "CUSTOM"])
        _ = try await service.put("/v1/agent-inboxes/agent-10", ["status": "ACTIVE"])
        _ = await service.send(.delete, "/v1/agent-inboxes/agent-11?purge=true")
        try await service.report("agent-16", "UNHEALTHY")
        #expect(try service.miscountedAgents() == [])
        #expect(try await service.get("/v1/agent-inboxes?status=ACTIVE")["total"] == 9)
        #expect(try await service.get("/v1/agent-inboxes?ownerTeam=Support")["total"] == 5)
    }

    @Test(arguments: [
        "status = 'ACTIVE'", "owner_team = 'Support'", "inbox_destination_type = 'CUSTOM'",
        "removing_since IS NULL",
    ])
    func `no list sorts or reads another tenant's rows`(_ condition: String) async throws {
        let plan = try await Service(demo: false).rows(
            """
            EXPLAIN QUERY PLAN SELECT ai_agent_address, status FROM agent_inboxes
            WHERE tenant_id = 't' AND removing_since IS NULL AND \(condition)
              AND ai_agent_address > 'a' ORDER BY ai_agent_address LIMIT 10
            """
        ).joined()
        #expect(plan.contains("tenant_id=?"))
        #expect(plan.contains("ai_agent_address>?"))
        #expect(!plan.contains("TEMP B-TREE"))
    }
}
