import JSON

/// What a price is asked for: a ticket, or any ticket of a type.
enum PriceSubject: Sendable {
    case ticket(Ticket)
    case type(TicketType)

    /// The type that the price depends on.
    var type: TicketType {
        switch self {
        case .ticket(let ticket): ticket.type
        case .type(let type): type
        }
    }

    /// The ticket, if it is one.
    var ticket: Ticket? {
        if case .ticket(let ticket) = self { ticket } else { nil }
    }
}

/// What routes and tools show of prices and eligibility today.
struct PriceBoard: Sendable {
    /// The rules.
    let pricing: Pricing
    /// The present day at the venue.
    let today: CalendarDay

    /// What the operator set.
    var settings: TicketSettings { pricing.settings }

    /// The day that is meant: the one asked about, else the ticket's own, else in a week.
    func day(_ asked: CalendarDay?, for subject: PriceSubject) -> CalendarDay {
        asked ?? subject.ticket?.eventDay ?? today.adding(days: 7)
    }

    /// What stands against an upgrade; `day` is the day asked about, if any.
    func eligibility(
        of subject: PriceSubject, tier: UpgradeTier? = nil, on day: CalendarDay? = nil
    ) -> Eligibility {
        switch subject {
        case .ticket(let ticket):
            pricing.eligibility(of: ticket, tier: tier, on: day, today: today)
        case .type(let type): pricing.offer(type, tier: tier, on: day, today: today)
        }
    }

    /// The price of a tier. Throws `type_not_upgradeable` or `tier_not_offered`.
    func price(
        _ tier: UpgradeTier, for subject: PriceSubject, on day: CalendarDay
    ) throws -> UpgradePrice {
        if let price = pricing.price(tier, for: subject.type, on: day) { return price }
        throw noPrice(tier, for: subject, on: day)
    }

    /// Why a tier has no price, with all that stands against it; `day` is the day asked about.
    private func noPrice(
        _ tier: UpgradeTier, for subject: PriceSubject, on day: CalendarDay?
    ) -> Failure {
        let offer = pricing.offer(subject.type, tier: tier, today: today)
        guard var failure = offer.failure else { return Failure(.internal, "There is no price.") }
        failure.extra["reasons"] = eligibility(of: subject, tier: tier, on: day).json
        return failure
    }
}

// MARK: - What is shown

extension PriceBoard {
    /// Whether a ticket can be upgraded (`validate`).
    func validation(
        of ticket: Ticket, tier: UpgradeTier?, on day: CalendarDay?
    ) -> JSONObject {
        let eligibility = eligibility(of: .ticket(ticket), tier: tier, on: day)
        let upgrades = settings.tiers(for: ticket.type)
        return [
            "ticket": ticket.json, "upgrade_tier": JSONValue(tier?.rawValue),
            "event_date": JSONValue(day?.text), "eligible": .bool(eligibility.isEligible),
            "reasons": eligibility.json,
            "available_upgrades": .array(upgrades.map { .string($0.rawValue) }),
            "availability": pricing.availability(of: day ?? ticket.eventDay, today: today).json,
        ]
    }

    /// What one tier costs (`pricing`), with the quote that holds it, if one does.
    func offer(
        _ price: UpgradePrice, for subject: PriceSubject, _ eligibility: Eligibility,
        quote: PriceQuote?
    ) -> JSONObject {
        let original = subject.ticket?.originalCents
        return [
            "ticket_id": JSONValue(subject.ticket?.id),
            "ticket_type": .string(subject.type.rawValue),
            "upgrade_tier": .string(price.tier.rawValue),
            "tier_name": .string(settings.text(price.tier).name),
            "event_date": .string(price.day.text), "category": .string(price.category.rawValue),
            "factor": price.factor.json, "base_price": JSONValue(cents: price.baseCents),
            "upgrade_price": JSONValue(cents: price.upgradeCents),
            "original_price": original.map { JSONValue(cents: $0) } ?? .null,
            "total_amount": original.map { JSONValue(cents: price.total(original: $0)) } ?? .null,
            "savings_vs_peak": JSONValue(cents: price.savingsCents),
            "currency": .string(settings.currency),
            "availability": pricing.availability(of: price.day, today: today).json,
            "eligible": .bool(eligibility.isEligible), "reasons": eligibility.json,
            "quote_id": JSONValue(quote?.id),
            "quote_expires_at": JSONValue(quote?.expiresAt.text),
        ]
    }

