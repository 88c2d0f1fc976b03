import JSON
import SQLite
import Testing

@testable import Frontdesk

/// Orders that rely on a held price.
struct QuoteTests {
    @Test func `a quote locks price and day over midnight`() async throws {
        let world = try await OrderWorld()
        // Ten minutes before midnight it is the last moment for this day.
        world.service.clock.advance(seconds: (13 * 60 + 20) * 60)
        let quote = try await world.quote(day: "2026-12-13")
        world.service.clock.advance(seconds: 11 * 60)
        let without = try await world.place(["event_date": "2026-12-13"])
        #expect(without.code == "date_unavailable")
        let answer = try await world.place([
            "event_date": "2026-12-13", "quote_id": .string(quote),
        ])
        #expect(answer.status == 201)
        #expect(answer.order?["upgrade_price"] == 60)
    }

    @Test func `a quote is for one ticket, one tier and one day`() async throws {
        let world = try await OrderWorld()
        try await world.addTicket("tkt_2", "WEB-1002", of: "cus_sarah")
        let quote = try await world.quote()
        let others: [JSONObject] = [
            ["ticket_id": "tkt_2"], ["upgrade_tier": "standard"], ["event_date": "2027-01-07"],
        ]
        for other in others {
            var fields = other
            fields["quote_id"] = .string(quote)
            let answer = try await world.place(fields)
            #expect(answer.status == 409 && answer.code == "quote_mismatch")
        }
        #expect(try await world.place(["quote_id": .string(quote)]).status == 201)
    }

    @Test func `a quote ends after fifteen minutes`() async throws {
        let world = try await OrderWorld()
        let quote = try await world.quote()
        world.service.clock.advance(seconds: 15 * 60)
        let answer = try await world.place(["quote_id": .string(quote)])
        #expect(answer.status == 409 && answer.code == "quote_expired")
    }

    @Test(arguments: 1...4)
    func `a quote is honoured until it ends, whatever it is for`(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let world = try await OrderWorld()
        let settings = TicketSettings()
        let first = try #require(CalendarDay(parsing: "2026-12-14"))
        for number in 1...25 {
            let type = try #require(
                [TicketType.general, .standard, .vip].randomElement(using: &random))
            let tier = try #require(settings.tiers(for: type).randomElement(using: &random))
            let day = first.adding(days: .random(in: 0...400, using: &random))
            if settings.isBlackout(day) { continue }
            let original = Int.random(in: 0...10_000, using: &random)
            let id = "tkt_\(number)_\(seed)"
            try await world.addTicket(
                id, "RANDOM-\(number)", of: "cus_sarah", type: type.rawValue, price: original,
                day: "2028-01-09")
            let priced = try await world.service.post(
                "/tickets/\(id)/pricing",
                ["upgrade_tier": .string(tier.rawValue), "event_date": .string(day.text)])
            let data = try #require(priced["data"])
            let upgrade = try #require(data["upgrade_price"]?.cents)
            #expect(data["total_amount"]?.cents == original * 100 + upgrade)
            #expect(try #require(data["savings_vs_peak"]?.cents) >= 0)
            let wait = Int.random(in: 0...1800, using: &random)
            world.service.clock.advance(seconds: Double(wait))
            var fields: JSONObject = [
                "ticket_id": .string(id), "upgrade_tier": .string(tier.rawValue),
                "event_date": .string(day.text), "quote_id": data["quote_id"] ?? .null,
            ]
            let answer = try await world.place(fields)
            // The clock has moved a little with each look at it.
            if wait < 899 {
                #expect(answer.status == 201, "\(answer.body)")
                #expect(answer.order?["upgrade_price"]?.cents == upgrade)
                #expect(answer.order?["total_amount"] == data["total_amount"])
            } else if wait > 900 {
                #expect(answer.status == 409 && answer.code == "quote_expired")
                fields["quote_id"] = nil
                #expect(try await world.place(fields).status == 201)
            }
        }
    }

    @Test func `a quote serves one order, whatever becomes of it`() async throws {
        let world = try await OrderWorld()
        let quote = try await world.quote()
        let id = try await world.order(["quote_id": .string(quote)])
        for _ in 1...2 {
            let answer = try await world.place(["quote_id": .string(quote)])
            #expect(answer.status == 409 && answer.code == "quote_used")
            #expect(answer["order_id"] == .string(id))
            _ = try await world.end(id, "cancel")
        }
    }

    @Test func `a quote keeps its price when the prices change`() async throws {
        let world = try await OrderWorld()
        let quote = try await world.quote()
        _ = try await world.service.app.database.write { connection in
            try connection.execute(
                "UPDATE price_quotes SET upgrade_cents = 4400, total_cents = 9400")
        }
        let refused = try await world.place(["quote_id": .string(quote), "upgrade_price": 45])
        #expect(refused.code == "price_changed")
        #expect(refused["current"]?["upgrade_price"] == 44)
        let answer = try await world.place(["quote_id": .string(quote), "upgrade_price": 44])
        #expect(answer.order?["upgrade_price"] == 44 && answer.order?["total_amount"] == 94)
    }
}
