internal import Foundation
internal import HTTPClient
internal import JSON

/// Sends one message by HTTP and reads the reply, as JSON or as a stream of events.
struct Wire: Sendable {
    /// The server.
    let endpoint: MCPEndpoint
    /// What speaks HTTP.
    let http: HTTPClient
    /// Where tokens come from; nil when none is fetched.
    let tokens: TokenSource?

    /// What came back.
    struct Answer {
        /// The session that the server named.
        let session: String?
        /// The result; nil where none was asked for.
        let result: JSONObject?
    }

    /// What a server says beside the reply.
    typealias Aside = @Sendable (Message) -> Void

    /// Sends a letter and returns the answer; throws `MCPError`, and what tokens throw.
    ///
    /// A token that the server refuses is replaced once.
    func send(
        _ letter: Letter, _ deadline: Deadline, hears aside: @escaping Aside
    ) async throws -> Answer {
        guard let tokens else {
            var token: String?
            if case .bearer(let text) = endpoint.credential { token = text }
            return try await exchange(letter, token, deadline, aside)
        }
        let token = try await tokens.current(deadline)
        do {
            return try await exchange(letter, token, deadline, aside)
        } catch let error as MCPError where error.status == 401 {
            tokens.refuse(token)
            return try await exchange(letter, try await tokens.current(deadline), deadline, aside)
        }
    }

    private func exchange(
        _ letter: Letter, _ token: String?, _ deadline: Deadline, _ aside: @escaping Aside
    ) async throws -> Answer {
        do {
            let response = try await http.stream(try request(letter, token, deadline))
            let result = try await read(response, letter, aside)
            return Answer(session: response.header("MCP-Session-Id"), result: result)
        } catch let error as HTTPClientError {
            throw MCPError(error)
        }
    }

    private func request(
        _ letter: Letter, _ token: String?, _ deadline: Deadline
    ) throws -> HTTPClient.Request {
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
        ]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        headers += endpoint.headers + letter.headers
        var request = HTTPClient.Request(
            "POST", endpoint.url, headers: headers, body: JSONValue.object(letter.body).bytes)
        request.timeout = try deadline.remaining()
        request.idleTimeout = request.timeout
        request.maxResponseBytes = endpoint.maxResponseBytes
        request.reusesConnections = !letter.isSentOnce
        // An operator named the server; it may well be on this machine.
        request.addresses = .any
        return request
    }
}

// MARK: - Reading

extension Wire {
    private func read(
        _ response: HTTPClient.StreamedResponse, _ letter: Letter, _ aside: @escaping Aside
    ) async throws -> JSONObject? {
        let type = response.header("Content-Type")?.lowercased() ?? ""
        var reader = ReplyReader(id: letter.id, status: response.status, hears: aside)
        if (200..<300).contains(response.status), type.hasPrefix("text/event-stream") {
            guard letter.id != nil else { return nil }
            for try await chunk in response.body {
                if let result = try reader.take(chunk) { return result }
            }
            throw reader.lack
        }
        var body: [UInt8] = []
        for try await chunk in response.body { body += chunk }
        guard (200..<300).contains(response.status) else {
            throw failure(response, body, letter)
        }
        guard letter.id != nil else { return nil }
        return try reader.whole(body)
    }

    private func failure(
        _ response: HTTPClient.StreamedResponse, _ body: [UInt8], _ letter: Letter
    ) -> MCPError {
        let status = response.status
        let words = "the server answered \(status): \(excerpt(body))"
        switch status {
        case 401: return .transport(.credential, words, status: status)
        case 429, 503:
            let seconds = RetryAfter.seconds(
                response.header("Retry-After"), now: Date().timeIntervalSince1970)
            let wait = seconds.map { Int(min($0.rounded(.up), 86_400)) }
            return .transport(.overloaded(retryAfter: wait), words, status: status)
        default:
            if status >= 400, let value = try? JSONValue(parsing: body),
                case .refusal(let code, let message, let data) =
                    Message(value, for: letter.id, takesNull: true)
            {
                return Message.error(code: code, message: message, data: data, status: status)
            }
            return .transport(.status(status), words, status: status)
        }
    }
}
