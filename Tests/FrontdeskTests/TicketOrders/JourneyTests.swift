import HTTP
import JSON
import Testing

@testable import Frontdesk

/// A customer's whole way through the tickets part.
struct JourneyTests {
    @Test func `from signing in to the upgraded ticket and back`() async throws {
        let world = try await OrderWorld()
        let service = world.service
        let ann = try await service.signedIn("ann@example.com", role: .customer).headers
        try await world.addTicket("tkt_ann", "WEB-3001", of: "cus_ann")

        let mine = try await service.get("/customers/cus_ann/tickets", headers: ann)
        #expect(mine["data"]?["tickets"]?[0]?["ticket_number"] == "WEB-3001")
        let valid = try await service.post("/tickets/WEB-3001/validate", headers: ann)
        #expect(valid["data"]?["eligible"] == true)
        let tiers = try await service.get(
            "/tickets/WEB-3001/tiers?event_date=2027-01-06", headers: ann)
        let best = try #require(tiers["data"]?["best_value"]?.string)
        let price = try await service.post(
            "/tickets/WEB-3001/pricing",
            ["upgrade_tier": .string(best), "event_date": "2027-01-06"], headers: ann)
        let quote = try #require(price["data"]?["quote_id"])
        let placed = try await service.post(
            "/orders",
            [
                "ticket_id": "WEB-3001", "upgrade_tier": .string(best),
                "event_date": "2027-01-06", "quote_id": quote,
                "upgrade_price": try #require(price["data"]?["upgrade_price"]),
            ], headers: ann)
        #expect(placed.status == 201)
        let id = try #require(placed.order?["order_id"]?.string)
        let declined = try await world.pay(id, "tok_expired_card", headers: ann)
        #expect(declined.status == 402)
        let paid = try await world.pay(id, headers: ann)
        #expect(paid.status == 200)
        #expect(
            Set(try world.mail())
                == ["payment_failed", "upgrade_confirmation", "payment_success"])
        let ticket = try await service.get("/tickets/WEB-3001", headers: ann)
        #expect(ticket["data"]?["ticket"]?["status"] == "upgraded")
        #expect(ticket["data"]?["ticket"]?["event_date"] == "2027-01-06")
        let orders = try await service.get("/customers/cus_ann/orders", headers: ann)
        #expect(orders["data"]?["orders"]?[0]?["status"] == "completed")

        let agent = try await service.signedIn("agent@example.com", role: .agent).headers
        let refund = try await world.end(id, "refund", reason: "Rain", headers: agent)
        #expect(refund.status == 200)
        let back = try await service.get("/tickets/WEB-3001", headers: ann)
        #expect(back["data"]?["ticket"]?["status"] == "active")
        #expect(back["data"]?["ticket"]?["event_date"] == "2027-01-09")
        #expect(try world.mail().count == 4)
    }

    @Test func `figures tell of orders and payments`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id, "tok_declined_issuer")
        _ = try await world.pay(id)
        let response = await world.service.send(.get, "/metrics")
        let text = String(decoding: try await response.collectBody(), as: UTF8.self)
        for line in [
            "frontdesk_payments_total{outcome=\"completed\"} 1",
            "frontdesk_payments_total{outcome=\"failed\"} 1",
            "frontdesk_ticket_orders{status=\"completed\"} 1",
            "frontdesk_ticket_orders{status=\"pending\"} 0",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
    }
}
