import Foundation
import SQLite

@testable import Frontdesk

/// The store of inboxes on a database file of its own, which can be closed and opened again.
final class InboxWorld {
    let clock: TestClock
    let limits: InboxStore.Limits
    private(set) var store: InboxStore
    private let folder: TemporaryFolder
    private let options: Database.Options

    /// An empty database; where `isHasty`, its writes do not wait for the disk.
    init(
        limits: InboxStore.Limits = InboxStore.Limits(), clock: TestClock = TestClock(),
        isHasty: Bool = false
    ) async throws {
        var options = Database.Options()
        if isHasty { options.synchronous = .normal }
        self.options = options
        folder = try TemporaryFolder()
        self.clock = clock
        self.limits = limits
        try await PreparedDatabase.copy(to: folder.path + "/test.db", demo: false)
        store = try InboxWorld.open(folder.path + "/test.db", options, limits, clock)
    }

    deinit {
        store.database.close()
    }

    private static func open(
        _ path: String, _ options: Database.Options, _ limits: InboxStore.Limits,
        _ clock: TestClock
    ) throws -> InboxStore {
        InboxStore(
            database: try Database(path: path, options: options), clock: clock.clock,
            ids: IDMaker(clock: clock.clock), limits: limits)
    }

    /// Closes the database and opens it again, as a restarted server does.
    func restart() throws {
        store.database.close()
        store = try InboxWorld.open(folder.path + "/test.db", options, limits, clock)
    }

    /// Registers an agent and returns its inbox.
    func register(
        _ address: String = "agent@example.com", tenant: Tenant = .default,
        type: Mapping.DestinationType = .frontdeskInbox, name: String = "inbox"
    ) async throws -> Mapping.Key {
        let key = Mapping.Key(tenant: tenant, address: address)
        let mappings = MappingStore(database: store.database, clock: clock.clock, batch: 100)
        _ = try await mappings.register(
            MappingRegistration(key: key, destinationType: type, inboxName: name),
            by: MappingAuthor(name: "test", requestID: "req_test")
        ) { _, _ in }
        return key
    }

    /// Makes an agent active or inactive.
    func set(_ key: Mapping.Key, _ status: Mapping.Status) async throws {
        let mappings = MappingStore(database: store.database, clock: clock.clock, batch: 100)
        _ = try await mappings.change(key, by: MappingAuthor(name: "test")) { mapping in
            try mapping.apply(MappingUpdate(status: status))
            return true
        }
    }

    /// Sends a message with a payload that says `text`, and returns its id.
    @discardableResult
    func send(
        _ key: Mapping.Key, _ text: String = "", orderingKey: String? = nil, delay: Int = 0,
        priority: Int = 0
    ) async throws -> String {
        try await store.send(
            InboxDraft(
                inbox: key, payload: "{\"text\":\"\(text)\"}", orderingKey: orderingKey,
                delay: delay, priority: priority, requestID: "req_test")
        ).id
    }

    /// Takes up to `count` messages.
    func pull(_ key: Mapping.Key, _ count: Int = 10) async throws -> [InboxLease] {
        try await store.pull(key, LeaseOrder(count: count))
    }

    /// What is not as it should be: counters that differ from rows, and keys without a head.
    func mistakes() throws -> [String] {
        try store.database.read { try InboxCheck.mistakes(in: $0) }
    }
}

/// Compares what is kept about inboxes with the rows it is kept about.
enum InboxCheck {
    /// Counters that differ from rows, and held messages without a head before them.
    static func mistakes(in connection: borrowing Connection) throws -> [String] {
        let miscounted = try connection.all(
            """
            SELECT address, counted, kept FROM (
                SELECT depth.tenant_id || ' ' || depth.ai_agent_address AS address,
                    ready || ' ' || delayed || ' ' || held || ' ' || leased || ' ' || dead AS kept,
                    count(*) FILTER (WHERE state = 'ready') || ' '
                    || count(*) FILTER (WHERE state = 'delayed') || ' '
                    || count(*) FILTER (WHERE state = 'held') || ' '
                    || count(*) FILTER (WHERE state = 'leased') || ' '
                    || count(*) FILTER (WHERE state = 'dead') AS counted
                FROM inbox_depths depth LEFT JOIN inbox_messages message
                  ON message.tenant_id = depth.tenant_id
                     AND message.ai_agent_address = depth.ai_agent_address
                GROUP BY depth.tenant_id, depth.ai_agent_address)
            WHERE counted <> kept
            """
        ) { "\(try $0.text(0)): rows \(try $0.text(1)), counters \(try $0.text(2))" }
        let headless = try connection.all(
            """
            SELECT held.message_id FROM inbox_messages held
            WHERE held.state = 'held' AND NOT EXISTS (
                SELECT 1 FROM inbox_messages head
                WHERE head.tenant_id = held.tenant_id
                  AND head.ai_agent_address = held.ai_agent_address
                  AND head.ordering_key = held.ordering_key
                  AND (head.state = 'leased'
                    OR head.state IN ('ready', 'delayed') AND head.id < held.id))
            """
        ) { "no head before \(try $0.text(0))" }
        return miscounted + headless
    }
}
