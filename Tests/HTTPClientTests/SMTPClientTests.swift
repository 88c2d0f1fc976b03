import HTTPClient
import MailServer
import Testing

@Suite struct `SMTP client: messages` {
    @Test func `a message arrives byte for byte, for everybody in the envelope`() async throws {
        let server = try await MailServer()
        let text = "Subject: Hi\r\nTo: a@x.test\r\n\r\nHello.\r\n"
        try await client(server).send(
            Array(text.utf8), from: "desk@x.test", to: ["a@x.test", "hidden@x.test"])
        let message = try #require(try server.messages.first)
        #expect(message.source == text)
        #expect(message.mailFrom == "desk@x.test")
        #expect(message.rcptTos == ["a@x.test", "hidden@x.test"])
        #expect(message.login == nil && !message.tls)
        #expect(try server.messages.count == 1)
        #expect(try server.commands.map(\.command).last == "QUIT")
    }

    @Test(arguments: [
        ".\r\n", "..\r\n", ".hidden\r\n", "a\r\n.\r\nb\r\n", "\r\n.\r\n.\r\n", "..a\r\n...b\r\n",
        "no line end", "\r\n\r\n",
    ])
    func `dots at the beginning of lines survive`(body: String) async throws {
        let server = try await MailServer()
        let text = "Subject: dots\r\n\r\n" + body
        try await client(server).send(Array(text.utf8), from: "d@x.test", to: ["a@x.test"])
        let message = try #require(try server.messages.first)
        // Only the last line's missing end may be added.
        #expect(message.source == (text.hasSuffix("\r\n") ? text : text + "\r\n"))
    }

    @Test func `dots survive at every border of libcurl's buffers`() async throws {
        let server = try await MailServer()
        let line = "." + String(repeating: "x", count: 70) + "\r\n"
        let text = "Subject: many dots\r\n\r\n" + String(repeating: line, count: 20_000)
        try await client(server).send(Array(text.utf8), from: "d@x.test", to: ["a@x.test"])
        #expect(try server.messages.first?.source == text)
    }

    @Test func `many messages at once all arrive, each once`() async throws {
        let server = try await MailServer()
        let client = client(server)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...24 {
                group.addTask {
                    try await client.send(
                        Array("Subject: \(number)\r\n\r\nx\r\n".utf8), from: "d@x.test",
                        to: ["a@x.test"])
                }
            }
            try await group.waitForAll()
        }
        let subjects = try server.messages.compactMap { $0.header("Subject") }
        #expect(subjects.count == 24)
        #expect(Set(subjects) == Set((1...24).map { String($0) }))
    }
}

@Suite struct `SMTP client: connections` {
    @Test func `a check connects, does nothing and quits`() async throws {
        let server = try await MailServer()
        try await client(server).check()
        #expect(try server.commands.map(\.command) == ["CONNECT", "EHLO", "NOOP", "QUIT"])
        #expect(try server.messages.isEmpty)
    }

    @Test func `STARTTLS comes before everything else that matters`() async throws {
        let certificate = try Certificate()
        let server = try await MailServer(
            tls: .starttls, certificate: certificate, username: "desk", password: "s3cret ä")
        let client = client(server) {
            $0.startTLS = .required
            $0.certificateAuthorities = certificate.file
            $0.username = "desk"
            $0.password = "s3cret ä"
        }
        try await client.check()
        try await client.send(message, from: "d@x.test", to: ["a@x.test"])
        let received = try #require(try server.messages.first)
        #expect(received.tls)
        #expect(received.login == "desk")
        for command in try server.commands
        where !["CONNECT", "EHLO", "STARTTLS"].contains(command.command) {
            #expect(command.tls, "\(command)")
        }
    }

    @Test func `smtps is encrypted from the first byte`() async throws {
        let certificate = try Certificate()
        let server = try await MailServer(tls: .implicit, certificate: certificate)
        var options = SMTPClient.Options(url: "smtps://127.0.0.1:\(server.port)")
        options.certificateAuthorities = certificate.file
        try await SMTPClient(options).send(message, from: "d@x.test", to: ["a@x.test"])
        #expect(try server.messages.first?.tls == true)
    }

    @Test func `nothing is said when STARTTLS is required but not offered`() async throws {
        let server = try await MailServer()
        let client = client(server) { $0.startTLS = .required }
        let error = await #expect(throws: SMTPError.self) {
            try await client.send(message, from: "d@x.test", to: ["a@x.test"])
        }
        #expect(error?.kind == .temporary)
        #expect(error?.message.contains("STARTTLS") == true, "\(error?.message ?? "")")
        #expect(try !server.commands.contains { $0.command == "MAIL" || $0.command == "AUTH" })
    }

    @Test func `a certificate that nobody vouches for is refused`() async throws {
        let server = try await MailServer(tls: .starttls, certificate: try Certificate())
        let client = client(server) { $0.startTLS = .required }
        let error = await #expect(throws: SMTPError.self) { try await client.check() }
        #expect(error?.message.lowercased().contains("certificate") == true)
        #expect(try !server.commands.contains { $0.command == "NOOP" })
    }

    @Test func `a certificate for another name is refused`() async throws {
        let certificate = try Certificate(for: ["DNS:elsewhere.test"])
        let server = try await MailServer(tls: .implicit, certificate: certificate)
        var options = SMTPClient.Options(url: "smtps://127.0.0.1:\(server.port)")
        options.certificateAuthorities = certificate.file
        let error = await #expect(throws: SMTPError.self) {
            try await SMTPClient(options).check()
        }
        #expect(error?.message.contains("127.0.0.1") == true, "\(error?.message ?? "")")
    }

    @Test func `a wrong password is an error that tells the server's words`() async throws {
        let certificate = try Certificate()
        let server = try await MailServer(
            tls: .starttls, certificate: certificate, username: "desk", password: "right")
        let client = client(server) {
            $0.startTLS = .required
            $0.certificateAuthorities = certificate.file
            $0.username = "desk"
            $0.password = "wrong"
        }
        let error = await #expect(throws: SMTPError.self) { try await client.check() }
        #expect(error?.code == 535)
        #expect(error?.kind == .temporary)
        #expect(error?.message.contains("535") == true)
        #expect(error?.message.contains("wrong") == false)
    }
}

/// A short message.
private let message = Array("Subject: Hi\r\n\r\nHello.\r\n".utf8)

/// A client of `server`, without TLS unless `change` says so.
func client(
    _ server: MailServer, change: (inout SMTPClient.Options) -> Void = { _ in }
) -> SMTPClient {
    var options = SMTPClient.Options(url: "smtp://127.0.0.1:\(server.port)")
    options.startTLS = .off
    change(&options)
    return SMTPClient(options)
}
