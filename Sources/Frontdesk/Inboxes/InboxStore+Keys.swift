import SQLite

// One ordering key, one line: its head may be ready, delayed or leased, all others are held.
//
// Four things keep it so, each within the transaction that makes it necessary:
//   a new message is held if its key has a head, and is the head otherwise;
//   a message that ends for good (`end`) calls the earliest held one forward;
//   a message that comes back from the end (`comeBack`) is held, and then takes the head's place if
//   it came earlier and the head is in nobody's hands;
//   a head that comes back from somebody's hands makes way for an earlier message, if one came back
//   in the meantime (`line(up:)`).
// Whatever else happens to a head, being leased or its time coming, leaves it the head.
// A held message therefore always has a head before it, and no look at a held message is ever
// needed to find what may be handed out. The index of heads is unique, so a mistake here is an
// error and no second message in flight.
extension InboxStore {
    /// A message at the head of an ordering key.
    struct Head {
        let row: Int
        let state: InboxMessage.State
    }

    /// The head of an ordering key, nil when the key has no undelivered message.
    static func head(
        of orderingKey: String, _ inbox: Mapping.Key, in connection: borrowing Connection
    ) throws -> Head? {
        try connection.first(headQuery(orderingKey, inbox)) {
            Head(row: try $0.integer(0), state: try $0.choice(1))
        }
    }

    /// The head of an ordering key.
    static func headQuery(_ orderingKey: String, _ inbox: Mapping.Key) -> SQL {
        """
        SELECT id, state FROM inbox_messages
        WHERE tenant_id = \(inbox.tenant.name) AND ai_agent_address = \(inbox.address)
          AND ordering_key = \(orderingKey) AND ordering_key IS NOT NULL
          AND state IN ('ready', 'delayed', 'leased')
        """
    }

    /// The earliest held message of an ordering key, and from when on it may be delivered.
    private static func firstHeld(
        of orderingKey: String, _ inbox: Mapping.Key, in connection: borrowing Connection
    ) throws -> (row: Int, availableAt: Timestamp)? {
        try connection.first(heldQuery(orderingKey, inbox)) {
            (try $0.integer(0), try $0.timestamp(1))
        }
    }

    /// The earliest held message of an ordering key.
    static func heldQuery(_ orderingKey: String, _ inbox: Mapping.Key) -> SQL {
        """
        SELECT id, available_at FROM inbox_messages
        WHERE tenant_id = \(inbox.tenant.name) AND ai_agent_address = \(inbox.address)
          AND ordering_key = \(orderingKey) AND state = 'held'
        ORDER BY id LIMIT 1
        """
    }

    /// Makes the earliest held message the head of its key, which has none.
    static func promote(
        _ orderingKey: String, _ inbox: Mapping.Key, at now: Timestamp,
        _ depth: inout InboxDepth, in connection: borrowing Connection
    ) throws {
        guard let next = try firstHeld(of: orderingKey, inbox, in: connection) else { return }
        let state: InboxMessage.State = next.availableAt > now ? .delayed : .ready
        try connection.execute(
            """
            UPDATE inbox_messages
            SET state = \(state.rawValue), available_at = \(max(next.availableAt, now))
            WHERE tenant_id = \(inbox.tenant.name) AND id = \(next.row)
            """)
        depth.move(.held, state)
    }

    /// Puts the line of a key in order after earlier messages of it came back as held ones.
    static func line(
        up orderingKey: String, _ inbox: Mapping.Key, at now: Timestamp,
        _ depth: inout InboxDepth, in connection: borrowing Connection
    ) throws {
        guard let head = try head(of: orderingKey, inbox, in: connection) else {
            return try promote(orderingKey, inbox, at: now, &depth, in: connection)
        }
        // In somebody's hands it stays the one that is out; the earlier ones come after it.
        guard head.state != .leased,
            let first = try firstHeld(of: orderingKey, inbox, in: connection),
            first.row < head.row
        else { return }
        try connection.execute(
            """
            UPDATE inbox_messages SET state = 'held'
            WHERE tenant_id = \(inbox.tenant.name) AND id = \(head.row)
            """)
        depth.move(head.state, .held)
        try promote(orderingKey, inbox, at: now, &depth, in: connection)
    }
}
