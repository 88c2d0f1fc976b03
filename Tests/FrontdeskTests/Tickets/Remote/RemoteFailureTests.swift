import HTTP
import JSON
import MCP
import MCPPeer
import MailServer
import Testing

@testable import Frontdesk

/// What callers get when a remote ticket agent fails, layer by layer.
struct RemoteFailureTests {
    /// What goes wrong, and what the caller gets.
    struct Case: Sendable, CustomStringConvertible {
        /// A fault of the server, or the result of the tool.
        let trouble: JSONObject
        let status: Int
        let code: String
        let upstream: JSONValue
        var description: String { JSONValue.object(trouble).text }

        init(
            _ trouble: JSONObject, _ status: Int, _ code: String, _ layer: JSONValue,
            _ word: JSONValue
        ) {
            self.trouble = trouble
            self.status = status
            self.code = code
            upstream = ["layer": layer, "code": word]
        }

        /// The plan of an agent with this trouble.
        var plan: JSONObject {
            guard trouble["do"] != nil else {
                return RemoteWorld.plan(
                    answering: "validate_ticket_eligibility", with: .object(trouble))
            }
            var fault = trouble
            fault["on"] = "tools/call"
            return ["faults": [.object(fault)]]
        }
    }

    private static func said(_ payload: JSONValue, isError: Bool = false) -> JSONObject {
        ["structuredContent": payload, "isError": .bool(isError)]
    }

    private static func text(_ text: String, isError: Bool = false) -> JSONObject {
        ["content": [["type": "text", "text": .string(text)]], "isError": .bool(isError)]
    }

    static let transport = [
        Case(["do": "drop"], 502, "upstream_failed", "transport", "connection"),
        Case(["do": "hang"], 504, "upstream_timeout", "transport", "timeout"),
        Case(
            ["do": "stream", "body": "data: {", "ends": false], 504, "upstream_timeout",
            "transport", "timeout"),
        Case(
            ["do": "stream", "body": "data: {\"a\""], 502, "upstream_failed", "transport",
            "connection"),
        Case(["do": "status", "status": 500], 502, "upstream_failed", "transport", 500),
        Case(["do": "status", "status": 403], 502, "upstream_failed", "transport", 403),
        Case(["do": "status", "status": 301], 502, "upstream_failed", "transport", 301),
        Case(["do": "status", "status": 401], 502, "upstream_failed", "transport", "credential"),
        Case(["do": "body", "body": "<html>"], 502, "upstream_failed", "transport", "malformed"),
        Case(
            ["do": "status", "status": 429, "fields": ["Retry-After": "7"]], 503, "overloaded",
            "transport", "overloaded"),
        Case(["do": "status", "status": 503], 503, "overloaded", "transport", "overloaded"),
        Case(
            ["do": "error", "error": ["code": -32603, "message": "SECRET at /srv"]], 502,
            "upstream_failed", "jsonrpc", -32603),
    ]

