import SQLite

/// How a session leaves: marked first, then its rows in batches, children before parents.
///
/// A removal cut short by a crash is finished by whoever next needs the id, or by the sweeper.
enum SessionRemoval {
    /// How far one write came.
    struct Progress: Sendable {
        /// Rows removed, over all tables.
        var rows = 0
        /// Whether the session's own row is gone too.
        var isDone = false
    }

    /// Marks the session as gone, from this commit on for every reader.
    static func mark(
        _ key: Session.Key, lastActivity: Timestamp, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE sessions SET removing_since = \(now)
            WHERE tenant_id = \(key.tenant.name) AND session_id = \(key.id)
            """)
        try SessionCounts.add(-1, key.tenant, lastActivity, in: connection)
    }

    /// Removes at most `limit` rows of a marked session.
    static func removeRows(
        of key: Session.Key, atMost limit: Int, in connection: borrowing Connection
    ) throws -> Progress {
        let (tenant, id) = (key.tenant.name, key.id)
        var progress = Progress()
        progress.rows += try connection.execute(
            """
            DELETE FROM stream_events WHERE (turn_id, event_no) IN (
                SELECT event.turn_id, event.event_no
                FROM messages message JOIN stream_events event
                  ON event.turn_id = message.message_id
                WHERE message.tenant_id = \(tenant) AND message.session_id = \(id)
                LIMIT \(limit))
            """)
        progress.rows += try connection.execute(
            """
            DELETE FROM tool_effects WHERE (turn_id, call_no) IN (
                SELECT effect.turn_id, effect.call_no
                FROM messages message JOIN tool_effects effect
                  ON effect.turn_id = message.message_id
                WHERE message.tenant_id = \(tenant) AND message.session_id = \(id)
                LIMIT \(limit - progress.rows))
            """)
        // A message leaves with its entry in the search index: two rows each. One may always
        // leave, or the smallest batches would never come to an end.
        let messages = max(progress.rows == 0 ? 1 : 0, (limit - progress.rows) / 2)
        if messages > 0 {
            progress.rows += 2 * (try removeMessages(of: key, atMost: messages, in: connection))
        }
        guard progress.rows == 0 || progress.rows < limit - 1 else { return progress }
        progress.rows += try connection.execute(
            "DELETE FROM sessions WHERE tenant_id = \(tenant) AND session_id = \(id)")
        progress.isDone = true
        return progress
    }

    private static func removeMessages(
        of key: Session.Key, atMost limit: Int, in connection: borrowing Connection
    ) throws -> Int {
        let (tenant, id) = (key.tenant.name, key.id)
        try connection.execute(
            """
            DELETE FROM message_search WHERE rowid IN (
                SELECT row_no FROM messages
                WHERE tenant_id = \(tenant) AND session_id = \(id)
                ORDER BY seq LIMIT \(limit))
            """)
        return try connection.execute(
            """
            DELETE FROM messages WHERE row_no IN (
                SELECT row_no FROM messages
                WHERE tenant_id = \(tenant) AND session_id = \(id)
                ORDER BY seq LIMIT \(limit))
            """)
    }
}

extension SessionStore {
    /// Deletes a session, active or expired, and returns when its last row is gone.
    ///
    /// Throws 404 when there is none or another deletion came first, and 403 when it is somebody
    /// else's.
    func delete(_ key: Session.Key, for visitor: SessionVisitor) async throws {
        let isDone = try await database.write { connection in
            guard let (session, state) = try find(key, in: connection), state != .removing else {
                throw Failure.sessionNotFound(key)
            }
            try visitor.check(session.subject)
            try SessionRemoval.mark(
                key, lastActivity: session.lastActivity, at: clock.now(), in: connection)
            return try SessionRemoval.removeRows(of: key, atMost: batch, in: connection).isDone
        }
        if !isDone { try await finishRemoval(of: key) }
    }

    /// Removes what is left of a marked session, batch by batch.
    func finishRemoval(of key: Session.Key) async throws {
        while true {
            let isDone = try await database.write { connection in
                // Someone else may have finished, and even created the id anew, in between.
                guard let (_, state) = try find(key, in: connection), state == .removing else {
                    return true
                }
                return try SessionRemoval.removeRows(of: key, atMost: batch, in: connection)
                    .isDone
            }
            if isDone { return }
        }
    }
}

// MARK: - Many sessions

extension SessionStore {
    /// Removes one batch of the tenant's sessions last active before `instant`, oldest first.
    ///
    /// Finishes removals that were cut short on the way. Sessions with a turn are left alone.
    func removeBatch(
        of tenant: Tenant, before instant: Timestamp
    ) async throws -> (sessions: Int, more: Bool) {
        try await database.write { connection in
            let begun = ContinuousClock.now
            var rows = 0
            var sessions = 0
            let due = try due(of: tenant, before: instant, in: connection)
            for session in due {
                if isBusy(session.key) { continue }
                if !session.isMarked {
                    try SessionRemoval.mark(
                        session.key, lastActivity: session.lastActivity, at: clock.now(),
                        in: connection)
                }
                let progress = try SessionRemoval.removeRows(
                    of: session.key, atMost: batch - rows, in: connection)
                rows += progress.rows
                sessions += progress.isDone ? 1 : 0
                let isLong = ContinuousClock.now - begun > SessionStore.longestBatch
                if rows >= batch - 1 || isLong { return (sessions, true) }
            }
            // Busy ones that were passed over may have kept others out of a full list.
            return (sessions, sessions > 0 && due.count >= batch)
        }
    }

    /// How long a batch may take before it makes way: whoever writes next has waited no longer.
    private static let longestBatch = Duration.milliseconds(3)

    /// Removes all expired sessions of the tenant, batch by batch, and returns how many.
    func removeExpired(of tenant: Tenant) async throws -> Int {
        let expiry = lifetime.expiry(at: clock.now())
        var count = 0
        while true {
            let (sessions, more) = try await removeBatch(of: tenant, before: expiry)
            count += sessions
            if !more { return count }
        }
    }

    /// The tenants that have sessions last active before `instant`, or removals cut short.
    func tenantsDue(before instant: Timestamp) throws -> [Tenant] {
        try database.read { connection in
            try connection.all(
                """
                SELECT tenant_id FROM session_counts
                WHERE active_in <= \(SessionCounts.span(of: instant))
                UNION
                SELECT tenant_id FROM sessions WHERE removing_since IS NOT NULL
                """
            ) { Tenant(unchecked: try $0.text(0)) }
        }
    }

    /// How many sessions of the tenant were last active before `instant`.
    func countDue(of tenant: Tenant, before instant: Timestamp) throws -> Int {
        try database.read { connection in
            try connection.first(
                """
                SELECT count(*) FROM sessions
                WHERE tenant_id = \(tenant.name) AND last_activity < \(instant)
                  AND removing_since IS NULL
                """
            ) { try $0.integer(0) } ?? 0
        }
    }

    private struct Due {
        let key: Session.Key
        let lastActivity: Timestamp
        let isMarked: Bool
    }

    private func due(
        of tenant: Tenant, before instant: Timestamp, in connection: borrowing Connection
    ) throws -> [Due] {
        // Of all tenants, for which there is an index that holds nothing else; named with its
        // tenant the query would walk through all sessions of the tenant instead.
        let marked = try connection.all(
            """
            SELECT tenant_id, session_id, last_activity FROM sessions
            WHERE removing_since IS NOT NULL
            ORDER BY removing_since
            LIMIT \(batch)
            """
        ) { row in
            Due(
                key: Session.Key(
                    tenant: Tenant(unchecked: try row.text(0)), id: try row.text(1)),
                lastActivity: try row.timestamp(2), isMarked: true)
        }.filter { $0.key.tenant == tenant }
        let expired = try connection.all(
            """
            SELECT session_id, last_activity FROM sessions
            WHERE tenant_id = \(tenant.name) AND last_activity < \(instant)
              AND removing_since IS NULL
            ORDER BY last_activity
            LIMIT \(batch)
            """
        ) { row in
            Due(
                key: Session.Key(tenant: tenant, id: try row.text(0)),
                lastActivity: try row.timestamp(1), isMarked: false)
        }
        return marked + expired
    }
}
