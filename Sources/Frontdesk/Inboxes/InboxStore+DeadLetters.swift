import SQLite

/// A message that failed too often.
struct DeadLetter: Sendable {
    let message: InboxMessage
    let attempts: Int
    let lastError: String?
    let since: Timestamp
}

/// Which dead letters are meant.
enum DeadLetterChoice: Sendable {
    case all
    case ids([String])
}

extension InboxStore {
    /// The place after a dead letter in the list.
    struct DeadLetterCursor: Sendable {
        let since: String
        let messageID: String
    }

    /// A page of an inbox' dead letters, the longest dead first, and how many there are.
    func deadLetters(
        _ key: Mapping.Key, limit: Int, after cursor: DeadLetterCursor?
    ) async throws -> (page: [DeadLetter], total: Int) {
        try await settle(key)
        return try database.read { connection in
            let inbox = try InboxStore.require(key, in: connection)
            let page = try connection.all(
                InboxStore.deadLetterQuery(key, limit: limit, after: cursor)
            ) { row in
                DeadLetter(
                    message: InboxMessage(
                        row: try row.integer(0), id: try row.text(1), inbox: key,
                        payload: try row.text(2), attributes: try row.text(3),
                        orderingKey: try row.textOrNil(4), publishedAt: try row.timestamp(5),
                        traceparent: try row.textOrNil(6), requestID: try row.text(7)),
                    attempts: try row.integer(8), lastError: try row.textOrNil(9),
                    since: try row.timestamp(10))
            }
            return (page, inbox.depth?.dead ?? 0)
        }
    }

    /// The dead letters after a place, the longest dead first.
    static func deadLetterQuery(
        _ key: Mapping.Key, limit: Int, after cursor: DeadLetterCursor?
    ) -> SQL {
        // A letter that is no longer there leaves the place before all of its instant.
        let place: SQL =
            cursor.map { cursor in
                """
                AND (dead_at, id) > (\(cursor.since), coalesce((
                    SELECT id FROM inbox_messages
                    WHERE message_id = \(cursor.messageID) AND tenant_id = \(key.tenant.name)
                      AND ai_agent_address = \(key.address)), 0))
                """
            } ?? ""
        return """
            SELECT id, message_id, payload, attributes, ordering_key, created_at, traceparent,
                   request_id, attempts, last_error, dead_at
            FROM inbox_messages
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND state = 'dead' \(place)
            ORDER BY dead_at, id LIMIT \(limit)
            """
    }

    /// Makes dead letters deliverable again, each in its place by arrival, its attempts forgotten.
    /// Returns how many, and which of the ids named none.
    func redrive(
        _ key: Mapping.Key, _ choice: DeadLetterChoice
    ) async throws -> (count: Int, notFound: [String]) {
        try await change(key, choice) { row, orderingKey, now, depth, connection in
            try InboxStore.comeBack(
                row, key, orderingKey, from: .dead, at: now, &depth, in: connection)
        }
    }

    /// Throws dead letters away. Returns how many, and which of the ids named none.
    func removeDeadLetters(
        _ key: Mapping.Key, _ choice: DeadLetterChoice
    ) async throws -> (count: Int, notFound: [String]) {
        try await change(key, choice) { row, _, _, depth, connection in
            // The row stays for a day, so that its sender's repeats are still known.
            try connection.execute(
                """
                UPDATE inbox_messages SET state = 'removed', payload = '{}'
                WHERE tenant_id = \(key.tenant.name) AND id = \(row)
                """)
            depth.move(.dead, .removed)
        }
    }

    /// What is done with one dead letter.
    private typealias Deed =
        @Sendable (Int, String?, Timestamp, inout InboxDepth, borrowing Connection) throws -> Void

    private func change(
        _ key: Mapping.Key, _ choice: DeadLetterChoice, _ deed: @escaping Deed
    ) async throws -> (count: Int, notFound: [String]) {
        try await settle(key)
        switch choice {
        case .ids(let ids): return try await change(key, ids: ids, deed)
        case .all:
            // What dies from now on is left alone, so this comes to an end.
            let limit = clock.now()
            var total = 0
            while true {
                let count = try await change(key, before: limit, deed)
                total += count
                if count < InboxStore.slice { return (total, []) }
            }
        }
    }

