import SQLite

/// The rows of tickets.
struct TicketStore: Sendable {
    /// Where they are.
    let database: Database
    /// Tells which orders are still open.
    let clock: Clock

    /// The ticket with an id or, failing that, a number in any case; nil if the tenant has none.
    func find(_ name: String, tenant: Tenant) throws -> Ticket? {
        let now = clock.now()
        return try database.read { try Self.find(name, tenant: tenant, at: now, in: $0) }
    }

    /// The ticket with an id or number. Throws `ticket_not_found`.
    func require(_ name: String, tenant: Tenant) throws -> Ticket {
        guard let ticket = try find(name, tenant: tenant) else {
            throw Failure.noTicket(name, of: tenant)
        }
        return ticket
    }

    /// A page of a customer's tickets, latest event first, and how many there are in all.
    func list(
        of customer: String, status: Ticket.Status?, limit: Int, offset: Int, tenant: Tenant
    ) throws -> (tickets: [Ticket], total: Int) {
        let now = clock.now()
        var condition: SQL = "tenant_id = \(tenant.name) AND customer_id = \(customer)"
        if let status { condition = condition + " AND status = \(status.rawValue)" }
        return try database.read { [condition] connection in
            let tickets = try connection.all(
                """
                SELECT \(Self.columns(at: now)) FROM tickets WHERE \(condition)
                ORDER BY event_date DESC, ticket_id LIMIT \(limit) OFFSET \(offset)
                """, Ticket.init)
            let total = try connection.first("SELECT count(*) FROM tickets WHERE \(condition)") {
                try $0.integer(0)
            }
            return (tickets, total ?? 0)
        }
    }

    /// Adds a ticket, and what `also` writes, at once. Throws `customer_not_found` and
    /// `ticket_exists`.
    func insert(
        _ ticket: Ticket, tenant: Tenant,
        also: @escaping @Sendable (borrowing Connection) throws -> Void
    ) async throws {
        try await database.write { connection in
            guard try CustomerStore.find(ticket.customerID, tenant: tenant, in: connection) != nil
            else { throw Failure.noCustomer(ticket.customerID, of: tenant) }
            try Self.refuseTaken(ticket, tenant: tenant, in: connection)
            try Self.insert(ticket, tenant: tenant, in: connection)
            try also(connection)
        }
    }
}

// MARK: - In a transaction

