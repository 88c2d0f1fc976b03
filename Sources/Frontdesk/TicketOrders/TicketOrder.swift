import JSON

/// The order of an upgrade for a ticket.
struct TicketOrder: Equatable, Sendable {
    let id: String
    let ticketID: String
    /// The number printed on the ticket.
    let ticketNumber: String
    let customerID: String
    /// The held price it relies on, if any.
    let quoteID: String?
    /// The ticket's type and day before, where a refund takes it back.
    let originalType: TicketType
    let newType: TicketType
    let originalEventDay: CalendarDay
    let price: Price
    /// What it is, or is to be, paid with.
    var method: PaymentMethod
    var status: Status
    let confirmationCode: String
    /// The payment that completed it.
    var paymentID: String?
    /// Why it could not be paid; nil unless it failed.
    var failureReason: String?
    var cancelReason: String?
    var refundReason: String?
    /// The request that placed it.
    let requestID: String
    /// From then on it cannot be paid.
    let expiresAt: Timestamp
    let createdAt: Timestamp
    var updatedAt: Timestamp
    var completedAt: Timestamp?
    var cancelledAt: Timestamp?
    var refundedAt: Timestamp?

    /// Where an order stands.
    enum Status: String, Sendable, CaseIterable {
        case pending, processing, completed, failed, cancelled, refunded
    }

    /// What an order costs, settled when it is placed.
    struct Price: Equatable, Sendable {
        let tier: UpgradeTier
        /// The day it is priced for, to which the ticket moves.
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
    }

    /// The `cancel_reason` of an order that nobody paid in time.
    static let expired = "expired"

    /// Whether it is for another day than the ticket's.
    var movesTicket: Bool { price.eventDay != originalEventDay }

    /// Whether nobody paid it in time.
    var hasLapsed: Bool {
        guard status == .cancelled, cancelReason == Self.expired, let cancelledAt else {
            return false
        }
        return cancelledAt >= expiresAt
    }

    /// Cancels it.
    mutating func cancel(reason: String?, at now: Timestamp) {
        status = .cancelled
        cancelReason = reason
        cancelledAt = now
        updatedAt = now
    }
}

extension TicketOrder.Price {
    /// What a ticket's upgrade costs now.
    init(_ price: UpgradePrice, for ticket: Ticket) {
        self.init(
            tier: price.tier, eventDay: price.day, category: price.category, factor: price.factor,
            baseCents: price.baseCents, upgradeCents: price.upgradeCents,
            originalCents: ticket.originalCents,
            totalCents: price.total(original: ticket.originalCents), currency: ticket.currency)
    }

    /// What was held.
    init(_ quote: PriceQuote) {
        self.init(
            tier: quote.tier, eventDay: quote.eventDay, category: quote.category,
            factor: quote.factor, baseCents: quote.baseCents, upgradeCents: quote.upgradeCents,
            originalCents: quote.originalCents, totalCents: quote.totalCents,
            currency: quote.currency)
    }
}

extension TicketOrder {
    /// The order as answers show it; `settings` know the tier's name.
    func json(_ settings: TicketSettings) -> JSONValue {
        [
            "order_id": .string(id), "ticket_id": .string(ticketID),
            "ticket_number": .string(ticketNumber), "customer_id": .string(customerID),
            "status": .string(status.rawValue), "confirmation_code": .string(confirmationCode),
            "original_type": .string(originalType.rawValue),
            "upgrade_tier": .string(price.tier.rawValue),
            "tier_name": .string(settings.text(price.tier).name),
            "new_type": .string(newType.rawValue),
            "original_event_date": .string(originalEventDay.text),
            "event_date": .string(price.eventDay.text),
            "category": .string(price.category.rawValue), "factor": price.factor.json,
            "base_price": JSONValue(cents: price.baseCents),
            "upgrade_price": JSONValue(cents: price.upgradeCents),
            "original_price": JSONValue(cents: price.originalCents),
            "total_amount": JSONValue(cents: price.totalCents),
            "currency": .string(price.currency), "payment_method": .string(method.rawValue),
            "payment_id": JSONValue(paymentID), "quote_id": JSONValue(quoteID),
            "failure_reason": JSONValue(failureReason), "cancel_reason": JSONValue(cancelReason),
            "refund_reason": JSONValue(refundReason), "created_at": .string(createdAt.text),
            "updated_at": .string(updatedAt.text), "expires_at": .string(expiresAt.text),
            "completed_at": JSONValue(completedAt?.text),
            "cancelled_at": JSONValue(cancelledAt?.text),
            "refunded_at": JSONValue(refundedAt?.text),
        ]
    }
}

/// The word that names an order to people: `CONF` and eight letters and digits that look alike to
/// nobody.
enum ConfirmationCode {
    private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789".utf8)

    /// The code that 40 of these random bits spell.
    static func make(_ random: UInt64) -> String {
        var bits = random
        var letters = Array("CONF".utf8)
        for _ in 0..<8 {
            letters.append(alphabet[Int(bits % 32)])
            bits /= 32
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
