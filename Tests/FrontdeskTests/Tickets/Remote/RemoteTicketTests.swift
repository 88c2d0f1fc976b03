import HTTP
import JSON
import MCPPeer
import Testing

@testable import Frontdesk

/// Tickets by a remote agent: what it is asked, and what becomes of its answers.
struct RemoteTicketTests {
    @Test(arguments: RemoteCase.all)
    func `each route asks its tool with what the tool declares`(_ example: RemoteCase) async throws
    {
        let world = try await RemoteWorld()
        let answer = try await example.send(
            to: world.service,
            headers: [
                "X-Request-ID": "req-7",
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ])
        #expect(answer.status == (example.path == "/orders" ? 201 : 200), "\(answer.body)")
        var data = try #require(RemoteWorld.results[example.tool]?.object)
        data["source"] = "mcp"
        #expect(answer["data"] == .object(data))
        #expect(
            try world.calls() == [
                ["name": .string(example.tool), "arguments": example.arguments]
            ])
        let seen = try #require(world.agent.diary.requests.last)
        #expect(seen.path == "/arn%3Aaws%2Fagent/mcp?qualifier=DEFAULT")
        #expect(seen.fields["x-request-id"] == "req-7")
        #expect(seen.fields["traceparent"]?.hasPrefix("00-0af7651916cd43dd") == true)
        #expect(answer.header("Location") == (example.path == "/orders" ? "/orders/ord_9" : nil))
    }

    @Test(arguments: [
        ("POST", "/customers"), ("POST", "/tickets"), ("GET", "/orders"),
        ("GET", "/orders/ord_1"), ("POST", "/orders/ord_1/pay"), ("POST", "/orders/ord_1/refund"),
        ("GET", "/customers/cus_1/orders"),
    ])
    func `what the agent has no tool for is not implemented`(
        _ method: String, _ path: String
    ) async throws {
        let world = try await RemoteWorld()
        let answer = try Answer(
            await world.service.send(method == "GET" ? .get : .post, path, body: Array("{}".utf8)))
        #expect(answer.status == 501)
        #expect(answer.code == "source_unsupported")
        #expect(answer["success"] == false)
        #expect(try world.agent.diary.requests.isEmpty)
    }

    @Test(arguments: RemoteCase.all)
    func `a tool that the agent lacks is not implemented`(_ example: RemoteCase) async throws {
        let world = try await RemoteWorld(["tools": RemoteWorld.tools(without: example.tool)])
        let answer = try await example.send(to: world.service)
        #expect(answer.status == 501, "\(answer.body)")
        #expect(answer.code == "source_unsupported")
        #expect(answer["error"] == "Not Implemented")
    }

    @Test func `an agent that takes no handshake is asked with all that is known`() async throws {
        let world = try await RemoteWorld(["eras": ["bare"]])
        let answer = try await world.service.get("/tickets/tkt_1/calendar?days=7")
        #expect(answer.status == 200, "\(answer.body)")
        #expect(
            try world.calls().last?["arguments"] == ["ticket_id": "tkt_1", "days": 7])
    }

    @Test(
        arguments: [
            ["eligible": true, "ticket": RemoteWorld.ticket, "success": true],
            ["result": ["eligible": true, "ticket": RemoteWorld.ticket, "status": "success"]],
            ["result": #"{"eligible": true, "ticket": \#(RemoteWorld.ticket.text)}"#],
        ] as [JSONValue])
    func `payloads are found wherever agents put them`(_ payload: JSONValue) async throws {
        let text = JSONValue.string(payload.text)
        let results: [JSONValue] = [
            ["structuredContent": payload], ["content": [["type": "text", "text": text]]],
            ["content": [["type": "image", "data": ""], ["type": "text", "text": text]]],
        ]
        for result in results {
            let world = try await RemoteWorld(
                RemoteWorld.plan(answering: "validate_ticket_eligibility", with: result))
            let answer = try await world.service.get("/tickets/tkt_1")
            #expect(
                answer["data"]
                    == ["eligible": true, "ticket": RemoteWorld.ticket, "source": "mcp"],
                "\(result.text)")
        }
    }

    @Test func `what only the agent knows is learnt by a validation`() async throws {
        let world = try await RemoteWorld([
            "tools": RemoteWorld.tools([
                "calculate_upgrade_pricing": [
                    "ticket_type!", "original_price!", "upgrade_tier!", "ticket_data!",
                    "order_data", "customer_id",
                ]
            ])
        ])
        let answer = try await world.service.post(
            "/tickets/tkt_1/pricing", ["upgrade_tier": "standard"])
        #expect(answer.status == 200, "\(answer.body)")
        let calls = try world.calls()
        #expect(
            calls.map { $0["name"] } == [
                "validate_ticket_eligibility", "calculate_upgrade_pricing",
            ])
        let arguments = calls.last?["arguments"]
        #expect(arguments?["ticket_type"] == "general")
        #expect(arguments?["original_price"] == "50")
        #expect(arguments?["customer_id"] == "cus_ann")
        #expect(arguments?["ticket_data"] == .string(RemoteWorld.ticket.text))
        let order = arguments?["order_data"]?.string.flatMap { try? JSONValue(parsing: $0) }
        #expect(order?["upgrade_tier"] == "standard")
        #expect(order?["ticket_id"] == "tkt_1")
    }

    @Test func `a customer who is named goes along with what is asked`() async throws {
        let world = try await RemoteWorld([
            "tools": RemoteWorld.tools([
                "validate_ticket_eligibility": ["ticket_id!", "customer_id!"],
                "calculate_upgrade_pricing": ["ticket_id!", "upgrade_tier!", "ticket_type!"],
            ])
        ])
        let service = world.service
        let customer: JSONValue = ["customer_id": "cus_ann", "upgrade_tier": "standard"]
        for action in ["validate", "pricing"] {
            let answer = try await service.post("/tickets/tkt_1/\(action)", customer)
            #expect(answer.status == 200, "\(answer.body)")
        }
        for path in ["/tickets/tkt_1", "/tickets/tkt_1/recommendations"] {
            let answer = try await service.get(path + "?customer_id=cus_ann")
            #expect(answer.status == 200, "\(answer.body)")
        }
        for call in try world.calls() where call["name"] == "validate_ticket_eligibility" {
            #expect(call["arguments"] == ["ticket_id": "tkt_1", "customer_id": "cus_ann"])
        }
        let bad = try await service.post("/tickets/tkt_1/validate", ["customer_id": "a b"])
        #expect(bad.status == 400)
    }

    @Test func `owner and day that a tool requires are the ticket's own`() async throws {
        var ticket = RemoteWorld.ticket.object ?? [:]
        ticket["event_date"] = "2027-01-09"
        var plan = RemoteWorld.plan(
            answering: "validate_ticket_eligibility",
            with: ["structuredContent": ["eligible": true, "ticket": .object(ticket)]])
        plan["tools"] = RemoteWorld.tools([
            "calculate_upgrade_pricing": [
                "ticket_id!", "upgrade_tier!", "customer_id!", "travel_date!",
            ]
        ])
        let world = try await RemoteWorld(plan)
        let answer = try await world.service.post(
            "/tickets/tkt_1/pricing", ["upgrade_tier": "standard"])
        #expect(answer.status == 200, "\(answer.body)")
        #expect(
            try world.calls().last?["arguments"] == [
                "ticket_id": "tkt_1", "upgrade_tier": "standard", "customer_id": "cus_ann",
                "travel_date": "2027-01-09",
            ])
    }

    @Test func `a tool that requires what nobody knows is not called`() async throws {
        let world = try await RemoteWorld([
            "tools": RemoteWorld.tools(["get_customer": ["customer_id!", "shoe_size!"]])
        ])
        let answer = try await world.service.get("/customers/cus_ann")
        #expect(answer.status == 502)
        #expect(answer.code == "upstream_invalid")
        #expect(answer["upstream"] == ["layer": "payload", "code": "argument_unknown"])
        #expect(try world.calls().isEmpty)
    }

    @Test(arguments: [
        ("/tickets/tkt_1/tiers?date=tomorrow", "date"), ("/tickets/tkt_1/calendar?days=0", "days"),
        ("/tickets/a%20b", "ticket_id"), ("/customers/cus_ann/tickets?limit=0", "limit"),
        ("/tickets/tkt_1/recommendations?customer_id=a%20b", "customer_id"),
        ("/tickets/tkt_1/calendar?upgrade_tier=gold", "upgrade_tier"),
    ])
    func `bad questions do not reach the agent`(_ path: String, _ field: String) async throws {
        let world = try await RemoteWorld()
        let answer = try await world.service.get(path)
        #expect(answer.status == 400)
        #expect(answer["fields"]?[0]?["field"] == .string(field))
        #expect(try world.agent.diary.requests.isEmpty)
    }

    @Test func `everything wrong with an order is said at once`() async throws {
        let world = try await RemoteWorld()
        let answer = try await world.service.post(
            "/orders",
            [
                "ticket_id": "a b", "upgrade_tier": "gold", "event_date": "soon",
                "total_amount": 1.005, "payment_method": "cash",
            ])
        #expect(answer.status == 400)
        let fields = answer["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(
            Set(fields) == [
                "ticket_id", "customer_id", "upgrade_tier", "event_date", "total_amount",
                "payment_method",
            ])
        #expect(try world.agent.diary.requests.isEmpty)
    }

    @Test func `an order with a key is placed once`() async throws {
        let world = try await RemoteWorld()
        let key: Headers = ["Idempotency-Key": "k-1"]
        let first = try await world.service.post("/orders", RemoteCase.order, headers: key)
        let second = try await world.service.post("/orders", RemoteCase.order, headers: key)
        #expect(first.status == 201 && second.status == 201)
        #expect(first.body == second.body)
        #expect(second.header("Location") == "/orders/ord_9")
        #expect(second.header("Idempotent-Replayed") == "true")
        #expect(try world.calls().count == 1)
        let other = try await world.service.post("/orders", [:], headers: key)
        #expect(other.status == 400 || other.status == 422)
    }

    @Test(arguments: RemoteCase.all)
    func `only what changes nothing is asked again when the connection breaks`(
        _ example: RemoteCase
    ) async throws {
        let world = try await RemoteWorld([
            "faults": [["on": "tools/call", "times": 1, "do": "drop"]]
        ])
        let answer = try await example.send(to: world.service)
        let isRead = example.method == .get || example.path.hasSuffix("validate")
        #expect((answer.status == 200) == isRead, "\(answer.body)")
        #expect(try world.calls().count == (isRead ? 2 : 1))
    }

    @Test func `the documents of a remote source are true`() async throws {
        let world = try await RemoteWorld()
        #expect(DocumentCheck(world.service.app.router).problems() == [])
    }
}
