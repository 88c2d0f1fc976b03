import HTTP
import JSON
import MCP
import MCPPeer
import MailServer
import Testing

@testable import Frontdesk

/// Complaints that another server keeps.
@Suite struct RemoteComplaintTests {
    private static let record: JSONValue = [
        "complaint_id": 3, "title": "Late delivery", "order_number": "ORD-10003",
        "status": "RESOLVED", "priority": "HIGH", "resolution_date": "2026-02-26T12:00:00Z",
        "customer_name": "Emma O'Neil",
    ]

    private static let names = [
        "register_complaint", "get_complaint", "search_complaints", "update_complaint",
        "resolve_complaint", "archive_complaint",
    ]

    /// The plan of a server whose complaint tools answer `payload`, or each its own of `results`.
    private static func plan(
        _ payload: JSONValue, _ results: [String: JSONValue] = [:], more: JSONObject = [:]
    ) -> JSONObject {
        var answers = JSONObject()
        for name in names {
            answers[name] = ["structuredContent": results[name] ?? payload]
        }
        var plan: JSONObject = [
            "tools": .array(names.map { ScriptedServer.tool($0) }), "results": .object(answers),
        ]
        for member in more.members { plan[member.key] = member.value }
        return plan
    }

    private func world(
        _ plan: JSONObject, provider: Configuration.Agent.Provider = .builtin,
        _ configure: (inout Configuration) -> Void = { _ in }
    ) async throws -> ServersWorld {
        try await ServersWorld(
            plan, provider: provider, upstream: { $0.role = .complaint }, configure: configure)
    }

