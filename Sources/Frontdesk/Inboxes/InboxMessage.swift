import Foundation
import JSON

/// A message to an agent, as whoever delivers it needs it (router.md, section 6).
struct InboxMessage: Sendable {
    /// Where a stored message stands; the words are explained beside the table.
    enum State: String, Sendable, CaseIterable {
        case ready, delayed, held, leased, delivered, acknowledged, dead, removed
    }

    /// The table's own number of the message, in order of arrival; callers never see it.
    let row: Int
    /// The UUID that callers know the message by.
    let id: String
    let inbox: Mapping.Key
    /// The payload's JSON text.
    let payload: String
    /// A JSON object of texts, as it is delivered.
    let attributes: String
    let orderingKey: String?
    let publishedAt: Timestamp
    /// The sender's `traceparent`, to be passed on.
    let traceparent: String?
    /// The request that sent it.
    let requestID: String
}

extension InboxMessage: JSONWritable {
    /// Writes the form that pullers, streams, webhooks and lists of dead letters share.
    func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.field("messageId", id)
            json.field("data", Data(payload.utf8).base64EncodedString())
            json.field("attributes", raw: attributes)
            if let orderingKey { json.field("orderingKey", orderingKey) }
            json.field("publishTime", publishedAt.milliseconds)
        }
    }
}

/// A message as a sender hands it in.
struct InboxDraft: Sendable {
    /// Who sends, in words of the sender's own.
    struct Sender: Sendable {
        var serviceName: String?
        var correlationID: String?
        /// The sender's own id, by which a repeat is known.
        var messageID: String?
    }

    let inbox: Mapping.Key
    /// The payload's JSON text.
    let payload: String
    var sender = Sender()
    var orderingKey: String?
    /// Seconds until it may be delivered.
    var delay = 0
    /// 0 to 9, higher first.
    var priority = 0
    var requestID = ""
    var traceparent: String?

    /// The attributes that the message is delivered with.
    func attributes(id: String, publishedAt: Timestamp) -> String {
        var writer = JSONWriter()
        writer.object { json in
            json.field("messageId", id)
            json.field("aiAgentAddress", inbox.address)
            json.field("timestampPublished", publishedAt.milliseconds)
            json.field("contentType", "application/json")
            if let name = sender.serviceName { json.field("senderId", name) }
            if let id = sender.correlationID { json.field("correlationId", id) }
            if let id = sender.messageID { json.field("senderProvidedMessageId", id) }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// What became of a message that was sent.
struct SentMessage: Sendable {
    /// The id of the message, or of the one that the same sender sent before.
    let id: String
    /// Whether it was stored before, so that nothing was stored now.
    let isRepeat: Bool
    /// The kind of place that it goes to.
    let destination: Mapping.DestinationType
}

/// A message in somebody's hands, who alone may say what became of it.
struct InboxLease: Sendable {
    let message: InboxMessage
    /// What shows that the message is theirs; another lease of the message has another.
    let id: String
    /// When the message goes to somebody else unless its outcome was written by then.
    let until: Timestamp
    /// How often the message was handed out, this time included.
    let attempt: Int

    /// The lease as pullers name it.
    var ackID: String { AckID(messageID: message.id, leaseID: id).text }
}

/// A lease as pullers name it: the message's id and the lease's, opaque to them.
struct AckID: Sendable {
    let messageID: String
    let leaseID: String

    /// A lease of a message.
    init(messageID: String, leaseID: String) {
        self.messageID = messageID
        self.leaseID = leaseID
    }

    /// Reads what a puller sent, nil for what this server cannot have given.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 36, !parts[1].isEmpty else { return nil }
        messageID = String(parts[0])
        leaseID = String(parts[1])
    }

    /// The form that `init` reads.
    var text: String { "\(messageID).\(leaseID)" }
}
