import Foundation
import JSON
import RawHTTP

/// What the clients of the router know together, and what they saw that must not be.
actor RouterLedger {
    /// The id that each text was answered with, by the agent it was sent to.
    private(set) var sent: [String: [String: String]] = [:]
    /// The messages whose acknowledgement was answered.
    private(set) var acked: Set<String> = []
    /// What happened that should not have.
    private(set) var surprises: [String] = []
    /// Until when a message surely belongs to the one who pulled it.
    private var held: [String: ContinuousClock.Instant] = [:]
    /// The highest number of each line that is done with.
    private var done: [String: Int] = [:]

    /// A message as a puller got it.
    struct Pulled: Sendable {
        let id: String
        let ackID: String
        /// The messages that must come in order, such as one sender's with one ordering key.
        let line: String?
        /// The place in the line.
        let number: Int
    }

    /// Notes that a message was accepted; a repeat must have the same id.
    func noteSent(_ text: String, to address: String, as id: String) {
        if let known = sent[address]?[text], known != id {
            surprises.append("'\(text)' was stored as \(known) and as \(id)")
        }
        sent[address, default: [:]][text] = id
    }

    /// Notes that messages were pulled by a request sent at `begun`, to be held for `seconds`.
    func notePulled(_ messages: [Pulled], since begun: ContinuousClock.Instant, for seconds: Int) {
        let now = ContinuousClock.now
        for message in messages {
            if acked.contains(message.id) { surprises.append("\(message.id) came after its ack") }
            if let until = held[message.id], now < until {
                surprises.append("\(message.id) was held by two")
            }
            if let line = message.line, let last = done[line], message.number <= last {
                surprises.append("\(line) went back from \(last) to \(message.number)")
            }
            held[message.id] = begun + .seconds(seconds)
        }
    }

    /// Notes that messages are about to be given back.
    func noteReturning(_ messages: [Pulled]) {
        for message in messages { held[message.id] = nil }
    }

    /// Notes that a message is done with, by the server's word.
    func noteAcked(_ message: Pulled) {
        acked.insert(message.id)
        if let line = message.line { done[line] = max(done[line] ?? 0, message.number) }
    }

    /// Notes an answer that nobody expects.
    func surprise(_ text: String) { surprises.append(text) }
}

/// A client that sends messages without a pause and, after a crash, repeats the one that was not
/// answered.
actor RouterSender {
    private let name: String
    private let address: String
    private let ledger: RouterLedger
    private var count = 0
    private var isAnswered = true

    /// A sender with a name that no other has, to one agent.
    init(_ name: String, to address: String, _ ledger: RouterLedger) {
        self.name = name
        self.address = address
        self.ledger = ledger
    }

    /// Sends until the connection breaks.
    func send(to server: RunningServer) async {
        guard let client = try? server.connect() else { return }
        do {
            while true {
                if isAnswered { count += 1 }
                isAnswered = false
                try await sendOne(client)
                isAnswered = true
            }
        } catch {}
    }

    private func sendOne(_ client: RawClient) async throws {
        let text = "\(name)-\(count)"
        // Either way of sending at most once, in turns.
        let isKeyed = count % 2 == 0
        var body: JSONObject = [
            "aiAgentAddress": .string(address), "payload": ["text": .string(text)],
        ]
        if !isKeyed {
            body["senderMetadata"] = [
                "serviceName": .string(name), "senderProvidedMessageId": .string(text),
            ]
        }
        if count % 3 == 0 { body["orderingKey"] = .string(name) }
        let answer = try await client.call(
            "POST", "/v1/messages", .object(body), key: isKeyed ? text : nil)
        guard answer.status == 202, let id = answer["messageId"]?.string else {
            return await ledger.surprise("\(answer.status) \(answer.body.text) to \(text)")
        }
        await ledger.noteSent(text, to: address, as: id)
    }
}

/// A client that pulls and acknowledges without a pause and, after a crash, repeats the
/// acknowledgement that was not answered.
actor RouterPuller {
    /// How long it holds what it has pulled.
    private static let deadline = 10
    private let address: String
    private let ledger: RouterLedger
    private var unanswered: [RouterLedger.Pulled] = []
    private var count = 0

    /// A puller of one agent's inbox.
    init(of address: String, _ ledger: RouterLedger) {
        self.address = address
        self.ledger = ledger
    }

    /// Works until the connection breaks, or until nothing is left when `drains`.
    func work(on server: RunningServer, drains: Bool = false) async {
        guard let client = try? server.connect() else { return }
        do {
            if !unanswered.isEmpty { try await ack(client) }
            while true {
                count += 1
                let messages = try await pull(client)
                if messages.isEmpty {
                    if drains { return }
                } else if count % 7 == 0 {
                    try await giveBack(messages, client)
                } else {
                    unanswered = messages
                    try await ack(client)
                }
            }
        } catch {}
    }

    private func pull(_ client: RawClient) async throws -> [RouterLedger.Pulled] {
        let begun = ContinuousClock.now
        let answer = try await client.call(
            "POST", "/v1/inboxes/\(address)/pull",
            [
                "maxMessages": 5, "ackDeadlineSeconds": JSONValue(Self.deadline),
                "waitSeconds": 1,
            ])
        guard answer.status == 200, let received = answer["receivedMessages"]?.array else {
            await ledger.surprise("\(answer.status) \(answer.body.text) to a pull")
            return []
        }
        let messages = received.compactMap(RouterLedger.Pulled.init)
        if messages.count != received.count { await ledger.surprise("\(answer.body.text)") }
        await ledger.notePulled(messages, since: begun, for: Self.deadline)
        return messages
    }

    private func ack(_ client: RawClient) async throws {
        let answer = try await post("ack", unanswered, client)
        for (message, result) in zip(unanswered, answer) {
            switch result {
            case "acked": await ledger.noteAcked(message)
            // It took so long that somebody else has it, or will.
            case "expired": break
            default: await ledger.surprise("\(result) to the ack of \(message.id)")
            }
        }
        unanswered = []
    }

    private func giveBack(_ messages: [RouterLedger.Pulled], _ client: RawClient) async throws {
        await ledger.noteReturning(messages)
        for result in try await post("nack", messages, client)
        where result != "nacked" && result != "expired" {
            await ledger.surprise("\(result) to a nack")
        }
    }

    private func post(
        _ verb: String, _ messages: [RouterLedger.Pulled], _ client: RawClient
    ) async throws -> [String] {
        let answer = try await client.call(
            "POST", "/v1/inboxes/\(address)/\(verb)",
            ["ackIds": .array(messages.map { .string($0.ackID) })])
        let results = answer["results"]?.array?.compactMap { $0["status"]?.string } ?? []
        if answer.status != 200 || results.count != messages.count {
            await ledger.surprise("\(answer.status) \(answer.body.text) to \(verb)")
        }
        return results
    }
}

extension RouterLedger.Pulled {
    /// Reads one element of `receivedMessages`; nil when it is none of ours.
    fileprivate init?(_ received: JSONValue) {
        guard let ackID = received["ackId"]?.string, let message = received["message"],
            let id = message["messageId"]?.string, let data = message["data"]?.string,
            let bytes = Data(base64Encoded: data),
            let text = try? JSONValue(parsing: [UInt8](bytes))["text"]?.string,
            let number = text.split(separator: "-").last.flatMap({ Int($0) })
        else { return nil }
        self.init(
            id: id, ackID: ackID, line: message["orderingKey"]?.string, number: number)
    }
}
