import HTTP
import JSON
import MCPPeer
import Testing

@testable import Frontdesk

/// The product with a remote ticket agent, which is a server of its own.
struct RemoteWorld: Sendable {
    let agent: ScriptedServer
    let service: Service

    /// The product over an agent that follows `plan`; `more` is laid over the plan of an agent
    /// that answers everything.
    init(
        _ more: JSONObject = [:], seconds: Int = 60,
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws {
        let agent = try await ScriptedServer(.object(Self.plan(more)))
        service = try await Service(demo: false) { configuration in
            configuration.tickets.source = .mcp
            configuration.tickets.mcp.url = agent.url("/arn%3Aaws%2Fagent/mcp?qualifier=DEFAULT")
            configuration.tickets.mcp.timeoutSeconds = seconds
            change(&configuration)
        }
        self.agent = agent
    }

    /// A ticket as the agent shows it.
    static let ticket: JSONValue = [
        "ticket_id": "tkt_1", "customer_id": "cus_ann", "ticket_number": "R-1",
        "ticket_type": "general", "original_price": 50, "metadata": ["error": "none of ours"],
    ]

    /// What each tool answers.
    static let results: [String: JSONValue] = [
        "validate_ticket_eligibility": ["eligible": true, "ticket": ticket],
        "calculate_upgrade_pricing": ["pricing": ["upgrade_price": 37.5, "currency": "USD"]],
        "get_upgrade_recommendations": ["recommendations": [["tier": "standard"]]],
        "get_upgrade_tier_comparison": ["comparison": ["tiers": []]],
        "get_upgrade_calendar": ["calendar": [["date": "2027-01-06"]]],
        "create_upgrade_order": ["upgrade_order": ["order_id": "ord_9", "status": "pending"]],
        "get_customer": ["customer": ["customer_id": "cus_ann", "email": "ann@example.com"]],
        "get_tickets_for_customer": ["tickets": [ticket]],
    ]

    /// The arguments that each tool declares, the required ones marked.
    private static let arguments: [String: [String]] = [
        "validate_ticket_eligibility": ["ticket_id!", "upgrade_tier", "travel_date"],
        "calculate_upgrade_pricing": ["ticket_id!", "upgrade_tier!", "event_date"],
        "get_upgrade_recommendations": ["ticket_id!", "customer_id", "target_date"],
        "get_upgrade_tier_comparison": ["ticket_id!", "selected_date"],
        "get_upgrade_calendar": ["ticket_id!", "days_ahead", "upgrade_tier"],
        "create_upgrade_order": [
            "ticket_id!", "customer_id!", "upgrade_tier!", "event_date!", "payment_method",
        ],
        "get_customer": ["customer_id!"],
        "get_tickets_for_customer": ["customer_id!", "status", "limit", "offset"],
    ]

    /// The definition of a tool whose required arguments end with `!`.
    static func tool(_ name: String, _ arguments: [String]) -> JSONValue {
        ScriptedServer.tool(
            name, arguments.map { $0.replacing("!", with: "") },
            required: arguments.filter { $0.hasSuffix("!") }.map { $0.replacing("!", with: "") })
    }

    /// All tools but one; `changed` replaces what some of them declare.
    static func tools(
        _ changed: [String: [String]] = [:], without left: String? = nil
    ) -> JSONValue {
        let all = arguments.merging(changed) { $1 }
        return .array(
            all.sorted { $0.key < $1.key }.filter { $0.key != left }.map { tool($0.key, $0.value) })
    }

    /// The plan of an agent that answers everything, with `more` laid over it.
    static func plan(_ more: JSONObject) -> JSONObject {
        var answers = JSONObject()
        for (name, payload) in results.sorted(by: { $0.key < $1.key }) {
            answers[name] = ["structuredContent": payload]
        }
        var plan: JSONObject = ["tools": tools(), "results": .object(answers)]
        for member in more.members { plan[member.key] = member.value }
        return plan
    }

    /// The plan of an agent that answers `result` to the calls of one tool.
    static func plan(answering tool: String, with result: JSONValue) -> JSONObject {
        var answers = plan([:])["results"]?.object ?? JSONObject()
        answers[tool] = result
        return ["results": .object(answers)]
    }

    /// What the agent was called with, one tool call after the other.
    func calls() throws -> [JSONValue] {
        try agent.diary.all("tools/call").compactMap { $0.json?["params"] }.map { params in
            ["name": params["name"] ?? .null, "arguments": params["arguments"] ?? .null]
        }
    }
}

/// A request to a route that the agent answers.
struct RemoteCase: Sendable, CustomStringConvertible {
    let method: HTTP.Method
    let path: String
    var body: JSONValue?
    let tool: String
    let arguments: JSONValue
    var description: String { "\(method.name) \(path)" }

    /// Sends the request.
    func send(
        to service: Service, headers: Headers = [:]
    ) async throws -> Answer {
        try Answer(
            await service.send(method, path, body: body?.bytes ?? [], headers: headers))
    }

    static let order: JSONValue = [
        "ticket_id": "tkt_1", "customer_id": "cus_ann", "upgrade_tier": "Non Stop",
        "travel_date": "2027-01-06",
    ]

    static let all = [
        RemoteCase(
            method: .get, path: "/tickets/tkt_1", tool: "validate_ticket_eligibility",
            arguments: ["ticket_id": "tkt_1"]),
        RemoteCase(
            method: .post, path: "/tickets/tkt_1/validate",
            body: ["upgrade_tier": "DoubleFun", "event_date": "2027-01-06"],
            tool: "validate_ticket_eligibility",
            arguments: [
                "ticket_id": "tkt_1", "upgrade_tier": "double-fun", "travel_date": "2027-01-06",
            ]),
        RemoteCase(
            method: .post, path: "/tickets/tkt_1/pricing", body: ["upgrade_tier": "standard"],
            tool: "calculate_upgrade_pricing",
            arguments: ["ticket_id": "tkt_1", "upgrade_tier": "standard"]),
        RemoteCase(
            method: .get, path: "/tickets/tkt_1/tiers?date=2027-01-06",
            tool: "get_upgrade_tier_comparison",
            arguments: ["ticket_id": "tkt_1", "selected_date": "2027-01-06"]),
        RemoteCase(
            method: .get,
            path: "/tickets/tkt_1/recommendations?customer_id=cus_ann&travel_date=2027-01-06",
            tool: "get_upgrade_recommendations",
            arguments: [
                "ticket_id": "tkt_1", "customer_id": "cus_ann", "target_date": "2027-01-06",
            ]),
        RemoteCase(
            method: .get, path: "/tickets/tkt_1/calendar?days=7&upgrade_tier=standard",
            tool: "get_upgrade_calendar",
            arguments: ["ticket_id": "tkt_1", "days_ahead": "7", "upgrade_tier": "standard"]),
        RemoteCase(
            method: .post, path: "/orders", body: order, tool: "create_upgrade_order",
            arguments: [
                "ticket_id": "tkt_1", "customer_id": "cus_ann", "upgrade_tier": "non-stop",
                "event_date": "2027-01-06", "payment_method": "credit_card",
            ]),
        RemoteCase(
            method: .get, path: "/customers/cus_ann", tool: "get_customer",
            arguments: ["customer_id": "cus_ann"]),
        RemoteCase(
            method: .get, path: "/customers/cus_ann/tickets?status=active&limit=5",
            tool: "get_tickets_for_customer",
            arguments: [
                "customer_id": "cus_ann", "status": "active", "limit": "5", "offset": "0",
            ]),
    ]
}
