import JSON
import MailServer
import SQLite
import Synchronization
import Testing

@testable import Frontdesk

@Suite struct `E-mail tools: sending` {
    @Test func `a simple e-mail is queued, committed with the turn and sent`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        let turn = world.turn()
        let result = await turn.call(
            "send_simple_email",
            [
                "recipients": ["a@example.com", " b@example.com "], "subject": " Hello ",
                "body": "Line one\nLine two", "cc": "c@example.com, d@example.com",
            ])
        let id = try #require(result["email_id"]?.string)
        #expect(id.hasPrefix("eml_"))
        #expect(
            result == [
                "status": "success", "email_id": .string(id), "state": "queued",
                "message": "Queued for delivery.",
                "recipients": ["a@example.com", "b@example.com"],
                "cc": ["c@example.com", "d@example.com"], "bcc": [], "subject": "Hello",
                "attachments": 0,
            ])
        #expect(try world.row(id) == nil, "nothing is written before the turn ends")
        try await turn.commit()
        await world.worker.deliverDue()
        let message = try #require(try server.messages.first)
        #expect(message.to.map(\.address) == ["a@example.com", "b@example.com"])
        #expect(message.cc.map(\.address) == ["c@example.com", "d@example.com"])
        #expect(message.header("Subject") == "Hello")
        #expect(message.parts[0].text == "Line one\nLine two\n")
        #expect(try world.store.find(id, tenant: .default)?.sessionID == "sess_1")
    }

    @Test func `without a mail server a message is held, and the agent is told`() async throws {
        let world = try await EmailWorld()
        let turn = world.turn()
        let result = await turn.call(
            "send_formatted_email",
            ["recipients": "a@example.com", "subject": "Hi", "html_body": "<p>Hi</p>"])
        #expect(result["state"] == "held")
        #expect(
            result["message"] == "Held in the outbox: outgoing mail is not configured.")
        try await turn.commit()
        let id = try #require(result["email_id"]?.string)
        #expect(try world.row(id) == OutboxRow(state: "held"))
        #expect(try world.store.find(id, tenant: .default)?.isHTML == true)
    }

    @Test func `files, HTML and hidden copies go in one message`() async throws {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try world.folder.write("files/a.pdf", [1, 2, 3])
        try world.folder.write("files/b/c.txt", Array("x".utf8))
        let turn = world.turn()
        let result = await turn.call(
            "send_complete_email",
            [
                "recipients": "a@example.com", "subject": "All", "body": "<b>Hi</b>",
                "html": true, "cc": ["c@example.com"], "bcc": ["h@example.com"],
                "attachments": ["a.pdf", "b/c.txt"],
            ])
        #expect(result["attachments"] == 2)
        #expect(result["bcc"] == ["h@example.com"])
        try await turn.commit()
        await world.worker.deliverDue()
        let message = try #require(try server.messages.first)
        #expect(
            message.structure
                == "multipart/mixed(multipart/alternative(text/plain text/html) "
                + "application/pdf text/plain)")
        #expect(message.rcptTos == ["a@example.com", "c@example.com", "h@example.com"])
        #expect(!message.source.contains("h@example.com"))
        #expect(message.parts.compactMap(\.filename) == ["a.pdf", "c.txt"])
    }

    @Test func `send_email_with_files takes plain text unless told otherwise`() async throws {
        let world = try await EmailWorld()
        try world.folder.write("files/a.txt", [1])
        let turn = world.turn()
        let result = await turn.call(
            "send_email_with_files",
            [
                "recipients": "a@example.com", "subject": "S", "body": "<b>",
                "attachment_paths": ["a.txt"], "html": nil, "cc": nil,
            ])
        #expect(result["status"] == "success" && result["attachments"] == 1)
        #expect(turn.stage.emails.first?.isHTML == false)
    }

    /// A tool, changed arguments, and the kind of error that follows.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let tool: String
        let change: JSONObject
        let type: String
        let word: String
        var testDescription: String { "\(tool) \(JSONValue.object(change).text.prefix(80))" }

        init(
            _ change: JSONObject, _ word: String, type: String = "ValidationError",
            tool: String = "send_simple_email"
        ) {
            self.tool = tool
            self.change = change
            self.type = type
            self.word = word
        }
    }

    static let mistakes: [Mistake] = [
        Mistake(["recipients": nil], "recipients"),
        Mistake(["recipients": []], "recipients"),
        Mistake(["recipients": ""], "recipients"),
        Mistake(["recipients": ","], "recipients"),
        Mistake(["recipients": 5], "recipients"),
        Mistake(["recipients": ["a@example.com", "nonsense"]], "recipients[1]"),
        Mistake(["recipients": .array(Array(repeating: "a@example.com", count: 21))], "recipients"),
        Mistake(
            ["recipients": .string(Array(repeating: "a@b.co", count: 21).joined(separator: ","))],
            "recipients"),
        Mistake(["recipients": "a@example.com\r\nBcc: b@example.com"], "recipients"),
        Mistake(["recipients": ["a@example.com\nRCPT TO:<b@example.com>"]], "recipients"),
        Mistake(["cc": []], "cc"), Mistake(["cc": ["x"]], "cc"),
        Mistake(["subject": nil], "subject"), Mistake(["subject": ""], "subject"),
        Mistake(["subject": "   "], "subject"),
        Mistake(["subject": .string(String(repeating: "s", count: 201))], "subject"),
        Mistake(["subject": "Hi\r\nBcc: b@example.com"], "subject"),
        Mistake(["subject": "Hi\nX"], "subject"), Mistake(["subject": "Hi\u{2028}X"], "subject"),
        Mistake(["subject": "Hi\u{0}X"], "subject"),
        Mistake(["body": nil], "body"), Mistake(["body": ""], "body"),
        Mistake(["body": "a\u{0}b"], "body"), Mistake(["body": "a\u{1B}b"], "body"),
        Mistake(["body": .string(String(repeating: "b", count: 100_001))], "body"),
        Mistake(["bcc": ["b@example.com"]], "bcc"), Mistake(["priority": "high"], "priority"),
        Mistake(["attachment_paths": []], "attachment_paths", tool: "send_email_with_files"),
        Mistake(["attachment_paths": nil], "attachment_paths", tool: "send_email_with_files"),
        Mistake(
            ["attachment_paths": .array(Array(repeating: "a.txt", count: 11))],
            "attachment_paths", tool: "send_email_with_files"),
        Mistake(["html": "yes"], "html", tool: "send_complete_email"),
        Mistake(["attachments": ["../a.txt"]], "name", tool: "send_complete_email"),
        Mistake(["attachments": ["/etc/passwd"]], "name", tool: "send_complete_email"),
        Mistake(["attachments": ["a\nb"]], "attachments", tool: "send_complete_email"),
        Mistake(
            ["attachments": ["none.txt"]], "none.txt", type: "AttachmentNotFound",
            tool: "send_complete_email"),
        Mistake(
            ["attachments": ["big.bin"]], "big.bin", type: "AttachmentTooLarge",
            tool: "send_complete_email"),
    ]

    @Test(arguments: mistakes)
    func `mistakes are named and nothing is staged`(mistake: Mistake) async throws {
        let world = try await EmailWorld { $0.maxAttachmentBytes = 100 }
        try world.folder.write("files/a.txt", [1])
        try world.folder.write("files/big.bin", [UInt8](repeating: 0, count: 101))
        let turn = world.turn()
        var arguments: JSONObject = [
            "recipients": ["a@example.com"], "subject": "Hi", "body": "Hello",
        ]
        for member in mistake.change.members { arguments[member.key] = member.value }
        let result = await turn.call(mistake.tool, .object(arguments))
        #expect(result["error_type"]?.string == mistake.type)
        #expect(result["error"]?.string?.contains(mistake.word) == true, "\(result)")
        #expect(result["error"]?.string?.contains(world.folder.path) == false)
        #expect(turn.stage.isEmpty)
    }

    @Test func `all problems are named in one sentence`() async throws {
        let turn = try await EmailWorld().turn()
        let result = await turn.call(
            "send_simple_email", ["recipients": "nobody", "subject": "a\nb", "extra": 1])
        let sentence = try #require(result["error"]?.string)
        for word in ["recipients", "subject", "body", "extra"] {
            #expect(sentence.contains(word), "\(sentence)")
        }
    }

    @Test func `without a folder attachments are not enabled`() async throws {
        let turn = try await EmailWorld { $0.attachmentsDir = "" }.turn()
        let result = await turn.call(
            "send_complete_email",
            [
                "recipients": "a@example.com", "subject": "Hi", "body": "Hello",
                "attachments": ["a.txt"],
            ])
        #expect(result["error_type"] == "AttachmentsDisabled")
    }

    @Test(arguments: ["recipients", "cc", "bcc"])
    func `only allowed recipients get mail`(line: String) async throws {
        let world = try await EmailWorld { $0.allowedRecipients = ["*@example.com"] }
        let turn = world.turn()
        var arguments: JSONObject = [
            "recipients": ["a@example.com"], "subject": "Hi", "body": "Hello",
        ]
        arguments[line] = ["b@EXAMPLE.com", "c@elsewhere.test"]
        let refused = await turn.call("send_complete_email", .object(arguments))
        #expect(refused["error_type"] == "RecipientNotAllowed")
        #expect(refused["error"]?.string?.contains("c@elsewhere.test") == true)
        #expect(turn.stage.isEmpty)
        arguments[line] = ["b@EXAMPLE.com"]
        let taken = await turn.call("send_complete_email", .object(arguments))
        #expect(taken["status"] == "success")
    }

    @Test func `a customer's conversation writes to that customer only`() async throws {
        let turn = try await EmailWorld().turn(customer: "sarah.johnson@example.com")
        var arguments: JSONObject = [
            "recipients": "Sarah.Johnson@example.com", "subject": "Hi", "body": "Hello",
        ]
        #expect(await turn.call("send_complete_email", .object(arguments))["status"] == "success")
        arguments["bcc"] = ["thief@example.com"]
        let refused = await turn.call("send_complete_email", .object(arguments))
        #expect(refused["error_type"] == "RecipientNotAllowed")
    }

    @Test func `the catalogue names the five tools word for word`() async throws {
        let turn = try await EmailWorld().turn()
        #expect(
            turn.toolbox.tools.map { "\($0.name): \($0.description)" } == [
                "send_simple_email: Send a simple email to a customer",
                "send_formatted_email: Send an HTML email",
                "send_email_with_files: Send an email with attachments",
                "send_complete_email: Send an email with copies, HTML and attachments",
                "test_email_connection: Check the connection to the mail server",
            ])
        #expect(turn.toolbox.tools.allSatisfy { $0.category == .email })
    }
}

