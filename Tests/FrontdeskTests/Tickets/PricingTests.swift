import Testing

@testable import Frontdesk

/// A price as the contract's table tells it, in cents.
struct PriceVector: Sendable, CustomTestStringConvertible {
    let day: String
    let category: PriceCategory
    let type: TicketType
    let tier: UpgradeTier
    let base: Int
    let price: Int
    let total: Int
    let savings: Int

    /// A row of the table.
    init(
        _ day: String, _ category: PriceCategory, _ type: TicketType, _ tier: UpgradeTier,
        _ base: Int, _ price: Int, _ total: Int, _ savings: Int
    ) {
        self.day = day
        self.category = category
        self.type = type
        self.tier = tier
        self.base = base
        self.price = price
        self.total = total
        self.savings = savings
    }

    var testDescription: String { "\(day) \(type) to \(tier)" }

    /// The table of tickets.md, section 4.
    static let all = [
        PriceVector("2026-11-19", .standard, .general, .standard, 2500, 2500, 7500, 1250),
        PriceVector("2026-11-20", .peak, .general, .standard, 2500, 3750, 8750, 0),
        PriceVector("2026-11-30", .peak, .standard, .doubleFun, 5000, 7500, 15_000, 0),
        PriceVector("2026-12-01", .standard, .vip, .doubleFun, 2500, 2500, 12_500, 1250),
        PriceVector("2026-12-19", .weekend, .general, .doubleFun, 7500, 9000, 14_000, 2250),
        PriceVector("2026-12-20", .peak, .general, .nonStop, 5000, 7500, 12_500, 0),
        PriceVector("2026-12-25", .peak, .vip, .doubleFun, 2500, 3750, 13_750, 0),
        PriceVector("2026-12-31", .peak, .general, .doubleFun, 7500, 11_250, 16_250, 0),
        PriceVector("2027-01-01", .weekend, .standard, .nonStop, 2500, 3000, 10_500, 750),
        PriceVector("2027-01-05", .offPeak, .general, .standard, 2500, 2250, 7250, 1500),
        PriceVector("2027-01-06", .offPeak, .general, .nonStop, 5000, 4500, 9500, 3000),
        PriceVector("2027-01-07", .standard, .general, .doubleFun, 7500, 7500, 12_500, 3750),
        PriceVector("2027-04-06", .standard, .general, .standard, 2500, 2500, 7500, 1250),
        PriceVector("2027-07-01", .peak, .general, .nonStop, 5000, 7500, 12_500, 0),
        PriceVector("2027-07-15", .peak, .standard, .nonStop, 2500, 3750, 11_250, 0),
        PriceVector("2027-07-16", .weekend, .general, .standard, 2500, 3000, 8000, 750),
        PriceVector("2027-07-20", .standard, .general, .doubleFun, 7500, 7500, 12_500, 3750),
        PriceVector("2028-02-29", .offPeak, .general, .doubleFun, 7500, 6750, 11_750, 4500),
    ]
}

@Suite struct PricingTests {
    private let pricing = Pricing(settings: TicketSettings())

    private func day(_ text: String) throws -> CalendarDay {
        try #require(CalendarDay(parsing: text))
    }

    /// The price of general to standard on a day of each category, with another base.
    private func prices(base: Int, _ days: [String]) throws -> [Int?] {
        var settings = TicketSettings()
        settings.matrix[.general] = [.standard: base]
        return try days.map { text in
            Pricing(settings: settings).price(.standard, for: .general, on: try day(text))?
                .upgradeCents
        }
    }

