import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct OrderOwnershipTests {
    @Test func `tenants never see each other's orders, even with the same number`() async throws {
        let world = try await ToolWorld(demo: false)
        let one = try #require(Tenant("one"))
        let two = try #require(Tenant("two"))
        for (tenant, name) in [(one, "Ada One"), (two, "Bea Two")] {
            let turn = world.turn(tenant)
            let result = await turn.call(
                "create_new_order", newOrder(["customer_name": .string(name)]))
            #expect(result["order"]?["order_id"] == "ORD-10001")
            try await turn.commit()
        }
        let turn = world.turn(one)
        #expect(
            await turn.call("get_order", ["order_id": "10001"])["order"]?["customer_name"]
                == "Ada One")
        #expect(await turn.call("search_orders")["match_count"] == 1)
        #expect(await turn.call("search_orders", ["customer_name": "bea"])["match_count"] == 0)
        let track = await turn.call("track_order", ["order_id": "10001"])
        #expect(track["events"]?.array?.count == 1)
        _ = await turn.call("update_order", ["order_id": "10001", "new_status": "CANCELLED"])
        try await turn.commit()
        #expect(
            try world.rows("SELECT tenant_id, status FROM orders ORDER BY tenant_id")
                == ["one|CANCELLED", "two|PENDING"])
        #expect(
            try world.rows("SELECT tenant_id, count(*) FROM order_events GROUP BY 1 ORDER BY 1")
                == ["one|2", "two|1"])
    }

    @Test(arguments: ["michael.chen@example.com", "Michael.Chen@Example.COM"])
    func `a customer's conversation sees that customer's orders only`(email: String) async throws {
        let turn = (try await ToolWorld()).turn(customer: email)
        #expect(await turn.error("get_order", ["order_id": "10002"]) == nil)
        #expect(await turn.error("track_order", ["order_id": "10002"]) == nil)
        for tool in ["get_order", "track_order"] {
            #expect(await turn.error(tool, ["order_id": "10001"]) == "OrderNotFound")
        }
        #expect(
            await turn.error("update_order", ["order_id": "10004", "new_status": "CANCELLED"])
                == "OrderNotFound")
        #expect(await turn.call("search_orders", ["order_id": "10001"])["match_count"] == 0)
        #expect(await turn.call("search_orders")["match_count"] == 3)
        #expect(
            await turn.call("get_customer_orders", ["customer_name": "sarah"])["order_count"] == 0)
    }

    @Test func `an order placed in a customer's conversation is that customer's`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn(customer: "zoe@example.com")
        let result = await turn.call(
            "create_new_order", newOrder(["customer_email": "someone@else.example"]))
        #expect(result["order"]?["customer_email"] == "zoe@example.com")
        #expect(await turn.call("search_orders")["match_count"] == 1)
        try await turn.commit()
        #expect(
            await world.turn(customer: "zoe@example.com").error(
                "get_order", ["order_id": "10021"]) == nil)
        #expect(
            await world.turn(customer: "eve@example.com").error(
                "get_order", ["order_id": "10021"]) == "OrderNotFound")
    }
}