    /// All tiers side by side (`tiers`).
    func comparison(for subject: PriceSubject, on asked: CalendarDay?) -> JSONObject {
        let day = day(asked, for: subject)
        let category = settings.category(of: day)
        let rows = rows(for: subject, on: day)
        return [
            "ticket_id": JSONValue(subject.ticket?.id),
            "ticket_type": .string(subject.type.rawValue), "event_date": .string(day.text),
            "category": .string(category.rawValue), "factor": settings.factor(category).json,
            "currency": .string(settings.currency),
            "availability": pricing.availability(of: day, today: today).json,
            "tiers": .array(rows.map { .object($0.object) }),
            "best_value": JSONValue(best(of: rows)?.rawValue),
        ]
    }

    /// The tiers worth buying (`recommendations`); the advice is put in by who asked for it.
    func recommendations(for ticket: Ticket, on asked: CalendarDay?) -> JSONObject {
        let day = day(asked, for: .ticket(ticket))
        let all = rows(for: .ticket(ticket), on: day)
        let rows = all.filter { $0.eligibility.isEligible }
        let best = best(of: rows)
        let shown = rows.map { row -> JSONValue in
            var object = row.object
            object["best_value"] = .bool(row.tier == best)
            return .object(object)
        }
        let message =
            rows.isEmpty
            ? refusal(of: ticket, on: day)
            : best.map { "\(settings.text($0).name) offers the best value." }
                ?? "An upgrade is available."
        return [
            "ticket_id": .string(ticket.id), "customer_id": .string(ticket.customerID),
            "event_date": .string(day.text), "currency": .string(settings.currency),
            "recommendations": .array(shown), "best_value": JSONValue(best?.rawValue),
            "message": .string(message), "advice": nil, "advice_status": "off",
        ]
    }

    /// Why no tier is available, in words.
    private func refusal(of ticket: Ticket, on day: CalendarDay) -> String {
        let reasons = eligibility(of: .ticket(ticket), on: day).reasons
        return reasons.isEmpty
            ? "No upgrade is available." : reasons.map(\.message).joined(separator: " ")
    }

    private func best(of rows: [TierRow]) -> UpgradeTier? {
        UpgradePrice.best(of: rows.filter { $0.eligibility.isEligible }.compactMap(\.price))?.tier
    }

    private func rows(for subject: PriceSubject, on day: CalendarDay) -> [TierRow] {
        UpgradeTier.allCases.map { tier in
            TierRow(
                tier: tier, text: settings.text(tier),
                price: pricing.price(tier, for: subject.type, on: day),
                eligibility: eligibility(of: subject, tier: tier, on: day),
                original: subject.ticket?.originalCents)
        }
    }
}

/// A tier beside the others.
private struct TierRow {
    let tier: UpgradeTier
    let text: TicketSettings.TierText
    let price: UpgradePrice?
    let eligibility: Eligibility
    let original: Int?

    var object: JSONObject {
        func amount(_ cents: Int?) -> JSONValue { cents.map { JSONValue(cents: $0) } ?? .null }
        let total = price.flatMap { price in original.map { price.total(original: $0) } }
        return [
            "tier": .string(tier.rawValue), "name": .string(text.name),
            "description": .string(text.description),
            "features": .array(text.features.map { .string($0) }),
            "available": .bool(eligibility.isEligible), "reasons": eligibility.json,
            "base_price": amount(price?.baseCents), "upgrade_price": amount(price?.upgradeCents),
            "total_amount": amount(total), "savings_vs_peak": amount(price?.savingsCents),
            // Hundredths are to a score what cents are to money.
            "value_score": amount(price?.valueScore),
        ]
    }
}

