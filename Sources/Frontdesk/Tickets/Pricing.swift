/// The rules of prices and upgrades: every number and refusal comes from here.
struct Pricing: Sendable {
    /// What the operator set.
    let settings: TicketSettings

    /// The present day at the venue.
    func today(at now: Timestamp) -> CalendarDay { settings.zone.day(at: now) }

    /// What a tier costs a ticket's type on a day; nil when it is not offered.
    func price(_ tier: UpgradeTier, for type: TicketType, on day: CalendarDay) -> UpgradePrice? {
        guard let base = settings.base(tier, for: type) else { return nil }
        let category = settings.category(of: day)
        let factor = settings.factor(category)
        let upgrade = factor.applied(to: base)
        return UpgradePrice(
            tier: tier, day: day, category: category, factor: factor, baseCents: base,
            upgradeCents: upgrade,
            savingsCents: max(0, settings.factor(.peak).applied(to: base) - upgrade),
            featureCount: settings.text(tier).features.count)
    }

    /// Whether upgrades for a day are sold today.
    func availability(of day: CalendarDay, today: CalendarDay) -> Availability {
        if day < today {
            return Availability(day: day, reason: .past, message: "\(day.text) is in the past.")
        }
        if day < today.adding(days: settings.leadDays) {
            return Availability(
                day: day, reason: .tooSoon,
                message: "\(day.text) is too soon: upgrades are sold until "
                    + "\(settings.leadText) before.")
        }
        if settings.isBlackout(day) {
            return Availability(
                day: day, reason: .blackoutDay, message: "No upgrades are sold for \(day.text).")
        }
        return Availability(day: day, reason: nil, message: "Available.")
    }
}

/// What an upgrade costs on a day, in cents.
struct UpgradePrice: Equatable, Sendable {
    let tier: UpgradeTier
    let day: CalendarDay
    let category: PriceCategory
    let factor: Factor
    /// The price before the factor.
    let baseCents: Int
    /// What is charged.
    let upgradeCents: Int
    /// What it is cheaper than on a peak day.
    let savingsCents: Int
    /// How many features the tier lists.
    let featureCount: Int

    /// The new value of a ticket with this original price.
    func total(original: Int) -> Int { original + upgradeCents }

    /// Features per ten units of currency, in hundredths; nil when the upgrade is free.
    var valueScore: Int? {
        guard upgradeCents > 0 else { return nil }
        return (2 * featureCount * 100_000 + upgradeCents) / (2 * upgradeCents)
    }

    /// Of some prices the one with the most for the money, the dearer one on a tie.
    static func best(of prices: [UpgradePrice]) -> UpgradePrice? {
        prices.filter { $0.valueScore != nil }.max { left, right in
            (left.valueScore ?? 0, left.upgradeCents) < (right.valueScore ?? 0, right.upgradeCents)
        }
    }
}

/// Whether upgrades for a day are sold, and why not.
struct Availability: Equatable, Sendable {
    let day: CalendarDay
    /// Why not; nil when they are.
    let reason: Reason?
    /// One sentence for a person.
    let message: String

    /// Why a day is unavailable; the first that holds.
    enum Reason: String, Sendable, CaseIterable {
        case past
        case tooSoon = "too_soon"
        case blackoutDay = "blackout_day"
    }

    /// Whether upgrades for the day are sold.
    var isAvailable: Bool { reason == nil }
}

extension TicketSettings {
    /// Whether nothing is sold for a day.
    func isBlackout(_ day: CalendarDay) -> Bool {
        blackoutDays.contains(day.day) || blackoutDates.contains(day)
    }

    /// `15 minutes`.
    var quoteText: String { quoteMinutes == 1 ? "1 minute" : "\(quoteMinutes) minutes" }

    /// `2 days`.
    var leadText: String { leadDays == 1 ? "1 day" : "\(leadDays) days" }
}
