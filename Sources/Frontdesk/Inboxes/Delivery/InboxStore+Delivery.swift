import SQLite

extension InboxStore {
    /// Where the messages of an inbox are to go now.
    struct Route: Sendable, Equatable {
        let destination: Mapping.DestinationType
        let name: String
    }

    /// Where messages of an inbox may go, nil when there is nothing to deliver or nobody to take
    /// it: no such agent, an inactive one, or one without a usable name.
    func route(_ key: Mapping.Key) throws -> Route? {
        let now = clock.now()
        return try database.read { connection in
            guard let inbox = try InboxStore.find(key, in: connection),
                let route = InboxStore.route(of: inbox)
            else { return nil }
            let isReady = try connection.first(InboxStore.nextReady(key, limit: 1)) { _ in true }
            let next = try InboxStore.nextChange(key, in: connection)
            return isReady ?? false || next.map { $0 <= now } ?? false ? route : nil
        }
    }

    /// Takes messages that are to go this way; none when the mapping has changed since.
    func lease(
        _ key: Mapping.Key, _ order: LeaseOrder, along route: Route
    ) async throws -> [InboxLease] {
        try await lease(key, order) { connection in
            guard let inbox = try InboxStore.find(key, in: connection),
                InboxStore.route(of: inbox) == route
            else { return nil }
            return inbox
        }
    }

    /// Follows a change of a mapping: at a new place no message has been tried yet, and none waits
    /// there for what the old one did.
    static func follow(_ change: MappingChange, in connection: borrowing Connection) throws {
        guard change.changesPlace else { return }
        let (key, now) = (change.after.key, change.after.updatedAt)
        // What is leased is in the hands of the old place; its outcome counts it.
        try connection.execute(
            """
            UPDATE inbox_messages SET attempts = 0, available_at = min(available_at, \(now))
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND state IN ('ready', 'delayed', 'held') AND attempts > 0
            """)
    }

    private static func route(of inbox: Inbox) -> Route? {
        guard inbox.status == .active, inbox.destination.problem(withName: inbox.name) == nil
        else { return nil }
        return Route(destination: inbox.destination, name: inbox.name)
    }
}