// MARK: - Day by day

extension PriceBoard {
    /// Prices and availability from today on (`calendar`). Throws `type_not_upgradeable` or
    /// `tier_not_offered` when a tier is asked for that has no price.
    func calendar(
        for subject: PriceSubject, days count: Int, tier: UpgradeTier?
    ) throws -> JSONObject {
        if let tier, settings.base(tier, for: subject.type) == nil {
            throw noPrice(tier, for: subject, on: nil)
        }
        let tiers = settings.tiers(for: subject.type).filter { tier == nil || $0 == tier }
        let eligibility = eligibility(of: subject, tier: tier)
        let days = (0..<count).map { today.adding(days: $0) }
        return [
            "ticket_id": JSONValue(subject.ticket?.id),
            "ticket_type": .string(subject.type.rawValue),
            "currency": .string(settings.currency), "eligible": .bool(eligibility.isEligible),
            "reasons": eligibility.json,
            "days": .array(days.map { entry($0, tiers, for: subject.type) }),
            "cheapest": .array(cheapest(tiers, for: subject.type, among: days).map(\.calendarJSON)),
        ]
    }

    /// Of each tier the lowest price on an available day, the earliest of equal ones.
    func cheapest(
        _ tiers: [UpgradeTier], for type: TicketType, among days: [CalendarDay]
    ) -> [UpgradePrice] {
        let open = days.filter { pricing.availability(of: $0, today: today).isAvailable }
        return tiers.compactMap { tier in
            open.compactMap { pricing.price(tier, for: type, on: $0) }
                .min { $0.upgradeCents < $1.upgradeCents }
        }
    }

    private func entry(
        _ day: CalendarDay, _ tiers: [UpgradeTier], for type: TicketType
    ) -> JSONValue {
        let availability = pricing.availability(of: day, today: today)
        let category = settings.category(of: day)
        let prices = tiers.compactMap { pricing.price($0, for: type, on: day) }
        return [
            "date": .string(day.text), "weekday": .string(day.weekday.rawValue),
            "category": .string(category.rawValue), "factor": settings.factor(category).json,
            "available": .bool(availability.isAvailable),
            "reason": JSONValue(availability.reason?.rawValue),
            "prices": .array(
                prices.map { price in
                    [
                        "tier": .string(price.tier.rawValue),
                        "upgrade_price": JSONValue(cents: price.upgradeCents),
                    ]
                }),
        ]
    }
}

extension UpgradePrice {
    /// The price as one of the cheapest.
    fileprivate var calendarJSON: JSONValue {
        [
            "tier": .string(tier.rawValue), "date": .string(day.text),
            "upgrade_price": JSONValue(cents: upgradeCents),
        ]
    }
}

extension Availability {
    /// As answers show it.
    var json: JSONValue {
        [
            "date": .string(day.text), "available": .bool(isAvailable),
            "reason": JSONValue(reason?.rawValue), "message": .string(message),
        ]
    }
}

extension Ticket {
    /// The record as answers show it.
    var json: JSONValue {
        [
            "ticket_id": .string(id), "customer_id": .string(customerID),
            "ticket_number": .string(number), "ticket_type": .string(type.rawValue),
            "original_price": JSONValue(cents: originalCents), "currency": .string(currency),
            "purchase_date": JSONValue(purchaseDay?.text), "event_date": .string(eventDay.text),
            "event_time": JSONValue(eventTime), "status": .string(status.rawValue),
            "upgrade_tier": JSONValue(upgradeTier?.rawValue),
            "open_order_id": JSONValue(openOrderID),
            "metadata": (try? JSONValue(parsing: metadata)) ?? .object(JSONObject()),
            "created_at": .string(createdAt), "updated_at": .string(updatedAt),
        ]
    }
}