    @Test(arguments: PriceVector.all)
    func `a price is the one of the table`(_ vector: PriceVector) throws {
        let original = [TicketType.general: 5000, .standard: 7500, .vip: 10_000][vector.type] ?? 0
        let price = try #require(
            pricing.price(vector.tier, for: vector.type, on: try day(vector.day)))
        #expect(price.category == vector.category)
        #expect(price.baseCents == vector.base)
        #expect(price.upgradeCents == vector.price)
        #expect(price.total(original: original) == vector.total)
        #expect(price.savingsCents == vector.savings)
    }

    @Test func `half a cent is rounded up, once, after the factor`() throws {
        let days = ["2027-01-05", "2027-01-01", "2026-12-25"]
        #expect(try prices(base: 3335, days) == [3002, 4002, 5003])
        #expect(try prices(base: 5, days) == [5, 6, 8])
    }

    @Test(
        arguments: [
            ("2026-12-10", Availability.Reason.past), ("2026-12-11", .tooSoon),
            ("2026-12-12", .tooSoon), ("2026-12-13", nil), ("2026-12-14", nil),
            ("2026-12-15", .blackoutDay), ("2026-12-16", nil),
        ] as [(String, Availability.Reason?)])
    func `a day is sold or not`(_ text: String, _ reason: Availability.Reason?) throws {
        let found = pricing.availability(of: try day(text), today: try day("2026-12-11"))
        #expect(found.reason == reason)
        #expect(found.isAvailable == (reason == nil))
        #expect(found.day.text == text)
        #expect(reason == nil ? found.message == "Available." : found.message.contains(text))
    }

    @Test func `single dates can be closed too, and the lead can be none`() throws {
        var settings = TicketSettings()
        settings.blackoutDates = [try day("2026-12-24")]
        settings.blackoutDays = []
        settings.leadDays = 0
        let pricing = Pricing(settings: settings)
        let today = try day("2026-12-11")
        for (text, reason) in [
            ("2026-12-10", Availability.Reason.past), ("2026-12-11", nil), ("2026-12-15", nil),
            ("2026-12-24", .blackoutDay), ("2027-12-24", nil),
        ] {
            #expect(pricing.availability(of: try day(text), today: today).reason == reason)
        }
    }

    @Test func `the value score counts features for ten units of money`() throws {
        func scores(_ type: TicketType, _ text: String) throws -> [Int?] {
            let day = try day(text)
            return pricing.settings.tiers(for: type).map {
                pricing.price($0, for: type, on: day)?.valueScore
            }
        }
        #expect(try scores(.general, "2027-01-07") == [120, 80, 53])
        #expect(try scores(.standard, "2027-01-07") == [160, 80])
        #expect(try scores(.vip, "2027-01-07") == [160])
        #expect(try scores(.premium, "2027-01-07") == [])
        #expect(try scores(.general, "2027-01-05") == [133, 89, 59])
    }

    @Test func `the best value is the highest printed score, the dearer one on a tie`() throws {
        var settings = TicketSettings()
        settings.matrix[.general] = [.standard: 3000, .nonStop: 4000, .doubleFun: 7500]
        let pricing = Pricing(settings: settings)
        let day = try day("2027-01-07")
        let prices = UpgradeTier.allCases.compactMap { pricing.price($0, for: .general, on: day) }
        #expect(prices.map(\.valueScore) == [100, 100, 53])
        #expect(UpgradePrice.best(of: prices)?.tier == .nonStop)
        #expect(UpgradePrice.best(of: []) == nil)
    }

    @Test func `a window may run over New Year`() throws {
        let window = try #require(YearlyWindow(parsing: "12-27/01-02"))
        for text in ["2026-12-27", "2026-12-31", "2027-01-01", "2027-01-02"] {
            #expect(window.contains(try day(text)), "\(text)")
        }
        for text in ["2026-12-26", "2027-01-03", "2027-06-01"] {
            #expect(!window.contains(try day(text)), "\(text)")
        }
        #expect(window.text == "12-27/01-02")
    }

    @Test func `the venue's zone says what day it is`() throws {
        let instant = try #require(Timestamp(parsing: "2026-12-31T23:30:00Z"))
        for (name, day, time) in [
            ("UTC", "2026-12-31", "23:30"), ("Europe/Berlin", "2027-01-01", "00:30"),
            ("America/New_York", "2026-12-31", "18:30"), ("Asia/Kolkata", "2027-01-01", "05:00"),
        ] {
            let local = try #require(VenueZone(name)).local(instant)
            #expect(local.day.text == day)
            #expect(local.time == time)
        }
        let summer = try #require(Timestamp(parsing: "2050-07-01T22:00:00Z"))
        #expect(VenueZone("Europe/Berlin")?.day(at: summer).text == "2050-07-02")
        #expect(VenueZone("Mars/Olympus") == nil)
    }

    @Test(arguments: [
        ("standard", UpgradeTier.standard), ("Standard Upgrade", .standard),
        ("NonStop", .nonStop), ("non_stop", .nonStop), ("NON STOP", .nonStop),
        ("Non-Stop Experience", .nonStop), ("Double Fun", .doubleFun),
        ("double_fun", .doubleFun), ("doubleFunPackage", .doubleFun),
    ])
    func `a tier is known by id or name`(_ text: String, _ tier: UpgradeTier) {
        #expect(pricing.settings.tier(parsing: text) == tier)
    }

    @Test(
        arguments: [
            "", "-", "vip", "doublefun!", "standard upgrades", "nonstop2", "stándard", "standard\n",
            "ｓｔａｎｄａｒｄ", "stan\u{200B}dard", "\tstandard", "non\u{2013}stop", "ﬅandard",
        ])
    func `anything else is no tier`(_ text: String) {
        #expect(pricing.settings.tier(parsing: text) == nil)
    }
}

