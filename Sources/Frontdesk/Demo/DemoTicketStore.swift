import SQLite

extension DemoTickets {
    /// Adds the customers and tickets that are missing; with `reset` those that exist are restored,
    /// and what was ordered on them is dropped. Counts what was written.
    func load(
        in connection: borrowing Connection, reset: Bool, counts: inout DemoData.Counts
    ) throws {
        let tenant = Tenant.default
        if reset { try dropOrders(of: tenant, in: connection) }
        for customer in customers {
            let exists = try CustomerStore.find(customer.id, tenant: tenant, in: connection) != nil
            if exists && !reset { continue }
            // Somebody's own record may have taken the address.
            let holder = try CustomerStore.find(
                email: customer.email, tenant: tenant, in: connection)
            guard [nil, customer.id].contains(holder?.id) else { continue }
            if exists {
                try CustomerStore.update(customer, tenant: tenant, in: connection)
            } else {
                try CustomerStore.insert(customer, tenant: tenant, in: connection)
            }
            counts.customers += 1
        }
        for ticket in tickets where try load(ticket, tenant, in: connection, reset: reset) {
            counts.tickets += 1
            guard let upgrade = upgrade(of: ticket) else { continue }
            if reset { try upgrade.forget(tenant, in: connection) }
            try upgrade.load(tenant, in: connection)
        }
    }

    private func load(
        _ ticket: Ticket, _ tenant: Tenant, in connection: borrowing Connection, reset: Bool
    ) throws -> Bool {
        let old = try TicketStore.find(id: ticket.id, tenant: tenant, at: now, in: connection)
        if old != nil && !reset { return false }
        // Somebody's own record may have taken the number, or the owner's address.
        let owner = try CustomerStore.find(ticket.customerID, tenant: tenant, in: connection)
        let holder = try TicketStore.find(
            number: ticket.number, tenant: tenant, at: now, in: connection)
        guard owner != nil, [nil, ticket.id].contains(holder?.id) else { return false }
        if old == nil {
            try TicketStore.insert(ticket, tenant: tenant, in: connection)
        } else {
            try TicketStore.update(ticket, tenant: tenant, in: connection)
        }
        return true
    }

    /// Takes away charges, payments, orders and held prices of the demo tickets.
    private func dropOrders(of tenant: Tenant, in connection: borrowing Connection) throws {
        let ids = tickets.map(\.id)
        let orders: SQL = """
            SELECT order_id FROM ticket_orders
            WHERE tenant_id = \(tenant.name) AND ticket_id IN (\(list: ids))
            """
        try connection.execute(
            """
            DELETE FROM test_charges WHERE charge_key IN (
                SELECT payment_id FROM payments
                WHERE tenant_id = \(tenant.name) AND order_id IN (\(orders)))
            """)
        // Orders and payments refer to each other, so one of them has to let go first.
        try connection.execute(
            """
            UPDATE ticket_orders SET status = 'failed', payment_id = NULL
            WHERE tenant_id = \(tenant.name) AND ticket_id IN (\(list: ids))
            """)
        try connection.execute(
            "DELETE FROM payments WHERE tenant_id = \(tenant.name) AND order_id IN (\(orders))")
        for table in ["ticket_orders", "price_quotes"] as [StaticString] {
            try connection.execute(
                """
                DELETE FROM \(raw: table)
                WHERE tenant_id = \(tenant.name) AND ticket_id IN (\(list: ids))
                """)
        }
    }
}
