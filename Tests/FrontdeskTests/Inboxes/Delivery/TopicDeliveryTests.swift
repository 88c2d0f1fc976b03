import JSON
import Testing

@testable import Frontdesk

@Suite struct `Topics: publishing` {
    @Test func `a message is published as Pub/Sub wants it`() async throws {
        let world = try await TopicWorld()
        let key = try await world.register()
        let id = try await world.inboxes.store.send(
            InboxDraft(
                inbox: key, payload: "{\"text\":\"Zoë\"}",
                sender: InboxDraft.Sender(
                    serviceName: "crm", correlationID: "c-1", messageID: "m-1"),
                orderingKey: "order-7", requestID: "req_1")
        ).id
        await world.dispatcher.deliverDue()
        let diary = try world.tell()
        #expect(diary.problems == [] && diary.published.count == 1 && diary.tokens == 0)
        let message = try #require(diary.published.first)
        #expect(message.topic == "projects/shop/topics/agent-inbox")
        #expect(message.data == "{\"text\":\"Zoë\"}" && message.orderingKey == "order-7")
        #expect(
            message.attributes == [
                "messageId": id, "aiAgentAddress": key.address,
                "timestampPublished": world.inboxes.clock.now.milliseconds,
                "contentType": "application/json", "senderId": "crm", "correlationId": "c-1",
                "senderProvidedMessageId": "m-1",
            ])
        #expect(try world.rows().map(\.state) == ["delivered"])
    }

    @Test func `messages go together, a hundred at most, and in order`() async throws {
        let world = try await TopicWorld()
        let key = try await world.register()
        for number in 1...250 { try await world.inboxes.send(key, "\(number)") }
        await world.dispatcher.deliverDue()
        let diary = try world.tell()
        #expect(diary.batches == [100, 100, 50] && diary.problems == [])
        #expect(diary.published.map(\.data) == (1...250).map { "{\"text\":\"\($0)\"}" })
        #expect(try Set(world.rows().map(\.state)) == ["delivered"])
        #expect(try world.inboxes.mistakes() == [])
    }

    @Test func `large messages go in requests that Pub/Sub takes`() async throws {
        let world = try await TopicWorld()
        let key = try await world.register()
        let text = String(repeating: "x", count: 250_000)
        for _ in 1...60 { try await world.inboxes.send(key, text) }
        await world.dispatcher.deliverDue()
        let diary = try world.tell()
        #expect(diary.problems == [] && diary.published.count == 60)
        #expect(diary.batches.count > 1)
    }

    @Test func `one ordering key has one message under way`() async throws {
        let world = try await TopicWorld()
        let key = try await world.register()
        for number in 1...4 { try await world.inboxes.send(key, "\(number)", orderingKey: "k") }
        await world.dispatcher.deliverDue()
        let diary = try world.tell()
        #expect(diary.batches == [1, 1, 1, 1])
        #expect(diary.published.map(\.data) == (1...4).map { "{\"text\":\"\($0)\"}" })
    }
}

@Suite struct `Topics: failures` {
    @Test(arguments: [
        (429, "RESOURCE_EXHAUSTED"), (403, "PERMISSION_DENIED"), (404, "NOT_FOUND"),
        (500, "INTERNAL"), (503, "UNAVAILABLE"), (400, "FAILED_PRECONDITION"),
    ])
    func `an error is tried again by the ladder, and told`(
        status: Int, reason: String
    ) async throws {
        let world = try await TopicWorld()
        try await world.inboxes.send(try await world.register())
        try world.tell(["status": JSONValue(status), "reason": .string(reason)])
        await world.dispatcher.deliverDue()
        let row = try #require(try world.rows().first)
        #expect(row.state == "delayed" && row.attempts == 1)
        #expect(row.error == "the topic answered \(status): \(reason): as planned")
        #expect(row.availableAt == world.inboxes.clock.now.adding(seconds: 5))
        world.inboxes.clock.advance(seconds: 5)
        await world.dispatcher.deliverDue()
        #expect(try world.rows().map(\.state) == ["delivered"])
    }

    @Test func `throttling is heeded`() async throws {
        let world = try await TopicWorld()
        try await world.inboxes.send(try await world.register())
        try world.tell([
            "status": 429, "reason": "RESOURCE_EXHAUSTED", "headers": ["Retry-After": "45"],
        ])
        await world.dispatcher.deliverDue()
        let row = try #require(try world.rows().first)
        #expect(row.availableAt == world.inboxes.clock.now.adding(seconds: 45))
    }

