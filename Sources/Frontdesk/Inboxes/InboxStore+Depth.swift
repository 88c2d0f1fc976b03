import SQLite

/// How many messages of one inbox stand where, or by how many a transaction changes that.
struct InboxDepth: Sendable, Equatable {
    var ready = 0
    var delayed = 0
    var held = 0
    var leased = 0
    var dead = 0

    /// All messages that may still be delivered.
    var undelivered: Int { ready + delayed + held + leased }

    /// Those that wait for being handed out, now or later.
    var waiting: Int { ready + delayed + held }

    /// Notes that messages came to a state, or left it when `amount` is negative.
    mutating func add(_ amount: Int, _ state: InboxMessage.State) {
        switch state {
        case .ready: ready += amount
        case .delayed: delayed += amount
        case .held: held += amount
        case .leased: leased += amount
        case .dead: dead += amount
        case .delivered, .acknowledged, .removed: break
        }
    }

    /// Notes that messages went from one state to another.
    mutating func move(_ from: InboxMessage.State, _ to: InboxMessage.State, _ amount: Int = 1) {
        add(-amount, from)
        add(amount, to)
    }
}

extension InboxDepth {
    /// The counts in five columns of a row.
    init(_ row: borrowing Row, from column: Int) throws {
        ready = try row.integer(column)
        delayed = try row.integer(column + 1)
        held = try row.integer(column + 2)
        leased = try row.integer(column + 3)
        dead = try row.integer(column + 4)
    }

    /// Makes the row of an inbox that gets its first message.
    static func create(_ inbox: Mapping.Key, in connection: borrowing Connection) throws {
        try connection.execute(
            """
            INSERT INTO inbox_depths (tenant_id, ai_agent_address)
            VALUES (\(inbox.tenant.name), \(inbox.address))
            ON CONFLICT (tenant_id, ai_agent_address) DO NOTHING
            """)
    }

    /// Counts messages of one state in.
    static func count(
        _ amount: Int, _ state: InboxMessage.State, _ inbox: Mapping.Key,
        in connection: borrowing Connection
    ) throws {
        var change = InboxDepth()
        change.add(amount, state)
        try change.apply(to: inbox, in: connection)
    }

    /// Adds this change to what is counted of an inbox.
    func apply(to inbox: Mapping.Key, in connection: borrowing Connection) throws {
        guard self != InboxDepth() else { return }
        try connection.execute(
            """
            UPDATE inbox_depths
            SET ready = ready + \(ready), delayed = delayed + \(delayed), held = held + \(held),
                leased = leased + \(leased), dead = dead + \(dead)
            WHERE tenant_id = \(inbox.tenant.name) AND ai_agent_address = \(inbox.address)
            """)
    }
}
