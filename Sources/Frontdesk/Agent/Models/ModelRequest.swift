import HTTPClient
import JSON

/// One request to a model and its streamed answer.
struct ModelRequest: Sendable {
    let client: HTTPClient
    let dialect: any ModelDialect
    let settings: ModelSettings
    /// The W3C trace that the turn belongs to, nil for none.
    let trace: String?
    let clock: Clock

    /// The most bytes of an answer that are read.
    private static let maxBytes = 67_108_864

    /// Sends a body and reads the answer into `reply`, with its text to `say` as it comes.
    ///
    /// Throws `ModelTrouble`, and `CancellationError` when the turn is over.
    func send(
        _ body: [UInt8], within time: Duration, into reply: inout ModelReply,
        say: (String) -> Void
    ) async throws {
        do {
            let response = try await client.stream(request(body, within: time))
            guard response.status == 200 else {
                throw ModelTrouble.status(
                    response.status,
                    retryAfter: RetryAfter.seconds(
                        response.header("Retry-After"), now: clock.now().secondsSince1970))
            }
            let type = response.header("Content-Type")?.lowercased() ?? ""
            if type.hasPrefix("application/json") {
                try await readWhole(response, into: &reply)
            } else {
                try await readEvents(response, into: &reply, say: say)
            }
        } catch let error as HTTPClientError {
            try Task.checkCancellation()
            throw Self.trouble(error)
        }
        say(reply.takeText())
        if !reply.isComplete { throw ModelTrouble.brokenOff }
    }

    private func request(_ body: [UInt8], within time: Duration) -> HTTPClient.Request {
        var request = HTTPClient.Request(
            "POST", settings.baseURL + dialect.path,
            headers: [
                ("Content-Type", "application/json"),
                ("Accept", "text/event-stream, application/json"),
            ] + dialect.headers(key: settings.key), body: body)
        if let trace { request.headers.append(("traceparent", trace)) }
        // The turn's own limit strikes first; this one is for what that has given up.
        request.timeout = time + .seconds(5)
        request.idleTimeout = request.timeout
        request.maxResponseBytes = Self.maxBytes
        // Where it leads is the operator's choice, a server beside this one included.
        request.addresses = .any
        return request
    }

    private func readWhole(
        _ response: HTTPClient.StreamedResponse, into reply: inout ModelReply
    ) async throws {
        var bytes: [UInt8] = []
        for try await chunk in response.body { bytes += chunk }
        guard let answer = try? JSONValue(parsing: bytes) else { throw ModelTrouble.malformed }
        try dialect.readWhole(answer, into: &reply)
    }

    private func readEvents(
        _ response: HTTPClient.StreamedResponse, into reply: inout ModelReply,
        say: (String) -> Void
    ) async throws {
        var events = EventStreamReader()
        for try await chunk in response.body {
            for event in events.take(chunk) where try !read(event.data, into: &reply) { return }
            say(reply.takeText())
        }
        if let event = events.finish() { _ = try read(event.data, into: &reply) }
    }

    /// Takes one event; false when it is the last.
    private func read(_ data: [UInt8], into reply: inout ModelReply) throws -> Bool {
        if data.elementsEqual("[DONE]".utf8) {
            reply.isComplete = true
            return false
        }
        guard let event = try? JSONValue(parsing: data) else { throw ModelTrouble.malformed }
        try dialect.read(event, into: &reply)
        return true
    }

    private static func trouble(_ error: HTTPClientError) -> ModelTrouble {
        switch error.kind {
        case .connection:
            ModelTrouble(summary: "The model's server cannot be reached.", isTransient: true)
        case .timeout:
            ModelTrouble(summary: "The model's server takes too long.", isTransient: true)
        case .tls: ModelTrouble(summary: "The model's server could not prove who it is.")
        case .tooLarge: ModelTrouble(summary: "The model's server answered too much.")
        case .invalidURL, .refusedAddress:
            ModelTrouble(summary: "The model's address is not usable.")
        case .malformed, .cancelled: .malformed
        }
    }
}
