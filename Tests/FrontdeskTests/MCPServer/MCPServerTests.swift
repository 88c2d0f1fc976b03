import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// The tools of this server, offered to other agents.
struct MCPServerTests {
    @Test func `an old client begins with initialize and gets the version it asked for`()
        async throws
    {
        let client = MCPClient(service: try await Service())
        for (asked, given) in [
            ("2025-11-25", "2025-11-25"), ("2025-06-18", "2025-06-18"),
            ("2024-11-05", "2025-11-25"),
        ] {
            let answer = try await client.legacy(
                "initialize",
                [
                    "protocolVersion": .string(asked), "capabilities": [:],
                    "clientInfo": ["name": "test", "version": "1"],
                ])
            #expect(answer.status == 200)
            #expect(answer["id"] == 7)
            #expect(answer["result"]?["protocolVersion"] == .string(given))
            #expect(answer["result"]?["capabilities"] == ["tools": [:]])
            #expect(answer["result"]?["serverInfo"]?["name"] == "frontdesk")
            #expect(answer.header("MCP-Session-Id") == nil)
        }
        #expect(try await client.legacy("ping")["result"] == [:])
    }

    @Test func `a new client discovers and lists without a handshake`() async throws {
        let client = MCPClient(service: try await Service())
        let found = try await client.modern("server/discover")
        #expect(
            found["result"]?["supportedVersions"] == ["2026-07-28", "2025-11-25", "2025-06-18"])
        #expect(found["result"]?["resultType"] == "complete")
        #expect(found["result"]?["ttlMs"] == 3_600_000)
        let list = try await client.modern("tools/list")
        #expect(list["result"]?["resultType"] == "complete")
        #expect(list["result"]?["cacheScope"] == "public")
        #expect(
            list["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"]
                == "frontdesk")
        #expect(list["result"]?["tools"]?[0]?["name"] == "create_new_order")
    }

    @Test func `the list holds every tool, with its schema and what it may do`() async throws {
        let service = try await Service()
        let tools = try #require(
            try await MCPClient(service: service).legacy("tools/list")["result"]?["tools"]?.array)
        #expect(tools.compactMap { $0["name"]?.string } == service.app.toolbox.tools.map(\.name))
        let order = try #require(tools.first { $0["name"] == "get_order" })
        #expect(order["inputSchema"]?["required"] == ["order_id"])
        #expect(order["inputSchema"]?["additionalProperties"] == false)
        #expect(order["annotations"]?["readOnlyHint"] == true)
        let complaints = MCPClient(service: service, path: "/mcp/complaint")
        let six = try await complaints.legacy("tools/list")["result"]?["tools"]?.array
        #expect(six?.count == 6)
        #expect(try await complaints.call("get_order", ["order_id": "ORD-10001"]) == nil)
    }

    @Test func `a call answers with the tool's result, as text and as an object`() async throws {
        let client = MCPClient(service: try await Service())
        let result = try #require(
            try await client.call("get_order", ["order_id": "ord 10001"]))
        #expect(result["isError"] == false)
        #expect(result["structuredContent"]?["order"]?["order_id"] == "ORD-10001")
        let text = try #require(result["content"]?[0]?["text"]?.string)
        #expect(try JSONValue(parsing: text) == result["structuredContent"])
        let missing = try #require(
            try await client.call("get_order", ["order_id": "ORD-99999"]))
        #expect(missing["isError"] == true)
        #expect(missing["structuredContent"]?["error_type"] == "OrderNotFound")
        let wrong = try #require(try await client.call("get_order", ["order": "ORD-10001"]))
        #expect(wrong["structuredContent"]?["error_type"] == "ValidationError")
    }

    @Test func `a call is committed with its row, and the caller's tenant alone sees it`()
        async throws
    {
        let service = try await Service()
        let client = MCPClient(service: service)
        let result = try await client.call(
            "create_new_order",
            [
                "customer_name": "Anna Berg", "billing_address": "5 Elm Road, Leeds",
                "product_sku": "SKU-MOUSE-002", "quantity": 2, "order_amount": 49.98,
            ])
        #expect(result?["structuredContent"]?["order"]?["order_id"] == "ORD-10021")
        #expect(
            try service.rows(
                "SELECT customer_name FROM orders WHERE order_id = 'ORD-10021'") == ["Anna Berg"])
        #expect(
            try service.rows(
                """
                SELECT tenant_id, turn_id, tool, state, json_extract(result, '$.status')
                FROM tool_effects
                """) == ["default|∅|create_new_order|done|success"])
        let other = try await client.legacy(
            "tools/call", ["name": "get_order", "arguments": ["order_id": "ORD-10021"]],
            headers: ["X-Tenant-ID": "other"])
        #expect(other["result"]?["structuredContent"]?["error_type"] == "OrderNotFound")
    }

    @Test func `a call with a key happens once`() async throws {
        let service = try await Service()
        let client = MCPClient(service: service)
        let parameters: JSONObject = [
            "name": "register_complaint",
            "arguments": [
                "title": "Broken mouse", "description": "It arrived in two pieces.",
                "customer_name": "Michael Chen", "order_number": "ORD-10002",
            ],
        ]
        let first = try await client.legacy(
            "tools/call", parameters, headers: ["Idempotency-Key": "one"])
        let again = try await client.legacy(
            "tools/call", parameters, headers: ["Idempotency-Key": "one"])
        #expect(again.header("Idempotent-Replayed") == "true")
        #expect(again.body == first.body)
        #expect(
            try service.rows("SELECT count(*) FROM complaints WHERE title = 'Broken mouse'")
                == ["1"])
        let different = try await client.legacy(
            "tools/call", ["name": "get_order"], headers: ["Idempotency-Key": "one"])
        #expect(different.status == 422)
    }

    @Test func `a key is not used up by a call that failed inside`() async throws {
        let service = try await Service()
        let client = MCPClient(service: service)
        let parameters: JSONObject = [
            "name": "register_complaint",
            "arguments": [
                "title": "Broken mouse", "description": "It arrived in two pieces.",
                "customer_name": "Michael Chen", "order_number": "ORD-10002",
            ],
        ]
        try await service.app.database.write { connection in
            try connection.execute("ALTER TABLE counters RENAME TO elsewhere")
        }
        let failed = try await client.legacy(
            "tools/call", parameters, headers: ["Idempotency-Key": "one"])
        #expect(failed["result"]?["structuredContent"]?["error_type"] == "InternalError")
        try await service.app.database.write { connection in
            try connection.execute("ALTER TABLE elsewhere RENAME TO counters")
        }
        let again = try await client.legacy(
            "tools/call", parameters, headers: ["Idempotency-Key": "one"])
        #expect(again["result"]?["isError"] == false)
    }

    @Test func `calls that change one row at once all count`() async throws {
        let service = try await Service()
        let client = MCPClient(service: service)
        let errors = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...3 {
                group.addTask {
                    let answer = try await client.legacy(
                        "tools/call",
                        [
                            "name": "update_order",
                            "arguments": [
                                "order_id": "ORD-10004", "remarks": .string("Note \(number)"),
                            ],
                        ])
                    return answer["result"]?["isError"] == false ? 0 : 1
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(errors == 0)
        let remarks = try service.rows(
            "SELECT remarks FROM orders WHERE order_id = 'ORD-10004'")[0]
        for number in 1...3 { #expect(remarks.contains("Note \(number)")) }
    }

    @Test func `calls without a turn leave after thirty days`() async throws {
        let service = try await Service()
        _ = try await MCPClient(service: service).call("get_order", ["order_id": "ORD-10001"])
        service.clock.advance(seconds: 30 * 86_400 - 1)
        _ = try await service.app.sweeper.sweep()
        #expect(try service.rows("SELECT count(*) FROM tool_effects") == ["1"])
        service.clock.advance(seconds: 2)
        _ = try await service.app.sweeper.sweep()
        #expect(try service.rows("SELECT count(*) FROM tool_effects") == ["0"])
    }
}
