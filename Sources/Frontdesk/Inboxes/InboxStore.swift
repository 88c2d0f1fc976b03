import SQLite

/// The messages of agents' inboxes: what is sent, and where each message stands.
///
/// Whoever delivers takes messages with `lease` and writes what became of them: pullers with `ack`,
/// `nack` and `extend`, deliverers of this server with `complete`, `fail` and `park`.
struct InboxStore: Sendable {
    /// What an operator can set.
    struct Limits: Sendable {
        /// Whether messages to an inactive agent are taken, to wait for its return.
        var parksInactive = false
        /// How many messages an inbox holds that are not delivered.
        var depth = 100_000
        /// How often a message is pulled before it is dead.
        var pulls = 5
        /// Days after which a message that nobody took is removed.
        var messageDays = 7
        /// Days for which a dead letter is kept.
        var deadLetterDays = 30
    }

    let database: Database
    let clock: Clock
    let ids: IDMaker
    let limits: Limits

    /// Rows that one write changes at most, where there may be many.
    static let slice = 500
    /// How long a sender's own id is remembered, and a message that was delivered, in seconds.
    static let day = 86_400.0
    /// How often a webhook or topic is tried before a message is dead.
    static let pushes = 11

    /// How often a message of this kind of place is handed out before it is dead.
    func attempts(for destination: Mapping.DestinationType) -> Int {
        destination == .frontdeskInbox ? limits.pulls : InboxStore.pushes
    }
}

// MARK: - The inbox

extension InboxStore {
    /// What is to be known of an inbox before something is done with it.
    struct Inbox: Sendable {
        let destination: Mapping.DestinationType
        let name: String
        let status: Mapping.Status
        /// How many of its messages stand where; nil before the first message.
        let depth: InboxDepth?
    }

    /// The inbox of a mapping, nil when there is none.
    static func find(_ key: Mapping.Key, in connection: borrowing Connection) throws -> Inbox? {
        try connection.first(
            """
            SELECT mapping.inbox_destination_type, mapping.inbox_name, mapping.status,
                   depth.ready, depth.delayed, depth.held, depth.leased, depth.dead
            FROM agent_inboxes mapping
            LEFT JOIN inbox_depths depth
              ON depth.tenant_id = mapping.tenant_id
                 AND depth.ai_agent_address = mapping.ai_agent_address
            WHERE mapping.tenant_id = \(key.tenant.name)
              AND mapping.ai_agent_address = \(key.address) AND mapping.removing_since IS NULL
            """
        ) { row in
            Inbox(
                destination: Mapping.DestinationType(rawValue: try row.text(0)),
                name: try row.text(1), status: try row.choice(2),
                depth: row.isNull(3) ? nil : try InboxDepth(row, from: 3))
        }
    }

    /// The inbox of a mapping. Throws 404 when there is none.
    @discardableResult
    static func require(
        _ key: Mapping.Key, in connection: borrowing Connection
    ) throws -> Inbox {
        guard let inbox = try find(key, in: connection) else { throw Failure.agentNotFound(key) }
        return inbox
    }
}

// MARK: - Sending

extension InboxStore {
    /// Stores a message and returns once it is durable; a repeat of the same sender stores nothing.
    ///
    /// Throws 404 for an unknown agent or one that takes no messages, 500 for one without a usable
    /// inbox, and 503 for one whose inbox is full. `record` runs in the same transaction.
    func send(
        _ draft: InboxDraft,
        record: @escaping @Sendable (SentMessage, borrowing Connection) throws -> Void = { _, _ in }
    ) async throws -> SentMessage {
        let id = ids.makeUUID()
        @Sendable func write(_ connection: borrowing Connection) throws -> SentMessage {
            let sent = try insert(draft, id: id, in: connection)
            try record(sent, connection)
            return sent
        }
        do {
            return try await database.write(write)
        } catch let failure as Failure where failure.code == .overloaded {
            // Some of those that fill the inbox may be dead by now, which nobody has written yet.
            guard try await settle(draft.inbox) else { throw failure }
            return try await database.write(write)
        } catch let error as DatabaseError where error.isOverloaded {
            // Senders are told in their own words, which an error of the database does not carry.
            throw Failure(.overloaded, "Too many writes wait; try again.", retryAfter: 1)
        }
    }

    private func insert(
        _ draft: InboxDraft, id: String, in connection: borrowing Connection
    ) throws -> SentMessage {
        let now = clock.now()
        let inbox = try InboxStore.require(draft.inbox, in: connection)
        if let first = try InboxStore.repeated(draft, at: now, in: connection) {
            return SentMessage(id: first, isRepeat: true, destination: inbox.destination)
        }
        try check(inbox, takes: draft)
        let state = try InboxStore.state(of: draft, in: connection)
        if inbox.depth == nil { try InboxDepth.create(draft.inbox, in: connection) }
        try InboxStore.insert(draft, id: id, state: state, at: now, in: connection)
        try InboxDepth.count(1, state, draft.inbox, in: connection)
        return SentMessage(id: id, isRepeat: false, destination: inbox.destination)
    }

    private static func insert(
        _ draft: InboxDraft, id: String, state: InboxMessage.State, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        let available = now.adding(seconds: Double(draft.delay))
        try connection.execute(
            """
            INSERT INTO inbox_messages
                (message_id, tenant_id, ai_agent_address, ordering_key, priority, payload,
                 attributes, sender_id, sender_message_id, state, available_at, request_id,
                 traceparent, created_at)
            VALUES
                (\(id), \(draft.inbox.tenant.name), \(draft.inbox.address),
                 \(draft.orderingKey), \(draft.priority), \(draft.payload),
                 \(draft.attributes(id: id, publishedAt: now)),
                 \(draft.sender.serviceName ?? ""), \(draft.sender.messageID),
                 \(state.rawValue), \(available), \(draft.requestID), \(draft.traceparent),
                 \(now))
            """)
    }

    /// The message that the same sender sent within a day under the same id of its own.
    private static func repeated(
        _ draft: InboxDraft, at now: Timestamp, in connection: borrowing Connection
    ) throws -> String? {
        guard let messageID = draft.sender.messageID else { return nil }
        return try connection.first(
            """
            SELECT message_id FROM inbox_messages
            WHERE tenant_id = \(draft.inbox.tenant.name)
              AND ai_agent_address = \(draft.inbox.address)
              AND sender_id = \(draft.sender.serviceName ?? "")
              AND sender_message_id = \(messageID)
              AND created_at > \(now.adding(seconds: -day))
            ORDER BY id DESC LIMIT 1
            """
        ) { try $0.text(0) }
    }

    private func check(_ inbox: Inbox, takes draft: InboxDraft) throws {
        if inbox.status == .inactive && !limits.parksInactive {
            throw Failure.agentInactive(draft.inbox)
        }
        guard inbox.destination.isKnown else {
            throw Failure.destinationUnsupported(draft.inbox, inbox.destination)
        }
        if inbox.destination.problem(withName: inbox.name) != nil {
            throw Failure.inboxUnusable(draft.inbox)
        }
        if let depth = inbox.depth, depth.undelivered >= limits.depth {
            throw Failure.inboxFull(draft.inbox, limit: limits.depth)
        }
    }

    /// Where a new message begins: behind an earlier one of its key, waiting, or ready.
    private static func state(
        of draft: InboxDraft, in connection: borrowing Connection
    ) throws -> InboxMessage.State {
        if let key = draft.orderingKey,
            try head(of: key, draft.inbox, in: connection) != nil
        {
            return .held
        }
        return draft.delay > 0 ? .delayed : .ready
    }
}
