import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct PullingTests {
    private func service(
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws -> Service {
        let service = try await Service(demo: false, change)
        try await service.register("agent")
        return service
    }

    @Test func `each lease has an outcome of its own`() async throws {
        let service = try await service()
        try await service.register("other")
        for text in ["a", "b", "c", "d"] { try await service.message(text) }
        let pulled = try await service.pull()
        #expect(pulled.map(\.text) == ["a", "b", "c", "d"])
        #expect(try await service.figures() == [0, 4, 0, 0, 0])
        #expect(try await service.answer("ack", [pulled[0], pulled[0]]) == ["acked", "acked"])
        #expect(
            try await service.answer("nack", [pulled[1]], [("delaySeconds", 5)]) == ["nacked"])
        #expect(try await service.figures() == [0, 2, 1, 0, 0])
        let extended = try await service.post(
            "/v1/inboxes/agent/extend",
            ["ackIds": [.string(pulled[2].ackID)], "ackDeadlineSeconds": 600])
        #expect(extended["results"]?[0]?["status"] == "extended")
        #expect(extended["results"]?[0]?["leaseUntil"]?.string?.utf8.count == 24)
        service.clock.advance(seconds: 31)
        #expect(
            try await service.answer("ack", pulled)
                == ["acked", "expired", "acked", "expired"])
        let stranger = try Pulled(
            ["ackId": "nonsense", "deliveryAttempt": 1, "message": [:]])
        #expect(try await service.answer("ack", [stranger]) == ["unknown"])
        #expect(
            try await service.answer("ack", [pulled[3]], of: "other") == ["unknown"])
        let again = try await service.pull()
        #expect(again.map(\.text) == ["b", "d"] && again.map(\.attempt) == [2, 2])
        #expect(try service.inboxMistakes() == [])
    }

    @Test func `dead letters are listed page by page, redriven and thrown away`() async throws {
        let service = try await service { $0.router.maxDeliveryAttempts = 2 }
        for number in 1...5 { try await service.message("\(number)") }
        for _ in 1...2 { _ = try await service.answer("nack", try await service.pull()) }
        #expect(try await service.figures() == [0, 0, 0, 0, 5])
        var cursor = ""
        var seen: [String] = []
        repeat {
            let page = try await service.get(
                "/v1/inboxes/agent/dead-letters?limit=2" + cursor)
            #expect(page["total"] == 5 && page["limit"] == 2)
            for item in page["items"]?.array ?? [] {
                #expect(item["attempts"] == 2)
                #expect(item["lastError"]?.string?.isEmpty == false)
                seen.append(item["message"]?["messageId"]?.string ?? "")
            }
            cursor = page["nextCursor"]?.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(Set(seen).count == 5)
        let state = try await service.get("/v1/messages/\(seen[0])")
        #expect(state["state"] == "dead" && state["timestamps"]?["deadAt"] != nil)
        let redriven = try await service.post(
            "/v1/inboxes/agent/dead-letters/redrive",
            ["messageIds": [.string(seen[0]), "nobody", .string(seen[0])]])
        #expect(redriven["redriven"] == 1 && redriven["notFound"] == ["nobody"])
        let deleted = try Answer(
            await service.send(
                .delete, "/v1/inboxes/agent/dead-letters",
                body: JSONValue.object(["messageIds": [.string(seen[1])]]).bytes))
        #expect(deleted["deleted"] == 1 && deleted["notFound"] == [])
        let all = try await service.post(
            "/v1/inboxes/agent/dead-letters/redrive", ["all": true])
        #expect(all["redriven"] == 3)
        let pulled = try await service.pull()
        #expect(pulled.count == 4 && pulled.allSatisfy { $0.attempt == 1 })
        #expect(try service.inboxMistakes() == [])
    }

    @Test func `acknowledged messages are replayed from a time on`() async throws {
        let service = try await service()
        try await service.message("old")
        service.clock.advance(seconds: 60)
        let time = service.clock.now
        try await service.message("new")
        _ = try await service.answer("ack", try await service.pull())
        let answer = try await service.post(
            "/v1/inboxes/agent/seek", ["time": .string(time.milliseconds)])
        #expect(answer["replayed"] == 1)
        #expect(try await service.pull().map(\.text) == ["new"])
    }

    @Test func `the age is that of the oldest that is ready`() async throws {
        let service = try await service()
        try await service.message("a", [("priority", 9)])
        try await service.message("b")
        service.clock.advance(seconds: 90)
        try await service.message("c", [("priority", 9)])
        func age() async throws -> Int? {
            try await service.get("/v1/inboxes/agent/stats")["oldestAgeSeconds"]?.int
        }
        #expect(try await age() == 90)
        _ = try await service.pull(["maxMessages": 3])
        #expect(try await age() == 0)
    }

    @Test func `tenants share addresses and nothing else`() async throws {
        let service = try await service()
        try await service.register("agent", tenant: "other")
        try await service.register("secret", tenant: "other")
        let id = try await service.message("mine")
        let pulled = try await service.pull()
        #expect(try await service.pull(tenant: "other").isEmpty)
        #expect(try await service.answer("ack", pulled, tenant: "other") == ["unknown"])
        #expect(
            try await service.get("/v1/messages/\(id)", headers: ["X-Tenant-ID": "other"]).status
                == 404)
        #expect(try await service.figures(tenant: "other") == [0, 0, 0, 0, 0])
        #expect(try await service.get("/v1/inboxes/secret/stats").code == "agent_not_found")
        for verb in ["ack", "nack", "extend", "pull", "seek"] {
            let answer = try await service.post(
                "/v1/inboxes/secret/\(verb)",
                ["ackIds": ["a"], "ackDeadlineSeconds": 10, "time": "2026-01-01T00:00:00Z"])
            #expect(answer.status == 404 && answer.code == "agent_not_found", "\(verb)")
        }
        let redriven = try await service.post(
            "/v1/inboxes/agent/dead-letters/redrive", ["messageIds": [.string(id)]],
            headers: ["X-Tenant-ID": "other"])
        #expect(redriven["notFound"] == [.string(id)])
        #expect(try await service.answer("ack", pulled) == ["acked"])
    }

    @Test func `what was leased, delayed or dead survives a restart`() async throws {
        let world = try await InboxWorld(limits: InboxStore.Limits(pulls: 1))
        let key = try await world.register()
        for text in ["a", "b", "c"] { try await world.send(key, text) }
        try await world.send(key, "d", delay: 60)
        let leases = try await world.pull(key, 2)
        _ = try await world.store.nack(key, [leases[1].ackID], delay: 0)
        try world.restart()
        let figures = try await world.store.figures(key)
        #expect(
            [figures.depth, figures.inFlight, figures.delayed, figures.dead] == [1, 1, 1, 1])
        #expect(try await world.store.ack(key, [leases[0].ackID]) == [.acked])
    }

    @Test func `figures of all inboxes are on the page for operators`() async throws {
        let service = try await service()
        try await service.message("a")
        try await service.message("b", [("deliverAfterSeconds", 60)])
        _ = try await service.answer("ack", try await service.pull())
        try await service.message("c")
        service.clock.advance(seconds: 5)
        let response = await service.send(.get, "/metrics")
        let text = String(decoding: try await response.collectBody(), as: UTF8.self)
        for line in [
            "frontdesk_inbox_messages{state=\"ready\"} 1",
            "frontdesk_inbox_messages{state=\"delayed\"} 1",
            "frontdesk_inbox_events_total{event=\"sent\"} 3",
            "frontdesk_inbox_events_total{event=\"pulled\"} 1",
            "frontdesk_inbox_events_total{event=\"acked\"} 1",
            "frontdesk_inbox_oldest_seconds 5",
        ] {
            #expect(text.contains("\n" + line), "\(line)")
        }
    }
}