@Suite struct `E-mail tools: the connection` {
    @Test func `a server that lets us in is ready`() async throws {
        let server = try await MailServer()
        let left = Mutex(0)
        let turn = try await EmailWorld(server: server).turn { left.withLock { $0 += 1 } }
        let result = await turn.call("test_email_connection")
        #expect(result["status"] == "success")
        #expect(result["sender"] == "desk@shop.example.com")
        #expect(result["message"]?.string?.isEmpty == false)
        #expect(left.withLock { $0 } == 1)
        #expect(try server.commands.map(\.command) == ["CONNECT", "EHLO", "NOOP", "QUIT"])
    }

    @Test func `without a server the turn does not leave the machine`() async throws {
        let left = Mutex(0)
        let turn = try await EmailWorld().turn { left.withLock { $0 += 1 } }
        let result = await turn.call("test_email_connection")
        #expect(result["error_type"] == "EmailNotConfigured")
        #expect(left.withLock { $0 } == 0)
    }

    @Test func `nothing is connected when the turn may not leave`() async throws {
        let server = try await MailServer()
        let turn = try await EmailWorld(server: server).turn { throw CancellationError() }
        let result = await turn.call("test_email_connection")
        #expect(result["status"] == "error")
        #expect(try server.commands.isEmpty)
    }

    @Test func `a server that is down or refuses is a connection error without details`()
        async throws
    {
        let server = try await MailServer()
        let world = try await EmailWorld(server: server)
        try server.fail(at: .connection, .reply("554 5.3.2 internal host mx7 says no"))
        let refused = await world.turn().call("test_email_connection")
        #expect(refused["error_type"] == "EmailConnectionError")
        #expect(refused["error"]?.string?.contains("554") == true)
        #expect(refused["error"]?.string?.contains("mx7") == false)
        try server.stop()
        let down = await world.turn().call("test_email_connection")
        #expect(down["error_type"] == "EmailConnectionError")
        #expect(down["error"]?.string?.contains("127.0.0.1") == false)
    }

    @Test func `arguments are not expected`() async throws {
        let turn = try await EmailWorld().turn()
        let result = await turn.call("test_email_connection", ["host": "evil.test"])
        #expect(result["error_type"] == "ValidationError")
    }
}