    @Test(
        arguments: [
            ["status": "success", "message": "Found.", "complaint": record],
            ["success": true, "message": "Found.", "data": record],
            ["success": true, "data": ["complaint": record]],
            [
                "success": true,
                "data": [
                    "id": "3", "title": "Late delivery", "order_number": "ORD-10003",
                    "status": "resolved", "priority": "High",
                    "resolution_date": "2026-02-26T12:00:00Z",
                ],
            ],
        ] as [JSONValue])
    func `the builtin agent reads either form of answer`(_ payload: JSONValue) async throws {
        let world = try await world(Self.plan(payload))
        let answer = try await world.service.say("What's the status of complaint 3?")
        #expect(
            answer["response"]?.string?.hasPrefix("Complaint 3 about order ORD-10003 (Late")
                == true, "\(answer.body)")
        #expect(answer["response"]?.string?.contains("resolved on February 26, 2026") == true)
        #expect(answer["metadata"]?["tool_calls"] == ["get_complaint"])
        #expect(try world.calls() == [["complaint_id": 3]])
        #expect(try world.ledger() == ["1|hotel|get_complaint|done"])
    }

    @Test func `a complaint is registered there and not here`() async throws {
        var registered = Self.record.object ?? JSONObject()
        registered["complaint_id"] = 77
        registered["order_number"] = "ORD-10002"
        registered["priority"] = "MEDIUM"
        let world = try await world(Self.plan(["success": true, "data": .object(registered)]))
        let answer = try await world.service.say(
            "I want to complain about ORD-10002: the mouse arrived broken")
        #expect(
            answer["response"]?.string?.hasPrefix("I've registered complaint 77 about order")
                == true)
        #expect(
            try world.calls() == [
                [
                    "title": "the mouse arrived broken", "description": "the mouse arrived broken",
                    "customer_name": "Michael Chen", "order_number": "ORD-10002",
                ]
            ])
        #expect(try world.service.rows("SELECT count(*) FROM complaints") == ["20"])
        #expect(
            try world.ledger() == [
                "1|local|get_order|done", "2|hotel|register_complaint|done",
            ])
    }

    @Test func `a model sees the six tools as ever, and MCP clients do, too`() async throws {
        let world = try await world(
            Self.plan(["success": true, "data": ["complaints": [Self.record], "count": 9]]),
            provider: .openai)
        try world.model.script(
            .calls(("search_complaints", #"{"order_number": "10003", "status": "resolved"}"#)),
            .says("One."))
        #expect(try await world.model.say("Complaints?").status == 200)
        #expect(try world.offered().suffix(6) == Self.names[...])
        #expect(try world.calls() == [["order_number": "ORD-10003", "status": "RESOLVED"]])
        #expect(try world.told()[0]["count"] == 9)
        #expect(try world.told()[0]["complaints"]?[0]?["title"] == "Late delivery")
        let answer = try await world.service.post(
            "/mcp/complaint",
            [
                "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": ["name": "search_complaints", "arguments": ["status": "RESOLVED"]],
            ])
        #expect(answer["result"]?["structuredContent"]?["count"] == 9, "\(answer.body)")
        #expect(try world.calls().count == 2)
        #expect(
            try world.service.rows(
                "SELECT server, state FROM tool_effects WHERE turn_id IS NULL")
                == ["hotel|done"])
    }

    @Test(
        arguments: [
            ("get_complaint", [:]), ("register_complaint", ["title": "x"]),
            ("search_complaints", [:]), ("update_complaint", ["complaint_id": 3]),
            ("resolve_complaint", ["complaint_id": 0]),
            (
                "register_complaint",
                [
                    "title": "Too late", "description": "It came too late", "customer_name": "Al",
                    "order_number": "ORD-99999",
                ]
            ),
        ] as [(String, JSONValue)])
    func `what our own tools refuse does not leave`(
        _ tool: String, _ arguments: JSONValue
    ) async throws {
        let world = try await world(Self.plan(["success": true]), provider: .openai)
        try world.model.script(.calls((tool, arguments.text)), .says("No."))
        #expect(try await world.model.say("Try").status == 200)
        let kinds = ["ValidationError", "NoCriteria", "NoUpdates", "OrderNotFound"]
        #expect(kinds.contains(try world.told()[0]["error_type"]?.string ?? ""))
        #expect(try world.calls() == [])
        #expect(try world.ledger() == ["1|hotel|\(tool)|failed"])
    }

    /// An answer, and what becomes of it.
    struct Refusal: Sendable {
        let payload: JSONValue
        let type: String
        let sentence: String
        var tool = "resolve_complaint"
    }

    static let refusals = [
        Refusal(
            payload: [
                "success": false, "error": ["code": "ALREADY_RESOLVED", "message": "It is done."],
            ], type: "AlreadyResolved", sentence: "It is done."),
        Refusal(
            payload: [
                "success": false, "error": ["code": "E42", "message": "Odd\u{202E}\nthing"],
            ],
            type: "InternalError", sentence: "Odd thing"),
        Refusal(
            payload: [
                "status": "error", "error": "Gone.", "error_type": "ComplaintNotFound",
            ], type: "ComplaintNotFound", sentence: "Gone."),
        Refusal(
            payload: ["success": false], type: "InternalError",
            sentence: "Complaint management refused this."),
        Refusal(
            payload: ["success": true, "data": ["title": "no number"]], type: "OutcomeUnknown",
            sentence: "makes no sense"),
        Refusal(
            payload: ["success": true, "data": ["complaint_id": 4]], type: "OutcomeUnknown",
            sentence: "makes no sense"),
        Refusal(
            payload: ["success": true, "data": ["complaint_id": 4]], type: "InternalError",
            sentence: "makes no sense", tool: "get_complaint"),
    ]

    @Test(arguments: refusals)
    func `a refusal is told, and an answer that makes no sense is none`(
        _ refusal: Refusal
    ) async throws {
        let world = try await world(Self.plan(refusal.payload), provider: .openai)
        try world.model.script(.calls((refusal.tool, #"{"complaint_id": 3}"#)), .says("So."))
        #expect(try await world.model.say("Do").status == 200)
        let told = try world.told()[0]
        #expect(told["error_type"]?.string == refusal.type)
        #expect(told["error"]?.string?.contains(refusal.sentence) == true, "\(told)")
    }

    @Test func `a server that is down is said to be, and nothing else fails`() async throws {
        let world = try await world(["faults": [["on": "*", "do": "status", "status": 500]]])
        try await world.watch()
        #expect(world.hotel.client.isDown)
        let answer = try await world.service.say("What's the status of complaint 3?")
        #expect(answer.status == 200)
        #expect(
            answer["response"]
                == "The server that does this cannot be reached just now; try again later.")
        #expect(try world.calls() == [])
        let order = try await world.service.say("What's the status of my order ORD-10001?")
        #expect(order["response"]?.string?.contains("in transit") == true)
    }

    @Test(arguments: [("get_complaint", 1), ("resolve_complaint", 1), ("archive_complaint", 1)])
    func `a customer sees and changes only what is about their orders`(
        _ tool: String, _ calls: Int
    ) async throws {
        let payload: JSONValue = ["success": true, "data": Self.record]
        let world = try await world(Self.plan(payload), provider: .openai) {
            $0.agent.bindCustomer = true
        }
        for (session, email) in [("a", "michael.chen"), ("b", "emma.oneil")] {
            _ = try await world.service.post(
                "/agent/sessions",
                [
                    "session_id": .string(session),
                    "metadata": ["customer_email": .string(email + "@example.com")],
                ])
        }
        try world.model.script(.calls((tool, #"{"complaint_id": 3}"#)), .says("No."))
        _ = try await world.model.say("Do", in: "a")
        #expect(try world.told()[0]["error_type"] == "ComplaintNotFound")
        // What it is about was looked up, and no more.
        let names = try world.server.diary.all("tools/call").map { $0.json?["params"]?["name"] }
        #expect(names == ["get_complaint"])
        try world.model.script(.calls((tool, #"{"complaint_id": 3}"#)), .says("Yes."))
        _ = try await world.model.say("Do", in: "b")
        #expect(try world.told()[0]["status"] == "success")
    }

    @Test func `a customer's search finds only what is about their orders`() async throws {
        var other = Self.record.object ?? JSONObject()
        other["complaint_id"] = 4
        other["order_number"] = "ORD-10002"
        let payload: JSONValue = [
            "success": true, "data": [Self.record, .object(other)], "count": 2,
        ]
        let world = try await world(Self.plan(payload), provider: .openai) {
            $0.agent.bindCustomer = true
        }
        _ = try await world.service.post(
            "/agent/sessions",
            ["session_id": "s", "metadata": ["customer_email": "michael.chen@example.com"]])
        try world.model.script(
            .calls(
                ("search_complaints", #"{"status": "RESOLVED"}"#),
                ("search_complaints", #"{"order_number": "ORD-10003"}"#)), .says("One."))
        _ = try await world.model.say("Mine?")
        let told = try world.told()
        #expect(told.map { $0["count"] } == [1, 0])
        #expect(told[0]["complaints"]?.array?.map { $0["complaint_id"] } == [4])
        #expect(try world.calls().count == 1)
    }
}
