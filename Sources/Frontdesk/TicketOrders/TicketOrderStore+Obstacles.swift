// What stands against paying an order, and against keeping a charge that was made for it.
extension TicketOrderStore {
    /// What stands against paying for a ticket; price and day stand since the order was placed, as
    /// long as the ticket is still the customer's and of the type that was priced.
    func whyUnpayable(_ order: TicketOrder, _ ticket: Ticket, at now: Timestamp) -> Failure? {
        guard ticket.customerID == order.customerID else {
            return .mismatch(order.customerID, ticket)
        }
        var ticket = ticket
        if ticket.openOrderID == order.id { ticket.openOrderID = nil }
        let refusal = pricing.eligibility(of: ticket, today: pricing.today(at: now))
            .only([.ticketNotActive, .alreadyUpgraded, .orderOpen])
            .failure?.naming(ticket.openOrderID)
        return refusal ?? whyRepriced(order, ticket, at: now)
    }

    /// Why a charge that was made is to be given back; nil when it completes the order.
    func whyUnwanted(_ paid: PaidOrder, at now: Timestamp) -> Failure? {
        let (order, ticket) = (paid.order, paid.ticket)
        // A failed order is one whose charge was given back because of its ticket.
        guard [.processing, .failed].contains(order.status) else {
            return .illegal("paid", order)
        }
        guard ticket.customerID == order.customerID else {
            return .mismatch(order.customerID, ticket)
        }
        switch ticket.status {
        case .active: return whyRepriced(order, ticket, at: now)
        case .upgraded:
            return Eligibility(reasons: [
                .init(
                    code: .alreadyUpgraded,
                    message: "Ticket \(ticket.number) has been upgraded already.")
            ]).failure
        case .expired, .cancelled, .used:
            return Eligibility(reasons: [
                .init(
                    code: .ticketNotActive,
                    message: "Ticket \(ticket.number) is no longer active; the charge was "
                        + "given back.")
            ]).failure
        }
    }

    /// What a ticket of another type than the one that was priced has against the order.
    private func whyRepriced(
        _ order: TicketOrder, _ ticket: Ticket, at now: Timestamp
    ) -> Failure? {
        guard ticket.type != order.originalType else { return nil }
        let tier = order.price.tier
        let price = pricing.price(tier, for: ticket.type, on: order.price.eventDay)
        guard let price else {
            return pricing.offer(ticket.type, tier: tier, today: pricing.today(at: now)).failure
        }
        return .priceChanged(
            TicketOrder.Price(price, for: ticket),
            "Ticket \(ticket.number) is of another type than when it was ordered for; place a "
                + "new order.")
    }
}

extension TicketOrder {
    /// What its status has against paying it; nil when it can be paid.
    func whyUnpayable(at now: Timestamp) -> Failure? {
        switch status {
        case .processing: .paymentInProgress(self)
        case .cancelled where hasLapsed: .orderExpired(self)
        case .completed, .cancelled, .refunded: .illegal("paid", self)
        case .pending, .failed: expiresAt <= now ? .orderExpired(self) : nil
        }
    }
}
