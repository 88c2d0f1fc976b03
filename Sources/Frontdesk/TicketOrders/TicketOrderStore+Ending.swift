import JSON
import SQLite

extension TicketOrderStore {
    /// Cancels an order, and what `also` writes, at once.
    func cancel(
        _ orderID: String, reason: String?, requestID: String, by caller: Caller, tenant: Tenant,
        also: @escaping @Sendable (TicketOrder, borrowing Connection) throws -> Void
    ) async throws -> TicketOrder {
        let outcome = try await database.write { connection -> Result<TicketOrder, Failure> in
            let now = clock.now()
            let found = try Self.require(orderID, by: caller, tenant: tenant, in: connection)
            var order = try lapse(found, tenant: tenant, in: connection)
            guard order.status == .pending || order.status == .processing else {
                // It is no error of the transaction: what has lapsed stays so.
                return .failure(.illegal("cancelled", order))
            }
            order.cancel(reason: reason, at: now)
            try write(cancelled: order, requestID: requestID, tenant: tenant, in: connection)
            try also(order, connection)
            return .success(order)
        }
        return try outcome.get()
    }
}

// MARK: - Lapsing

extension TicketOrderStore {
    /// The order as it is now: cancelled if nobody paid it in time.
    func lapse(
        _ order: TicketOrder, tenant: Tenant, in connection: borrowing Connection
    ) throws -> TicketOrder {
        let now = clock.now()
        guard order.isDue(at: now) else { return order }
        var order = order
        order.cancel(reason: TicketOrder.expired, at: now)
        try write(
            cancelled: order, requestID: order.requestID, tenant: tenant, in: connection)
        return order
    }

    /// Cancels the order that still holds a ticket although nobody paid it in time, if there is
    /// one.
    func lapseHolder(
        of ticketID: String, tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        let holder = try connection.first(
            """
            SELECT \(Self.columns) FROM \(Self.rows)
            WHERE o.tenant_id = \(tenant.name) AND o.ticket_id = \(ticketID)
                AND o.status = 'pending' AND o.expires_at <= \(now)
            """, TicketOrder.init)
        if let holder { _ = try lapse(holder, tenant: tenant, in: connection) }
    }

    /// Cancels what a tenant's customers, or all, have not paid in time, and returns how many.
    @discardableResult
    func lapseDue(of tenant: Tenant? = nil) async throws -> Int {
        var total = 0
        while true {
            let count = try await lapseBatch(of: tenant, atMost: Self.slice)
            total += count
            if count < Self.slice { return total }
        }
    }

    /// Cancels at most `limit` orders that nobody has paid in time, and returns how many.
    func lapseBatch(of tenant: Tenant? = nil, atMost limit: Int) async throws -> Int {
        let due = try due(of: tenant, atMost: limit)
        if due.isEmpty { return 0 }
        return try await database.write { connection in
            for (tenant, id) in due {
                guard let order = try Self.find(id, tenant: tenant, in: connection) else {
                    continue
                }
                _ = try lapse(order, tenant: tenant, in: connection)
            }
            return due.count
        }
    }

    /// How many orders nobody has paid in time.
    func countDue() throws -> Int {
        let now = clock.now()
        return try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM ticket_orders WHERE \(Self.isDue(at: now))"
            ) { try $0.integer(0) } ?? 0
        }
    }

    /// Orders that one write cancels.
    private static let slice = 100

    private func due(
        of tenant: Tenant?, atMost limit: Int
    ) throws -> [(tenant: Tenant, id: String)] {
        let now = clock.now()
        return try database.read { connection in
            try connection.all(
                """
                SELECT tenant_id, order_id FROM ticket_orders
                WHERE \(Self.isDue(at: now)) AND tenant_id = coalesce(\(tenant?.name), tenant_id)
                ORDER BY expires_at LIMIT \(limit)
                """
            ) { (Tenant(unchecked: try $0.text(0)), try $0.text(1)) }
        }
    }

    private static func isDue(at now: Timestamp) -> SQL {
        "status = 'pending' AND expires_at <= \(now)"
    }

    private func write(
        cancelled order: TicketOrder, requestID: String, tenant: Tenant,
        in connection: borrowing Connection
    ) throws {
        try Self.update(order, tenant: tenant, in: connection)
        let envelope = TicketOrderMail.Envelope(
            tenant: tenant, customer: try customer(of: order, tenant: tenant, in: connection),
            requestID: requestID, now: order.updatedAt)
        try EmailStore.insert(mail.cancelled(order, envelope), in: connection)
    }
}
