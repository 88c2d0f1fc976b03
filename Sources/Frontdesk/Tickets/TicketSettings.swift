/// What an operator sets about upgrades: prices, days and words (tickets.md, sections 4 and 12).
struct TicketSettings: Equatable, Sendable {
    /// Who answers about tickets.
    enum Source: String, CaseIterable, Sendable {
        /// This server, from its own database.
        case embedded
        /// A remote agent.
        case mcp
    }

    /// Who answers about tickets.
    var source = Source.embedded
    /// The remote agent.
    var mcp = {
        var upstream = Upstream()
        upstream.timeoutSeconds = 20
        return upstream
    }()
    /// The ISO 4217 code of all prices; one with two decimals.
    var currency = "USD"
    /// The venue's zone.
    var zone = VenueZone.utc
    /// How many days before its own a ticket can last be upgraded.
    var leadDays = 2
    /// Days of every month on which nothing is sold.
    var blackoutDays = [15]
    /// Single days on which nothing is sold.
    var blackoutDates: [CalendarDay] = []
    /// How long a price is held.
    var quoteMinutes = 15
    /// How long an order may stay unpaid.
    var orderHours = 24
    /// Whether a model may word advice.
    var advice = true
    /// The upgrade prices in cents before the factor; a missing one is not offered.
    var matrix: [TicketType: [UpgradeTier: Int]] = [
        .general: [.standard: 2500, .nonStop: 5000, .doubleFun: 7500],
        .standard: [.nonStop: 2500, .doubleFun: 5000],
        .vip: [.doubleFun: 2500],
        .premium: [:],
    ]
    /// What each category does to a price.
    var factors: [PriceCategory: Factor] = [
        .peak: Factor(tenThousandths: 15_000), .weekend: Factor(tenThousandths: 12_000),
        .offPeak: Factor(tenThousandths: 9000), .standard: Factor(tenThousandths: 10_000),
    ]
    /// When it is `peak`.
    var peakWindows = ["12-20/12-31", "07-01/07-15", "11-20/11-30"]
        .compactMap(YearlyWindow.init(parsing:))
    /// When it is `weekend`.
    var weekendDays: [Weekday] = [.friday, .saturday, .sunday]
    /// When it is `off_peak`, in the months below.
    var offPeakDays: [Weekday] = [.tuesday, .wednesday]
    /// Numbers of months, from 1.
    var offPeakMonths = [1, 2, 3, 9, 10]
    /// What customers read about each tier.
    var tiers = TierText.defaults

    /// What customers read about a tier.
    struct TierText: Equatable, Sendable {
        /// Its name.
        var name: String
        /// One sentence.
        var description: String
        /// What it holds, in order.
        var features: [String]
    }
}

extension TicketSettings.TierText {
    /// The texts without any configuration.
    static let defaults: [UpgradeTier: Self] = [
        .standard: Self(
            name: "Standard Upgrade", description: "A better seat and refreshments",
            features: ["Priority seating", "Complimentary drinks", "Fast-track entry"]),
        .nonStop: Self(
            name: "Non-Stop Experience", description: "Exclusive areas and premium comfort",
            features: [
                "VIP lounge access", "Premium seating", "Exclusive merchandise", "Meet & greet",
            ]),
        .doubleFun: Self(
            name: "Double Fun Package", description: "Everything, and more",
            features: [
                "All Non-Stop features", "Backstage access", "Photo opportunities",
                "Premium gift package",
            ]),
    ]
}

extension TicketSettings {
    /// The texts of a tier.
    func text(_ tier: UpgradeTier) -> TierText {
        tiers[tier] ?? TierText(name: tier.rawValue, description: "", features: [])
    }

    /// The tier with this id or name, whatever its case, spaces, hyphens and underscores.
    func tier(parsing text: String) -> UpgradeTier? {
        let key = UpgradeTier.key(text)
        return UpgradeTier.allCases.first { UpgradeTier.key($0.rawValue) == key }
            ?? UpgradeTier.allCases.first { UpgradeTier.key(self.text($0).name) == key }
    }

    /// The tiers that a type can be upgraded to, cheapest first.
    func tiers(for type: TicketType) -> [UpgradeTier] {
        UpgradeTier.allCases.filter { base($0, for: type) != nil }
    }

    /// The price in cents before the factor, nil when the tier is not offered.
    func base(_ tier: UpgradeTier, for type: TicketType) -> Int? {
        matrix[type]?[tier]
    }

    /// What kind of day it is.
    func category(of day: CalendarDay) -> PriceCategory {
        let weekday = day.weekday
        if peakWindows.contains(where: { $0.contains(day) }) { return .peak }
        if weekendDays.contains(weekday) { return .weekend }
        if offPeakMonths.contains(day.month) && offPeakDays.contains(weekday) { return .offPeak }
        return .standard
    }

    /// What a category does to a price.
    func factor(_ category: PriceCategory) -> Factor {
        factors[category] ?? Factor(tenThousandths: 10_000)
    }
}