/// What holds for every day, type, tier and price list.
@Suite struct PricingPropertyTests {
    @Test(arguments: 1...20)
    func `prices obey the rules whatever the settings`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var settings = TicketSettings()
        for type in TicketType.allCases {
            for tier in UpgradeTier.allCases {
                let isOffered = Bool.random(using: &random)
                let cents = Int.random(in: 1...1_000_000, using: &random)
                settings.matrix[type]?[tier] = isOffered ? cents : nil
            }
        }
        for category in PriceCategory.allCases {
            settings.factors[category] = Factor(
                tenThousandths: Int.random(in: Factor.range, using: &random))
        }
        let pricing = Pricing(settings: settings)
        for _ in 0..<500 {
            let day = CalendarDay(daysSince1970: .random(in: 10_957...47_846, using: &random))
            let today = CalendarDay(daysSince1970: .random(in: 10_957...47_846, using: &random))
            let type = TicketType.allCases.randomElement(using: &random) ?? .general
            let tier = UpgradeTier.allCases.randomElement(using: &random) ?? .standard
            check(pricing, tier, type, day, today)
        }
    }

    private func check(
        _ pricing: Pricing, _ tier: UpgradeTier, _ type: TicketType, _ day: CalendarDay,
        _ today: CalendarDay
    ) {
        let settings = pricing.settings
        let price = pricing.price(tier, for: type, on: day)
        #expect((price == nil) == !settings.tiers(for: type).contains(tier))
        let offer = pricing.offer(type, tier: tier, on: day, today: today)
        let codes = offer.reasons.map(\.code)
        #expect(codes.contains(.typeNotUpgradeable) == settings.tiers(for: type).isEmpty)
        #expect(
            codes.contains(.tierNotOffered)
                == (price == nil && !settings.tiers(for: type).isEmpty))
        let availability = pricing.availability(of: day, today: today)
        #expect(codes.contains(.dateUnavailable) == !availability.isAvailable)
        #expect((availability.reason == .past) == (day < today))
        guard let price else { return }
        // Rounded to the nearest cent: twice the distance is at most one.
        let exact = price.baseCents * price.factor.tenThousandths
        let distance = price.upgradeCents * 10_000 - exact
        #expect(distance > -5000 && distance <= 5000)
        #expect(price.savingsCents >= 0)
        #expect(price.category != .peak || price.savingsCents == 0)
        #expect(price.total(original: 777) - 777 == price.upgradeCents)
        let weekday = day.weekday
        switch price.category {
        case .peak: #expect([7, 11, 12].contains(day.month))
        case .weekend: #expect([.friday, .saturday, .sunday].contains(weekday))
        case .offPeak:
            #expect([.tuesday, .wednesday].contains(weekday))
            #expect([1, 2, 3, 9, 10].contains(day.month))
        case .standard: #expect(![.friday, .saturday, .sunday].contains(weekday))
        }
        #expect(price.factor == settings.factors[price.category])
    }
}
