import JSON

/// An order with a payment for it and the ticket it upgrades.
struct PaidOrder: Equatable, Sendable {
    var order: TicketOrder
    var payment: Payment
    var ticket: Ticket

    /// The three as answers show them.
    func data(_ settings: TicketSettings) -> JSONObject {
        ["order": order.json(settings), "payment": payment.json, "ticket": ticket.json]
    }
}
