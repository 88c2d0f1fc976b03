/// The demo's one order of an upgrade that is paid, for ticket 502 (tickets.md, section 11).
struct DemoUpgrade: Sendable {
    /// The order, completed.
    let order: TicketOrder
    /// Its payment.
    let payment: Payment

    /// The order for a demo ticket as it is loaded; nil when the prices hold no such upgrade.
    init?(of ticket: Ticket, _ pricing: Pricing, at now: Timestamp) {
        guard let price = pricing.price(.nonStop, for: .general, on: ticket.eventDay) else {
            return nil
        }
        let placed = now.adding(seconds: -3600)
        let paid = now.adding(seconds: -3000)
        let id = DemoTickets.id("pay", 502)
        var payment = Payment(
            id: id, orderID: DemoTickets.id("ord", 502), provider: "test", method: .creditCard,
            amountCents: price.upgradeCents, currency: ticket.currency, status: .completed,
            attempts: 1, reference: TestChargeStore.reference(id), requestID: "demo-data",
            createdAt: paid, updatedAt: paid)
        payment.completedAt = paid
        self.payment = payment
        order = TicketOrder(
            id: payment.orderID, ticketID: ticket.id, ticketNumber: ticket.number,
            customerID: ticket.customerID, quoteID: nil, originalType: .general,
            newType: ticket.type, originalEventDay: ticket.eventDay,
            price: TicketOrder.Price(price, for: ticket), method: payment.method,
            status: .completed, confirmationCode: "CONFDEMX2345", paymentID: id,
            requestID: "demo-data",
            expiresAt: placed.adding(seconds: Double(pricing.settings.orderHours) * 3600),
            createdAt: placed, updatedAt: paid, completedAt: paid)
    }
}
