import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct PriceRoutesTests {
    /// A service with the tickets GEN-1, STD-1, VIP-1 and PRE-1 of customer c1.
    private func service(
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws -> Service {
        let service = try await Service.december(change)
        try await service.enterCustomer("c1")
        for (number, type, price) in [
            ("GEN-1", TicketType.general, 50), ("STD-1", .standard, 75), ("VIP-1", .vip, 100),
            ("PRE-1", .premium, 150),
        ] {
            try await service.enterTicket(number, of: "c1", type, price: JSONValue(price))
        }
        return service
    }

    // MARK: - pricing

    @Test func `a price looks as the contract shows it`() async throws {
        let service = try await service()
        let answer = try await service.post(
            "/tickets/GEN-1/pricing", ["upgrade_tier": "Non Stop", "event_date": "2027-01-06"])
        #expect(answer.status == 200)
        let data = try #require(answer["data"])
        for (name, value) in [
            ("ticket_id", "gen-1"), ("ticket_type", "general"), ("upgrade_tier", "non-stop"),
            ("tier_name", "Non-Stop Experience"), ("event_date", "2027-01-06"),
            ("category", "off_peak"), ("factor", 0.9), ("base_price", 50), ("upgrade_price", 45),
            ("original_price", 50), ("total_amount", 95), ("savings_vs_peak", 30),
            ("currency", "USD"),
            (
                "availability",
                [
                    "date": "2027-01-06", "available": true, "reason": nil,
                    "message": "Available.",
                ]
            ),
            ("eligible", true), ("reasons", []),
        ] as [(String, JSONValue)] {
            #expect(data[name] == value, "\(name)")
        }
        let id = try #require(data["quote_id"]?.string)
        #expect(id.hasPrefix("quo_"))
        #expect(data["quote_expires_at"]?.string?.hasPrefix("2026-12-11T10:45:00.") == true)
        let row = try service.rows(
            """
            SELECT quote_id, ticket_id, upgrade_tier, event_date, category, factor_bp, base_cents,
                upgrade_cents, original_cents, total_cents, currency FROM price_quotes
            """)
        #expect(row == ["\(id)|gen-1|non-stop|2027-01-06|off_peak|9000|5000|4500|5000|9500|USD"])
    }

    @Test(arguments: PriceVector.all)
    func `the route gives the prices of the table`(_ vector: PriceVector) async throws {
        let service = try await service()
        service.clock.advance(seconds: -40 * 86_400)
        let number = ["general": "GEN-1", "standard": "STD-1", "vip": "VIP-1"][vector.type.rawValue]
        let answer = try await service.post(
            "/tickets/\(number ?? "")/pricing",
            ["upgrade_tier": .string(vector.tier.rawValue), "travel_date": .string(vector.day)])
        #expect(answer["data"]?["upgrade_price"] == JSONValue(cents: vector.price))
        #expect(answer["data"]?["total_amount"] == JSONValue(cents: vector.total))
        #expect(answer["data"]?["savings_vs_peak"] == JSONValue(cents: vector.savings))
        #expect(answer["data"]?["category"] == .string(vector.category.rawValue))
    }

    @Test func `what is not eligible is priced all the same but not held`() async throws {
        let service = try await service()
        try await service.enterTicket("OLD-1", of: "c1", on: "2026-12-12", status: "cancelled")
        for (path, day, codes) in [
            ("GEN-1", "2026-12-15", ["date_unavailable"]),
            ("OLD-1", nil, ["ticket_not_active", "event_too_soon", "date_unavailable"]),
            ("OLD-1", "2027-01-06", ["ticket_not_active", "event_too_soon"]),
        ] as [(String, String?, [String])] {
            let answer = try await service.post(
                "/tickets/\(path)/pricing",
                ["upgrade_tier": "double_fun", "event_date": JSONValue(day)],
                headers: ["Idempotency-Key": "\(path)\(day ?? "")"])
            #expect(answer.status == 200)
            #expect(answer["data"]?["eligible"] == false)
            #expect(answer["data"]?["reasons"]?.array?.compactMap { $0["code"]?.string } == codes)
            #expect(answer["data"]?["quote_id"] == .null)
            #expect(answer["data"]?["quote_expires_at"] == .null)
            #expect(answer["data"]?["upgrade_price"]?.cents ?? 0 > 0)
        }
        #expect(try service.rows("SELECT count(*) FROM price_quotes") == ["0"])
    }

    @Test(arguments: [
        ("PRE-1", "standard", "type_not_upgradeable"), ("VIP-1", "non-stop", "tier_not_offered"),
        ("STD-1", "standard", "tier_not_offered"),
    ])
    func `what has no price is refused`(_ number: String, _ tier: String, _ code: String)
        async throws
    {
        let service = try await service()
        let priced = try await service.post(
            "/tickets/\(number)/pricing", ["upgrade_tier": .string(tier)])
        let shown = try await service.get("/tickets/\(number)/calendar?upgrade_tier=\(tier)")
        for answer in [priced, shown] {
            #expect(answer.status == 422)
            #expect(answer.code == code)
            #expect(answer["success"] == false)
            #expect(answer["reasons"]?.array?.compactMap { $0["code"]?.string } == [code])
        }
    }

    @Test func `a refusal by pricing carries all that stands against it`() async throws {
        let service = try await service()
        try await service.enterTicket(
            "OLD-1", of: "c1", .premium, on: "2026-12-12", status: "used")
        let answer = try await service.post(
            "/tickets/old-1/pricing", ["upgrade_tier": "standard", "event_date": "2026-12-15"])
        #expect(answer.status == 422 && answer.code == "type_not_upgradeable")
        #expect(
            answer["reasons"]?.array?.compactMap { $0["code"]?.string } == [
                "ticket_not_active", "event_too_soon", "type_not_upgradeable", "date_unavailable",
            ])
    }

    @Test func `an upgrade that costs nothing is still recommended`() async throws {
        let service = try await service {
            $0.tickets.matrix[.general] = [.standard: 1]
            for category in PriceCategory.allCases {
                $0.tickets.factors[category] = Factor(tenThousandths: 1)
            }
        }
        let data = try await service.get("/tickets/gen-1/recommendations")["data"]
        #expect(data?["recommendations"]?.array?.map { $0["available"] } == [true])
        #expect(data?["best_value"] == .null)
        #expect(data?["message"] == "An upgrade is available.")
    }

    @Test func `a repeat under an idempotency key holds no second price`() async throws {
        let service = try await service()
        let headers: Headers = ["Idempotency-Key": "k"]
        let body: JSONValue = ["upgrade_tier": "standard"]
        let first = try await service.post("/tickets/gen-1/pricing", body, headers: headers)
        service.clock.advance(seconds: 60)
        let again = try await service.post("/tickets/gen-1/pricing", body, headers: headers)
        #expect(first["data"]?["quote_id"]?.string != nil)
        #expect(again.body == first.body)
        #expect(try service.rows("SELECT count(*) FROM price_quotes") == ["1"])
        _ = try await service.post("/tickets/gen-1/pricing", body)
        #expect(try service.rows("SELECT count(*) FROM price_quotes") == ["2"])
    }

    @Test func `a quote goes a day after its end`() async throws {
        let service = try await service { $0.tickets.quoteMinutes = 30 }
        _ = try await service.post("/tickets/gen-1/pricing", ["upgrade_tier": "standard"])
        service.clock.advance(seconds: 86_400 + 29 * 60)
        #expect(try await service.app.sweeper.sweep()["price_quotes"] == 0)
        service.clock.advance(seconds: 120)
        #expect(try service.app.sweeper.preview()["price_quotes"] == 1)
        #expect(try await service.app.sweeper.sweep()["price_quotes"] == 1)
        #expect(try service.rows("SELECT count(*) FROM price_quotes") == ["0"])
    }

    // MARK: - validate

    @Test func `a ticket is validated with and without a tier and a day`() async throws {
        let service = try await service()
        let bare = try await service.post("/tickets/gen-1/validate")
        #expect(bare.status == 200)
        #expect(bare["data"]?["ticket"]?["ticket_number"] == "GEN-1")
        #expect(bare["data"]?["upgrade_tier"] == .null)
        #expect(bare["data"]?["event_date"] == .null)
        #expect(bare["data"]?["eligible"] == true)
        #expect(
            bare["data"]?["available_upgrades"] == ["standard", "non-stop", "double-fun"])
        #expect(bare["data"]?["availability"]?["date"] == "2027-01-09")
        let asked = try await service.post(
            "/tickets/std-1/validate",
            ["upgrade_tier": "Standard Upgrade", "event_date": "2026-12-15"])
        #expect(asked["data"]?["upgrade_tier"] == "standard")
        #expect(asked["data"]?["event_date"] == "2026-12-15")
        #expect(asked["data"]?["eligible"] == false)
        let codes = asked["data"]?["reasons"]?.array?.compactMap { $0["code"]?.string }
        #expect(codes == ["tier_not_offered", "date_unavailable"])
        #expect(asked["data"]?["available_upgrades"] == ["non-stop", "double-fun"])
        #expect(asked["data"]?["availability"]?["reason"] == "blackout_day")
        let premium = try await service.post("/tickets/pre-1/validate", [:])
        #expect(premium["data"]?["available_upgrades"] == [])
    }

    @Test func `a ticket on a closed day is eligible until that day is asked for`() async throws {
        let service = try await service()
        try await service.enterTicket("MID-1", of: "c1", on: "2027-01-15")
        let own = try await service.post("/tickets/mid-1/validate", [:])
        #expect(own["data"]?["eligible"] == true)
        #expect(own["data"]?["availability"]?["reason"] == "blackout_day")
        let tiers = try await service.get("/tickets/mid-1/tiers")
        #expect(tiers["data"]?["tiers"]?[0]?["available"] == false)
        #expect(tiers["data"]?["best_value"] == .null)
    }

    // MARK: - tiers, recommendations, calendar

    @Test func `three tiers are compared`() async throws {
        let service = try await service()
        let answer = try await service.get("/tickets/STD-1/tiers?date=2027-01-07")
        #expect(answer.status == 200)
        let data = try #require(answer["data"])
        #expect(data["category"] == "standard")
        #expect(data["factor"] == 1)
        let tiers = try #require(data["tiers"]?.array)
        #expect(tiers.map { $0["tier"] } == ["standard", "non-stop", "double-fun"])
        #expect(tiers.map { $0["available"] } == [false, true, true])
        #expect(tiers.map { $0["upgrade_price"] } == [.null, 25, 50])
        #expect(tiers.map { $0["total_amount"] } == [.null, 100, 125])
        #expect(tiers.map { $0["savings_vs_peak"] } == [.null, 12.5, 25])
        #expect(tiers.map { $0["value_score"] } == [.null, 1.6, 0.8])
        #expect(tiers[0]["reasons"]?[0]?["code"] == "tier_not_offered")
        #expect(tiers[1]["name"] == "Non-Stop Experience")
        #expect(tiers[1]["features"]?[3] == "Meet & greet")
        #expect(data["best_value"] == "non-stop")
    }

    @Test func `the available tiers are recommended, and why none is`() async throws {
        let service = try await service()
        let answer = try await service.get(
            "/tickets/gen-1/recommendations?event_date=2027-01-06&customer_id=c1")
        let data = try #require(answer["data"])
        #expect(data["customer_id"] == "c1")
        #expect(data["recommendations"]?.array?.map { $0["value_score"] } == [1.33, 0.89, 0.59])
        #expect(
            data["recommendations"]?.array?.map { $0["best_value"] } == [true, false, false])
        #expect(data["best_value"] == "standard")
        #expect(data["message"] == "Standard Upgrade offers the best value.")
        #expect(data["advice"] == .null)
        #expect(data["advice_status"] == "off")
        let none = try await service.get("/tickets/pre-1/recommendations")
        #expect(none.status == 200)
        #expect(none["data"]?["recommendations"] == [])
        #expect(none["data"]?["best_value"] == .null)
        #expect(none["data"]?["message"] == "There is no upgrade for a premium ticket.")
        try await service.enterCustomer("c2")
        let other = try await service.get("/tickets/gen-1/recommendations?customer_id=c2")
        #expect(other.status == 422)
        #expect(other.code == "customer_mismatch")
        let unknown = try await service.get("/tickets/gen-1/recommendations?customer_id=c9")
        #expect(unknown.code == "customer_not_found")
    }

    @Test func `the calendar begins today and knows when it is cheapest`() async throws {
        let service = try await service()
        let answer = try await service.get("/tickets/gen-1/calendar")
        let data = try #require(answer["data"])
        #expect(data["eligible"] == true)
        let days = try #require(data["days"]?.array)
        #expect(days.count == 30)
        #expect(days[0]["date"] == "2026-12-11")
        #expect(days[0]["weekday"] == "fri")
        #expect(days[0]["available"] == false)
        #expect(days[0]["reason"] == "too_soon")
        #expect(days[2]["available"] == true)
        #expect(days[4]["reason"] == "blackout_day")
        #expect(days[9]["category"] == "peak")
        #expect(days[9]["prices"]?[0] == ["tier": "standard", "upgrade_price": 37.5])
        #expect(
            data["cheapest"] == [
                ["tier": "standard", "date": "2027-01-05", "upgrade_price": 22.5],
                ["tier": "non-stop", "date": "2027-01-05", "upgrade_price": 45],
                ["tier": "double-fun", "date": "2027-01-05", "upgrade_price": 67.5],
            ])
        let short = try await service.get("/tickets/vip-1/calendar?days=2&upgrade_tier=DoubleFun")
        #expect(short["data"]?["days"]?.array?.count == 2)
        #expect(short["data"]?["cheapest"] == [])
        let premium = try await service.get("/tickets/pre-1/calendar?days=1")
        #expect(premium["data"]?["eligible"] == false)
        #expect(premium["data"]?["days"]?[0]?["prices"] == [])
    }
}
