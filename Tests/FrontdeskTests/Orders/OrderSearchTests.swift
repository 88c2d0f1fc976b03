import JSON
import Testing

@testable import Frontdesk

@Suite struct OrderSearchTests {
    private func numbers(_ result: JSONValue) -> [String] {
        result["orders"]?.array?.compactMap { $0["order_id"]?.string } ?? []
    }

    @Test(
        arguments: [
            (["order_id": "ord-10001"], ["ORD-10001"]),
            (["order_id": "10001", "customer_name": "sarah"], ["ORD-10001"]),
            (["order_id": "10001", "customer_name": "chen"], []),
            (["order_id": "10001", "order_status": "PENDING"], []),
            (["order_id": "99999"], []),
            (["customer_name": "o'neil"], ["ORD-10003", "ORD-10011"]),
            (["customer_name": "O’NEIL"], ["ORD-10003", "ORD-10011"]),
            (["customer_name": "jose garcia"], ["ORD-10004", "ORD-10015"]),
            (["customer_name": "Muller"], ["ORD-10013", "ORD-10007"]),
            (["customer_name": "chen", "order_status": "pending"], ["ORD-10010"]),
            (["product_sku": "sku-desk-003"], ["ORD-10003", "ORD-10014"]),
            (["product_sku": "Desk"], ["ORD-10003", "ORD-10014"]),
            (["billing_address": "101 market"], ["ORD-10001"]),
            (["placed_from": "2026-02-20"], ["ORD-10020", "ORD-10010", "ORD-10009"]),
            (
                ["placed_from": "2026-01-20", "placed_to": "2026-01-28"],
                ["ORD-10002", "ORD-10005"]
            ),
            (["placed_from": "2026-02-01", "placed_to": "2026-01-01"], []),
            (["customer_name": "%"], []), (["customer_name": "_"], []),
            (["product_sku": "SKU_LAPTOP"], []), (["customer_name": "Nobody Known"], []),
            (["customer_name": "' OR '1'='1"], []),
        ] as [(JSONValue, [String])])
    func `every criterion narrows the search`(criteria: JSONValue, found: [String]) async throws {
        let result = await (try await ToolWorld()).turn().call("search_orders", criteria)
        #expect(numbers(result) == found)
        #expect(result["match_count"]?.int == found.count)
        #expect(result["truncated"] == false)
        #expect(result["status"] == "success")
    }

    @Test func `without a criterion all are found, newest first, as many as asked for`()
        async throws
    {
        let turn = (try await ToolWorld()).turn()
        let all = await turn.call("search_orders", [:])
        #expect(all["match_count"] == 20)
        #expect(all["truncated"] == false)
        #expect(numbers(all).first == "ORD-10020")
        #expect(numbers(all).last == "ORD-10008")
        let three = await turn.call("search_orders", ["limit": 3])
        #expect(numbers(three) == ["ORD-10020", "ORD-10010", "ORD-10009"])
        #expect(three["match_count"] == 20)
        #expect(three["truncated"] == true)
    }

    @Test func `the criteria are told back as they were understood`() async throws {
        let result = await (try await ToolWorld()).turn().call(
            "search_orders",
            [
                "order_id": "#10001", "customer_name": " sarah ", "order_status": "shipped",
                "placed_to": nil, "limit": 5,
            ])
        #expect(
            result["search_criteria"]?.text == """
                {"order_id":"ORD-10001","customer_name":"sarah","order_status":"SHIPPED"}
                """)
        #expect(
            result.object?.keys == [
                "status", "match_count", "search_criteria", "orders", "truncated",
            ])
    }

    @Test func `a customer's orders come with their full number`() async throws {
        let result = await (try await ToolWorld()).turn().call(
            "get_customer_orders", ["customer_name": "Sarah Johnson", "limit": 2])
        #expect(result.object?.keys == ["status", "customer_name", "order_count", "orders"])
        #expect(result["customer_name"] == "Sarah Johnson")
        #expect(result["order_count"] == 3)
        #expect(numbers(result) == ["ORD-10001", "ORD-10017"])
    }

    @Test func `a turn's own changes are found, and only by that turn`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        _ = await turn.call("create_new_order", newOrder(["customer_name": "Ana Chen"]))
        _ = await turn.call("update_order", ["order_id": "10010", "new_status": "CANCELLED"])
        let criteria: JSONValue = ["customer_name": "chen", "order_status": "PENDING"]
        #expect(numbers(await turn.call("search_orders", criteria)) == ["ORD-10021"])
        #expect(numbers(await world.turn().call("search_orders", criteria)) == ["ORD-10010"])
        let own = await turn.call("get_customer_orders", ["customer_name": "CHEN", "limit": 2])
        #expect(own["order_count"] == 4)
        #expect(numbers(own) == ["ORD-10021", "ORD-10010"])
        let all = await turn.call("search_orders", ["limit": 1])
        #expect(all["match_count"] == 21)
        #expect(numbers(all) == ["ORD-10021"])
        try await turn.commit()
        #expect(numbers(await world.turn().call("search_orders", criteria)) == ["ORD-10021"])
    }
}
