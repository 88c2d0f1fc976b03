import SQLite

/// How many messages somebody wants, and for how long.
struct LeaseOrder: Sendable {
    /// At most so many messages.
    var count = 10
    /// Seconds for which they are nobody else's.
    var seconds = 30
    /// Whether handing them out is delivering them, as it is to those who pull.
    var isDelivery = false
}

// What time has made ready, and what is taken.
extension InboxStore {
    /// What an inbox has to give.
    struct Outlook: Sendable {
        /// Whether something may be handed out now.
        let isReady: Bool
        /// When time alone will make something ready, if nothing is.
        let next: Timestamp?
    }

    /// Whether a lease would find something. Throws 404 when there is no such inbox, and 409 when
    /// it is no place to pull from.
    func outlook(_ key: Mapping.Key) throws -> Outlook {
        let now = clock.now()
        return try database.read { connection in
            try InboxStore.requirePullable(key, in: connection)
            let isReady = try connection.first(InboxStore.nextReady(key, limit: 1)) { _ in true }
            let next = try InboxStore.nextChange(key, in: connection)
            return Outlook(isReady: isReady ?? false || next.map { $0 <= now } ?? false, next: next)
        }
    }

    /// Takes ready messages, those of higher priority first, then the earliest.
    ///
    /// Throws 404 when there is no such inbox, and 409 when it is no place to pull from.
    func pull(_ key: Mapping.Key, _ order: LeaseOrder) async throws -> [InboxLease] {
        // A look costs no commit, and most of those who wait find nothing.
        guard try outlook(key).isReady else { return [] }
        var order = order
        order.isDelivery = true
        return try await lease(key, order) { try InboxStore.requirePullable(key, in: $0) }
    }

    /// Takes ready messages for a deliverer of this server; none unless the agent is active and
    /// its messages go to this kind of place.
    ///
    /// Each lease ends with `complete`, `fail` or `park`, or by itself after its time, which counts
    /// as a failure.
    func lease(
        _ key: Mapping.Key, _ order: LeaseOrder, for destination: Mapping.DestinationType
    ) async throws -> [InboxLease] {
        try await lease(key, order) { connection in
            let inbox = try InboxStore.find(key, in: connection)
            return inbox?.status == .active && inbox?.destination == destination ? inbox : nil
        }
    }

    /// Takes ready messages from what `find` finds in the same transaction, none when that is nil.
    func lease(
        _ key: Mapping.Key, _ order: LeaseOrder,
        from find: @escaping @Sendable (borrowing Connection) throws -> Inbox?
    ) async throws -> [InboxLease] {
        while true {
            let leases: [InboxLease]? = try await database.write { connection in
                let now = clock.now()
                guard let inbox = try find(connection) else { return [] }
                // Only when all that is due is ready, the one of highest priority is among it.
                let more = try settle(key, inbox, at: now, in: connection)
                return more ? nil : try take(key, order, at: now, in: connection)
            }
            if let leases { return leases }
        }
    }

    private func take(
        _ key: Mapping.Key, _ order: LeaseOrder, at now: Timestamp,
        in connection: borrowing Connection
    ) throws -> [InboxLease] {
        let leaseID = ids.make("lease")
        let until = now.adding(seconds: Double(order.seconds))
        let taken = try connection.all(
            """
            UPDATE inbox_messages
            SET state = 'leased', attempts = attempts + 1, lease_id = \(leaseID),
                lease_until = \(until),
                delivered_at = coalesce(\(order.isDelivery ? now : nil), delivered_at)
            WHERE id IN (\(InboxStore.nextReady(key, limit: order.count)))
            RETURNING id, message_id, payload, attributes, ordering_key, created_at,
                      traceparent, request_id, attempts, priority
            """
        ) { row in
            let message = InboxMessage(
                row: try row.integer(0), id: try row.text(1), inbox: key,
                payload: try row.text(2), attributes: try row.text(3),
                orderingKey: try row.textOrNil(4), publishedAt: try row.timestamp(5),
                traceparent: try row.textOrNil(6), requestID: try row.text(7))
            return (
                lease: InboxLease(
                    message: message, id: leaseID, until: until, attempt: try row.integer(8)),
                priority: try row.integer(9)
            )
        }
        var change = InboxDepth()
        change.move(.ready, .leased, taken.count)
        try change.apply(to: key, in: connection)
        // The rows come back in no order that could be relied on.
        return taken.sorted {
            ($1.priority, $0.lease.message.row) < ($0.priority, $1.lease.message.row)
        }.map(\.lease)
    }

