import HTTP
import JSON
import MCP
import MCPPeer
import MailServer
import Testing

@testable import Frontdesk

/// The ticket tools of conversations and of our own MCP endpoint, as a remote agent does them.
@Suite struct RemoteTicketToolTests {
    /// A tool's call, and what the agent is asked for it.
    struct Case: Sendable, CustomStringConvertible {
        let tool: String
        let arguments: JSONValue
        let asked: JSONValue
        var description: String { tool }
    }

    static let cases = [
        Case(
            tool: "validate_ticket_eligibility",
            arguments: ["ticket_id": "tkt_1", "event_date": "2027-01-06"],
            asked: ["ticket_id": "tkt_1", "travel_date": "2027-01-06"]),
        Case(
            tool: "calculate_upgrade_pricing",
            arguments: ["ticket_id": "tkt_1", "upgrade_tier": "Non Stop"],
            asked: ["ticket_id": "tkt_1", "upgrade_tier": "non-stop"]),
        Case(
            tool: "get_upgrade_recommendations", arguments: ["ticket_id": "tkt_1"],
            asked: ["ticket_id": "tkt_1"]),
        Case(
            tool: "get_upgrade_tier_comparison",
            arguments: ["ticket_id": "tkt_1", "event_date": "2027-01-06"],
            asked: ["ticket_id": "tkt_1", "selected_date": "2027-01-06"]),
        Case(
            tool: "get_upgrade_calendar", arguments: ["ticket_id": "tkt_1", "days": 7],
            asked: ["ticket_id": "tkt_1", "days_ahead": "7"]),
        Case(
            tool: "create_upgrade_order",
            arguments: [
                "ticket_id": "tkt_1", "customer_id": "cus_ann", "upgrade_tier": "standard",
                "event_date": "2027-01-06",
            ],
            asked: [
                "ticket_id": "tkt_1", "customer_id": "cus_ann", "upgrade_tier": "standard",
                "event_date": "2027-01-06", "payment_method": "credit_card",
            ]),
        Case(
            tool: "get_customer", arguments: ["customer_id": "cus_ann"],
            asked: ["customer_id": "cus_ann"]),
        Case(
            tool: "get_tickets_for_customer",
            arguments: ["customer_id": "cus_ann", "status": "active"],
            asked: ["customer_id": "cus_ann", "status": "active"]),
    ]

    private func call(
        _ tool: String, _ arguments: JSONValue, _ world: RemoteWorld, headers: Headers = [:]
    ) async throws -> JSONValue {
        let answer = try await world.service.post(
            "/mcp/ticket",
            [
                "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": ["name": .string(tool), "arguments": arguments],
            ], headers: headers)
        return answer["result"]?["structuredContent"] ?? answer.body
    }