    static let tool = [
        Case(
            said(["success": false, "error": "ticket_not_found"]), 404, "ticket_not_found", "tool",
            "ticket_not_found"),
        Case(
            said(["status": "error", "error": "SECRET", "error_type": "TicketNotActive"]), 422,
            "ticket_not_active", "tool", "ticket_not_active"),
        Case(
            said(["error": ["code": "ORDER_OPEN", "message": "SECRET"]], isError: true), 409,
            "order_open", "tool", "order_open"),
        Case(
            said(["pricing": ["success": false, "code": "tier_not_offered"]]), 422,
            "tier_not_offered", "tool", "tier_not_offered"),
        Case(
            text(#"{"success": false, "code": "customer_not_found"}"#, isError: true), 404,
            "customer_not_found", "tool", "customer_not_found"),
        Case(said(["success": false]), 422, "upstream_rejected", "tool", nil),
        Case(
            said(["error": "SECRET words that nobody should see"]), 422, "upstream_rejected",
            "tool", "unknown"),
        Case(said(["status": "error", "code": "E42"]), 422, "upstream_rejected", "tool", "e42"),
        Case(said(["success": false], isError: true), 502, "upstream_failed", "tool", nil),
        Case(text("SECRET broke", isError: true), 502, "upstream_failed", "tool", nil),
        Case(
            said(["success": false, "code": "internal"], isError: true), 502, "upstream_failed",
            "tool", "internal"),
        Case(
            ["resultType": "input_required"], 502, "upstream_failed", "tool", "input_required"),
    ]

    static let payload = [
        Case([:], 502, "upstream_invalid", "payload", "no_object"),
        Case(text("SECRET"), 502, "upstream_invalid", "payload", "no_object"),
        Case(text("[1]"), 502, "upstream_invalid", "payload", "no_object"),
        Case(said(["result": [1]]), 502, "upstream_invalid", "payload", "no_object"),
        Case(said(["eligible": true]), 502, "upstream_invalid", "payload", "key_missing"),
        Case(
            said(["eligible": "yes", "ticket": RemoteWorld.ticket]), 502, "upstream_invalid",
            "payload", "key_missing"),
        Case(
            said(["eligible": true, "ticket": "tkt_1"]), 502, "upstream_invalid", "payload",
            "key_missing"),
    ]

    @Test(arguments: transport + tool + payload)
    func `each layer's failure has its answer`(_ example: Case) async throws {
        let world = try await RemoteWorld(
            example.plan, seconds: example.status == 504 ? 3 : 60)
        let answer = try await world.service.get("/tickets/tkt_1")
        #expect(answer.status == example.status, "\(answer.body)")
        #expect(answer.code == example.code)
        #expect(answer["upstream"] == example.upstream)
        #expect(answer["success"] == false)
        #expect(!answer.body.text.contains("SECRET"))
        guard example.status == 503 else { return }
        #expect(
            answer.header("Retry-After") == (example.trouble["status"] == 429 ? "7" : "5"))
    }

    @Test(
        arguments: [
            ("calculate_upgrade_pricing", ["pricing": ["upgrade_price": "37.5"]]),
            ("calculate_upgrade_pricing", ["price": 5]),
            ("get_upgrade_recommendations", ["best": nil]),
            ("get_upgrade_tier_comparison", ["comparison": ["ranks": []]]),
            ("get_upgrade_calendar", ["days": nil]), ("create_upgrade_order", ["id": "ord_1"]),
            ("get_customer", ["customers": []]), ("get_tickets_for_customer", ["ticket": [:]]),
        ] as [(String, JSONValue)])
    func `an answer without what was asked for is none`(
        _ tool: String, _ payload: JSONValue
    ) async throws {
        let world = try await RemoteWorld(
            RemoteWorld.plan(answering: tool, with: ["structuredContent": payload]))
        let example = try #require(RemoteCase.all.first { $0.tool == tool })
        let answer = try await example.send(to: world.service)
        #expect(answer.status == 502, "\(answer.body)")
        #expect(answer["upstream"] == ["layer": "payload", "code": "key_missing"])
    }

    @Test(
        arguments: [
            ("calculate_upgrade_pricing", ["upgrade_price": 5]),
            ("get_upgrade_tier_comparison", ["tiers": []]), ("get_upgrade_calendar", ["days": []]),
            ("create_upgrade_order", ["order_id": "ord_1"]),
            ("create_upgrade_order", ["order": ["id": "ord_1"]]),
        ] as [(String, JSONValue)])
    func `what was asked for is found in its other places`(
        _ tool: String, _ payload: JSONValue
    ) async throws {
        let world = try await RemoteWorld(
            RemoteWorld.plan(answering: tool, with: ["structuredContent": payload]))
        let example = try #require(RemoteCase.all.first { $0.tool == tool })
        let answer = try await example.send(to: world.service)
        #expect(answer.status == (tool == "create_upgrade_order" ? 201 : 200), "\(answer.body)")
        if tool == "create_upgrade_order" {
            #expect(answer.header("Location") == "/orders/ord_1")
        }
    }

    @Test func `an agent that is known to be down is not asked`() async throws {
        let world = try await RemoteWorld(["faults": [["on": "*", "do": "status", "status": 500]]])
        let client = try #require(world.service.app.remoteTickets).client
        client.startWatching()
        defer { client.stopWatching() }
        try await eventually { client.isDown }
        let seen = try world.agent.diary.requests.count
        let answer = try await world.service.get("/tickets/tkt_1")
        #expect(answer.status == 502)
        #expect(answer["upstream"] == ["layer": "transport", "code": "down"])
        #expect(try world.agent.diary.all("tools/call").isEmpty)
        #expect(try world.agent.diary.requests.count - seen <= 4)
    }
}