    private func change(
        _ key: Mapping.Key, ids: [String], _ deed: @escaping Deed
    ) async throws -> (count: Int, notFound: [String]) {
        try await database.write { connection in
            try InboxStore.require(key, in: connection)
            let now = clock.now()
            var notFound: [String] = []
            var depth = InboxDepth()
            for id in ids {
                let letter = try connection.first(
                    """
                    SELECT id, ordering_key FROM inbox_messages
                    WHERE message_id = \(id) AND tenant_id = \(key.tenant.name)
                      AND ai_agent_address = \(key.address) AND state = 'dead'
                    """
                ) { (try $0.integer(0), try $0.textOrNil(1)) }
                if let (row, orderingKey) = letter {
                    try deed(row, orderingKey, now, &depth, connection)
                } else {
                    notFound.append(id)
                }
            }
            try depth.apply(to: key, in: connection)
            return (ids.count - notFound.count, notFound)
        }
    }

    private func change(
        _ key: Mapping.Key, before limit: Timestamp, _ deed: @escaping Deed
    ) async throws -> Int {
        try await database.write { connection in
            try InboxStore.require(key, in: connection)
            let now = clock.now()
            let letters = try connection.all(
                """
                SELECT id, ordering_key FROM inbox_messages
                WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
                  AND state = 'dead' AND dead_at <= \(limit)
                ORDER BY dead_at, id LIMIT \(InboxStore.slice)
                """
            ) { (try $0.integer(0), try $0.textOrNil(1)) }
            var depth = InboxDepth()
            for (row, orderingKey) in letters {
                try deed(row, orderingKey, now, &depth, connection)
            }
            try depth.apply(to: key, in: connection)
            return letters.count
        }
    }
}

// MARK: - Coming back

extension InboxStore {
    /// Makes a message that was over deliverable again, as if it had never been handed out, in its
    /// place by arrival.
    static func comeBack(
        _ row: Int, _ key: Mapping.Key, _ orderingKey: String?, from: InboxMessage.State,
        at now: Timestamp, _ depth: inout InboxDepth, in connection: borrowing Connection
    ) throws {
        let state: InboxMessage.State = orderingKey == nil ? .ready : .held
        try connection.execute(
            """
            UPDATE inbox_messages
            SET state = \(state.rawValue), attempts = 0, available_at = \(now), lease_id = NULL,
                last_error = NULL, delivered_at = NULL, acked_at = NULL, dead_at = NULL
            WHERE tenant_id = \(key.tenant.name) AND id = \(row)
            """)
        depth.move(from, state)
        if let orderingKey {
            try line(up: orderingKey, key, at: now, &depth, in: connection)
        }
    }

    /// Makes the acknowledged messages that were sent at `time` or later deliverable again, and
    /// returns how many.
    func seek(_ key: Mapping.Key, to time: Timestamp) async throws -> Int {
        // What is acknowledged from now on is left alone, so this comes to an end.
        let limit = clock.now()
        var total = 0
        while true {
            let count = try await database.write { connection in
                try InboxStore.require(key, in: connection)
                return try InboxStore.replay(
                    key, from: time, before: limit, at: clock.now(), in: connection)
            }
            total += count
            if count < InboxStore.slice { return total }
        }
    }

    private static func replay(
        _ key: Mapping.Key, from time: Timestamp, before limit: Timestamp, at now: Timestamp,
        in connection: borrowing Connection
    ) throws -> Int {
        let rows = try connection.all(replayQuery(key, from: time, before: limit)) {
            (try $0.integer(0), try $0.textOrNil(1))
        }
        var depth = InboxDepth()
        for (row, orderingKey) in rows {
            try comeBack(
                row, key, orderingKey, from: .acknowledged, at: now, &depth, in: connection)
        }
        try depth.apply(to: key, in: connection)
        return rows.count
    }

    /// The acknowledged messages that were sent at `time` or later.
    ///
    /// None of them can have been acknowledged before that, so the index by that time serves.
    static func replayQuery(
        _ key: Mapping.Key, from time: Timestamp, before limit: Timestamp
    ) -> SQL {
        """
        SELECT id, ordering_key FROM inbox_messages
        WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
          AND state = 'acknowledged' AND acked_at >= \(time) AND acked_at <= \(limit)
          AND created_at >= \(time)
        ORDER BY acked_at LIMIT \(slice)
        """
    }
}
