internal import JSON
internal import Synchronization

extension MCPClient {
    /// Asks in the era at hand, with a handshake before it if there is none; throws `MCPError`.
    ///
    /// A session that the server has forgotten is replaced once.
    func ask(_ question: Question, _ deadline: Deadline) async throws -> JSONObject {
        let era = try await era(deadline)
        do {
            return try await exchange(question, era.kind, deadline)
        } catch let error as MCPError where error.status == 404 && era.kind.hasSession {
            forget(era)
            return try await exchange(question, try await self.era(deadline).kind, deadline)
        } catch let error as MCPError where error.isOutage {
            forget(era)
            throw error
        }
    }

    /// Sends a question as an era writes it and returns the result; throws `MCPError`.
    func exchange(
        _ question: Question, _ kind: Era.Kind, _ deadline: Deadline
    ) async throws -> JSONObject {
        try await again(question.isRepeatable) {
            try await question.beforeSending()
            let id = self.nextID()
            let letter = self.letter(question, kind, id: id)
            do {
                let answer = try await self.wire.send(letter, deadline) { self.hear($0, kind) }
                return answer.result ?? JSONObject()
            } catch {
                self.giveUp(id, kind, after: error)
                throw error
            }
        }
    }

    /// Does it once more when the connection breaks and `isAllowed`.
    func again<Value>(
        _ isAllowed: Bool, _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch let error as MCPError where isAllowed && error.kind == .connection {
            return try await work()
        }
    }

    private func letter(_ question: Question, _ kind: Era.Kind, id: Int) -> Letter {
        var params = question.params
        if kind == .modern {
            params["_meta"] = [
                "io.modelcontextprotocol/protocolVersion": .string(Self.modern),
                "io.modelcontextprotocol/clientInfo": clientInfo,
                "io.modelcontextprotocol/clientCapabilities": [:],
            ]
        }
        var letter = addressed(.request(question.method, params, id: id), kind)
        if kind == .modern {
            letter.headers.append(("Mcp-Method", question.method))
            if let name = question.name {
                letter.headers.append(("Mcp-Name", headerValue(name)))
            }
            letter.headers += question.mirrored
        }
        letter.headers += question.headers
        letter.isSentOnce = !question.isRepeatable
        return letter
    }

    /// A letter with the fields that an era wants.
    func addressed(_ letter: Letter, _ kind: Era.Kind) -> Letter {
        var letter = letter
        switch kind {
        case .modern: letter.headers.append(("MCP-Protocol-Version", Self.modern))
        case .legacy(let revision, let session):
            letter.headers.append(("MCP-Protocol-Version", revision))
            if let session { letter.headers.append(("MCP-Session-Id", session)) }
        case .bare: break
        }
        return letter
    }
}

// MARK: - Beside the replies

extension MCPClient {
    /// How long a message may take that nobody waits for.
    private static let asideTime = Duration.seconds(5)

    /// Takes what the server says beside a reply.
    func hear(_ message: Message, _ kind: Era.Kind?) {
        switch message {
        case .notice("notifications/tools/list_changed"):
            state.withLock { $0.list = nil }
        case .request(let id, let method):
            // The revision without sessions has no requests of the server's own.
            if let kind, kind != .modern { mail(.answer(to: id, method: method), kind) }
        default: break
        }
    }

    /// Tells a server that keeps sessions that nobody waits for a reply any more; to others the
    /// end of the connection says so.
    private func giveUp(_ id: Int, _ kind: Era.Kind, after error: any Error) {
        guard case .legacy = kind, let error = error as? MCPError,
            error.kind == .cancelled || error.kind == .timeout
        else { return }
        mail(.notice("notifications/cancelled", ["requestId": JSONValue(id)]), kind)
    }

    private func mail(_ letter: Letter, _ kind: Era.Kind) {
        let letter = addressed(letter, kind)
        Task { [wire] in
            // Nobody waits for it, so nobody could be told of a failure.
            _ = try? await wire.send(letter, Deadline(after: Self.asideTime)) { _ in }
        }
    }
}

extension Era.Kind {
    /// Whether the server may forget the session.
    fileprivate var hasSession: Bool {
        if case .legacy(_, .some) = self { true } else { false }
    }
}
