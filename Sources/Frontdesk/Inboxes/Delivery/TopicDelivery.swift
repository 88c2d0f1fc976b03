import Foundation
import HTTPClient
import JSON

/// Publishes messages to topics of Google Cloud Pub/Sub, over its REST interface.
struct TopicDelivery: Delivery {
    let destination = Mapping.DestinationType.pubSubTopic
    let batch = 100
    let width = 1
    let lease = 120

    let client: HTTPClient
    /// Where topics are, such as `https://pubsub.googleapis.com`.
    let endpoint: String
    let tokens: GoogleTokens
    let clock: Clock
    var timeout = Duration.seconds(30)

    /// Bytes of data in one request; Pub/Sub takes ten million in all.
    private static let requestBytes = 9_000_000

    /// Publishes the messages in as few requests as Pub/Sub's limits allow.
    func attempt(_ leases: [InboxLease], to name: String) async -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        var rest = leases[...]
        while !rest.isEmpty {
            var size = 0
            let some = rest.prefix { lease in
                defer { size += lease.message.payload.utf8.count * 4 / 3 }
                return size < Self.requestBytes
            }
            rest = rest.dropFirst(some.count)
            outcomes += await publish(some, to: name)
        }
        return outcomes
    }

    /// Publishes messages together, or in halves when one of them is not taken.
    private func publish(
        _ leases: ArraySlice<InboxLease>, to topic: String
    ) async -> [DeliveryOutcome] {
        do {
            let answer = try await post(leases, to: topic)
            if answer.status == 400 || answer.status == 413, leases.count > 1 {
                let half = leases.count / 2
                return await publish(leases.prefix(half), to: topic)
                    + publish(leases.dropFirst(half), to: topic)
            }
            let outcome = outcome(of: answer, count: leases.count)
            return leases.map { _ in outcome }
        } catch let error as HTTPClientError {
            return leases.map { _ in
                error.kind == .cancelled ? .brokenOff : .failed(error.message)
            }
        } catch {
            return leases.map { _ in .failed("\(error)") }
        }
    }

    /// Posts with a token, once more with a fresh one when that is refused.
    private func post(
        _ leases: ArraySlice<InboxLease>, to topic: String
    ) async throws -> HTTPClient.Response {
        let path = topic.replacing("%", with: "%25")
        var request = HTTPClient.Request(
            "POST", "\(endpoint)/v1/\(path):publish",
            headers: [("Content-Type", "application/json")], body: Self.body(leases))
        request.timeout = timeout
        // Where the topics are is the operator's word.
        request.addresses = .any
        guard let token = try await tokens.present() else { return try await client.send(request) }
        let answer = try await client.send(request.signed(with: token))
        guard answer.status == 401 else { return answer }
        tokens.forget(token)
        guard let fresh = try await tokens.present() else { return answer }
        return try await client.send(request.signed(with: fresh))
    }

    private static func body(_ leases: ArraySlice<InboxLease>) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.array("messages") { json in
                for lease in leases {
                    json.object { json in
                        let message = lease.message
                        json.field("data", Data(message.payload.utf8).base64EncodedString())
                        json.field("attributes", raw: message.attributes)
                        if let key = message.orderingKey { json.field("orderingKey", key) }
                    }
                }
            }
        }
        return writer.bytes
    }

    private func outcome(of answer: HTTPClient.Response, count: Int) -> DeliveryOutcome {
        let body = try? JSONValue(parsing: answer.body)
        if answer.status == 200 {
            // Without its id nobody knows that a message was taken.
            return body?["messageIds"]?.array?.count == count
                ? .delivered : .failed("the topic's answer does not name every message")
        }
        let error = body?["error"]
        let words = [error?["status"]?.string, error?["message"]?.string].compactMap(\.self)
        let text = (["the topic answered \(answer.status)"] + words).joined(separator: ": ")
        return .failed(
            text,
            after: RetryAfter.seconds(
                answer.header("Retry-After"), now: clock.now().secondsSince1970))
    }
}

extension HTTPClient.Request {
    /// The request with a bearer token.
    fileprivate func signed(with token: String) -> HTTPClient.Request {
        var request = self
        request.headers.append(("Authorization", "Bearer \(token)"))
        return request
    }
}

extension TopicDelivery {
    /// Deliveries as configured: to the emulator that `PUBSUB_EMULATOR_HOST` names, else to the
    /// configured endpoint with a token of a key file, else with one of the machine's own account.
    init(
        _ configuration: Configuration.Router, environment: [String: String],
        client: HTTPClient, clock: Clock
    ) {
        var source = GoogleTokens.Source.metadata(
            host: environment["GCE_METADATA_HOST"] ?? "metadata.google.internal")
        var endpoint = configuration.pubsubEndpoint
        let named = configuration.pubsubCredentials
        let file = named.isEmpty ? environment["GOOGLE_APPLICATION_CREDENTIALS"] ?? "" : named
        if !file.isEmpty { source = .keyFile(file) }
        if let emulator = environment["PUBSUB_EMULATOR_HOST"], !emulator.isEmpty {
            endpoint = emulator.contains("://") ? emulator : "http://\(emulator)"
            source = .none
        }
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.init(
            client: client, endpoint: endpoint,
            tokens: GoogleTokens(source, client: client, clock: clock), clock: clock)
    }
}
