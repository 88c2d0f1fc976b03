import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct TicketRoutesTests {
    @Test func `a ticket is stored as the rules say`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        let created = try await service.post(
            "/tickets",
            [
                "customer_id": "c1", "ticket_number": " demo-1001 ", "ticket_type": "GENERAL",
                "original_price": 49.99, "event_date": "2027-01-09", "event_time": "19:00",
                "purchase_date": "2026-11-01", "metadata": ["seat": "A1"], "currency": "EUR",
                "upgrade_tier": "standard",
            ])
        #expect(created.status == 201)
        let ticket = try #require(created["data"]?["ticket"])
        let id = try #require(ticket["ticket_id"]?.string)
        #expect(id.hasPrefix("tkt_"))
        #expect(created.header("Location") == "/tickets/\(id)")
        for (name, value) in [
            ("customer_id", "c1"), ("ticket_number", "DEMO-1001"), ("ticket_type", "general"),
            ("original_price", 49.99), ("currency", "USD"), ("purchase_date", "2026-11-01"),
            ("event_date", "2027-01-09"), ("event_time", "19:00"), ("status", "active"),
            ("upgrade_tier", nil), ("open_order_id", nil), ("metadata", ["seat": "A1"]),
        ] as [(String, JSONValue)] {
            #expect(ticket[name] == value, "\(name)")
        }
        for name in [id, "DEMO-1001", "demo-1001", "Demo-1001"] {
            let shown = try await service.get("/tickets/\(name)")
            #expect(shown.status == 200)
            #expect(shown["data"]?["ticket"] == ticket)
        }
    }

    @Test func `an id wins over a number`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        try await service.enterTicket("AAA-1", of: "c1")
        let body: JSONValue = [
            "ticket_id": "AAA-1", "customer_id": "c1", "ticket_number": "BBB-2",
            "ticket_type": "vip", "original_price": 0, "travel_date": "2027-01-09",
        ]
        #expect(try await service.post("/tickets", body).status == 201)
        let exact = try await service.get("/tickets/AAA-1")
        #expect(exact["data"]?["ticket"]?["ticket_number"] == "BBB-2")
        let other = try await service.get("/tickets/Aaa-1")
        #expect(other["data"]?["ticket"]?["ticket_number"] == "AAA-1")
    }

    @Test func `a timestamp is split in the venue's zone`() async throws {
        let service = try await Service.december {
            $0.tickets.zone = VenueZone("Europe/Berlin") ?? .utc
        }
        try await service.enterCustomer("c1")
        try await service.enterTicket("AAA-1", of: "c1", on: "2027-01-09T23:30:00Z")
        let ticket = try await service.get("/tickets/AAA-1")["data"]?["ticket"]
        #expect(ticket?["event_date"] == "2027-01-10")
        #expect(ticket?["event_time"] == "00:30")
    }

    @Test func `an id and a number are taken once in a tenant`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        try await service.enterCustomer("c1", tenant: "t2")
        try await service.enterTicket("AAA-1", of: "c1")
        try await service.enterTicket("AAA-1", of: "c1", tenant: "t2")
        for (id, number) in [("aaa-1", "BBB-1"), ("bbb-1", "AAA-1")] {
            let refused = try await service.post(
                "/tickets",
                [
                    "ticket_id": .string(id), "ticket_number": .string(number),
                    "customer_id": "c1", "ticket_type": "vip", "original_price": 1,
                    "event_date": "2027-01-09",
                ])
            #expect(refused.status == 409)
            #expect(refused.code == "ticket_exists")
        }
        #expect(try service.rows("SELECT count(*) FROM tickets") == ["2"])
    }

    @Test func `a repeat under an idempotency key enters no ticket twice`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        let body: JSONValue = [
            "customer_id": "c1", "ticket_number": "AAA-1", "ticket_type": "vip",
            "original_price": 1, "event_date": "2027-01-09",
        ]
        let headers: Headers = ["Idempotency-Key": "k"]
        let first = try await service.post("/tickets", body, headers: headers)
        let again = try await service.post("/tickets", body, headers: headers)
        #expect(first.status == 201)
        #expect(again.body == first.body)
        #expect(again.header("Location") == first.header("Location"))
        #expect(try service.rows("SELECT count(*) FROM tickets") == ["1"])
    }

    @Test func `a customer sees and prices only their own tickets`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        try await service.enterCustomer("c2")
        try await service.enterTicket("AAA-1", of: "c1")
        let tier: JSONValue = ["upgrade_tier": "standard"]
        for (method, path, body) in [
            (.get, "/tickets/AAA-1", nil), (.get, "/tickets/aaa-1/tiers", nil),
            (.get, "/tickets/aaa-1/calendar", nil), (.post, "/tickets/aaa-1/validate", nil),
            (.get, "/tickets/aaa-1/recommendations", nil),
            (.post, "/tickets/aaa-1/pricing", tier),
        ] as [(HTTP.Method, String, JSONValue?)] {
            let own = try await service.ask(method, path, body, as: .customer("c1"))
            #expect(own.status == 200, "\(path)")
            for caller in [Caller.customer("c2"), .customer(nil)] {
                let other = try await service.ask(method, path, body, as: caller)
                #expect(other.status == 403, "\(path)")
                #expect(other.code == "not_owner", "\(path)")
            }
        }
        let named = "/tickets/aaa-1/recommendations?customer_id="
        #expect(try await service.ask(.get, named + "c1", as: .customer("c1")).status == 200)
        #expect(
            try await service.ask(.get, named + "c2", as: .customer("c1")).code == "not_owner")
        #expect(try service.rows("SELECT count(*) FROM price_quotes") == ["1"])
    }

    @Test func `active tickets expire when their day has passed at the venue`() async throws {
        let service = try await Service.december {
            $0.tickets.zone = VenueZone("America/New_York") ?? .utc
        }
        try await service.enterCustomer("c1")
        try await service.enterTicket("AAA-1", of: "c1", on: "2026-12-10")
        try await service.enterTicket("AAA-2", of: "c1", on: "2026-12-11")
        try await service.enterTicket("AAA-3", of: "c1", on: "2026-12-10", status: "used")
        #expect(try service.app.sweeper.preview()["tickets"] == 1)
        #expect(try await service.app.sweeper.sweep()["tickets"] == 1)
        let states = "SELECT ticket_number, status FROM tickets ORDER BY 1"
        #expect(try service.rows(states) == ["AAA-1|expired", "AAA-2|active", "AAA-3|used"])
        // Midnight in New York is five hours after that of UTC.
        service.clock.advance(seconds: 16 * 3600)
        #expect(try await service.app.sweeper.sweep()["tickets"] == 0)
        service.clock.advance(seconds: 3 * 3600)
        #expect(try await service.app.sweeper.sweep()["tickets"] == 1)
        #expect(try service.rows(states) == ["AAA-1|expired", "AAA-2|expired", "AAA-3|used"])
    }
}
