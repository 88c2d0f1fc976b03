import Foundation
import HTTPClient
import JSON
import SQLite
import Subprocess
import Testing
import WebPeer

@testable import Frontdesk

/// Inboxes whose messages are published to topics of a server in Python that knows Pub/Sub's rules.
final class TopicWorld {
    /// How the topics are reached.
    enum Access {
        /// As an emulator, without tokens.
        case emulator
        /// With tokens of a service account's key file.
        case keyFile
        /// With tokens of the machine's own account.
        case metadata
        /// With tokens of a key file that holds something else.
        case spoiltKeyFile
    }

    let inboxes: InboxWorld
    let topics: WebPeer
    let dispatcher: Dispatcher
    private let folder: TemporaryFolder

    /// A world without agents.
    init(_ access: Access = .emulator) async throws {
        folder = try TemporaryFolder()
        inboxes = try await InboxWorld(clock: TestClock(Clock.system.now().text, step: 0))
        var arguments: [String] = []
        if access == .keyFile { try TopicWorld.makeKeys(in: folder.path) }
        if access != .emulator {
            arguments = [
                "--asks", "--key", folder.path + "/public.pem", "--account", TopicWorld.account,
            ]
        }
        topics = try await WebPeer(script: "pubsub/topics.py", arguments: arguments)
        let clock = inboxes.clock.clock
        var configuration = Configuration.Router()
        configuration.pubsubEndpoint = topics.url("")
        let environment = try TopicWorld.environment(access, topics.port, folder.path)
        dispatcher = Dispatcher(
            Dispatcher.Environment(
                store: inboxes.store,
                mappings: MappingStore(
                    database: inboxes.store.database, clock: clock, batch: 100),
                deliveries: [
                    TopicDelivery(
                        configuration, environment: environment, client: HTTPClient(),
                        clock: clock)
                ],
                clock: clock, log: Log(level: .error, output: -1), metrics: Metrics(),
                ladder: RetryLadder(random: { 0.5 })))
        dispatcher.start(every: nil)
    }

    private static let account = "desk@shop.iam.gserviceaccount.com"

    private static func makeKeys(in folder: String) throws {
        for words in [
            ["genpkey", "-algorithm", "RSA", "-out", "\(folder)/key.pem"],
            ["pkey", "-in", "\(folder)/key.pem", "-pubout", "-out", "\(folder)/public.pem"],
        ] {
            #expect(try Subprocess(["openssl"] + words).end() == .exit(0))
        }
    }

    private static func environment(
        _ access: Access, _ port: Int, _ folder: String
    ) throws -> [String: String] {
        switch access {
        case .emulator: return ["PUBSUB_EMULATOR_HOST": "127.0.0.1:\(port)"]
        case .metadata: return ["GCE_METADATA_HOST": "127.0.0.1:\(port)"]
        case .keyFile, .spoiltKeyFile:
            let key = (try? String(contentsOfFile: "\(folder)/key.pem", encoding: .utf8)) ?? "no"
            let file: JSONValue = [
                "type": "service_account", "project_id": "shop", "private_key_id": "k1",
                "private_key": .string(key), "client_email": .string(account),
                "token_uri": .string("http://127.0.0.1:\(port)/token"),
            ]
            try file.text.write(toFile: "\(folder)/account.json", atomically: true, encoding: .utf8)
            return ["GOOGLE_APPLICATION_CREDENTIALS": "\(folder)/account.json"]
        }
    }

    /// Registers an agent whose messages go to a topic.
    func register(_ topic: String = "projects/shop/topics/agent-inbox") async throws -> Mapping.Key
    {
        try await inboxes.register(topic, type: .pubSubTopic, name: topic)
    }

    /// Tells the server in Python what to do, as `pubsub/topics.py` explains, and returns what it
    /// has seen.
    @discardableResult
    func tell(_ order: JSONValue = [:]) throws -> TopicDiary {
        try topics.ask(order.text)
    }

    /// State, attempts and error of all messages, in order of arrival.
    func rows() throws -> [MessageRow] {
        try inboxes.store.database.read { connection in
            try connection.all(
                """
                SELECT state, attempts, available_at, last_error FROM inbox_messages ORDER BY id
                """
            ) { row in
                MessageRow(
                    state: try row.text(0), attempts: try row.integer(1),
                    availableAt: try row.timestamp(2), error: try row.textOrNil(3))
            }
        }
    }
}

/// What the topics have seen.
struct TopicDiary: Decodable {
    /// A message as it was published.
    struct Published: Decodable {
        let topic: String
        let data: String
        let attributes: [String: String]
        let orderingKey: String
    }

    /// What in the requests was against the rules.
    let problems: [String]
    let published: [Published]
    /// How many messages came together.
    let batches: [Int]
    /// How many tokens were given out.
    let tokens: Int
}
