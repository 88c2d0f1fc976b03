import SQLite

// What callers may know of messages and inboxes.
extension InboxStore {
    /// A message as its sender may look after it.
    struct Report: Sendable {
        /// The states that callers know.
        enum State: String, Sendable, CaseIterable {
            case queued
            case inFlight = "in_flight"
            case delivered, acknowledged, dead, parked
        }

        let id: String
        let address: String
        var state: State
        let attempts: Int
        let lastError: String?
        let queuedAt: Timestamp
        var availableAt: Timestamp?
        let deliveredAt: Timestamp?
        let acknowledgedAt: Timestamp?
        let deadAt: Timestamp?
    }

    /// The message with an id, nil if the tenant has none.
    func find(_ id: String, of tenant: Tenant) throws -> Report? {
        let now = clock.now()
        return try database.read { connection in
            try connection.first(
                """
                SELECT message.ai_agent_address, message.state, message.attempts,
                       message.last_error, message.created_at, message.available_at,
                       message.delivered_at, message.acked_at, message.dead_at,
                       message.lease_until, mapping.status, mapping.inbox_destination_type
                FROM inbox_messages message
                JOIN agent_inboxes mapping
                  ON mapping.tenant_id = message.tenant_id
                     AND mapping.ai_agent_address = message.ai_agent_address
                WHERE message.message_id = \(id) AND message.tenant_id = \(tenant.name)
                  AND message.state <> 'removed' AND mapping.removing_since IS NULL
                """
            ) { try report($0, id: id, at: now) }
        }
    }

    private func report(_ row: borrowing Row, id: String, at now: Timestamp) throws -> Report {
        let stored = try row.choice(1, InboxMessage.State.self)
        let status = try row.choice(10, Mapping.Status.self)
        let destination = Mapping.DestinationType(rawValue: try row.text(11))
        let attempts = try row.integer(2)
        let available = try row.timestamp(5)
        let leasedUntil = try row.timestampOrNil(9)
        let waiting: Report.State = status == .active ? .queued : .parked
        let state: Report.State =
            switch stored {
            case .ready, .delayed, .held: waiting
            // What time has done to a lease may not be written yet.
            case .leased where leasedUntil.map { $0 > now } ?? false: .inFlight
            case .leased: attempts < self.attempts(for: destination) ? waiting : .dead
            case .delivered: .delivered
            case .acknowledged: .acknowledged
            case .dead, .removed: .dead
            }
        return Report(
            id: id, address: try row.text(0), state: state, attempts: attempts,
            lastError: try row.textOrNil(3), queuedAt: try row.timestamp(4),
            availableAt: stored == .held || available > now ? nil : available,
            deliveredAt: try row.timestampOrNil(6), acknowledgedAt: try row.timestampOrNil(7),
            deadAt: try row.timestampOrNil(8) ?? (state == .dead ? leasedUntil : nil))
    }
}

// MARK: - Figures

extension InboxStore {
    /// The figures of one inbox; no message is in two of them.
    struct Figures: Sendable, Equatable {
        /// Ready to be handed out now.
        var depth = 0
        var inFlight = 0
        /// Waiting for their time, or behind an earlier message of their ordering key.
        var delayed = 0
        /// Waiting for an inactive agent to return.
        var parked = 0
        var dead = 0
        /// How long the oldest of those that are ready, or would be, has waited.
        var oldestAge = 0.0
    }

    /// The figures of an inbox. Throws 404 when there is none.
    func figures(_ key: Mapping.Key) async throws -> Figures {
        try await settle(key)
        let now = clock.now()
        return try database.read { connection in
            let inbox = try InboxStore.require(key, in: connection)
            let depth = inbox.depth ?? InboxDepth()
            let oldest = try InboxStore.oldestReady(key, in: connection)
            var figures = Figures(
                inFlight: depth.leased, dead: depth.dead,
                oldestAge: oldest.map { max(0, now.seconds(since: $0)) } ?? 0)
            if inbox.status == .active {
                figures.depth = depth.ready
                figures.delayed = depth.delayed + depth.held
            } else {
                figures.parked = depth.waiting
            }
            return figures
        }
    }

    /// When the oldest ready message was sent: the first of each priority, and of those the oldest.
    static func oldestReady(
        _ key: Mapping.Key, in connection: borrowing Connection
    ) throws -> Timestamp? {
        try (0...9).compactMap { priority in
            try connection.first(readyQuery(key, priority: priority, limit: 1)) {
                try $0.timestamp(1)
            }
        }.min()
    }

    /// The ready messages of one priority, in order of arrival: number, when it was sent, and since
    /// when it could have been taken.
    static func readyQuery(_ key: Mapping.Key, priority: Int, limit: Int) -> SQL {
        """
        SELECT id, created_at, available_at, ordering_key FROM inbox_messages
        WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
          AND state = 'ready' AND priority = \(priority)
        ORDER BY id LIMIT \(limit)
        """
    }

    /// How many messages of all tenants stand where.
    func totals() throws -> InboxDepth {
        try database.read { connection in
            try connection.first(
                """
                SELECT coalesce(sum(ready), 0), coalesce(sum(delayed), 0),
                       coalesce(sum(held), 0), coalesce(sum(leased), 0), coalesce(sum(dead), 0)
                FROM inbox_depths
                """
            ) { try InboxDepth($0, from: 0) } ?? InboxDepth()
        }
    }

    /// When the oldest ready message of all tenants was sent.
    func oldestReady() throws -> Timestamp? {
        try database.read { connection in
            let inboxes = try connection.all(
                "SELECT tenant_id, ai_agent_address FROM inbox_depths WHERE ready > 0"
            ) { Mapping.Key(tenant: Tenant(unchecked: try $0.text(0)), address: try $0.text(1)) }
            return try inboxes.compactMap { try InboxStore.oldestReady($0, in: connection) }
                .min()
        }
    }
}