    /// What is handed out next.
    static func nextReady(_ key: Mapping.Key, limit: Int) -> SQL {
        """
        SELECT id FROM inbox_messages
        WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
          AND state = 'ready'
        ORDER BY priority DESC, id LIMIT \(limit)
        """
    }

    /// Throws 404 when there is no such inbox, and 409 when it is no place to pull from.
    @discardableResult
    static func requirePullable(
        _ key: Mapping.Key, in connection: borrowing Connection
    ) throws -> Inbox {
        let inbox = try require(key, in: connection)
        guard inbox.destination == .frontdeskInbox else {
            throw Failure.notAnInbox(key, inbox.destination)
        }
        return inbox
    }
}

// MARK: - Time

extension InboxStore {
    /// Writes what time has done to an inbox, everything that is due, so that its counts are true;
    /// returns whether there was anything.
    @discardableResult
    func settle(_ key: Mapping.Key) async throws -> Bool {
        let isDue = try database.read { connection in
            try InboxStore.nextChange(key, in: connection).map { $0 <= clock.now() } ?? false
        }
        guard isDue else { return false }
        while try await database.write({ connection in
            guard let inbox = try InboxStore.find(key, in: connection) else { return false }
            return try settle(key, inbox, at: clock.now(), in: connection)
        }) {}
        return true
    }

    /// When time next changes something of an inbox, or did; nil when it will not.
    static func nextChange(
        _ key: Mapping.Key, in connection: borrowing Connection
    ) throws -> Timestamp? {
        let delayed = try connection.first(due(key, limit: 1)) { try $0.timestamp(1) }
        let leased = try connection.first(ended(key, limit: 1)) { try $0.timestamp(1) }
        return [delayed, leased].compactMap(\.self).min()
    }

    /// A condition that a column is not later than an instant, if there is one.
    private static func until(_ column: SQL, _ instant: Timestamp?) -> SQL {
        guard let instant else { return "" }
        return "AND \(column) <= \(instant)"
    }

    /// The delayed messages of an inbox, soonest first.
    static func due(
        _ key: Mapping.Key, before now: Timestamp? = nil, limit: Int
    ) -> SQL {
        """
        SELECT id, available_at FROM inbox_messages
        WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
          AND state = 'delayed' \(until("available_at", now))
        ORDER BY available_at LIMIT \(limit)
        """
    }

    /// The leased messages of an inbox, in the order in which their leases end.
    static func ended(
        _ key: Mapping.Key, before now: Timestamp? = nil, limit: Int
    ) -> SQL {
        """
        SELECT id, lease_until, attempts, ordering_key FROM inbox_messages
        WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
          AND state = 'leased' \(until("lease_until", now))
        ORDER BY lease_until LIMIT \(limit)
        """
    }

    /// Makes ready what was delayed until now, and takes back leases that have ended, a slice of
    /// each; returns whether there is more.
    func settle(
        _ key: Mapping.Key, _ inbox: Inbox, at now: Timestamp,
        in connection: borrowing Connection
    ) throws -> Bool {
        guard let depth = inbox.depth, depth.delayed + depth.leased > 0 else { return false }
        var change = InboxDepth()
        let due = try connection.all(
            InboxStore.due(key, before: now, limit: InboxStore.slice)
        ) { try $0.integer(0) }
        for row in due {
            try connection.execute(
                """
                UPDATE inbox_messages SET state = 'ready'
                WHERE tenant_id = \(key.tenant.name) AND id = \(row)
                """)
        }
        change.move(.delayed, .ready, due.count)
        let ended = try connection.all(
            InboxStore.ended(key, before: now, limit: InboxStore.slice)
        ) { row in
            LeasedMessage(
                row: try row.integer(0), inbox: key, attempts: try row.integer(2),
                orderingKey: try row.textOrNil(3))
        }
        let attempts = attempts(for: inbox.destination)
        for message in ended {
            try message.fail(
                "The lease ended without an outcome.", retryAt: now, at: now,
                attempts: attempts, &change, in: connection)
        }
        try change.apply(to: key, in: connection)
        return due.count == InboxStore.slice || ended.count == InboxStore.slice
    }
}
