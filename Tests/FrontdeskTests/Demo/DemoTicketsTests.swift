import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct DemoTicketsTests {
    /// The demo loaded at an instant, and what then lies in its table of tickets.
    private func tickets(
        at text: String, _ settings: TicketSettings = TicketSettings()
    ) throws -> [Int: Ticket] {
        let now = try #require(Timestamp(parsing: text))
        let demo = DemoTickets(pricing: Pricing(settings: settings), now: now)
        return Dictionary(
            uniqueKeysWithValues: demo.tickets.map { (Int($0.id.suffix(3)) ?? 0, $0) })
    }

    @Test func `the customers are those of the contract`() async throws {
        let service = try await Service()
        let rows = try service.rows(
            "SELECT customer_id, email, first_name, last_name FROM customers ORDER BY 1")
        #expect(
            rows == [
                "cus_demo0000000000000001|sarah.johnson@example.com|Sarah|Johnson",
                "cus_demo0000000000000002|michael.chen@example.com|Michael|Chen",
                "cus_demo0000000000000003|emma.oneil@example.com|Emma|O'Neil",
                "cus_demo0000000000000004|jose.garcia@example.com|José|García",
                "cus_demo0000000000000005|priya.patel@example.com|Priya|Patel",
            ])
    }

    @Test func `the tickets are those of the contract`() async throws {
        // Loaded on 2026-02-20.
        let service = try await Service()
        let rows = try service.rows(
            """
            SELECT substr(ticket_id, -3), substr(customer_id, -1), ticket_number, ticket_type,
                original_cents, event_date, event_time, status, upgrade_tier
            FROM tickets WHERE tenant_id = 'default' ORDER BY 1
            """)
        #expect(
            rows == [
                "101|1|DEMO-1001|general|5000|2026-03-22|19:00|active|∅",
                "102|1|DEMO-1002|standard|7500|2026-04-05|19:00|active|∅",
                "201|2|DEMO-2001|vip|10000|2026-03-22|19:00|active|∅",
                "202|2|DEMO-2002|premium|15000|2026-04-01|19:00|active|∅",
                "301|3|DEMO-3001|general|5000|2026-02-10|19:00|expired|∅",
                "302|3|DEMO-3002|standard|7500|2026-02-17|19:00|used|∅",
                "401|4|DEMO-4001|general|5000|2026-02-21|19:00|active|∅",
                "402|4|DEMO-4002|vip|10000|2026-03-15|19:00|active|∅",
                "501|5|DEMO-5001|general|5000|2026-03-27|19:00|active|∅",
                "502|5|DEMO-5002|vip|5000|2026-03-28|19:00|upgraded|non-stop",
            ])
    }

    @Test func `a day on a blackout is one later, unless it is meant to be exact`() throws {
        let tickets = try tickets(at: "2026-12-16T12:00:00Z")
        #expect(tickets[101]?.eventDay.text == "2027-01-16")
        #expect(tickets[402]?.eventDay.text == "2027-01-15")
        // The day before a blackout, +1 is that blackout and stays.
        #expect(try self.tickets(at: "2026-12-14T12:00:00Z")[401]?.eventDay.text == "2026-12-15")
        #expect(try self.tickets(at: "2026-12-08T12:00:00Z")[402]?.eventDay.text == "2026-12-15")
        #expect(try self.tickets(at: "2026-12-09T12:00:00Z")[402]?.eventDay.text == "2027-01-15")
    }

    @Test func `the days are counted at the venue`() throws {
        var settings = TicketSettings()
        settings.zone = VenueZone("Asia/Tokyo") ?? .utc
        let tickets = try tickets(at: "2026-12-31T20:00:00Z", settings)
        #expect(tickets[401]?.eventDay.text == "2027-01-02")
    }

    @Test(
        arguments: [
            ("DEMO-1001", [], 3), ("DEMO-1002", [], 2), ("DEMO-2001", [], 1),
            ("DEMO-2002", ["type_not_upgradeable"], 0),
            ("DEMO-3001", ["ticket_not_active", "event_too_soon"], 3),
            ("DEMO-3002", ["ticket_not_active", "event_too_soon"], 2),
            ("DEMO-4001", ["event_too_soon"], 3), ("DEMO-4002", [], 1), ("DEMO-5001", [], 3),
            ("DEMO-5002", ["already_upgraded"], 1),
        ] as [(String, [String], Int)])
    func `each ticket shows what it is there for`(
        _ number: String, _ codes: [String], _ upgrades: Int
    ) async throws {
        let service = try await Service()
        let answer = try await service.post("/tickets/\(number)/validate")
        let found = answer["data"]?["reasons"]?.array?.compactMap { $0["code"]?.string }
        #expect(found == codes)
        #expect(answer["data"]?["available_upgrades"]?.array?.count == upgrades)
        if number == "DEMO-4002" {
            #expect(answer["data"]?["availability"]?["reason"] == "blackout_day")
        }
    }

    @Test func `a reset restores what was changed and drops what was ordered`() async throws {
        let service = try await Service()
        let before = try service.rows("SELECT * FROM tickets ORDER BY ticket_id")
        for number in ["DEMO-1001", "DEMO-1002"] {
            let body: JSONValue = ["upgrade_tier": "double-fun"]
            let priced = try await service.post("/tickets/\(number)/pricing", body)
            #expect(priced["data"]?["quote_id"]?.string != nil)
        }
        try await service.enterCustomer("c1")
        try await service.enterTicket("AAA-1", of: "c1")
        _ = try await service.post("/tickets/AAA-1/pricing", ["upgrade_tier": "standard"])
        _ = try await service.app.database.write {
            try $0.execute(
                "UPDATE tickets SET status = 'used', event_date = '2026-01-01' "
                    + "WHERE tenant_id = 'default' AND ticket_number LIKE 'DEMO-1%'")
        }
        let kept = try await service.app.database.loadDemo(reset: false)
        #expect(kept.tickets == 0)
        let restored = try await service.app.database.loadDemo(reset: true)
        #expect(restored.customers == 5)
        #expect(restored.tickets == 10)
        let after = try service.rows("SELECT * FROM tickets ORDER BY ticket_id")
        func bare(_ rows: [String]) -> [String] {
            rows.filter { $0.contains("DEMO-") }.map {
                $0.split(separator: "|").dropLast(2).joined(separator: "|")
            }
        }
        #expect(bare(after) == bare(before))
        #expect(try service.rows("SELECT ticket_id FROM price_quotes") == ["aaa-1"])
    }

    @Test func `a reset drops what was paid for`() async throws {
        let service = try await Service()
        let placed = try await service.post(
            "/orders",
            [
                "ticket_id": "DEMO-1001", "customer_id": "cus_demo0000000000000001",
                "upgrade_tier": "standard", "event_date": "2026-03-22",
            ])
        let id = try #require(placed.order?["order_id"]?.string)
        let paid = try await service.post("/orders/\(id)/pay", ["payment_token": "tok_ok"])
        #expect(paid["data"]?["ticket"]?["status"] == "upgraded")
        _ = try await service.app.database.loadDemo(reset: true)
        let ticket = try await service.get("/tickets/DEMO-1001")
        #expect(ticket["data"]?["ticket"]?["status"] == "active")
        #expect(ticket["data"]?["ticket"]?["ticket_type"] == "general")
        for (table, column) in [
            ("ticket_orders", "order_id"), ("payments", "payment_id"),
            ("test_charges", "charge_key"),
        ] {
            let left = try service.rows("SELECT substr(\(column), -3) FROM \(table)")
            #expect(left == ["502"], "\(table)")
        }
    }

    @Test func `a reset leaves out what somebody else's record has taken`() async throws {
        let service = try await Service()
        _ = try await service.app.database.write { connection in
            try connection.execute(
                """
                UPDATE customers SET email = 'moved@example.com'
                WHERE tenant_id = 'default' AND email = 'sarah.johnson@example.com'
                """)
            try connection.execute(
                """
                UPDATE tickets SET ticket_number = 'MOVED-1'
                WHERE tenant_id = 'default' AND ticket_number = 'DEMO-2001'
                """)
        }
        try await service.enterCustomer("sarah.johnson")
        try await service.enterTicket("DEMO-2001", of: "sarah.johnson", on: "2026-06-10")
        let restored = try await service.app.database.loadDemo(reset: true)
        #expect(restored.customers == 4)
        #expect(restored.tickets == 9)
        let moved = """
            SELECT (SELECT count(*) FROM customers WHERE email = 'moved@example.com'),
                (SELECT count(*) FROM tickets WHERE ticket_number = 'MOVED-1')
            """
        #expect(try service.rows(moved) == ["1|1"])
    }

    @Test func `the upgraded ticket has a paid order that can be refunded, again after a reset`()
        async throws
    {
        let service = try await Service()
        let path = "/orders/ord_demo0000000000000502"
        let order = try await service.get(path)["data"]?["order"]
        #expect(order?["status"] == "completed")
        #expect(order?["payment_id"] == "pay_demo0000000000000502")
        #expect(order?["confirmation_code"] == "CONFDEMX2345")
        #expect(order?["original_type"] == "general" && order?["new_type"] == "vip")
        // 2026-03-28 is a Saturday.
        #expect(order?["upgrade_price"] == 60 && order?["total_amount"] == 110)
        for round in 1...2 {
            let refund = try await service.post(path + "/refund")
            #expect(refund.status == 200, "\(round)")
            #expect(refund["data"]?["ticket"]?["ticket_type"] == "general")
            #expect(
                try service.rows("SELECT kind FROM emails WHERE about LIKE 'pay_demo%'")
                    == ["refund_processed"])
            _ = try await service.app.database.loadDemo(reset: true)
        }
        #expect(try await service.get(path)["data"]?["order"]?["status"] == "completed")
    }
}
