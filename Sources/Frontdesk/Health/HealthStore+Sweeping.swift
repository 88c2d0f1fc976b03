import SQLite

extension HealthStore {
    /// Makes one batch of agents stale that were last heard of at `instant` or before, longest
    /// silent first, and returns how many.
    func markSilent(since instant: Timestamp, atMost limit: Int) async throws -> Int {
        let author = MappingAuthor(name: "router_service/health")
        let changes = try await mappings.database.write { connection in
            let keys = try connection.all(
                """
                SELECT tenant_id, ai_agent_address FROM agent_inboxes
                WHERE health_status IN ('HEALTHY', 'UNHEALTHY') AND last_heard_at <= \(instant)
                  AND removing_since IS NULL
                ORDER BY last_heard_at
                LIMIT \(limit)
                """, HealthStore.key)
            var changes: [MappingChange] = []
            for key in keys {
                var mapping = try MappingStore.require(key, in: connection)
                mapping.noteSilence()
                changes.append(try mappings.save(mapping, by: author, in: connection))
            }
            return changes
        }
        for change in changes { mappings.announce(change) }
        return changes.count
    }

    /// Whether an agent was last heard of at `instant` or before and is not yet stale.
    func isAnySilent(since instant: Timestamp) throws -> Bool {
        try mappings.database.read { connection in
            try connection.first(
                """
                SELECT tenant_id FROM agent_inboxes
                WHERE health_status IN ('HEALTHY', 'UNHEALTHY') AND last_heard_at <= \(instant)
                  AND removing_since IS NULL
                ORDER BY last_heard_at
                LIMIT 1
                """
            ) { _ in true } ?? false
        }
    }

    /// Removes at most `limit` reports that were kept long enough, and returns how many.
    func removeBatch(atMost limit: Int) async throws -> Int {
        let oldest = mappings.clock.now().adding(seconds: -rules.retention)
        return try await mappings.database.write { connection in
            let due = try connection.all(
                """
                SELECT tenant_id, ai_agent_address, count(*) FROM (
                    SELECT tenant_id, ai_agent_address FROM agent_health_checks
                    WHERE received_at < \(oldest)
                    ORDER BY received_at, health_check_id LIMIT \(limit)) AS oldest
                GROUP BY tenant_id, ai_agent_address
                """
            ) { (try HealthStore.key($0), try $0.integer(2)) }
            for (key, count) in due {
                try connection.execute(
                    """
                    UPDATE agent_inboxes SET health_checks = health_checks - \(count)
                    WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
                    """)
            }
            return try connection.execute(
                """
                DELETE FROM agent_health_checks WHERE health_check_id IN (
                    SELECT health_check_id FROM agent_health_checks
                    WHERE received_at < \(oldest)
                    ORDER BY received_at, health_check_id LIMIT \(limit))
                """)
        }
    }

    /// How many reports were kept long enough.
    func countDue() throws -> Int {
        let oldest = mappings.clock.now().adding(seconds: -rules.retention)
        return try mappings.database.read { connection in
            try connection.first(
                "SELECT count(*) FROM agent_health_checks WHERE received_at < \(oldest)"
            ) { try $0.integer(0) } ?? 0
        }
    }

    private static func key(_ row: borrowing Row) throws -> Mapping.Key {
        Mapping.Key(tenant: Tenant(unchecked: try row.text(0)), address: try row.text(1))
    }
}
