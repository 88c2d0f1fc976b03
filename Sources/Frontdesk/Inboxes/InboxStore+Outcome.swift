import SQLite

/// A message that is leased, as far as writing its outcome needs it.
struct LeasedMessage: Sendable {
    let row: Int
    let inbox: Mapping.Key
    let attempts: Int
    let orderingKey: String?

    /// Writes that somebody has taken the message for good, and calls the next of its key forward.
    func end(
        as state: InboxMessage.State, at now: Timestamp, _ depth: inout InboxDepth,
        in connection: borrowing Connection
    ) throws {
        let acked = state == .acknowledged ? now : nil
        let delivered = state == .delivered ? now : nil
        try connection.execute(
            """
            UPDATE inbox_messages
            SET state = \(state.rawValue), lease_until = NULL, acked_at = \(acked),
                delivered_at = coalesce(\(delivered), delivered_at), last_error = NULL
            WHERE tenant_id = \(inbox.tenant.name) AND id = \(row)
            """)
        depth.move(.leased, state)
        try callNext(at: now, &depth, in: connection)
    }

    /// Writes that the message was not taken: it comes again at `retryAt`, or is dead after
    /// `attempts` times, or at once when there is no such instant.
    func fail(
        _ error: String?, retryAt: Timestamp?, at now: Timestamp, attempts limit: Int,
        _ depth: inout InboxDepth, in connection: borrowing Connection
    ) throws {
        guard let retryAt, attempts < limit else {
            try connection.execute(
                """
                UPDATE inbox_messages
                SET state = 'dead', lease_id = NULL, lease_until = NULL, dead_at = \(now),
                    last_error = \(error)
                WHERE tenant_id = \(inbox.tenant.name) AND id = \(row)
                """)
            depth.move(.leased, .dead)
            return try callNext(at: now, &depth, in: connection)
        }
        let state: InboxMessage.State = retryAt > now ? .delayed : .ready
        try connection.execute(
            """
            UPDATE inbox_messages
            SET state = \(state.rawValue), lease_id = NULL, lease_until = NULL,
                available_at = \(retryAt), last_error = \(error)
            WHERE tenant_id = \(inbox.tenant.name) AND id = \(row)
            """)
        depth.move(.leased, state)
        try lineUp(at: now, &depth, in: connection)
    }

