import Foundation
import JSON
import MailServer
import SQLite
import Testing
import WebPeer

@testable import Frontdesk

@Suite struct `Webhooks: attempts` {
    @Test func `a message arrives signed, as pullers would get it`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.register()
        let id = try await world.inboxes.store.send(
            InboxDraft(
                inbox: key, payload: "{\"text\":\"Zoë \u{1F600}\"}",
                sender: InboxDraft.Sender(serviceName: "crm", correlationID: "c-1"),
                orderingKey: "k", requestID: "req_77",
                traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        ).id
        await world.dispatcher.deliverDue()
        let attempt = try #require(try world.received().first)
        #expect(attempt.method == "POST" && attempt.valid == [true])
        #expect(attempt.headers["webhook-id"] == id)
        #expect(attempt.headers["webhook-timestamp"] == String(world.clock.now.unixSeconds))
        #expect(attempt.headers["content-type"] == "application/json")
        #expect(attempt.headers["x-request-id"] == "req_77")
        #expect(attempt.headers["traceparent"]?.hasPrefix("00-4bf92f35") == true)
        let body = try JSONValue(parsing: attempt.body)
        #expect(body["messageId"]?.string == id && body["orderingKey"]?.string == "k")
        #expect(body["publishTime"]?.string == world.clock.now.milliseconds)
        let data = body["data"]?.string.flatMap { Data(base64Encoded: $0) }
        #expect(data.map { String(decoding: $0, as: UTF8.self) } == "{\"text\":\"Zoë \u{1F600}\"}")
        #expect(body["attributes"]?["senderId"]?.string == "crm")
        #expect(try world.row(id)?.state == "delivered")
        #expect(try world.received().count == 1 && world.inboxes.mistakes().isEmpty)
    }

    @Test(arguments: [200, 201, 202, 204, 299])
    func `every 2xx takes the message`(status: Int) async throws {
        let world = try await WebhookWorld()
        let id = try await world.inboxes.send(try await world.register())
        try world.plan(["status": JSONValue(status)])
        await world.dispatcher.deliverDue()
        #expect(try world.row(id)?.state == "delivered")
    }

    @Test(
        arguments: [
            (["status": 302, "headers": ["Location": "/elsewhere"]], "302"),
            (["status": 307, "headers": ["Location": "/elsewhere"]], "redirects"),
            (["status": 400], "400"), (["status": 401], "401"), (["status": 404], "404"),
            (["status": 429], "429"), (["status": 500], "500"), (["status": 503], "503"),
            (["do": "drop"], "reply"),
        ] as [(JSONValue, String)])
    func `anything else is tried again`(plan: JSONValue, words: String) async throws {
        let world = try await WebhookWorld()
        let id = try await world.inboxes.send(try await world.register())
        try world.plan(plan)
        await world.dispatcher.deliverDue()
        let row = try #require(try world.row(id))
        #expect(row.state == "delayed" && row.attempts == 1)
        #expect(row.availableAt == world.clock.now.adding(seconds: 5))
        #expect(row.error?.contains(words) == true, "\(row.error ?? "")")
        world.clock.advance(seconds: 4.999)
        await world.dispatcher.deliverDue()
        #expect(try world.received().count == 1)
        world.clock.advance(seconds: 0.001)
        await world.dispatcher.deliverDue()
        #expect(try world.row(id)?.state == "delivered")
        #expect(try world.received().map { $0.headers["webhook-id"] } == [id, id])
        #expect(try world.received(at: "/elsewhere").isEmpty)
    }

    @Test func `a receiver may ask for more patience`() async throws {
        let world = try await WebhookWorld()
        let id = try await world.inboxes.send(try await world.register())
        try world.plan(["status": 429, "headers": ["Retry-After": "77"]])
        await world.dispatcher.deliverDue()
        #expect(try world.row(id)?.availableAt == world.clock.now.adding(seconds: 77))
    }

    @Test func `a receiver may name the moment to come back`() async throws {
        let world = try await WebhookWorld()
        let id = try await world.inboxes.send(try await world.register())
        let moment = try #require(Timestamp(parsing: "2031-11-06T08:49:37.000000Z"))
        world.clock.advance(
            seconds: moment.secondsSince1970 - world.clock.now.secondsSince1970 - 77)
        try world.plan([
            "status": 503, "headers": ["Retry-After": "Thu, 06 Nov 2031 08:49:37 GMT"],
        ])
        await world.dispatcher.deliverDue()
        #expect(try world.row(id)?.availableAt == moment)
    }

