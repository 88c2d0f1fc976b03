import MailServer
import SQLite
import Testing

@testable import Frontdesk

@Suite struct `E-mail outbox` {
    @Test func `held messages go out only after they are released`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        let other = try #require(Tenant("other"))
        try await world.queue(
            .sample(id: "eml_1", state: .held), .sample(id: "eml_2", tenant: other, state: .held))
        world.clock.advance(seconds: 1_000_000)
        await world.worker.deliverDue()
        #expect(try server.commands.isEmpty)
        #expect(try world.store.counts() == [.held: 2])

        #expect(try await world.store.release(tenant: other, at: world.clock.now) == 1)
        await world.worker.deliverDue()
        #expect(try world.row("eml_1") == OutboxRow(state: "held"))
        #expect(try world.row("eml_2")?.state == "sent")
        #expect(try await world.store.release(tenant: nil, at: world.clock.now) == 1)
        #expect(try await world.store.release(tenant: nil, at: world.clock.now) == 0)
        await world.worker.deliverDue()
        #expect(try world.store.counts() == [.sent: 2])
    }

    @Test func `releasing goes on until all are released`() async throws {
        let world = try await EmailWorld()
        try await world.database.write { connection in
            for number in 0..<1203 {
                try EmailStore.insert(.sample(id: "eml_\(number)", state: .held), in: connection)
            }
        }
        #expect(try await world.store.release(tenant: .default, at: world.clock.now) == 1203)
        #expect(try world.store.counts() == [.queued: 1203])
    }

    @Test func `without a mail server nothing is sent, whatever is queued`() async throws {
        let world = try await EmailWorld()
        try await world.queue(.sample())
        world.worker.start(every: 0.01)
        world.worker.wake()
        await world.worker.deliverDue()
        #expect(
            try world.row() == OutboxRow(state: "queued", next: "2026-02-20T10:30:00.000000Z"))
        await world.worker.stop(within: 1)
    }

    @Test func `a kind other than the agent's tells of the same thing once`() async throws {
        let world = try await EmailWorld()
        let other = try #require(Tenant("other"))
        let written = try await world.database.write { connection in
            let kind = "upgrade_confirmation"
            return try [
                EmailStore.insert(
                    .sample(id: "eml_1", kind: kind, about: "ord_1"), in: connection),
                EmailStore.insert(
                    .sample(id: "eml_2", kind: kind, about: "ord_1"), in: connection),
                EmailStore.insert(
                    .sample(id: "eml_3", kind: kind, about: "ord_2"), in: connection),
                EmailStore.insert(
                    .sample(id: "eml_4", tenant: other, kind: kind, about: "ord_1"),
                    in: connection),
                EmailStore.insert(.sample(id: "eml_5"), in: connection),
                EmailStore.insert(.sample(id: "eml_6"), in: connection),
            ]
        }
        #expect(written == [true, false, true, true, true, true])
    }

    @Test func `a message is read back as it was written, by its tenant only`() async throws {
        let world = try await EmailWorld()
        let email = Email.sample(
            cc: ["c@example.com"], bcc: ["d@example.com"], subject: "Größe \"x\"",
            body: "<p>a\nb</p>", isHTML: true,
            attachments: [.init(name: "ä/b.txt", size: 3, sha256: "ab")], state: .held)
        try await world.queue(email)
        #expect(try world.store.find(email.id, tenant: .default) == email)
        #expect(try world.store.find(email.id, tenant: #require(Tenant("other"))) == nil)
    }

    @Test func `the next message is found in a small index, however long the outbox is`()
        async throws
    {
        let world = try await EmailWorld()
        let plan = try world.database.read { connection in
            try connection.all("EXPLAIN QUERY PLAN \(EmailStore.dueQuery(at: .sample))") {
                try $0.text(3)
            }
        }
        #expect(plan == ["SEARCH emails USING INDEX emails_due (next_attempt_at<?)"])
    }
}
