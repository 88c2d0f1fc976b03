import JSON
import SQLite

/// What somebody wants to order, as far as its form goes.
struct OrderWish: Sendable {
    /// The ticket's id or number.
    let ticket: String
    let tier: UpgradeTier
    let day: CalendarDay
    /// For whom; customers may leave it out.
    let customerID: String?
    let quoteID: String?
    /// The new value of the ticket and the charge, as far as they were named.
    let totalCents: Int?
    let upgradeCents: Int?
    let method: PaymentMethod
}

extension TicketOrderStore {
    /// Places an order, and what `also` writes, at once.
    func place(
        _ wish: OrderWish, by caller: Caller, tenant: Tenant, requestID: String,
        also: @escaping @Sendable (TicketOrder, borrowing Connection) throws -> Void
    ) async throws -> TicketOrder {
        try await database.write { connection in
            let order = try place(
                wish, by: caller, tenant: tenant, requestID: requestID, in: connection)
            try also(order, connection)
            return order
        }
    }

    /// Places an order; refusals come in the order of tickets.md, section 7.
    func place(
        _ wish: OrderWish, by caller: Caller, tenant: Tenant, requestID: String,
        in connection: borrowing Connection
    ) throws -> TicketOrder {
        let order = try draft(
            wish, by: caller, tenant: tenant, requestID: requestID, in: connection)
        try keep(order, tenant: tenant, in: connection)
        return order
    }

    /// Adds an order that was drafted.
    func keep(
        _ order: TicketOrder, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try lapseHolder(of: order.ticketID, tenant: tenant, at: clock.now(), in: connection)
        try Self.insert(order, tenant: tenant, in: connection)
    }

    /// The order that would be placed, which is not stored yet; `staged` are quotes that are not
    /// either.
    func draft(
        _ wish: OrderWish, by caller: Caller, tenant: Tenant, requestID: String,
        staged: [PriceQuote] = [], in connection: borrowing Connection
    ) throws -> TicketOrder {
        let now = clock.now()
        guard
            let ticket = try TicketStore.find(wish.ticket, tenant: tenant, at: now, in: connection)
        else { throw Failure.noTicket(wish.ticket, of: tenant) }
        guard caller.owns(ticket.customerID) else { throw Failure.notOwner("ticket") }
        let customer = try customer(wish, caller, tenant: tenant, in: connection)
        let quote = try wish.quoteID.map { id in
            if let quote = staged.first(where: { $0.id == id }) { return quote }
            guard let quote = try PriceQuoteStore.find(id, tenant: tenant, in: connection) else {
                throw Failure.noQuote(id, of: tenant)
            }
            return quote
        }
        guard ticket.customerID == customer else { throw Failure.mismatch(customer, ticket) }
        if let quote {
            try check(quote, wish, ticket, tenant: tenant, at: now, in: connection)
        }
        try checkEligibility(wish, ticket, isHeld: quote != nil, at: now)
        let price = try price(wish, ticket, quote)
        return TicketOrder(
            id: ids.make("ord"), ticketID: ticket.id, ticketNumber: ticket.number,
            customerID: customer, quoteID: quote?.id, originalType: ticket.type,
            newType: price.tier.typeAfterwards, originalEventDay: ticket.eventDay, price: price,
            method: wish.method, status: .pending,
            confirmationCode: try freshCode(in: connection), requestID: requestID,
            expiresAt: now.adding(seconds: Double(pricing.settings.orderHours) * 3600),
            createdAt: now, updatedAt: now)
    }

    private func customer(
        _ wish: OrderWish, _ caller: Caller, tenant: Tenant, in connection: borrowing Connection
    ) throws -> String {
        guard let id = wish.customerID ?? caller.customerID else {
            throw Failure.invalid("customer_id", "is required")
        }
        guard caller.owns(id) else { throw Failure.otherCustomer }
        guard try CustomerStore.find(id, tenant: tenant, in: connection) != nil else {
            throw Failure.noCustomer(id, of: tenant)
        }
        return id
    }

    private func check(
        _ quote: PriceQuote, _ wish: OrderWish, _ ticket: Ticket, tenant: Tenant,
        at now: Timestamp, in connection: borrowing Connection
    ) throws {
        guard quote.ticketID == ticket.id, quote.tier == wish.tier, quote.eventDay == wish.day
        else {
            throw Failure(
                .quoteMismatch, "Quote \(quote.id) is for another ticket, tier or day.")
        }
        guard now < quote.expiresAt else {
            throw Failure(
                .quoteExpired,
                "Quote \(quote.id) ended at \(quote.expiresAt.text); ask for a new price.")
        }
        let user = try connection.first(
            """
            SELECT order_id FROM ticket_orders
            WHERE tenant_id = \(tenant.name) AND quote_id = \(quote.id)
            """
        ) { try $0.text(0) }
        guard let user else { return }
        var failure = Failure(
            .quoteUsed, "Quote \(quote.id) was used for an order; ask for a new price.")
        failure.extra["order_id"] = .string(user)
        throw failure
    }

    private func checkEligibility(
        _ wish: OrderWish, _ ticket: Ticket, isHeld: Bool, at now: Timestamp
    ) throws {
        var eligibility = pricing.eligibility(
            of: ticket, tier: wish.tier, on: wish.day, today: pricing.today(at: now))
        // A held price settles the day, whatever has happened since.
        if isHeld { eligibility = eligibility.without([.eventTooSoon, .dateUnavailable]) }
        if let failure = eligibility.failure { throw failure.naming(ticket.openOrderID) }
    }

    private func price(
        _ wish: OrderWish, _ ticket: Ticket, _ quote: PriceQuote?
    ) throws -> TicketOrder.Price {
        let computed = pricing.price(wish.tier, for: ticket.type, on: wish.day)
        guard
            let price = quote.map(TicketOrder.Price.init)
                ?? computed.map({ TicketOrder.Price($0, for: ticket) })
        else { throw MissingRow(of: "price of \(wish.tier.rawValue)") }
        let isAgreed =
            [nil, price.totalCents].contains(wish.totalCents)
            && [nil, price.upgradeCents].contains(wish.upgradeCents)
        guard isAgreed else { throw Failure.priceChanged(price) }
        return price
    }

    private func freshCode(in connection: borrowing Connection) throws -> String {
        while true {
            let code = ConfirmationCode.make(random())
            // The code is unique in the whole database, because people read it to each other.
            let taken = try connection.first(
                "SELECT 1 FROM ticket_orders WHERE confirmation_code = \(code)"
            ) { _ in true }
            if taken == nil { return code }
        }
    }
}

extension Failure {
    /// The same, with the order that holds the ticket where that is what stands against it.
    func naming(_ openOrder: String?) -> Failure {
        guard code == .orderOpen, let openOrder else { return self }
        var failure = self
        failure.extra["order_id"] = .string(openOrder)
        return failure
    }
}
