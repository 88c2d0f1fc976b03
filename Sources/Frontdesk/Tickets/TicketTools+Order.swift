import JSON

/// Reserving an upgrade, which is part of its turn like every other change.
extension TicketTools {
    /// What the arguments of `create_upgrade_order` say.
    private struct Reservation: Sendable {
        let question: TicketQuestion
        let quote: String?
        let totalCents: Int?
        let upgradeCents: Int?
        let method: PaymentMethod
    }

    /// `create_upgrade_order`
    var createOrder: Tool {
        tool(
            "create_upgrade_order", "Reserve an upgrade, to be paid later",
            [
                .required("ticket_id", .ticketID), .required("customer_id", .customerID),
                .required("upgrade_tier", .tier),
                .required("event_date", .day("The day of the upgrade")),
                .optional(
                    "quote_id",
                    .string(minimum: 1, maximum: 100, description: "The quote that holds the price")
                ),
                .optional("total_amount", .money("The ticket's new value, to be checked")),
                .optional("upgrade_price", .money("The price, to be checked")),
                .optional(
                    "payment_method",
                    .string(
                        oneOf: PaymentMethod.allCases.map(\.rawValue),
                        description: "How it will be paid")),
            ],
            scope: .ticketsWrite, traits: [],
            read: { reader in
                Reservation(
                    question: TicketQuestion(&reader, pricing.settings),
                    quote: reader.text("quote_id"),
                    totalCents: reader.values["total_amount"]?.cents,
                    upgradeCents: reader.values["upgrade_price"]?.cents,
                    method: reader.choice("payment_method") ?? .creditCard)
            },
            run: { wish, desk in try order(wish, at: desk) })
    }

    private func order(_ reservation: Reservation, at desk: TicketDesk) throws -> JSONObject {
        let question = reservation.question
        let ticket = try desk.ticket(question.ticket ?? "")
        let customer = try desk.customer(id: question.customer, email: nil)
        guard let tier = question.tier, let day = question.day else {
            throw Failure.invalid("event_date", "is required")
        }
        let stage = desk.context.stage
        if stage.openOrder(of: ticket.id) != nil {
            let refusal = desk.board.eligibility(of: .ticket(ticket), tier: tier)
            if let failure = refusal.only([.orderOpen]).failure {
                throw failure.naming(ticket.openOrderID)
            }
        }
        let wish = OrderWish(
            ticket: ticket.id, tier: tier, day: day, customerID: customer.id,
            quoteID: reservation.quote, totalCents: reservation.totalCents,
            upgradeCents: reservation.upgradeCents, method: reservation.method)
        let staged = try orders.draft(
            wish, by: desk.context.caller, tenant: desk.context.tenant,
            requestID: desk.context.requestID, staged: stage.quotes)
        stage.insert(staged)
        return ["order": staged.order.json(pricing.settings)]
    }
}

extension JSONSchema {
    /// An amount of money that a caller expects.
    fileprivate static func money(_ description: String) -> JSONSchema {
        .number(minimum: 0, maximum: 1_000_000, decimals: 2, description: description)
    }
}
