import JSON
import RawHTTP

/// A client that writes without a pause, remembers what was acknowledged, and after a crash sends
/// again what it may send again.
actor LoadClient {
    /// Something asked of the server.
    fileprivate enum Deed {
        case create(mark: String)
        case say(text: String, session: String, isKeyed: Bool)
        case delete(session: String)
    }

    /// What the client knows to be true.
    struct Knowledge: Sendable {
        /// The session of every message that was answered.
        var messages: [String: String] = [:]
        /// The session of every creation that was answered.
        var sessions: [String: String] = [:]
        /// Sessions whose deletion was answered.
        var deleted: Set<String> = []
        /// The session whose deletion was asked for and not answered: it may be there or not.
        var doubtful: String?
        /// What the server answered that it should not have.
        var surprises: [String] = []
    }

    /// A letter for each digit: a number would be taken for an order.
    private static let letters = Dictionary(uniqueKeysWithValues: zip("0123456789", "abcdefghij"))

    private(set) var knowledge = Knowledge()
    private let name: String
    private var count = 0
    private var open: [String] = []
    private var unanswered: Deed?

    /// A client with a name of letters that no other has.
    init(name: String) {
        self.name = name
    }

    /// Writes until the connection breaks.
    func write(to server: RunningServer) async {
        guard let client = try? server.connect() else { return }
        do {
            if let deed = unanswered, deed.mayBeRepeated { try await perform(deed, client) }
            while true { try await perform(nextDeed(), client) }
        } catch {}
    }

    private func nextDeed() -> Deed {
        count += 1
        let word = name + String(count).compactMap { Self.letters[$0] }
        if open.isEmpty || count % 9 == 0 { return .create(mark: word) }
        let session = open[count % open.count]
        if open.count > 3 && count % 7 == 0 { return .delete(session: session) }
        let text =
            switch count % 4 {
            case 0: "I want to complain about ORD-10002: the wheel of \(word) squeaks"
            case 1: "\(word): what is the status of ORD-10001?"
            default: "Good morning, \(word) here"
            }
        return .say(text: text, session: session, isKeyed: count % 2 == 0)
    }

    private func perform(_ deed: Deed, _ client: RawClient) async throws {
        unanswered = deed
        switch deed {
        case .create(let mark):
            let answer = try await client.call(
                "POST", "/agent/sessions", ["metadata": ["mark": .string(mark)]],
                key: "create-\(mark)")
            guard let id = answer["session_id"]?.string else { return note(answer, deed) }
            knowledge.sessions[mark] = id
            open.append(id)
        case .say(let text, let session, let isKeyed):
            let answer = try await client.call(
                "POST", "/agent/messages",
                ["session_id": .string(session), "message": .string(text)],
                key: isKeyed ? "say-\(name)-\(count)" : nil)
            guard answer.status == 200 else { return note(answer, deed) }
            knowledge.messages[text] = session
        case .delete(let session):
            knowledge.doubtful = session
            let answer = try await client.call("DELETE", "/agent/sessions/\(session)")
            // Repeated after a crash, it may find that the first one did it.
            guard answer.status == 200 || answer.status == 404 else { return note(answer, deed) }
            open.removeAll { $0 == session }
            knowledge.deleted.insert(session)
            knowledge.doubtful = nil
        }
        unanswered = nil
    }

    private func note(_ answer: Answer, _ deed: Deed) {
        knowledge.surprises.append("\(answer.status) \(answer.body.text) to \(deed)")
        unanswered = nil
    }
}

extension LoadClient.Deed {
    /// Whether sending it twice does it once.
    fileprivate var mayBeRepeated: Bool {
        if case .say(_, _, let isKeyed) = self { return isKeyed }
        return true
    }
}