extension TicketStore {
    /// The ticket with an id or, failing that, a number in any case; nil if the tenant has none.
    static func find(
        _ name: String, tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Ticket? {
        let found = try find(id: name, tenant: tenant, at: now, in: connection)
        guard found == nil, let number = TicketDraft.number(name) else { return found }
        return try find(number: number, tenant: tenant, at: now, in: connection)
    }

    /// The ticket with an id, nil if the tenant has none.
    static func find(
        id: String, tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Ticket? {
        try connection.first(
            """
            SELECT \(columns(at: now)) FROM tickets
            WHERE tenant_id = \(tenant.name) AND ticket_id = \(id)
            """, Ticket.init)
    }

    /// The ticket with a number as it is stored, nil if the tenant has none.
    static func find(
        number: String, tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Ticket? {
        try connection.first(
            """
            SELECT \(columns(at: now)) FROM tickets
            WHERE tenant_id = \(tenant.name) AND ticket_number = \(number)
            """, Ticket.init)
    }

    /// Adds a ticket's row.
    static func insert(
        _ ticket: Ticket, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(insertion(of: ticket, tenant: tenant))
    }

    /// Adds a ticket's row unless its id or number is taken; returns whether it did.
    static func insertNew(
        _ ticket: Ticket, tenant: Tenant, in connection: borrowing Connection
    ) throws -> Bool {
        let statement = insertion(of: ticket, tenant: tenant) + " ON CONFLICT DO NOTHING"
        return try connection.execute(statement) == 1
    }

    private static func insertion(of ticket: Ticket, tenant: Tenant) -> SQL {
        """
        INSERT INTO tickets (
            tenant_id, ticket_id, customer_id, ticket_number, ticket_type, original_cents,
            currency, purchase_date, event_date, event_time, status, upgrade_tier, metadata,
            created_at, updated_at)
        VALUES (
            \(tenant.name), \(ticket.id), \(ticket.customerID), \(ticket.number),
            \(ticket.type.rawValue), \(ticket.originalCents), \(ticket.currency),
            \(ticket.purchaseDay?.text), \(ticket.eventDay.text), \(ticket.eventTime),
            \(ticket.status.rawValue), \(ticket.upgradeTier?.rawValue), \(ticket.metadata),
            \(ticket.createdAt), \(ticket.updatedAt))
        """
    }

    /// Writes what can change of a ticket.
    static func update(
        _ ticket: Ticket, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE tickets SET
                customer_id = \(ticket.customerID), ticket_number = \(ticket.number),
                ticket_type = \(ticket.type.rawValue), original_cents = \(ticket.originalCents),
                currency = \(ticket.currency), purchase_date = \(ticket.purchaseDay?.text),
                event_date = \(ticket.eventDay.text), event_time = \(ticket.eventTime),
                status = \(ticket.status.rawValue),
                upgrade_tier = \(ticket.upgradeTier?.rawValue), metadata = \(ticket.metadata),
                updated_at = \(ticket.updatedAt)
            WHERE tenant_id = \(tenant.name) AND ticket_id = \(ticket.id)
            """)
    }

    private static func refuseTaken(
        _ ticket: Ticket, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        let taken = try connection.first(
            """
            SELECT ticket_id = \(ticket.id) FROM tickets
            WHERE tenant_id = \(tenant.name)
                AND (ticket_id = \(ticket.id) OR ticket_number = \(ticket.number))
            LIMIT 1
            """
        ) { try $0.integer(0) == 1 ? "id '\(ticket.id)'" : "number '\(ticket.number)'" }
        guard let taken else { return }
        throw Failure(.ticketExists, "Another ticket has this \(taken) already.")
    }

    /// The columns in the order in which `Ticket(row:)` reads them; `now` tells which orders have
    /// lapsed.
    static func columns(at now: Timestamp) -> SQL {
        """
        ticket_id, customer_id, ticket_number, ticket_type, original_cents, currency, \
        purchase_date, event_date, event_time, status, upgrade_tier, metadata, created_at, \
        updated_at, \(openOrder(at: now))
        """
    }

    /// The order that holds the ticket of a row, or NULL.
    private static func openOrder(at now: Timestamp) -> SQL {
        """
        (SELECT open.order_id FROM ticket_orders AS open
         WHERE open.tenant_id = tickets.tenant_id AND open.ticket_id = tickets.ticket_id
            AND open.status IN ('pending', 'processing')
            AND (open.status = 'processing' OR open.expires_at > \(now)))
        """
    }
}

// MARK: - Expiry

extension TicketStore {
    /// Turns at most `limit` active tickets whose day was before `today` into expired ones, and
    /// returns how many.
    func expireBatch(before today: CalendarDay, atMost limit: Int) async throws -> Int {
        let now = clock.now()
        return try await database.write { connection in
            try connection.execute(
                """
                UPDATE tickets SET status = 'expired', updated_at = \(now)
                WHERE (tenant_id, ticket_id) IN (
                    SELECT tenant_id, ticket_id FROM tickets
                    WHERE status = 'active' AND event_date < \(today.text)
                    ORDER BY event_date LIMIT \(limit))
                """)
        }
    }

    /// How many active tickets' day was before `today`.
    func countExpiring(before today: CalendarDay) throws -> Int {
        try database.read { connection in
            try connection.first(
                """
                SELECT count(*) FROM tickets
                WHERE status = 'active' AND event_date < \(today.text)
                """
            ) { try $0.integer(0) } ?? 0
        }
    }
}

extension Ticket {
    fileprivate init(row: borrowing Row) throws {
        id = try row.text(0)
        customerID = try row.text(1)
        number = try row.text(2)
        type = try row.choice(3)
        originalCents = try row.integer(4)
        currency = try row.text(5)
        purchaseDay = try row.dayOrNil(6)
        eventDay = try row.day(7)
        eventTime = try row.textOrNil(8)
        status = try row.choice(9)
        upgradeTier = try row.textOrNil(10) == nil ? nil : row.choice(10)
        metadata = try row.text(11)
        createdAt = try row.text(12)
        updatedAt = try row.text(13)
        openOrderID = try row.textOrNil(14)
    }
}

extension Row {
    /// The day in a column. Throws when the text is none.
    func day(_ index: Int) throws -> CalendarDay {
        let text = try text(index)
        guard let day = CalendarDay(parsing: text) else { throw InvalidTimestamp(text: text) }
        return day
    }

    /// The day in a column that may be NULL.
    func dayOrNil(_ index: Int) throws -> CalendarDay? {
        try textOrNil(index) == nil ? nil : day(index)
    }
}