    @Test func `after the last step of the ladder the message is dead`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.register()
        let id = try await world.inboxes.send(key)
        try world.plan(["status": 500, "times": 100])
        for (index, delay) in RetryLadder.delays.enumerated() {
            await world.dispatcher.deliverDue()
            let row = try #require(try world.row(id))
            #expect(row.state == "delayed" && row.attempts == index + 1)
            #expect(row.availableAt == world.clock.now.adding(seconds: delay))
            // The breaker may keep it back for half a minute beyond that.
            world.clock.advance(seconds: max(delay, 30))
        }
        await world.dispatcher.deliverDue()
        let row = try #require(try world.row(id))
        #expect(row.state == "dead" && row.attempts == 11)
        #expect(row.error == "the receiver answered 500")
        #expect(Set(try world.received().map { $0.headers["webhook-id"] }) == [id])
        #expect(try world.received().count == 11 && world.inboxes.mistakes().isEmpty)
        #expect(world.metrics.text.contains(#"type="HTTP_WEBHOOK",outcome="dead"} 1"#))
        #expect(world.metrics.text.contains(#"type="HTTP_WEBHOOK",outcome="failed"} 10"#))
    }

    @Test func `a receiver that is gone for good makes its agent inactive`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.register()
        let first = try await world.inboxes.send(key)
        try world.plan(["status": 410])
        await world.dispatcher.deliverDue()
        let mapping = try world.mappings.require(key)
        #expect(mapping.status == .inactive && mapping.reason == .gone)
        #expect(mapping.updatedBy == "router_service/delivery")
        #expect(try world.row(first)?.state == "ready" && world.row(first)?.attempts == 0)
        world.clock.advance(seconds: 100_000)
        await world.dispatcher.deliverDue()
        #expect(try world.received().count == 1, "what is parked waits")
        try await world.inboxes.set(key, .active)
        await world.dispatcher.deliverDue()
        #expect(try world.row(first)?.state == "delivered")
    }

    @Test func `an address of this machine is refused unless that is allowed`() async throws {
        let world = try await WebhookWorld(allowsPrivate: false)
        let id = try await world.inboxes.send(try await world.register())
        await world.dispatcher.deliverDue()
        let row = try #require(try world.row(id))
        #expect(row.state == "delayed")
        #expect(row.error == "the address is not one of the public Internet")
        #expect(try world.received().isEmpty)
    }

    @Test func `a head that says yes counts, whatever comes of the body`() async throws {
        let world = try await WebhookWorld(timeout: .seconds(1))
        let id = try await world.inboxes.send(try await world.register())
        try world.plan(["do": "hang-body", "status": 200])
        await world.dispatcher.deliverDue()
        #expect(try world.row(id)?.state == "delivered")
    }

    @Test func `the present address counts, not the one of the first attempt`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.register()
        let id = try await world.inboxes.send(key)
        try world.plan(["status": 500])
        await world.dispatcher.deliverDue()
        let url = world.receiver.url("/moved")
        _ = try await world.mappings.change(key, by: MappingAuthor(name: "test")) { mapping in
            mapping.inboxName = url
            return true
        }
        world.clock.advance(seconds: 5)
        await world.dispatcher.deliverDue()
        #expect(try world.received(at: "/moved").first?.headers["webhook-id"] == id)
        #expect(try world.row(id)?.state == "delivered")
    }
}

@Suite struct `Webhooks: side by side` {
    @Test func `a receiver that hangs delays no other`() async throws {
        let world = try await WebhookWorld()
        let slow = try await world.register("/slow")
        let quick = try await world.register("/quick")
        try world.plan(["do": "hang", "times": 100], at: "/slow")
        for _ in 1...20 { try await world.inboxes.send(slow) }
        world.dispatcher.wake(slow)
        try await eventually { try world.received(at: "/slow").count == 8 }
        var ids: [String] = []
        for _ in 1...20 { ids.append(try await world.inboxes.send(quick)) }
        world.dispatcher.wake(quick)
        try await eventually {
            try ids.allSatisfy { try world.row($0)?.state == "delivered" }
        }
        #expect(try world.received(at: "/slow").count == 8, "no more than eight at once")
        await world.dispatcher.stop(within: 0)
    }

    @Test func `a receiver that says nothing is given up, and the message tried again`()
        async throws
    {
        let world = try await WebhookWorld(timeout: .milliseconds(300))
        let id = try await world.inboxes.send(try await world.register())
        try world.plan(["do": "hang"])
        await world.dispatcher.deliverDue()
        let row = try #require(try world.row(id))
        #expect(row.state == "delayed" && row.attempts == 1)
        #expect(row.error?.contains("0.3 s") == true, "\(row.error ?? "")")
    }

