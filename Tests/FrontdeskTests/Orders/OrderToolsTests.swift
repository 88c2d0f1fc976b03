import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct OrderToolsTests {
    @Test func `the catalogue's tools have the names and sentences of the specification`()
        async throws
    {
        let world = try await ToolWorld(demo: false)
        let described = world.toolbox.tools.filter { $0.category == .order }.map {
            "\($0.name): \($0.description)"
        }
        #expect(
            described == [
                "create_new_order: Create a new order for a customer",
                "get_order: Get detailed information about a specific order",
                "search_orders: Search orders by number, customer, product, address, "
                    + "status or date",
                "get_customer_orders: List the orders of a customer",
                "update_order: Change the status or details of an order",
                "track_order: Get shipping and delivery progress of an order",
            ])
    }

    @Test func `an order is shown with every fact in the agreed order`() async throws {
        let result = await (try await ToolWorld()).turn().call("get_order", ["order_id": "10001"])
        #expect(
            result.text == """
                {"status":"success","order":{"order_id":"ORD-10001","order_date":"2026-02-15",\
                "customer_name":"Sarah Johnson","customer_email":"sarah.johnson@example.com",\
                "billing_address":"101 Market Street, Springfield, IL 62701",\
                "product_sku":"SKU-LAPTOP-001","quantity":1,"order_amount":1299.99,\
                "currency":"USD","remarks":null,"order_status":"SHIPPED",\
                "status_since":"2026-02-17T16:00:00.000000Z","carrier":"ParcelLine",\
                "tracking_number":"PL0000010001","estimated_delivery":"2026-02-25",\
                "created_at":"2026-02-15T10:00:00.000000Z",\
                "updated_at":"2026-02-19T08:00:00.000000Z"}}
                """)
    }

    @Test func `tracking lists the steps oldest first`() async throws {
        let result = await (try await ToolWorld()).turn().call(
            "track_order", ["order_id": "#10001"])
        #expect(
            result.text == """
                {"status":"success","order_id":"ORD-10001","order_status":"SHIPPED",\
                "carrier":"ParcelLine","tracking_number":"PL0000010001",\
                "estimated_delivery":"2026-02-25","events":[\
                {"at":"2026-02-15T10:00:00.000000Z","status":"PLACED","location":null,\
                "description":"Order placed."},\
                {"at":"2026-02-16T09:00:00.000000Z","status":"CONFIRMED","location":null,\
                "description":"Order confirmed."},\
                {"at":"2026-02-17T16:00:00.000000Z","status":"SHIPPED","location":null,\
                "description":"Shipped with ParcelLine, tracking number PL0000010001."},\
                {"at":"2026-02-19T08:00:00.000000Z","status":"IN_TRANSIT",\
                "location":"Springfield sorting centre",\
                "description":"The parcel is on its way."}]}
                """)
    }

    @Test func `a new order is numbered, stored and told with its first step`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        let result = await turn.call(
            "create_new_order",
            newOrder(["customer_email": "zoe@example.com", "remarks": " Call first "]))
        let shown = try #require(result["order"])
        #expect(shown["order_id"] == "ORD-10021")
        #expect(shown["order_status"] == "PENDING")
        #expect(shown["order_date"] == "2026-02-20")
        #expect(shown["order_amount"]?.text == "2599.98")
        #expect(shown["remarks"] == "Call first")
        try await turn.commit()
        #expect(
            try world.rows(
                """
                SELECT number, customer_name, customer_key, customer_email, address_key,
                    product_key, quantity, amount_cents, currency, remarks, status, version,
                    session_id, request_id, created_at
                FROM orders WHERE tenant_id = 'default' AND order_id = 'ORD-10021'
                """) == [
                    """
                    10021|Zoë D'Arcy|zoe d'arcy|zoe@example.com|1 main street, york|\
                    sku-laptop-001|2|259998|USD|Call first|PENDING|1|sess_1|req_1|\
                    2026-02-20T12:00:00.000000Z
                    """
                ])
        #expect(
            try world.rows(
                """
                SELECT event_no, status, description, happened_at FROM order_events
                WHERE tenant_id = 'default' AND order_id = 'ORD-10021'
                """) == ["1|PLACED|Order placed.|2026-02-20T12:00:00.000000Z"])
        #expect(await world.turn().call("get_order", ["order_id": "ORD-10021"])["order"] == shown)
    }

    @Test(arguments: [
        ("1e2", 10_000), ("0.01", 1), ("10000000", 1_000_000_000), ("19.90", 1990),
        ("4998e-2", 4998),
    ])
    func `amounts are stored to the cent`(text: String, cents: Int) async throws {
        let world = try await ToolWorld(demo: false)
        let turn = world.turn()
        let amount = JSONValue.number(try #require(JSONNumber(text: text)))
        _ = await turn.call("create_new_order", newOrder(["order_amount": amount]))
        try await turn.commit()
        #expect(
            try world.rows("SELECT order_id, amount_cents FROM orders") == ["ORD-10001|\(cents)"])
    }

    @Test func `an update tells what was before and adds steps`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        let result = await turn.call(
            "update_order",
            [
                "order_id": "ord-10003", "new_status": "shipped", "carrier": "ParcelLine",
                "remarks": "Gift", "location": "Leeds",
            ])
        #expect(result["previous_status"] == "CONFIRMED")
        #expect(result["order"]?["order_status"] == "SHIPPED")
        #expect(result["order"]?["status_since"] == "2026-02-20T12:00:00.000000Z")
        try await turn.commit()
        #expect(
            try world.rows(
                """
                SELECT event_no, status, location, description, request_id FROM order_events
                WHERE order_id = 'ORD-10003' ORDER BY event_no
                """) == [
                    "1|PLACED|∅|Order placed.|demo-data",
                    "2|CONFIRMED|∅|Order confirmed.|demo-data",
                    "3|UPDATED|∅|Changed: remarks.|req_1",
                    "4|SHIPPED|∅|Shipped with ParcelLine.|req_1",
                    "5|IN_TRANSIT|Leeds|The parcel is on its way.|req_1",
                ])
        #expect(
            try world.rows("SELECT version, carrier, remarks FROM orders WHERE number = 10003")
                == ["2|ParcelLine|Gift"])
    }

    @Test func `the setting limits what a conversation may set`() async throws {
        let world = try await ToolWorld(allowed: [.cancelled])
        let turn = world.turn()
        #expect(
            await turn.call("update_order", ["order_id": "10004", "new_status": "CONFIRMED"])
                == [
                    "status": "error", "error": "Only staff can set an order to CONFIRMED.",
                    "error_type": "IllegalTransition",
                ])
        #expect(
            await turn.error("update_order", ["order_id": "10004", "new_status": "CANCELLED"])
                == nil)
    }

    @Test(
        arguments: [
            ("get_order", ["order_id": "ORD-99999"], "OrderNotFound"),
            ("track_order", ["order_id": "99999"], "OrderNotFound"),
            ("update_order", ["order_id": "99999", "new_status": "CANCELLED"], "OrderNotFound"),
            ("update_order", ["order_id": "10001"], "NoUpdates"),
            (
                "update_order", ["order_id": "10001", "new_status": nil, "remarks": nil],
                "NoUpdates"
            ),
            ("update_order", ["order_id": "10001", "new_status": "SHIPPED"], "IllegalTransition"),
            ("update_order", ["order_id": "10004", "new_status": "PENDING"], "IllegalTransition"),
            (
                "update_order", ["order_id": "10001", "new_status": "CANCELLED"],
                "IllegalTransition"
            ),
            ("update_order", ["order_id": "10001", "billing_address": "x"], "IllegalTransition"),
            ("update_order", ["order_id": "10004", "carrier": "x"], "IllegalTransition"),
            ("update_order", ["order_id": "10002", "location": "x"], "IllegalTransition"),
        ] as [(String, JSONValue, String)])
    func `what cannot be done is said with its kind`(
        tool: String, arguments: JSONValue, type: String
    ) async throws {
        let turn = (try await ToolWorld()).turn()
        #expect(await turn.error(tool, arguments) == type)
        #expect(turn.context.stage.isEmpty)
    }
}