    /// Gives the message back as if it had not been taken.
    func park(
        at now: Timestamp, _ depth: inout InboxDepth, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE inbox_messages
            SET state = 'ready', lease_id = NULL, lease_until = NULL, attempts = attempts - 1
            WHERE tenant_id = \(inbox.tenant.name) AND id = \(row)
            """)
        depth.move(.leased, .ready)
        try lineUp(at: now, &depth, in: connection)
    }

    /// Lets an earlier message of the key go first, one that came back in the meantime.
    private func lineUp(
        at now: Timestamp, _ depth: inout InboxDepth, in connection: borrowing Connection
    ) throws {
        guard let orderingKey else { return }
        try InboxStore.line(up: orderingKey, inbox, at: now, &depth, in: connection)
    }

    private func callNext(
        at now: Timestamp, _ depth: inout InboxDepth, in connection: borrowing Connection
    ) throws {
        guard let orderingKey else { return }
        try InboxStore.promote(orderingKey, inbox, at: now, &depth, in: connection)
    }
}

// MARK: - What pullers say

/// What became of a lease that a puller named.
enum LeaseOutcome: Sendable, Equatable {
    case acked
    case nacked
    case extended(until: Timestamp)
    /// It has ended before: by its time, by a `nack`, or because the message went to others.
    case expired
    /// No message of the inbox has ever been leased under it.
    case unknown
}

extension InboxStore {
    /// Writes that the messages are done with.
    func ack(_ key: Mapping.Key, _ ids: [String]) async throws -> [LeaseOutcome] {
        try await answer(key, ids) { _, message, now, depth, connection in
            try message.end(as: .acknowledged, at: now, &depth, in: connection)
            return .acked
        }
    }

    /// Gives messages back, to come again after `delay` seconds, or to die if they came too often.
    func nack(_ key: Mapping.Key, _ ids: [String], delay: Int) async throws -> [LeaseOutcome] {
        try await answer(key, ids) { inbox, message, now, depth, connection in
            try message.fail(
                "The receiver gave it back.", retryAt: now.adding(seconds: Double(delay)),
                at: now, attempts: attempts(for: inbox.destination), &depth, in: connection)
            return .nacked
        }
    }

    /// Makes leases end `seconds` from now.
    func extend(_ key: Mapping.Key, _ ids: [String], seconds: Int) async throws -> [LeaseOutcome] {
        try await answer(key, ids) { _, message, now, _, connection in
            let until = now.adding(seconds: Double(seconds))
            try connection.execute(
                """
                UPDATE inbox_messages SET lease_until = \(until)
                WHERE tenant_id = \(key.tenant.name) AND id = \(message.row)
                """)
            return .extended(until: until)
        }
    }

    /// What is done with a message whose lease holds.
    private typealias Deed =
        @Sendable (Inbox, LeasedMessage, Timestamp, inout InboxDepth, borrowing Connection) throws
        -> LeaseOutcome

    private func answer(
        _ key: Mapping.Key, _ ids: [String], _ deed: @escaping Deed
    ) async throws -> [LeaseOutcome] {
        try await database.write { connection in
            let inbox = try InboxStore.require(key, in: connection)
            let now = clock.now()
            var depth = InboxDepth()
            let outcomes = try ids.map { id in
                switch try InboxStore.claim(id, key, at: now, in: connection) {
                case .holds(let message): try deed(inbox, message, now, &depth, connection)
                case .isOver(let outcome): outcome
                }
            }
            try depth.apply(to: key, in: connection)
            return outcomes
        }
    }

    private enum Claim {
        case holds(LeasedMessage)
        case isOver(LeaseOutcome)
    }

    /// Finds out what a puller's word is worth.
    private static func claim(
        _ text: String, _ key: Mapping.Key, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Claim {
        guard let id = AckID(text) else { return .isOver(.unknown) }
        return try connection.first(
            """
            SELECT id, state, lease_id, lease_until, attempts, ordering_key FROM inbox_messages
            WHERE message_id = \(id.messageID) AND tenant_id = \(key.tenant.name)
              AND ai_agent_address = \(key.address)
            """
        ) { row in
            guard try row.textOrNil(2) == id.leaseID else { return .isOver(.expired) }
            if try row.choice(1, InboxMessage.State.self) == .acknowledged {
                return .isOver(.acked)
            }
            guard let until = try row.timestampOrNil(3), until > now else {
                return .isOver(.expired)
            }
            return .holds(
                LeasedMessage(
                    row: try row.integer(0), inbox: key, attempts: try row.integer(4),
                    orderingKey: try row.textOrNil(5)))
        } ?? .isOver(.unknown)
    }
}

// MARK: - What deliverers of this server say

extension InboxStore {
    /// Writes that the destination has taken the messages; returns how many leases still held.
    func complete(_ leases: [InboxLease]) async throws -> Int {
        try await finish(leases) { message, now, depth, connection in
            try message.end(as: .delivered, at: now, &depth, in: connection)
        }
    }

    /// Writes why messages could not be delivered and when to try again; without such an instant
    /// they are dead. Returns how many leases still held.
    func fail(
        _ leases: [InboxLease], error: String, retryAt: Timestamp?
    ) async throws -> Int {
        try await finish(leases) { message, now, depth, connection in
            try message.fail(
                String(error.prefix(500)), retryAt: retryAt, at: now, attempts: .max, &depth,
                in: connection)
        }
    }

    /// Gives messages back untried, such as those of an agent that has become inactive; the
    /// attempt does not count. Returns how many leases still held.
    func park(_ leases: [InboxLease]) async throws -> Int {
        try await finish(leases) { message, now, depth, connection in
            try message.park(at: now, &depth, in: connection)
        }
    }

    /// Ends leases of one inbox; a late word counts as long as nobody else has the message.
    private func finish(
        _ leases: [InboxLease],
        _ deed:
            @escaping @Sendable (
                LeasedMessage, Timestamp, inout InboxDepth, borrowing Connection
            ) throws -> Void
    ) async throws -> Int {
        try await database.write { connection in
            let now = clock.now()
            var count = 0
            for lease in leases {
                let isOurs = try connection.first(
                    """
                    SELECT id FROM inbox_messages
                    WHERE tenant_id = \(lease.message.inbox.tenant.name)
                      AND id = \(lease.message.row) AND message_id = \(lease.message.id)
                      AND state = 'leased' AND lease_id = \(lease.id)
                    """
                ) { _ in true }
                guard isOurs == true else { continue }
                var depth = InboxDepth()
                let message = LeasedMessage(
                    row: lease.message.row, inbox: lease.message.inbox,
                    attempts: lease.attempt, orderingKey: lease.message.orderingKey)
                try deed(message, now, &depth, connection)
                try depth.apply(to: lease.message.inbox, in: connection)
                count += 1
            }
            return count
        }
    }

    /// The inboxes of active agents whose kind of place is `destination` and that have something
    /// to deliver now, for a deliverer of this server.
    func due(for destination: Mapping.DestinationType) throws -> [Mapping.Key] {
        let now = clock.now()
        return try database.read { connection in
            // The first condition keeps a server whose agents all pull from looking at each inbox.
            try connection.all(
                """
                SELECT depth.tenant_id, depth.ai_agent_address
                FROM inbox_depths depth
                JOIN agent_inboxes mapping
                  ON mapping.tenant_id = depth.tenant_id
                     AND mapping.ai_agent_address = depth.ai_agent_address
                WHERE EXISTS (
                    SELECT 1 FROM agent_inbox_counts
                    WHERE inbox_destination_type = \(destination.rawValue)
                      AND status = 'ACTIVE' AND mappings > 0)
                  AND mapping.inbox_destination_type = \(destination.rawValue)
                  AND mapping.status = 'ACTIVE' AND mapping.removing_since IS NULL
                  AND (depth.ready > 0
                    OR depth.delayed > 0 AND EXISTS (
                        SELECT 1 FROM inbox_messages message
                        WHERE message.tenant_id = depth.tenant_id
                          AND message.ai_agent_address = depth.ai_agent_address
                          AND message.state = 'delayed' AND message.available_at <= \(now))
                    OR depth.leased > 0 AND EXISTS (
                        SELECT 1 FROM inbox_messages message
                        WHERE message.tenant_id = depth.tenant_id
                          AND message.ai_agent_address = depth.ai_agent_address
                          AND message.state = 'leased' AND message.lease_until <= \(now)))
                """
            ) { row in
                Mapping.Key(
                    tenant: Tenant(unchecked: try row.text(0)), address: try row.text(1))
            }
        }
    }
}
