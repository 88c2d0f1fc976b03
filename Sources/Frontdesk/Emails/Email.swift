/// A message in the outbox: it commits with the change it tells of and is sent by the worker later.
struct Email: Sendable, Equatable {
    /// `eml_…`; its Message-ID derives from it and never changes.
    let id: String
    /// Whose message it is.
    let tenant: Tenant
    /// `agentKind` for the agent's tools; another kind is written once per `about`.
    var kind = Email.agentKind
    /// What the message tells of, such as an order's id; nil for the agent's.
    var about: String?
    /// The addresses of the To line, at least one.
    let recipients: [String]
    /// The addresses of the Cc line.
    var cc: [String] = []
    /// The addresses that get the message without being named in it.
    var bcc: [String] = []
    /// One line.
    let subject: String
    /// Plain text, or HTML when `isHTML`.
    let body: String
    /// Whether `body` is HTML.
    var isHTML = false
    /// The files that go along.
    var attachments: [Attachment] = []
    /// Where the message stands.
    let state: State
    /// How often sending was begun.
    var attempts = 0
    /// The session whose turn wrote the message; nil outside of conversations.
    var sessionID: String?
    /// The request that wrote the message.
    let requestID: String
    /// When the message was written.
    let createdAt: Timestamp

    /// The `kind` of every message that the agent's tools write.
    static let agentKind = "agent"

    /// Where a message stands.
    enum State: String, Sendable, CaseIterable {
        /// Kept until an operator releases it, because outgoing mail was not configured.
        case held
        /// To be sent as soon as it is due.
        case queued
        /// Being sent by the worker that holds the lease.
        case sending
        /// Taken by the mail server.
        case sent
        /// Given up.
        case failed
    }

    /// A file that goes along, as it was when the message was written.
    struct Attachment: Sendable, Equatable {
        /// The name relative to `email.attachments_dir`.
        let name: String
        /// Bytes.
        let size: Int
        /// The SHA-256 digest as 64 lower-case hexadecimal digits.
        let sha256: String
    }

    /// Everybody who gets the message, each once.
    var envelope: [String] {
        var seen: Set<String> = []
        return (recipients + cc + bcc).filter { seen.insert($0.lowercased()).inserted }
    }
}
