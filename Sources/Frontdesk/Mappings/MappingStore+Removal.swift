import SQLite

/// How a mapping leaves: marked first, then its rows in batches, its own last.
///
/// A removal cut short by a crash is finished by whoever next needs the address, or by the sweeper.
enum MappingRemoval {
    /// How far one write came.
    struct Progress: Sendable {
        /// Rows removed, over all tables.
        var rows = 0
        /// Whether the mapping's own row is gone too.
        var isDone = false
    }

    /// Whether the address is held by a record that is being removed.
    static func isUnderWay(
        _ key: Mapping.Key, in connection: borrowing Connection
    ) throws -> Bool {
        try connection.first(
            """
            SELECT removing_since FROM agent_inboxes
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND removing_since IS NOT NULL
            """
        ) { _ in true } ?? false
    }

    /// Marks the mapping as gone, from this commit on for every reader.
    static func mark(
        _ mapping: Mapping, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE agent_inboxes SET removing_since = \(now)
            WHERE tenant_id = \(mapping.key.tenant.name)
              AND ai_agent_address = \(mapping.key.address)
            """)
        try MappingCounts.add(-1, mapping, in: connection)
    }

    /// Removes at most about `limit` rows of a marked mapping: what hangs on it, then itself.
    static func removeRows(
        of key: Mapping.Key, atMost limit: Int, in connection: borrowing Connection
    ) throws -> Progress {
        var progress = Progress()
        progress.rows += try connection.execute(
            """
            DELETE FROM agent_health_checks WHERE health_check_id IN (
                SELECT health_check_id FROM agent_health_checks
                WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
                LIMIT \(limit))
            """)
        guard progress.rows < limit else { return progress }
        progress.rows += try InboxStore.removeRows(
            of: key, atMost: limit - progress.rows, in: connection)
        guard progress.rows < limit else { return progress }
        progress.rows += try connection.execute(
            """
            DELETE FROM agent_inboxes
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND removing_since IS NOT NULL
            """)
        progress.isDone = true
        return progress
    }
}

extension MappingStore {
    /// Removes a mapping with all that hangs on it and returns when its last row is gone.
    ///
    /// Throws 404 when there is none, and 412 when it is not in the state of `condition`.
    func purge(_ key: Mapping.Key, if condition: MappingCondition) async throws {
        let isDone = try await database.write { connection in
            let mapping = try MappingStore.require(key, in: connection)
            try condition.check(mapping)
            try MappingRemoval.mark(mapping, at: clock.now(), in: connection)
            return try MappingRemoval.removeRows(of: key, atMost: batch, in: connection).isDone
        }
        if !isDone { try await finishRemoval(of: key) }
    }

    /// Removes what is left of a marked mapping, batch by batch.
    func finishRemoval(of key: Mapping.Key) async throws {
        while true {
            let isDone = try await database.write { connection in
                // Someone else may have finished, and even registered the address anew.
                guard try MappingRemoval.isUnderWay(key, in: connection) else { return true }
                return try MappingRemoval.removeRows(of: key, atMost: batch, in: connection)
                    .isDone
            }
            if isDone { return }
        }
    }

    /// The mappings whose removal was begun and not finished.
    func removalsUnderWay() throws -> [Mapping.Key] {
        try database.read { connection in
            try connection.all(
                """
                SELECT tenant_id, ai_agent_address FROM agent_inboxes
                WHERE removing_since IS NOT NULL
                ORDER BY removing_since
                """
            ) { row in
                Mapping.Key(
                    tenant: Tenant(unchecked: try row.text(0)), address: try row.text(1))
            }
        }
    }
}
