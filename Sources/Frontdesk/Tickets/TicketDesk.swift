import JSON

/// What one call of a ticket tool may see, and how it answers.
struct TicketDesk: Sendable {
    let tools: TicketTools
    let context: ToolContext

    /// The rules as they are today.
    var board: PriceBoard {
        PriceBoard(pricing: tools.pricing, today: tools.pricing.today(at: context.now))
    }

    /// The only customer whose records are to be seen, of an id that nobody has if there is none;
    /// nil for all.
    private func ownCustomer() throws -> String? {
        if context.caller.seesOnlyOwn { return context.caller.customerID ?? "" }
        guard let email = context.customerEmail else { return nil }
        let own = try tools.customers.find(email: email.lowercased(), tenant: context.tenant)
        return own?.id ?? ""
    }

    /// Whether a customer's records are to be seen.
    private func isVisible(_ customer: String) throws -> Bool {
        guard let own = try ownCustomer() else { return true }
        return own == customer
    }

    /// The ticket of an id or number, as this turn leaves it. Throws `ticket_not_found`.
    func ticket(_ name: String) throws -> Ticket {
        guard var ticket = try tools.tickets.find(name, tenant: context.tenant),
            try isVisible(ticket.customerID)
        else { throw Failure.noTicket(name, of: context.tenant) }
        ticket.openOrderID = ticket.openOrderID ?? context.stage.openOrder(of: ticket.id)
        return ticket
    }

    /// The ticket asked about. Throws `customer_mismatch` when it belongs to somebody else.
    func ticket(of question: TicketQuestion) throws -> Ticket {
        let ticket = try ticket(question.ticket ?? "")
        if let customer = question.customer, customer != ticket.customerID {
            _ = try self.customer(id: customer, email: nil)
            throw Failure.mismatch(customer, ticket)
        }
        return ticket
    }

    /// The ticket or type asked about.
    func subject(of question: TicketQuestion) throws -> PriceSubject {
        if let type = question.type { return .type(type) }
        return .ticket(try ticket(of: question))
    }

    /// A customer by id or address. Throws `customer_not_found`.
    func customer(id: String?, email: String?) throws -> Customer {
        let isLimited = try ownCustomer() != nil
        let found =
            if let id {
                try tools.customers.find(id, tenant: context.tenant)
            } else if let email, !isLimited {
                try tools.customers.find(email: email, tenant: context.tenant)
            } else {
                nil as Customer?
            }
        guard let found, try isVisible(found.id) else {
            throw Failure.noCustomer(id ?? email ?? "", of: context.tenant)
        }
        return found
    }

    /// The tiers worth buying, with the advice of a model if there is one.
    func recommendations(for ticket: Ticket, on day: CalendarDay?) async throws -> JSONObject {
        let found = board.recommendations(for: ticket, on: day)
        guard let adviser = tools.adviser else { return found }
        try await context.leaving()
        return found.with(
            await adviser.advice(on: found, for: ticket.type, of: context.tenant))
    }

    /// What a tier costs; with `holds` an eligible price is held from the turn's end on.
    func price(
        _ question: TicketQuestion, _ subject: PriceSubject, holds: Bool
    ) throws -> JSONObject {
        guard let tier = question.tier else {
            throw Failure.invalid("upgrade_tier", "is required")
        }
        let day = board.day(question.day, for: subject)
        let price = try board.price(tier, for: subject, on: day)
        let eligibility = board.eligibility(of: subject, tier: tier, on: day)
        var quote: PriceQuote?
        if holds, eligibility.isEligible, let ticket = subject.ticket {
            let end = context.now.adding(seconds: Double(board.settings.quoteMinutes) * 60)
            let held = PriceQuote(
                id: tools.ids.make("quo"), price, for: ticket, until: end, at: context.now)
            context.stage.insert(held)
            quote = held
        }
        return board.offer(price, for: subject, eligibility, quote: quote)
    }
}
