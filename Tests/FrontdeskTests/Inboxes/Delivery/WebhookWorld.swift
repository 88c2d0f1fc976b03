import HTTPClient
import JSON
import SQLite
import WebPeer

@testable import Frontdesk

/// Inboxes whose messages go to a receiver in Python, and the dispatcher that brings them there.
final class WebhookWorld {
    let inboxes: InboxWorld
    let receiver: WebPeer
    let secrets: WebhookSecretStore
    let mappings: MappingStore
    let metrics = Metrics()
    private(set) var dispatcher: Dispatcher
    private let allowsPrivate: Bool
    private let timeout: Duration
    private let client = HTTPClient()

    /// The clock, which begins at the present, because the receiver looks at its own.
    var clock: TestClock { inboxes.clock }

    /// A world without agents.
    init(allowsPrivate: Bool = true, timeout: Duration = .seconds(60)) async throws {
        inboxes = try await InboxWorld(clock: TestClock(Clock.system.now().text, step: 0))
        receiver = try await WebPeer(script: "webhook/receiver.py", packages: true)
        self.allowsPrivate = allowsPrivate
        self.timeout = timeout
        let database = inboxes.store.database
        secrets = WebhookSecretStore(database: database, clock: inboxes.clock.clock)
        mappings = MappingStore(
            database: database, clock: inboxes.clock.clock, batch: 100,
            follow: { try RouterParts.follow($0, in: $1) })
        dispatcher = Dispatcher(
            Dispatcher.Environment(
                store: inboxes.store, mappings: mappings, deliveries: [],
                clock: inboxes.clock.clock, log: Log(level: .error, output: -1),
                metrics: metrics))
        restart()
    }

    /// Goes on with a dispatcher that knows nothing of what the one before was doing.
    func restart() {
        let delivery = WebhookDelivery(
            client: client, secrets: secrets, clock: clock.clock, allowsPrivate: allowsPrivate,
            timeout: timeout)
        dispatcher = Dispatcher(
            Dispatcher.Environment(
                store: inboxes.store, mappings: mappings, deliveries: [delivery],
                clock: clock.clock, log: Log(level: .error, output: -1), metrics: metrics,
                ladder: RetryLadder(random: { 0.5 })))
        dispatcher.start(every: nil)
    }

    /// Registers a webhook at a path of the receiver, which checks signatures by its secret.
    func register(_ path: String = "/hook") async throws -> Mapping.Key {
        let key = try await inboxes.register(
            "agent\(path)", type: .httpWebhook, name: receiver.url(path))
        let secret = WebhookSecret.make()
        let now = clock.now
        try await inboxes.store.database.write { connection in
            try WebhookSecretStore.insert(secret, for: key, at: now, in: connection)
        }
        try check([secret], at: path)
        return key
    }

    /// Makes the receiver check signatures by each of these secrets.
    func check(_ secrets: [WebhookSecret], at path: String = "/hook") throws {
        let words: JSONValue = .array(secrets.map { .string($0.text) })
        try tell(["secret-of": .string(path), "secrets": words])
    }

    /// Makes the receiver do something else than to answer 200, as `webhook/receiver.py` tells.
    func plan(_ order: JSONValue, at path: String = "/hook") throws {
        var order = order.object ?? JSONObject()
        order["at"] = .string(path)
        try tell(.object(order))
    }

    private func tell(_ order: JSONValue) throws {
        _ = try receiver.ask(order.text, as: [String: Int].self)
    }

    /// What came in at a path, in order.
    func received(at path: String = "/hook") throws -> [ReceivedWebhook] {
        try receiver.ask("{\"diary\": true}", as: WebhookDiary.self).requests
            .filter { $0.path == path }
    }

    /// Where a message stands.
    func row(_ id: String) throws -> MessageRow? {
        try inboxes.store.database.read { connection in
            try connection.first(
                """
                SELECT state, attempts, available_at, last_error FROM inbox_messages
                WHERE message_id = \(id)
                """
            ) { row in
                MessageRow(
                    state: try row.text(0), attempts: try row.integer(1),
                    availableAt: try row.timestamp(2), error: try row.textOrNil(3))
            }
        }
    }
}

/// The part of a message's row that deliveries change.
struct MessageRow: Equatable {
    var state: String
    var attempts: Int
    var availableAt: Timestamp
    var error: String?
}

/// All that a receiver has seen.
struct WebhookDiary: Decodable {
    let requests: [ReceivedWebhook]
}

/// One attempt as a receiver saw it.
struct ReceivedWebhook: Decodable {
    let method: String
    let path: String
    /// The header's fields by their names in lower case.
    let headers: [String: String]
    let body: String
    /// Whether each of the secrets has signed it.
    let valid: [Bool]
}
