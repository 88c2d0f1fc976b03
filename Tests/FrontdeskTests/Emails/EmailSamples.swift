import Foundation
import HTTPClient
import MailServer

@testable import Frontdesk

extension Email {
    /// An e-mail of which a test names only what it is about.
    static func sample(
        id: String = "eml_0000000000000000000000001", tenant: Tenant = .default,
        kind: String = Email.agentKind, about: String? = nil,
        recipients: [String] = ["sarah.johnson@example.com"], cc: [String] = [],
        bcc: [String] = [], subject: String = "Your order", body: String = "It is on its way.",
        isHTML: Bool = false, attachments: [Attachment] = [], state: State = .queued,
        createdAt: Timestamp = .sample
    ) -> Email {
        Email(
            id: id, tenant: tenant, kind: kind, about: about, recipients: recipients, cc: cc,
            bcc: bcc, subject: subject, body: body, isHTML: isHTML, attachments: attachments,
            state: state, sessionID: "sess_1", requestID: "req_1", createdAt: createdAt)
    }
}

extension Timestamp {
    /// 2026-02-20T10:30:00Z, a Friday.
    static let sample = Timestamp(microseconds: 1_771_583_400_000_000)
}

extension EmailMessage.Sender {
    /// Who writes in the tests.
    static func sample(name: String = "Customer Service") -> EmailMessage.Sender {
        EmailMessage.Sender(address: EmailAddress("desk@shop.example.com")!, name: name)
    }
}

/// What a real server and Python's e-mail package make of a message.
func received(
    _ email: Email, from sender: EmailMessage.Sender = .sample(), files: [EmailMessage.File] = []
) async throws -> Received {
    let messages = try await received([(email, sender)], files: files)
    return messages[0]
}

/// What a real server and Python's e-mail package make of some messages, in their order.
func received(
    _ emails: [(Email, EmailMessage.Sender)], files: [EmailMessage.File] = []
) async throws -> [Received] {
    let server = try await MailServer()
    var options = SMTPClient.Options(url: server.url)
    options.startTLS = .off
    let client = SMTPClient(options)
    for (email, sender) in emails {
        let message = EmailMessage(email, from: sender, files: files)
        try await client.send(message.bytes, from: sender.address.text, to: email.envelope)
    }
    let messages = try server.messages
    guard messages.count == emails.count else {
        throw MailServerError(text: "\(messages.count) of \(emails.count) messages arrived")
    }
    return messages
}

/// A folder that is gone with the test that made it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, with the folders on its way.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
    }

    /// Makes a symbolic link.
    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path + "/" + name, withDestinationPath: target)
    }
}
