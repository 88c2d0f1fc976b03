import HTTPClient
import JSON

/// Posts messages to URLs, signed by Standard Webhooks 1.0.
struct WebhookDelivery: Delivery {
    let destination = Mapping.DestinationType.httpWebhook
    let batch = 1
    let width = 8
    let lease = 60

    let client: HTTPClient
    let secrets: WebhookSecretStore
    let clock: Clock
    /// Whether receivers on this machine and its networks are fine.
    let allowsPrivate: Bool
    var timeout = Duration.seconds(15)

    /// Bytes of an answer that are read, only so that its connection can be used again.
    private static let answerBytes = 65_536

    /// Posts the messages one after the other.
    func attempt(_ leases: [InboxLease], to name: String) async -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        for lease in leases { outcomes.append(await attempt(lease.message, to: name)) }
        return outcomes
    }

    /// Somebody has put the mapping there by hand.
    private struct NoSecret: Error, CustomStringConvertible {
        let description = "the webhook has no secret; 'rotate-secret' gives it one"
    }

    private func attempt(_ message: InboxMessage, to url: String) async -> DeliveryOutcome {
        do {
            let answer = try await client.stream(try request(message, to: url))
            let outcome = outcome(of: answer)
            // The head has said it all; a body that does not end well changes nothing.
            do { for try await _ in answer.body {} } catch {}
            return outcome
        } catch let error as HTTPClientError {
            return error.kind == .cancelled ? .brokenOff : .failed(error.message)
        } catch {
            return .failed("the message cannot be signed: \(error)")
        }
    }

    private func request(_ message: InboxMessage, to url: String) throws -> HTTPClient.Request {
        var writer = JSONWriter()
        message.write(to: &writer)
        let body = writer.bytes
        let timestamp = clock.now().unixSeconds
        let signatures = try secrets.find(message.inbox).map { secret in
            try secret.signature(id: message.id, timestamp: timestamp, body: body)
        }
        if signatures.isEmpty { throw NoSecret() }
        var request = HTTPClient.Request(
            "POST", url,
            headers: [
                ("Content-Type", "application/json"), ("webhook-id", message.id),
                ("webhook-timestamp", String(timestamp)),
                ("webhook-signature", signatures.joined(separator: " ")),
            ], body: body)
        if !message.requestID.isEmpty {
            request.headers.append(("X-Request-ID", message.requestID))
        }
        if let traceparent = message.traceparent {
            request.headers.append(("traceparent", traceparent))
        }
        request.timeout = timeout
        request.idleTimeout = timeout
        request.maxResponseBytes = Self.answerBytes
        request.addresses = allowsPrivate ? .any : .publicOnly
        return request
    }

    private func outcome(of answer: HTTPClient.StreamedResponse) -> DeliveryOutcome {
        switch answer.status {
        case 200...299: .delivered
        case 410: .gone("the receiver answered 410: it is gone")
        case 300...399:
            .failed("the receiver answered \(answer.status), and redirects are not followed")
        default:
            .failed(
                "the receiver answered \(answer.status)",
                after: RetryAfter.seconds(
                    answer.header("Retry-After"), now: clock.now().secondsSince1970))
        }
    }
}
