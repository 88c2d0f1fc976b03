internal import JSON
internal import Synchronization

/// How a server is spoken to, as the handshake has shown.
struct Era: Sendable {
    /// The ways.
    enum Kind: Sendable, Equatable {
        /// Every request says all that it needs.
        case modern
        /// After `initialize`, in this revision and perhaps in a session.
        case legacy(revision: String, session: String?)
        /// Without any handshake.
        case bare
    }

    /// Which handshake it was.
    let number: Int
    /// The way.
    let kind: Kind
}

/// A request to a server, not yet in the form of an era.
struct Question: Sendable {
    /// The method.
    let method: String
    /// The parameters.
    var params: JSONObject
    /// What the method is about, a tool's name.
    var name: String?
    /// The fields that this request carries.
    var headers: [(name: String, value: String)] = []
    /// The fields that mirror arguments.
    var mirrored: [(name: String, value: String)] = []
    /// Whether it may be sent again when its connection breaks.
    var isRepeatable = false
    /// Awaited before the request leaves.
    var beforeSending: @Sendable () async throws -> Void = {}

    /// A request without a name.
    init(method: String, params: JSONObject) {
        self.method = method
        self.params = params
    }
}

extension MCPClient {
    /// The revision without sessions.
    static let modern = MCPEndpoint.Revision.modern.rawValue
    /// The newest revision with them.
    static let legacy = MCPEndpoint.Revision.legacy.rawValue
    /// The revisions with `initialize` that differ in nothing that matters here.
    private static let legacies = [legacy, "2025-06-18", "2025-03-26", "2024-11-05"]

    /// The era at hand, or a new one.
    func era(_ deadline: Deadline) async throws -> Era {
        if let era = state.withLock(\.era) { return era }
        return try await greeting.join {
            if let era = self.state.withLock(\.era) { return era }
            let kind = try await self.greet(deadline)
            return self.state.withLock { state in
                state.nextEra += 1
                let era = Era(number: state.nextEra, kind: kind)
                state.era = era
                return era
            }
        }
    }

    /// Lets the next request begin with a handshake, unless there was one meanwhile.
    func forget(_ era: Era) {
        state.withLock { state in
            if state.era?.number == era.number { state.era = nil }
        }
    }

    private func greet(_ deadline: Deadline) async throws -> Era.Kind {
        switch endpoint.revision {
        case .modern: return .modern
        case .legacy: break
        case .auto: if try await isModern(deadline) { return .modern }
        }
        do {
            return try await initialize(deadline)
        } catch let error as MCPError where error.isRefusal && endpoint.allowsBareCalls {
            warn("the server refuses every handshake: \(error.message)")
            return .bare
        }
    }

    /// Whether the server knows the revision without sessions.
    private func isModern(_ deadline: Deadline) async throws -> Bool {
        let versions: JSONValue?
        do {
            let result = try await exchange(discovery, .modern, deadline)
            guard let supported = result["supportedVersions"] else { return false }
            versions = supported
        } catch let error as MCPError {
            switch error.kind {
            case .rpc(-32022): versions = error.data?["supported"]
            case .rpc(-32020), .rpc(-32021): return true
            case .connection, .timeout, .cancelled, .credential, .overloaded: throw error
            default: return false
            }
        }
        let names = versions?.array?.compactMap(\.string) ?? []
        return names.contains(Self.modern) || !names.contains(where: Self.legacies.contains)
    }

    /// The question whether the server knows the revision without sessions.
    var discovery: Question {
        var question = Question(method: "server/discover", params: [:])
        question.isRepeatable = true
        return question
    }

    private func initialize(_ deadline: Deadline) async throws -> Era.Kind {
        let id = nextID()
        let letter = Letter.request(
            "initialize",
            [
                "protocolVersion": .string(Self.legacy), "capabilities": [:],
                "clientInfo": clientInfo,
            ], id: id)
        let answer = try await again(true) {
            try await self.wire.send(letter, deadline) { self.hear($0, nil) }
        }
        guard let version = answer.result?["protocolVersion"]?.string,
            Self.legacies.contains(version)
        else {
            throw MCPError(.payload, .malformed, "the server speaks no revision known here")
        }
        let kind = Era.Kind.legacy(revision: version, session: answer.session)
        do {
            let notice = addressed(.notice("notifications/initialized"), kind)
            _ = try await wire.send(notice, deadline) { _ in }
        } catch let error as MCPError where error.isRefusal {
            warn("the server refuses a notification: \(error.message)")
        }
        return kind
    }

    /// Who this is, as messages say it.
    var clientInfo: JSONValue {
        ["name": .string(identity.name), "version": .string(identity.version)]
    }

    /// The next id of a request.
    func nextID() -> Int {
        state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
    }
}

extension MCPError {
    /// Whether the server is there and does not want this request.
    var isRefusal: Bool {
        switch kind {
        case .rpc, .malformed: true
        case .status(let status): (300..<500).contains(status) || status == 501
        default: false
        }
    }
}
