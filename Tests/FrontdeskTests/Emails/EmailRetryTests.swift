import MailServer
import SQLite
import Testing

@testable import Frontdesk

@Suite struct `E-mail worker: failures` {
    @Test func `a 4xx is tried again after each step of the ladder, then given up`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try server.fail(at: .recipient, .reply("450 4.2.1 greylisted"), times: 100)
        try await world.queue(.sample())
        await world.worker.deliverDue()
        for (index, delay) in [30.0, 120, 600, 1800, 7200, 21_600, 86_400].enumerated() {
            let row = try #require(try world.row())
            #expect(row.state == "queued" && row.attempts == index + 1)
            #expect(row.next == world.clock.now.adding(seconds: delay).text)
            #expect(row.lease == nil)
            #expect(row.error?.contains("450 4.2.1 greylisted") == true)
            world.clock.advance(seconds: delay - 0.000_001)
            await world.worker.deliverDue()
            #expect(try world.row()?.attempts == index + 1, "a moment too early")
            world.clock.advance(seconds: 0.000_001)
            await world.worker.deliverDue()
        }
        let last = try #require(try world.row())
        #expect(last.state == "failed" && last.attempts == 8 && last.next == nil)
        world.clock.advance(seconds: 1_000_000)
        await world.worker.deliverDue()
        #expect(try server.commands.count { $0.command == "RCPT" } == 8)
    }

    @Test func `a 4xx that passes ends as sent`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try server.fail(at: .message, .reply("451 4.3.0 later"))
        try await world.queue(.sample())
        await world.worker.deliverDue()
        #expect(try world.row()?.state == "queued")
        world.clock.advance(seconds: 30)
        await world.worker.deliverDue()
        let row = try #require(try world.row())
        #expect(row.state == "sent" && row.attempts == 2 && row.error == nil)
        #expect(try server.messages.count == 1)
    }

    @Test func `a 5xx is given up at once`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try server.fail(at: .recipient, .reply("550 5.1.1 no such user"))
        try await world.queue(.sample())
        await world.worker.deliverDue()
        let row = try #require(try world.row())
        #expect(row.state == "failed" && row.attempts == 1 && row.next == nil)
        #expect(row.error?.contains("550 5.1.1 no such user") == true)
    }

    @Test func `a server that is down is tried again`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try server.stop()
        try await world.queue(.sample())
        await world.worker.deliverDue()
        let row = try #require(try world.row())
        #expect(row.state == "queued" && row.attempts == 1)
        #expect(row.next == world.clock.now.adding(seconds: 30).text)
        #expect(row.error?.isEmpty == false)
    }

    @Test func `who dies while sending leaves a message that is sent again as the same`()
        async throws
    {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        // The server takes the message, but its sender is gone before it hears of it.
        try server.fail(at: .message, .silence)
        try await world.queue(.sample())
        world.worker.wake()
        try await eventually { try !server.messages.isEmpty }
        await world.worker.stop(within: 0)
        #expect(
            try world.row()
                == OutboxRow(
                    state: "sending", attempts: 1, next: "2026-02-20T10:35:00.000000Z",
                    lease: "2026-02-20T10:35:00.000000Z"))

        let next = EmailWorker(
            store: world.store, settings: world.settings, clock: world.clock.clock,
            log: Log(level: .error, output: -1), metrics: Metrics())
        world.clock.advance(seconds: 299.999_999)
        await next.deliverDue()
        #expect(try server.messages.count == 1, "the lease has not run out")
        world.clock.advance(seconds: 0.000_001)
        await next.deliverDue()
        let messages = try server.messages
        #expect(messages.count == 2)
        #expect(messages[0].raw == messages[1].raw)
        #expect(messages[0].header("Message-ID") == messages[1].header("Message-ID"))
        let row = try #require(try world.row())
        #expect(row.state == "sent" && row.attempts == 2)
    }

    @Test func `an outcome counts only while the lease is held`() async throws {
        let world = try await EmailWorld()
        try await world.queue(.sample())
        let now = world.clock.now
        let first = try #require(
            try await world.store.lease(at: now, until: now.adding(seconds: 300)))
        let later = now.adding(seconds: 300)
        #expect(try await world.store.lease(at: now, until: later) == nil)
        let second = try #require(
            try await world.store.lease(at: later, until: later.adding(seconds: 300)))
        #expect(second.email.attempts == 2)
        #expect(try await !world.store.markFailed(first, error: "too late"))
        #expect(try await !world.store.retry(first, at: later, error: "too late"))
        #expect(try await world.store.markSent(second, at: later))
        #expect(try await !world.store.markSent(second, at: later))
        #expect(try world.row()?.error == nil)
    }

    @Test func `what cannot be read or addressed fails without stopping the rest`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try await world.queue(
            .sample(id: "eml_spoilt", createdAt: .sample.adding(seconds: -2)),
            .sample(
                id: "eml_address", recipients: ["a@b.test\r\nRCPT TO:<evil@b.test>"],
                createdAt: .sample.adding(seconds: -1)),
            .sample(id: "eml_good"))
        _ = try await world.database.write { connection in
            try connection.execute(
                "UPDATE emails SET recipients = '{}' WHERE email_id = 'eml_spoilt'")
        }
        await world.worker.deliverDue()
        #expect(try world.row("eml_spoilt")?.state == "failed")
        #expect(try world.row("eml_address")?.state == "failed")
        #expect(try world.row("eml_good")?.state == "sent")
        #expect(try server.messages.map(\.rcptTos) == [["sarah.johnson@example.com"]])
    }
}