    @Test(arguments: cases)
    func `each tool asks the agent, and its data is the answer`(_ example: Case) async throws {
        let world = try await RemoteWorld()
        let result = try await call(example.tool, example.arguments, world)
        var expected: JSONObject = ["status": "success"]
        for member in RemoteWorld.results[example.tool]?.object?.members ?? [] {
            expected[member.key] = member.value
        }
        expected["source"] = "mcp"
        #expect(result == .object(expected))
        #expect(
            try world.calls() == [
                ["name": .string(example.tool), "arguments": example.asked]
            ])
        #expect(
            try world.service.rows("SELECT server, tool, state FROM tool_effects")
                == ["tickets.mcp|\(example.tool)|done"])
        #expect(try world.service.rows("SELECT count(*) FROM ticket_orders") == ["0"])
    }

    @Test func `the builtin agent asks it, too`() async throws {
        let world = try await RemoteWorld { $0.agent.ticketTools = true }
        let answer = try await world.service.say("Can I upgrade ticket DEMO-1001?")
        #expect(answer.status == 200, "\(answer.body)")
        let names = try world.calls().compactMap { $0["name"]?.string }
        #expect(names.first == "validate_ticket_eligibility")
        #expect(
            answer["metadata"]?["tool_calls"]?.array?.compactMap(\.string).first
                == "validate_ticket_eligibility")
    }

    /// What goes wrong, and what a tool's caller is told.
    struct Trouble: Sendable, CustomStringConvertible {
        let plan: JSONObject
        let type: String
        let code: String
        var tool = "validate_ticket_eligibility"
        var state = "failed"
        var description: String { JSONValue.object(plan).text }

        init(
            fault: JSONObject, _ type: String, _ code: String, order state: String? = nil
        ) {
            var fault = fault
            fault["on"] = "tools/call"
            plan = ["faults": [.object(fault)]]
            (self.type, self.code) = (type, code)
            if let state { (tool, self.state) = ("create_upgrade_order", state) }
        }

        init(saying payload: JSONValue, _ type: String, _ code: String) {
            plan = RemoteWorld.plan(
                answering: "validate_ticket_eligibility", with: ["structuredContent": payload])
            (self.type, self.code) = (type, code)
        }
    }

    static let troubles = [
        Trouble(
            saying: ["success": false, "code": "ticket_not_found"], "TicketNotFound",
            "ticket_not_found"),
        Trouble(
            saying: ["success": false, "error": "SECRET"], "InternalError", "upstream_rejected"),
        Trouble(saying: ["eligible": true], "InternalError", "upstream_invalid"),
        Trouble(
            fault: ["do": "status", "status": 503], "ToolUnavailable", "overloaded"),
        Trouble(fault: ["do": "drop"], "ToolUnavailable", "upstream_failed"),
        Trouble(
            fault: ["do": "error", "error": ["code": -32603, "message": "SECRET"]],
            "InternalError", "upstream_failed", order: "failed"),
        Trouble(fault: ["do": "drop"], "OutcomeUnknown", "upstream_failed", order: "unknown"),
        Trouble(
            fault: ["do": "status", "status": 502], "OutcomeUnknown", "upstream_failed",
            order: "unknown"),
        Trouble(
            fault: ["do": "status", "status": 503], "ToolUnavailable", "overloaded",
            order: "failed"),
        Trouble(
            fault: ["do": "body", "body": "<html>"], "OutcomeUnknown", "upstream_failed",
            order: "unknown"),
    ]

    @Test(arguments: troubles)
    func `a failure has its word, and one in doubt says so`(_ trouble: Trouble) async throws {
        let world = try await RemoteWorld(trouble.plan)
        let example = try #require(Self.cases.first { $0.tool == trouble.tool })
        let result = try await call(trouble.tool, example.arguments, world)
        #expect(result["status"] == "error")
        #expect(result["error_type"] == .string(trouble.type), "\(result)")
        #expect(result["code"] == .string(trouble.code))
        #expect(!result.text.contains("SECRET"))
        #expect(
            try world.service.rows("SELECT state FROM tool_effects") == [trouble.state])
    }

    @Test func `what the agent has no tool for cannot be used`() async throws {
        let world = try await RemoteWorld()
        let result = try await call(
            "get_pricing_for_date",
            ["ticket_id": "tkt_1", "upgrade_tier": "standard", "event_date": "2027-01-06"], world)
        #expect(result["error_type"] == "ToolUnavailable", "\(result)")
        #expect(result["code"] == "source_unsupported")
        #expect(try world.calls() == [])
    }

    @Test(arguments: cases)
    func `customers see and order what is their own`(_ example: Case) async throws {
        let world = try await RemoteWorld()
        let ann = try await world.service.signedIn("ann@example.com", role: .customer)
        let bob = try await world.service.signedIn("bob@example.com", role: .customer)
        let other = try await call(
            example.tool, example.arguments, world, headers: bob.headers)
        let types = ["TicketNotFound", "CustomerNotFound"]
        #expect(types.contains(other["error_type"]?.string ?? ""), "\(other)")
        let names = try world.calls().compactMap { $0["name"]?.string }
        #expect(!names.contains("create_upgrade_order") && !names.contains("get_customer"))
        let own = try await call(example.tool, example.arguments, world, headers: ann.headers)
        #expect(own["status"] == "success", "\(own)")
    }

    @Test func `a session that is limited to a customer stays with them`() async throws {
        let world = try await RemoteWorld {
            $0.agent.ticketTools = true
            $0.agent.bindCustomer = true
        }
        try await world.service.addCustomer("cus_bob", email: "bob@example.com")
        for (session, email) in [("b", "bob@example.com"), ("n", "nobody@example.com")] {
            _ = try await world.service.post(
                "/agent/sessions",
                ["session_id": .string(session), "metadata": ["customer_email": .string(email)]])
            let answer = try await world.service.say("Can I upgrade ticket DEMO-1001?", in: session)
            #expect(answer["response"]?.string?.contains("find a ticket") == true)
        }
        let types = try world.service.rows(
            "SELECT json_extract(result, '$.error_type') FROM tool_effects")
        #expect(types == ["TicketNotFound", "TicketNotFound"])
    }

    @Test func `the catalogue tells whether the agent can be reached`() async throws {
        let world = try await RemoteWorld { $0.agent.ticketTools = true }
        let tools = try await world.service.get("/info/tools")["tools"]?.array ?? []
        let ticket = tools.filter { $0["category"] == "ticket" }
        #expect(ticket.count == 9 && ticket.allSatisfy { $0["available"] == false })
        world.service.app.remoteTickets?.client.startWatching()
        defer { world.service.app.remoteTickets?.client.stopWatching() }
        try await eventually { world.service.app.remoteTickets?.isUp == true }
        let later = try await world.service.get("/info/tools")["tools"]?.array ?? []
        #expect(later.allSatisfy { $0["available"] == true })
    }
}
