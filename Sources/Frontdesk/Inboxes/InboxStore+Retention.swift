import SQLite

// How messages leave: by age, and with their inbox.
extension InboxStore {
    /// A kind of message that is removed by age.
    private struct Expiry {
        let state: InboxMessage.State
        let since: SQL
        let before: Timestamp
    }

    /// What is over, and how long each kind is kept.
    private func expiries(at now: Timestamp) -> [Expiry] {
        let day = now.adding(seconds: -InboxStore.day)
        return [
            Expiry(state: .acknowledged, since: "acked_at", before: day),
            Expiry(state: .delivered, since: "delivered_at", before: day),
            // Sent before it died, so its sender's repeats are past their day too.
            Expiry(state: .removed, since: "dead_at", before: day),
            Expiry(
                state: .dead, since: "dead_at",
                before: now.adding(
                    seconds: -Double(limits.deadLetterDays) * InboxStore.day)),
        ]
    }

    /// Before when a message that nobody took must have been sent, and have become ready for the
    /// last time, to be removed: one that was brought back has its time anew.
    private func oldestWaiting(at now: Timestamp) -> Timestamp {
        now.adding(seconds: -Double(limits.messageDays) * InboxStore.day)
    }

    /// All inboxes that ever had a message, for the sweeper.
    func inboxes() throws -> [Mapping.Key] {
        try database.read { connection in
            try connection.all("SELECT tenant_id, ai_agent_address FROM inbox_depths") { row in
                Mapping.Key(
                    tenant: Tenant(unchecked: try row.text(0)), address: try row.text(1))
            }
        }
    }

    /// How many messages of an inbox are past their time.
    func countDue(of key: Mapping.Key) throws -> Int {
        let now = clock.now()
        return try database.read { connection in
            let over = try expiries(at: now).reduce(0) { sum, expiry in
                let count = try connection.first(
                    "SELECT count(*) FROM (\(InboxStore.query(expiry, key, limit: Int.max)))"
                ) { try $0.integer(0) }
                return sum + (count ?? 0)
            }
            let waiting = try connection.first(
                """
                SELECT count(*) FROM inbox_messages
                WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
                  AND state = 'ready' AND created_at < \(oldestWaiting(at: now))
                  AND available_at < \(oldestWaiting(at: now))
                """
            ) { try $0.integer(0) }
            return over + (waiting ?? 0)
        }
    }

    /// Removes at most about `limit` messages of an inbox that are past their time, and returns how
    /// many.
    func removeBatch(of key: Mapping.Key, atMost limit: Int) async throws -> Int {
        try await settle(key)
        guard try isAnyDue(key) else { return 0 }
        return try await database.write { connection in
            let now = clock.now()
            var count = 0
            var depth = InboxDepth()
            for expiry in expiries(at: now) where count < limit {
                let removed = try connection.execute(
                    """
                    DELETE FROM inbox_messages WHERE id IN (
                        \(InboxStore.query(expiry, key, limit: limit - count)))
                    """)
                depth.add(-removed, expiry.state)
                count += removed
            }
            if count < limit {
                count += try removeWaiting(
                    key, atMost: limit - count, at: now, &depth, in: connection)
            }
            try depth.apply(to: key, in: connection)
            return count
        }
    }

    private func isAnyDue(_ key: Mapping.Key) throws -> Bool {
        let now = clock.now()
        let oldest = oldestWaiting(at: now)
        return try database.read { connection in
            for expiry in expiries(at: now) {
                if try connection.first(InboxStore.query(expiry, key, limit: 1), { _ in true })
                    == true
                {
                    return true
                }
            }
            return try InboxStore.oldestReady(key, in: connection).map { $0 < oldest } ?? false
        }
    }

    /// The messages of a kind that are past their time, oldest first.
    private static func query(_ expiry: Expiry, _ key: Mapping.Key, limit: Int) -> SQL {
        // The state stands as text, because a partial index serves no value that is bound.
        let state: SQL =
            switch expiry.state {
            case .acknowledged: "state = 'acknowledged'"
            case .delivered: "state = 'delivered'"
            case .removed: "state = 'removed'"
            default: "state = 'dead'"
            }
        return """
            SELECT id FROM inbox_messages
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND \(state) AND \(expiry.since) < \(expiry.before)
            ORDER BY \(expiry.since) LIMIT \(limit)
            """
    }

    /// Removes ready messages that nobody took in time, with those behind them that are as old, and
    /// calls the next of their keys forward.
    ///
    /// What is delayed, held or leased becomes ready sooner or later and then goes the same way.
    private func removeWaiting(
        _ key: Mapping.Key, atMost limit: Int, at now: Timestamp, _ depth: inout InboxDepth,
        in connection: borrowing Connection
    ) throws -> Int {
        let oldest = oldestWaiting(at: now)
        var count = 0
        for priority in 0...9 where count < limit {
            let rows = try connection.all(
                InboxStore.readyQuery(key, priority: priority, limit: limit - count)
            ) { (try $0.integer(0), try $0.timestamp(1), try $0.timestamp(2), try $0.textOrNil(3)) }
            // In order of arrival, so the first young one ends it.
            for (row, createdAt, readyAt, orderingKey) in rows {
                guard createdAt < oldest else { break }
                guard readyAt < oldest else { continue }
                try connection.execute(
                    """
                    DELETE FROM inbox_messages
                    WHERE tenant_id = \(key.tenant.name) AND id = \(row)
                    """)
                depth.add(-1, .ready)
                count += 1
                guard let orderingKey else { continue }
                let held = try connection.execute(
                    """
                    DELETE FROM inbox_messages WHERE id IN (
                        \(InboxStore.heldQuery(orderingKey, key, before: oldest, limit: limit)))
                    """)
                depth.add(-held, .held)
                count += held
                try InboxStore.promote(orderingKey, key, at: now, &depth, in: connection)
            }
        }
        return count
    }

    /// What waits behind a message of its ordering key and is past its time itself.
    private static func heldQuery(
        _ orderingKey: String, _ key: Mapping.Key, before oldest: Timestamp, limit: Int
    ) -> SQL {
        """
        SELECT id FROM inbox_messages
        WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
          AND ordering_key = \(orderingKey) AND state = 'held'
          AND created_at < \(oldest) AND available_at < \(oldest)
        ORDER BY id LIMIT \(limit)
        """
    }

    /// Removes at most `limit` messages of an inbox whose mapping goes, and returns how many.
    static func removeRows(
        of key: Mapping.Key, atMost limit: Int, in connection: borrowing Connection
    ) throws -> Int {
        try connection.execute(
            """
            DELETE FROM inbox_messages WHERE id IN (
                SELECT id FROM inbox_messages
                WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
                LIMIT \(limit))
            """)
    }
}
