import JSON
import SQLite
import Testing

@testable import Frontdesk

/// The tools of category `ticket`, over the demo data as loaded on 2026-02-20.
@Suite struct TicketToolsTests {
    private let service: Service

    init() async throws {
        service = try await Service { $0.agent.ticketTools = true }
    }

    /// Calls a tool as a turn does; returns its result and what the turn has staged.
    private func call(
        _ tool: String, _ arguments: JSONValue, as caller: Caller = .unrestricted,
        email: String? = nil, stage: Stage = Stage()
    ) async -> JSONValue {
        let context = ToolContext(
            tenant: .default, sessionID: "s", requestID: "r", now: service.clock.now,
            customerEmail: email, stage: stage, caller: caller)
        return await service.app.toolbox.call(tool, arguments, in: context)
    }

    private let sarah = "cus_demo0000000000000001"
    private let michael = "cus_demo0000000000000002"

    /// The members of a result without its status.
    private func data(_ result: JSONValue) -> JSONValue {
        var object = result.object ?? JSONObject()
        object["status"] = nil
        return .object(object)
    }

    @Test func `tools answer what the routes answer`() async throws {
        for (tool, arguments, target, body) in [
            (
                "validate_ticket_eligibility",
                ["ticket_id": "demo-1002", "upgrade_tier": "NonStop", "event_date": "2026-03-15"],
                "/tickets/demo-1002/validate",
                ["upgrade_tier": "non-stop", "event_date": "2026-03-15"]
            ),
            (
                "get_upgrade_recommendations",
                ["ticket_id": "DEMO-1001", "event_date": "2026-03-03"],
                "/tickets/DEMO-1001/recommendations?event_date=2026-03-03", nil
            ),
            (
                "get_upgrade_tier_comparison", ["ticket_id": "DEMO-2001"],
                "/tickets/DEMO-2001/tiers", nil
            ),
            (
                "get_upgrade_calendar",
                ["ticket_id": "DEMO-1001", "days": 5, "upgrade_tier": "Double Fun"],
                "/tickets/DEMO-1001/calendar?days=5&upgrade_tier=double-fun", nil
            ),
            (
                "get_tickets_for_customer",
                ["customer_id": .string(sarah), "status": "active", "limit": 1, "offset": 1],
                "/customers/\(sarah)/tickets?status=active&limit=1&offset=1", nil
            ),
        ] as [(String, JSONValue, String, JSONValue?)] {
            let result = await call(tool, arguments)
            #expect(result["status"] == "success", "\(result)")
            let answer =
                try await body == nil ? service.get(target) : service.post(target, body)
            #expect(data(result) == answer["data"], "\(tool)")
        }
        let customer = await call("get_customer", ["email": "Sarah.Johnson@example.com"])
        #expect(customer["customer"]?["customer_id"] == .string(sarah))
        #expect(customer["customer"]?["auth_subject"] == nil)
    }

