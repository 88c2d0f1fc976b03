import SQLite

extension DemoUpgrade {
    /// Adds the order and its payment unless they, or something with their code, are there.
    func load(_ tenant: Tenant, in connection: borrowing Connection) throws {
        let taken = try connection.first(
            """
            SELECT 1 FROM ticket_orders
            WHERE (tenant_id = \(tenant.name) AND order_id = \(order.id))
                OR confirmation_code = \(order.confirmationCode)
            """
        ) { _ in true }
        guard taken == nil else { return }
        // Order and payment refer to each other, so one of them comes half first.
        var unpaid = order
        unpaid.status = .pending
        unpaid.paymentID = nil
        try TicketOrderStore.insert(unpaid, tenant: tenant, in: connection)
        try PaymentStore.insert(payment, tenant: tenant, in: connection)
        try TicketOrderStore.update(order, tenant: tenant, in: connection)
        try TestChargeStore.restore(payment.charge, at: payment.createdAt, in: connection)
    }

    /// Takes away what was told of the order, so that a restored one is told of anew.
    func forget(_ tenant: Tenant, in connection: borrowing Connection) throws {
        try connection.execute(
            """
            DELETE FROM emails
            WHERE tenant_id = \(tenant.name) AND about IN (\(order.id), \(payment.id))
            """)
    }
}
