/// A price that is held for one order until it ends.
struct PriceQuote: Equatable, Sendable {
    let id: String
    let ticketID: String
    let tier: UpgradeTier
    /// The day it is priced for.
    let eventDay: CalendarDay
    let category: PriceCategory
    let factor: Factor
    /// The price before the factor.
    let baseCents: Int
    /// What is charged.
    let upgradeCents: Int
    /// What was paid for the ticket at first.
    let originalCents: Int
    /// The ticket's new value.
    let totalCents: Int
    let currency: String
    let expiresAt: Timestamp
    let createdAt: Timestamp

    /// A quote of a price for a ticket.
    init(
        id: String, _ price: UpgradePrice, for ticket: Ticket, until expiresAt: Timestamp,
        at now: Timestamp
    ) {
        self.id = id
        ticketID = ticket.id
        tier = price.tier
        eventDay = price.day
        category = price.category
        factor = price.factor
        baseCents = price.baseCents
        upgradeCents = price.upgradeCents
        originalCents = ticket.originalCents
        totalCents = price.total(original: ticket.originalCents)
        currency = ticket.currency
        self.expiresAt = expiresAt
        createdAt = now
    }
}
