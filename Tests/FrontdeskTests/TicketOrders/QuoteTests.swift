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