    @Test func `messages of one ordering key go one after the other`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.register()
        var ids: [String] = []
        for _ in 1...5 { ids.append(try await world.inboxes.send(key, orderingKey: "k")) }
        let other = try await world.inboxes.send(key)
        try world.plan(["status": 500, "times": 2])
        await world.dispatcher.deliverDue()
        #expect(try Set(world.received().map { $0.headers["webhook-id"] }) == [ids[0], other])
        #expect(try ids.dropFirst().allSatisfy { try world.row($0)?.state == "held" })
        world.clock.advance(seconds: 5)
        await world.dispatcher.deliverDue()
        let kept = try world.received().compactMap { $0.headers["webhook-id"] }
            .filter { $0 != other }
        #expect(kept == [ids[0]] + ids)
        #expect(try ids.allSatisfy { try world.row($0)?.state == "delivered" })
        #expect(try world.inboxes.mistakes().isEmpty)
    }

    @Test func `after five failures in a row nothing is sent for a while, then one`()
        async throws
    {
        let world = try await WebhookWorld()
        let key = try await world.register()
        try world.plan(["status": 500, "times": 6])
        for _ in 1...5 { try await world.inboxes.send(key) }
        await world.dispatcher.deliverDue()
        #expect(try world.received().count == 5)
        for _ in 1...20 { try await world.inboxes.send(key) }
        world.clock.advance(seconds: 29)
        await world.dispatcher.deliverDue()
        #expect(try world.received().count == 5, "the breaker is open")
        world.clock.advance(seconds: 1)
        await world.dispatcher.deliverDue()
        #expect(try world.received().count == 6, "one message is tried, and fails")
        world.clock.advance(seconds: 30)
        await world.dispatcher.deliverDue()
        #expect(try world.received().count > 20)
        world.clock.advance(seconds: 60)
        await world.dispatcher.deliverDue()
        let states = try world.inboxes.store.database.read { connection in
            try connection.all("SELECT DISTINCT state FROM inbox_messages") { try $0.text(0) }
        }
        #expect(states == ["delivered"])
    }
}

@Suite struct `Webhooks: another place` {
    @Test func `what the old place did is held against neither message nor new place`()
        async throws
    {
        let world = try await WebhookWorld()
        let key = try await world.register()
        try world.plan(["status": 500, "times": 10])
        var ids: [String] = []
        for _ in 1...5 { ids.append(try await world.inboxes.send(key)) }
        await world.dispatcher.deliverDue()
        #expect(try world.received().count == 5, "the breaker is open")
        let url = world.receiver.url("/moved")
        _ = try await world.mappings.change(key, by: MappingAuthor(name: "test")) { mapping in
            mapping.inboxName = url
            return true
        }
        #expect(try ids.allSatisfy { try world.row($0)?.attempts == 0 })
        await world.dispatcher.deliverDue()
        #expect(
            try Set(world.received(at: "/moved").map { $0.headers["webhook-id"] }) == Set(ids))
        #expect(try ids.allSatisfy { try world.row($0)?.state == "delivered" })
        #expect(try world.inboxes.mistakes().isEmpty)
    }

    @Test func `attempts at a webhook do not count as pulls`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.register()
        try world.plan(["status": 500])
        let id = try await world.inboxes.send(key)
        await world.dispatcher.deliverDue()
        #expect(try world.row(id)?.state == "delayed")
        _ = try await world.mappings.change(key, by: MappingAuthor(name: "test")) { mapping in
            mapping.destinationType = .frontdeskInbox
            mapping.inboxName = "support"
            return true
        }
        let leases = try await world.inboxes.store.pull(key, LeaseOrder())
        #expect(leases.map(\.attempt) == [1] && leases.first?.message.id == id)
    }
}

@Suite struct `Webhooks: stops and starts` {
    @Test func `what was in the hands of a dead server is tried again after its lease`()
        async throws
    {
        let world = try await WebhookWorld()
        let key = try await world.register()
        let id = try await world.inboxes.send(key)
        let lost = try await world.inboxes.store.lease(
            key, LeaseOrder(count: 10, seconds: 60), for: .httpWebhook)
        #expect(lost.map(\.message.id) == [id])
        world.clock.advance(seconds: 59)
        await world.dispatcher.deliverDue()
        #expect(try world.received().isEmpty)
        world.clock.advance(seconds: 1)
        await world.dispatcher.deliverDue()
        #expect(try world.row(id)?.state == "delivered" && world.row(id)?.attempts == 2)
    }

    @Test func `stopping breaks off what hangs, and the next server tries it at once`()
        async throws
    {
        let world = try await WebhookWorld()
        let key = try await world.register()
        let id = try await world.inboxes.send(key)
        try world.plan(["do": "hang"])
        world.dispatcher.wake(key)
        try await eventually { try world.received().count == 1 }
        await world.dispatcher.stop(within: 0)
        #expect(try world.row(id)?.state == "ready" && world.row(id)?.attempts == 0)
        world.restart()
        await world.dispatcher.deliverDue()
        #expect(try world.row(id)?.state == "delivered")
        #expect(try world.received().map { $0.headers["webhook-id"] } == [id, id])
    }

    @Test func `the timer finds what nobody called for`() async throws {
        let world = try await WebhookWorld()
        let id = try await world.inboxes.send(try await world.register())
        world.dispatcher.start(every: 0.05)
        try await eventually { try world.row(id)?.state == "delivered" }
        await world.dispatcher.stop(within: 1)
    }
}
