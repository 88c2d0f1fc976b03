import HTTPClient
import MailServer
import Testing

@Suite struct `SMTP client: failures` {
    /// A reply at a moment, and what becomes of it.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let moment: MailServer.Moment
        let reply: String
        let kind: SMTPError.Kind
        var testDescription: String { "\(moment.rawValue) \(reply)" }
    }

    @Test(arguments: [
        Refusal(moment: .connection, reply: "421 4.3.2 closing", kind: .temporary),
        Refusal(moment: .connection, reply: "554 5.3.2 not for you", kind: .temporary),
        Refusal(moment: .mail, reply: "451 4.3.0 later", kind: .temporary),
        Refusal(moment: .mail, reply: "550 5.7.1 no such sender", kind: .permanent),
        Refusal(moment: .recipient, reply: "450 4.2.1 greylisted", kind: .temporary),
        Refusal(moment: .recipient, reply: "550 5.1.1 no such user", kind: .permanent),
        Refusal(moment: .data, reply: "452 4.3.1 disk full", kind: .temporary),
        Refusal(moment: .data, reply: "554 5.5.1 no valid recipients", kind: .permanent),
        Refusal(moment: .message, reply: "451 4.7.1 try again", kind: .temporary),
        Refusal(moment: .message, reply: "554 5.7.1 spam", kind: .permanent),
    ])
    func `a refusal is told in the server's words`(refusal: Refusal) async throws {
        let server = try await MailServer()
        try server.fail(at: refusal.moment, .reply(refusal.reply))
        let error = await #expect(throws: SMTPError.self) {
            try await client(server).send(message, from: "d@x.test", to: ["a@x.test"])
        }
        #expect(error?.kind == refusal.kind)
        #expect(error?.code == Int(refusal.reply.prefix(3)))
        #expect(error?.message.contains(refusal.reply) == true, "\(error?.message ?? "")")
        #expect(try server.messages.isEmpty)
    }

    @Test func `one refused recipient keeps the message from all`() async throws {
        let server = try await MailServer()
        try server.fail(at: .recipient, .reply("550 5.1.1 no such user"))
        await #expect(throws: SMTPError.self) {
            try await client(server).send(message, from: "d@x.test", to: ["a@x.test", "b@x.test"])
        }
        #expect(try server.messages.isEmpty)
    }

    @Test func `an answer of several lines is told whole`() async throws {
        let server = try await MailServer()
        try server.fail(at: .recipient, .reply("550-5.1.1 no such user\r\n550 5.1.1 ask anna"))
        let error = await #expect(throws: SMTPError.self) {
            try await client(server).send(message, from: "d@x.test", to: ["a@x.test"])
        }
        #expect(error?.code == 550)
        #expect(error?.message.contains("no such user") == true)
        #expect(error?.message.contains("ask anna") == true)
    }

    @Test func `nobody listening is a temporary error`() async throws {
        let server = try await MailServer()
        try server.stop()
        let error = await #expect(throws: SMTPError.self) {
            try await client(server).send(message, from: "d@x.test", to: ["a@x.test"])
        }
        #expect(error?.kind == .temporary)
        #expect(error?.code == nil)
        #expect(error?.message.contains("127.0.0.1") == true)
    }

    @Test(arguments: [
        MailServer.Moment.connection, .ehlo, .mail, .recipient, .data, .message,
    ])
    func `a server that hangs up is a temporary error`(moment: MailServer.Moment) async throws {
        let server = try await MailServer()
        try server.fail(at: moment, .drop, times: 3)
        let error = await #expect(throws: SMTPError.self) {
            try await client(server).send(message, from: "d@x.test", to: ["a@x.test"])
        }
        #expect(error?.kind == .temporary)
        #expect(error?.code == nil)
    }

    @Test(arguments: [MailServer.Moment.connection, .ehlo, .recipient, .data, .message])
    func `a server that falls silent is given up in time`(
        moment: MailServer.Moment
    ) async throws {
        let server = try await MailServer()
        try server.fail(at: moment, .hang, times: 3)
        let client = client(server) {
            $0.connectTimeout = 0.5
            $0.sendTimeout = 0.8
        }
        let start = ContinuousClock.now
        let error = await #expect(throws: SMTPError.self) {
            try await client.send(message, from: "d@x.test", to: ["a@x.test"])
        }
        #expect(error?.kind == .temporary)
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func `a check ends within its time even when the server falls silent`() async throws {
        let server = try await MailServer()
        try server.fail(at: .noop, .hang)
        let client = client(server) { $0.checkTimeout = 0.5 }
        let start = ContinuousClock.now
        await #expect(throws: SMTPError.self) { try await client.check() }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func `a silent farewell does not undo what was done, nor take long`() async throws {
        let server = try await MailServer()
        try server.fail(at: .quit, .hang)
        let start = ContinuousClock.now
        try await client(server).send(message, from: "d@x.test", to: ["a@x.test"])
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(try server.messages.count == 1)
    }

    @Test func `cancelling the task ends the conversation`() async throws {
        let server = try await MailServer()
        try server.fail(at: .message, .hang)
        let sending = Task {
            try await client(server).send(message, from: "d@x.test", to: ["a@x.test"])
        }
        try await eventually { try server.commands.contains(where: { $0.command == "DATA" }) }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
    }

    @Test func `a URL of another kind is refused`() async throws {
        let client = SMTPClient(SMTPClient.Options(url: "file:///etc/passwd"))
        let error = await #expect(throws: SMTPError.self) { try await client.check() }
        #expect(error?.kind == .temporary)
    }
}

/// A short message.
private let message = Array("Subject: Hi\r\n\r\nHello.\r\n".utf8)