    @Test func `one message that is not taken does not keep the others back`() async throws {
        let world = try await TopicWorld()
        let key = try await world.register()
        for number in 1...20 {
            try await world.inboxes.send(key, number == 13 ? "spoilt" : "\(number)")
        }
        try world.tell(["refuse": "spoilt"])
        await world.dispatcher.deliverDue()
        let rows = try world.rows()
        #expect(rows.indices.filter { rows[$0].state != "delivered" } == [12])
        #expect(rows[12].state == "delayed")
        #expect(rows[12].error?.contains("a message is not taken") == true)
        #expect(try world.tell().published.count == 19)
    }

    @Test func `an answer that does not name every message is no success`() async throws {
        let world = try await TopicWorld()
        try await world.inboxes.send(try await world.register())
        try world.tell(["short": true])
        await world.dispatcher.deliverDue()
        let row = try #require(try world.rows().first)
        #expect(row.state == "delayed")
        #expect(row.error == "the topic's answer does not name every message")
    }

    @Test func `after the last step of the ladder the message is dead`() async throws {
        let world = try await TopicWorld()
        try await world.inboxes.send(try await world.register())
        try world.tell(["status": 503, "reason": "UNAVAILABLE", "times": 100])
        for delay in RetryLadder.delays {
            await world.dispatcher.deliverDue()
            world.inboxes.clock.advance(seconds: max(delay, 30))
        }
        await world.dispatcher.deliverDue()
        let row = try #require(try world.rows().first)
        #expect(row.state == "dead" && row.attempts == 11)
        #expect(row.error?.contains("UNAVAILABLE") == true)
    }
}

@Suite struct `Topics: tokens` {
    @Test(arguments: [TopicWorld.Access.keyFile, .metadata])
    func `a token is fetched, kept while it lasts, and fetched anew`(
        access: TopicWorld.Access
    ) async throws {
        let world = try await TopicWorld(access)
        let key = try await world.register()
        for _ in 1...3 {
            try await world.inboxes.send(key)
            await world.dispatcher.deliverDue()
        }
        #expect(try world.tell().problems == [])
        #expect(try world.tell().tokens == 1 && world.tell().published.count == 3)
        // A token that the topics do not take any more is replaced at once.
        try world.tell(["revoke": true])
        try await world.inboxes.send(key)
        await world.dispatcher.deliverDue()
        #expect(try world.tell().tokens == 2 && world.tell().published.count == 4)
        #expect(try Set(world.rows().map(\.state)) == ["delivered"])
        #expect(try Set(world.rows().map(\.attempts)) == [1])
    }

    @Test func `a token is replaced before its end`() async throws {
        let world = try await TopicWorld(.metadata)
        let key = try await world.register()
        for seconds in [3000.0, 538, 2, 0] {
            try await world.inboxes.send(key)
            await world.dispatcher.deliverDue()
            world.inboxes.clock.advance(seconds: seconds)
        }
        #expect(try world.tell().tokens == 2)
    }

    @Test func `many topics wait for one token`() async throws {
        let world = try await TopicWorld(.metadata)
        for number in 1...20 {
            try await world.inboxes.send(
                try await world.register("projects/shop/topics/agent-\(number)"))
        }
        await world.dispatcher.deliverDue()
        #expect(try world.tell().published.count == 20 && world.tell().tokens == 1)
    }

    @Test func `a key file that is none is told with the message`() async throws {
        let world = try await TopicWorld(.spoiltKeyFile)
        try await world.inboxes.send(try await world.register())
        await world.dispatcher.deliverDue()
        let row = try #require(try world.rows().first)
        #expect(row.state == "delayed")
        #expect(row.error?.hasSuffix("is no key file of a service account") == true)
    }

    @Test func `a topic's unusual name stays as it is`() async throws {
        let world = try await TopicWorld()
        try await world.inboxes.send(try await world.register("projects/shop/topics/a.b_c~d+e"))
        await world.dispatcher.deliverDue()
        #expect(try world.tell().published.first?.topic == "projects/shop/topics/a.b_c~d+e")
    }
}
