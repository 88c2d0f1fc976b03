import MailServer
import SQLite
import Testing

@testable import Frontdesk

@Suite struct `E-mail worker: sending` {
    @Test func `a queued message is sent once and says when`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try await world.queue(.sample(bcc: ["hidden@example.com"]))
        world.clock.advance(seconds: 1)
        await world.worker.deliverDue()
        await world.worker.deliverDue()
        let message = try #require(try server.messages.first)
        #expect(try server.messages.count == 1)
        #expect(message.mailFrom == "desk@shop.example.com")
        #expect(message.rcptTos == ["sarah.johnson@example.com", "hidden@example.com"])
        #expect(message.header("Message-ID") == "<\(Email.sample().id)@shop.example.com>")
        #expect(
            try world.row()
                == OutboxRow(state: "sent", attempts: 1, sent: "2026-02-20T10:30:01.000000Z"))
        #expect(world.metrics.text.contains(#"frontdesk_email_attempts_total{outcome="sent"} 1"#))
    }

    @Test func `many messages go side by side, each once`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        for number in 0..<40 {
            try await world.queue(.sample(id: "eml_\(number)", subject: "Number \(number)"))
        }
        await world.worker.deliverDue()
        let subjects = try server.messages.compactMap { $0.header("Subject") }
        #expect(subjects.count == 40 && Set(subjects).count == 40)
        #expect(try world.store.counts() == [.sent: 40])
    }

    @Test func `new mail is sent at once when the worker is woken`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        world.worker.start(every: 3600)
        try await world.queue(.sample())
        world.worker.wake()
        try await eventually { try world.row()?.state == "sent" }
        await world.worker.stop(within: 10)
        #expect(try server.messages.count == 1)
    }

    @Test func `the timer finds what another process released`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try await world.queue(.sample(state: .held))
        world.worker.start(every: 0.02)
        #expect(try await world.store.release(tenant: nil, at: world.clock.now) == 1)
        try await eventually { try world.row()?.state == "sent" }
        await world.worker.stop(within: 10)
    }

    @Test func `a message that hangs does not keep the others waiting`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try server.fail(at: .message, .hang)
        try await world.queue(.sample(id: "eml_hangs"))
        world.worker.wake()
        try await eventually { try server.commands.last?.command == "DATA" }
        try await world.queue(.sample(id: "eml_goes"))
        world.worker.wake()
        try await eventually { try world.row("eml_goes")?.state == "sent" }
        #expect(try world.row("eml_hangs")?.state == "sending")
        await world.worker.stop(within: 0)
    }

    @Test func `stopping breaks off what hangs and sends nothing more`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try server.fail(at: .message, .hang)
        try await world.queue(.sample())
        world.worker.wake()
        try await eventually { try server.commands.last?.command == "DATA" }
        await world.worker.stop(within: 0)
        #expect(try world.row()?.state == "sending")
        try await world.queue(.sample(id: "eml_later"))
        await world.worker.deliverDue()
        #expect(try world.row("eml_later")?.state == "queued")
        #expect(try server.messages.isEmpty)
    }

    @Test func `attachments are sent as they were queued`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try world.folder.write("files/a/report.pdf", Array("content".utf8))
        let files = try await world.settings.attachments.describe(["a/report.pdf"])
        try await world.queue(.sample(attachments: files))
        await world.worker.deliverDue()
        let part = try #require(try server.messages.first?.parts.last)
        #expect(part.filename == "report.pdf")
        #expect(part.sha256 == files[0].sha256)
    }

    @Test func `a changed or missing attachment fails the message`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try world.folder.write("files/a.txt", Array("one".utf8))
        let files = try await world.settings.attachments.describe(["a.txt"])
        let missing = Email.Attachment(name: "b.txt", size: 1, sha256: "00")
        try world.folder.write("files/a.txt", Array("two".utf8))
        try await world.queue(
            .sample(id: "eml_changed", attachments: files),
            .sample(id: "eml_missing", attachments: [missing]))
        await world.worker.deliverDue()
        let changed = try #require(try world.row("eml_changed"))
        #expect(changed.state == "failed" && changed.error?.contains("changed") == true)
        let gone = try #require(try world.row("eml_missing"))
        #expect(gone.state == "failed" && gone.error?.contains("gone") == true)
        #expect(try server.commands.isEmpty)
    }
}