    @Test func `a price is held when the turn ends, and not before`() async throws {
        let stage = Stage()
        let result = await call(
            "calculate_upgrade_pricing", ["ticket_id": "DEMO-1001", "upgrade_tier": "standard"],
            stage: stage)
        let quote = try #require(result["quote_id"]?.string)
        #expect(result["upgrade_price"] == 30)
        #expect(result["total_amount"] == 80)
        #expect(try service.rows("SELECT count(*) FROM price_quotes") == ["0"])
        try await service.app.database.write {
            try stage.commit(in: $0, tenant: .default, sessionID: "s", requestID: "r")
        }
        #expect(
            try service.rows("SELECT quote_id, upgrade_cents FROM price_quotes")
                == ["\(quote)|3000"])
    }

    @Test func `a price on a day holds nothing, and a type will do`() async throws {
        let stage = Stage()
        let ticket = await call(
            "get_pricing_for_date",
            ["ticket_id": "DEMO-1001", "upgrade_tier": "standard", "event_date": "2026-03-03"],
            stage: stage)
        #expect(ticket["upgrade_price"] == 22.5)
        #expect(ticket["quote_id"] == .null)
        let type = await call(
            "get_pricing_for_date",
            ["ticket_type": "VIP", "upgrade_tier": "double-fun", "event_date": "2026-03-15"],
            stage: stage)
        #expect(type["upgrade_price"] == 30)
        for name in ["ticket_id", "original_price", "total_amount", "quote_id"] {
            #expect(type[name] == .null, "\(name)")
        }
        #expect(type["reasons"]?[0]?["code"] == "date_unavailable")
        let tiers = await call("get_upgrade_tier_comparison", ["ticket_type": "general"])
        // In a week from 2026-02-20.
        #expect(tiers["event_date"] == "2026-02-27")
        #expect(tiers["tiers"]?[0]?["total_amount"] == .null)
        let days = await call("get_upgrade_calendar", ["ticket_type": "premium", "days": 1])
        #expect(days["reasons"]?[0]?["code"] == "type_not_upgradeable")
        #expect(stage.isEmpty)
    }

    @Test(
        arguments: [
            ("validate_ticket_eligibility", ["ticket_id": "NONE-1"], "TicketNotFound"),
            (
                "validate_ticket_eligibility",
                ["ticket_id": "DEMO-1001", "customer_id": "cus_demo0000000000000002"],
                "CustomerMismatch"
            ),
            (
                "validate_ticket_eligibility", ["ticket_id": "DEMO-1001", "customer_id": "nobody"],
                "CustomerNotFound"
            ),
            (
                "calculate_upgrade_pricing",
                ["ticket_id": "DEMO-2001", "upgrade_tier": "non-stop"], "TierNotOffered"
            ),
            (
                "calculate_upgrade_pricing",
                ["ticket_id": "DEMO-2002", "upgrade_tier": "non-stop"], "TypeNotUpgradeable"
            ),
            ("get_customer", ["email": "nobody@example.com"], "CustomerNotFound"),
            ("get_customer", [:], "ValidationError"),
            ("get_customer", ["email": "a@b.example", "customer_id": "c"], "ValidationError"),
            ("get_upgrade_calendar", ["ticket_type": "gold"], "ValidationError"),
            (
                "get_upgrade_calendar", ["ticket_type": "vip", "ticket_id": "DEMO-1001"],
                "ValidationError"
            ),
            ("get_upgrade_calendar", ["ticket_type": "vip", "days": 91], "ValidationError"),
            (
                "get_upgrade_tier_comparison",
                ["ticket_type": "vip", "event_date": "2026-02-30"], "ValidationError"
            ),
            (
                "calculate_upgrade_pricing", ["ticket_id": "DEMO-1001", "upgrade_tier": "gold"],
                "ValidationError"
            ),
            ("validate_ticket_eligibility", ["ticket": "DEMO-1001"], "ValidationError"),
        ] as [(String, JSONValue, String)])
    func `a refusal has a word and a code`(
        _ tool: String, _ arguments: JSONValue, _ type: String
    ) async {
        let result = await call(tool, arguments)
        #expect(result["status"] == "error")
        #expect(result["error_type"] == .string(type), "\(result)")
        #expect(result["error"]?.string?.hasSuffix(".") == true)
        let code = result["code"]?.string ?? ""
        #expect(code.replacing("_", with: "") == type.lowercased())
        if code.hasSuffix("_offered") || code.hasSuffix("_upgradeable") {
            #expect(result["reasons"]?[0]?["code"]?.string == code)
        }
    }

    @Test func `a customer's and a bound session see only the customer's own`() async {
        let limits: [(Caller, String?)] = [
            (.customer(sarah), nil), (.unrestricted, "Sarah.Johnson@example.com"),
        ]
        for (caller, email) in limits {
            func ask(_ tool: String, _ arguments: JSONValue) async -> String? {
                await call(tool, arguments, as: caller, email: email)["error_type"]?.string
            }
            #expect(await ask("get_customer", ["customer_id": .string(sarah)]) == nil)
            #expect(
                await ask("get_customer", ["customer_id": .string(michael)]) == "CustomerNotFound")
            let address: JSONValue = ["email": "sarah.johnson@example.com"]
            #expect(await ask("get_customer", address) == "CustomerNotFound")
            #expect(await ask("get_upgrade_calendar", ["ticket_id": "DEMO-1001"]) == nil)
            #expect(
                await ask("get_upgrade_calendar", ["ticket_id": "DEMO-2001"]) == "TicketNotFound")
            #expect(
                await ask("get_tickets_for_customer", ["customer_id": .string(michael)])
                    == "CustomerNotFound")
            #expect(await ask("get_upgrade_calendar", ["ticket_type": "vip"]) == nil)
        }
        for (caller, email) in [
            (Caller.customer(nil), nil), (.unrestricted, "nobody@example.com"),
        ] as [(Caller, String?)] {
            let none = await call(
                "get_upgrade_calendar", ["ticket_id": "DEMO-1001"], as: caller, email: email)
            #expect(none["error_type"] == "TicketNotFound")
        }
    }

    @Test func `a tool needs the right that its route needs`() async {
        let reader = Caller(roles: [.service], scopes: [.ticketsRead])
        let price: JSONValue = ["ticket_id": "DEMO-1001", "upgrade_tier": "standard"]
        let refused = await call("calculate_upgrade_pricing", price, as: reader)
        #expect(refused["error_type"] == "ScopeMissing")
        #expect(refused["code"] == "scope_missing")
        var dated = price.object ?? JSONObject()
        dated["event_date"] = "2026-03-03"
        let read = await call("get_pricing_for_date", .object(dated), as: reader)
        #expect(read["status"] == "success")
        let none = Caller(roles: [.service], scopes: [.toolsOrder])
        let hidden = await call("get_customer", ["customer_id": .string(sarah)], as: none)
        #expect(hidden["error_type"] == "ScopeMissing")
    }

    /// Commits what a stage holds, as a turn's end does.
    private func commit(_ stage: Stage) async throws {
        try await service.app.database.write {
            try stage.commit(in: $0, tenant: .default, sessionID: "s", requestID: "r")
        }
    }

    /// The arguments of an order for DEMO-1001.
    private func order(_ more: JSONObject = [:]) -> JSONValue {
        var arguments: JSONObject = [
            "ticket_id": "DEMO-1001", "customer_id": .string(sarah), "upgrade_tier": "non-stop",
            "event_date": "2026-03-03",
        ]
        for member in more.members { arguments[member.key] = member.value }
        return .object(arguments)
    }

    @Test func `an order relies on a price of the same turn, and is placed at its end`()
        async throws
    {
        let stage = Stage()
        let priced = await call(
            "calculate_upgrade_pricing",
            ["ticket_id": "DEMO-1001", "upgrade_tier": "non-stop", "event_date": "2026-03-03"],
            stage: stage)
        let quote = try #require(priced["quote_id"])
        let placed = await call(
            "create_upgrade_order",
            order(["quote_id": quote, "total_amount": 95, "upgrade_price": 45]), stage: stage)
        #expect(placed["status"] == "success", "\(placed)")
        #expect(placed["order"]?["status"] == "pending")
        #expect(placed["order"]?["payment_method"] == "credit_card")
        let twice = await call("create_upgrade_order", order(), stage: stage)
        #expect(twice["error_type"] == "OrderOpen")
        #expect(try service.rows("SELECT count(*) FROM ticket_orders") == ["1"])
        try await commit(stage)
        let id = try #require(placed["order"]?["order_id"]?.string)
        let shown = try await service.get("/orders/\(id)")
        #expect(shown["data"]?["order"] == placed["order"])
        #expect(shown["data"]?["order"]?["quote_id"] == quote)
        let open = await call("create_upgrade_order", order())
        #expect(open["error_type"] == "OrderOpen")
        #expect(open["code"] == "order_open")
    }

    @Test func `an order that somebody else was faster with undoes the turn`() async throws {
        let (first, second) = (Stage(), Stage())
        for stage in [first, second] {
            let placed = await call("create_upgrade_order", order(), stage: stage)
            #expect(placed["status"] == "success")
        }
        try await commit(first)
        await #expect(throws: Failure.self) { try await commit(second) }
        #expect(
            try service.rows("SELECT count(*) FROM ticket_orders WHERE status = 'pending'")
                == ["1"])
    }

    @Test(
        arguments: [
            (["total_amount": 94.99], "PriceChanged"), (["quote_id": "quo_none"], "QuoteNotFound"),
            (["customer_id": "cus_demo0000000000000002"], "CustomerMismatch"),
            (["event_date": "2026-03-15"], "DateUnavailable"),
            (["payment_method": "cash"], "ValidationError"),
            (["ticket_id": "DEMO-5002"], "CustomerMismatch"),
        ] as [(JSONObject, String)])
    func `an order that the route would refuse is refused`(_ more: JSONObject, _ type: String)
        async
    {
        let stage = Stage()
        let refused = await call("create_upgrade_order", order(more), stage: stage)
        #expect(refused["error_type"] == .string(type), "\(refused)")
        #expect(refused["code"]?.string != nil)
        #expect(stage.isEmpty)
    }

    @Test func `the catalogue has the tools when they are on`() async throws {
        let on = try await service.get("/info/tools")
        let names = on["tools"]?.array?.filter { $0["category"] == "ticket" }
            .compactMap { $0["name"]?.string }
        #expect(
            names == [
                "validate_ticket_eligibility", "calculate_upgrade_pricing",
                "get_pricing_for_date", "get_upgrade_recommendations",
                "get_upgrade_tier_comparison", "get_upgrade_calendar", "create_upgrade_order",
                "get_customer", "get_tickets_for_customer",
            ])
        #expect(on["total_count"] == 21)
        #expect(on["categories"] == ["order", "email", "complaint", "ticket"])
        #expect(on["tools"]?[11]?["name"] == "complaint_management")
        let off = try await Service(demo: false).get("/info/tools")
        #expect(off["total_count"] == 12)
        #expect(off["categories"] == ["order", "email", "complaint"])
    }
}
