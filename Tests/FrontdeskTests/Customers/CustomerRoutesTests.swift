import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct CustomerRoutesTests {
    @Test func `a customer is stored as the rules say`() async throws {
        let service = try await Service.december()
        let created = try await service.post(
            "/customers",
            [
                "email": " Emma.ONeil@Example.COM ", "first_name": "  Zoë ",
                "last_name": "O'Neil-Ångström", "phone": "+1 (555) 010-0.23",
                "auth_subject": "sub-1", "unknown": [1],
            ], headers: ["X-Request-ID": "req-1"])
        #expect(created.status == 201)
        #expect(created["success"] == true)
        let customer = try #require(created["data"]?["customer"])
        let id = try #require(customer["customer_id"]?.string)
        #expect(id.hasPrefix("cus_"))
        #expect(created.header("Location") == "/customers/\(id)")
        #expect(customer["email"] == "emma.oneil@example.com")
        #expect(customer["first_name"] == "Zoë")
        #expect(customer["last_name"] == "O'Neil-Ångström")
        #expect(customer["phone"] == "+1555010023")
        #expect(customer["auth_subject"] == "sub-1")
        #expect(customer["created_at"]?.string?.hasPrefix("2026-12-11T10:30:00.") == true)
        #expect(customer["created_at"] == customer["updated_at"])
        let shown = try await service.get("/customers/\(id)/")
        #expect(shown.status == 200)
        #expect(shown["data"]?["customer"] == customer)
        #expect(
            try service.rows("SELECT email, phone, tenant_id FROM customers") == [
                "emma.oneil@example.com|+1555010023|default"
            ])
    }

    @Test func `an id, an address and a subject are taken once in a tenant`() async throws {
        let service = try await Service.december()
        func body(_ id: String, _ email: String, _ subject: String?) -> JSONValue {
            [
                "customer_id": .string(id), "email": .string(email), "first_name": "A",
                "last_name": "B", "auth_subject": JSONValue(subject),
            ]
        }
        #expect(try await service.post("/customers", body("c1", "a@b.example", "s1")).status == 201)
        for (other, word) in [
            (body("c1", "x@b.example", nil), "id 'c1'"),
            (body("c2", "A@B.example", nil), "e-mail address 'a@b.example'"),
            (body("c2", "x@b.example", "s1"), "auth_subject"),
        ] {
            let refused = try await service.post("/customers", other)
            #expect(refused.status == 409)
            #expect(refused.code == "customer_exists")
            #expect(refused["success"] == false)
            #expect(refused["detail"]?.string?.contains(word) == true)
            #expect(
                try await service.post(
                    "/customers", other, headers: ["X-Tenant-ID": "t2"]
                ).status == (word == "id 'c1'" ? 201 : word == "auth_subject" ? 409 : 201))
        }
        let counts = try service.rows(
            "SELECT tenant_id, count(*) FROM customers GROUP BY tenant_id ORDER BY tenant_id")
        #expect(counts == ["default|1", "t2|2"])
        // Two customers without a subject do not share one.
        #expect(try await service.post("/customers", body("c8", "8@b.example", nil)).status == 201)
        #expect(try await service.post("/customers", body("c9", "9@b.example", nil)).status == 201)
    }

    @Test func `a repeat under an idempotency key enters nobody twice`() async throws {
        let service = try await Service.december()
        let body: JSONValue = ["email": "a@b.example", "first_name": "A", "last_name": "B"]
        let headers: Headers = ["Idempotency-Key": "k1"]
        let first = try await service.post("/customers", body, headers: headers)
        let again = try await service.post("/customers", body, headers: headers)
        #expect(first.status == 201)
        #expect(again.status == 201)
        #expect(again.body == first.body)
        #expect(again.header("Location") == first.header("Location"))
        #expect(again.header("Idempotent-Replayed") == "true")
        #expect(try service.rows("SELECT count(*) FROM customers") == ["1"])
        let conflict: Headers = ["Idempotency-Key": "k2"]
        #expect(try await service.post("/customers", body, headers: conflict).status == 409)
        #expect(try service.rows("SELECT count(*) FROM idempotency_keys") == ["1"])
    }

    @Test func `a customer's tickets come latest event first, in pages`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        try await service.enterCustomer("c2")
        for (number, day) in [
            ("AAA-1", "2027-01-09"), ("AAA-2", "2027-03-01"), ("AAA-3", "2027-01-09"),
            ("AAA-4", "2026-12-31"),
        ] {
            try await service.enterTicket(number, of: "c1", on: day)
        }
        try await service.enterTicket("BBB-1", of: "c2")
        try await service.enterTicket("AAA-5", of: "c1", on: "2026-12-01", status: "used")
        func numbers(_ query: String) async throws -> [String?] {
            let answer = try await service.get("/customers/c1/tickets\(query)")
            #expect(answer.status == 200)
            return answer["data"]?["tickets"]?.array?.map { $0["ticket_number"]?.string } ?? []
        }
        #expect(try await numbers("") == ["AAA-2", "AAA-1", "AAA-3", "AAA-4", "AAA-5"])
        #expect(try await numbers("?limit=2&offset=1") == ["AAA-1", "AAA-3"])
        #expect(try await numbers("?status=used") == ["AAA-5"])
        #expect(try await numbers("?offset=9") == [])
        let page = try await service.get("/customers/c1/tickets?limit=1&status=active")
        #expect(page["data"]?["total"] == 4)
        #expect(page["data"]?["limit"] == 1)
        #expect(page["data"]?["offset"] == 0)
        #expect(try await service.get("/customers/c9/tickets").code == "customer_not_found")
    }

    // MARK: - Whose it is

    @Test func `a customer sees only their own record`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        try await service.enterCustomer("c2")
        for path in ["/customers/c1", "/customers/c1/tickets"] {
            let own = try await service.ask(.get, path, as: .customer("c1"))
            #expect(own.status == 200)
            for caller in [Caller.customer("c2"), .customer(nil)] {
                let other = try await service.ask(.get, path, as: caller)
                #expect(other.status == 403)
                #expect(other.code == "not_owner")
                #expect(other["success"] == false)
            }
        }
        let unknown = try await service.ask(.get, "/customers/c9", as: .customer("c1"))
        #expect(unknown.code == "customer_not_found")
        // Who they are to an issuer is for admins.
        let own = try await service.ask(.get, "/customers/c1", as: .customer("c1"))
        #expect(own["data"]?["customer"]?["auth_subject"] == nil)
        let agent = Caller(roles: [.agent], scopes: [.ticketsRead])
        let shown = try await service.ask(.get, "/customers/c1", as: agent)
        #expect(shown.status == 200)
        #expect(shown["data"]?["customer"]?["auth_subject"] == nil)
    }

    @Test func `no tenant sees or meets another's customers and tickets`() async throws {
        let service = try await Service.december()
        for tenant in ["t1", "t2"] {
            try await service.enterCustomer("c1", tenant: tenant)
            try await service.enterTicket("AAA-1", of: "c1", tenant: tenant)
        }
        try await service.enterCustomer("c5", tenant: "t1")
        try await service.enterTicket("ZZZ-9", of: "c5", tenant: "t1")
        for path in [
            "/customers/c5", "/customers/c5/tickets", "/tickets/zzz-9", "/tickets/zzz-9/tiers",
            "/tickets/zzz-9/calendar", "/tickets/zzz-9/recommendations",
        ] {
            #expect(try await service.get("\(path)?tenant_id=t1").status == 200)
            let hidden = try await service.get("\(path)?tenant_id=t2")
            let unknown = try await service.get("\(path.replacing("9", with: "8"))?tenant_id=t2")
            #expect(hidden.status == 404, "\(path)")
            #expect(hidden.code == unknown.code || path.contains("c5"), "\(path)")
        }
        for action in ["validate", "pricing"] {
            let body: JSONValue = ["upgrade_tier": "standard", "tenant_id": "t2"]
            let hidden = try await service.post("/tickets/zzz-9/\(action)", body)
            #expect(hidden.code == "ticket_not_found")
        }
        let foreign = try await service.post(
            "/tickets",
            [
                "customer_id": "c5", "ticket_number": "NEW-1", "ticket_type": "vip",
                "original_price": 1, "event_date": "2027-01-09", "tenant_id": "t2",
            ])
        #expect(foreign.code == "customer_not_found")
        let mine = try await service.get("/customers/c1/tickets?tenant_id=t2")
        #expect(mine["data"]?["total"] == 1)
        #expect(try await service.get("/customers/c1").status == 404)
        #expect(
            try service.rows("SELECT tenant_id, count(*) FROM tickets GROUP BY 1 ORDER BY 1")
                == ["t1|2", "t2|1"])
    }
}
