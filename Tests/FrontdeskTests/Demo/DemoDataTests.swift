import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct DemoDataTests {
    @Test func `the orders are those of the specification`() async throws {
        let world = try await ToolWorld()
        let rows = try world.rows(
            """
            SELECT number, customer_name, product_sku, quantity, amount_cents, status, order_date
            FROM orders ORDER BY number
            """)
        #expect(
            rows == [
                "10001|Sarah Johnson|SKU-LAPTOP-001|1|129999|SHIPPED|2026-02-15",
                "10002|Michael Chen|SKU-MOUSE-002|2|4998|DELIVERED|2026-01-28",
                "10003|Emma O'Neil|SKU-DESK-003|1|34900|CONFIRMED|2026-02-18",
                "10004|José García|SKU-CHAIR-004|4|79600|PENDING|2026-02-19",
                "10005|Sarah Johnson|SKU-DOCK-005|1|18950|DELIVERED|2026-01-20",
                "10006|Priya Patel|SKU-PHONE-006|1|89900|SHIPPED|2026-02-13",
                "10007|Lukas Müller|SKU-MONITOR-007|2|55800|CANCELLED|2026-02-10",
                "10008|Grace Kim|SKU-TABLET-008|1|44900|DELIVERED|2026-01-15",
                "10009|David Brown|SKU-MOUSE-002|1|2499|PENDING|2026-02-20",
                "10010|Michael Chen|SKU-LAPTOP-001|1|129999|PENDING|2026-02-20",
                "10011|Emma O'Neil|SKU-LAMP-009|3|11997|DELIVERED|2026-01-31",
                "10012|Priya Patel|SKU-CHAIR-004|1|19900|CONFIRMED|2026-02-17",
                "10013|Lukas Müller|SKU-CABLE-010|10|9900|SHIPPED|2026-02-14",
                "10014|Grace Kim|SKU-DESK-003|1|34900|SHIPPED|2026-02-12",
                "10015|José García|SKU-HEADSET-011|2|25980|DELIVERED|2026-02-02",
                "10016|David Brown|SKU-PHONE-006|1|89900|CONFIRMED|2026-02-18",
                "10017|Sarah Johnson|SKU-CASE-012|1|3990|CANCELLED|2026-02-08",
                "10018|Michael Chen|SKU-DOCK-005|2|37900|SHIPPED|2026-02-16",
                "10019|Priya Patel|SKU-LAMP-009|1|3999|CONFIRMED|2026-02-19",
                "10020|Grace Kim|SKU-TABLET-008|2|89800|PENDING|2026-02-20",
            ])
    }

    @Test func `the rest of an order follows from the rules`() async throws {
        let world = try await ToolWorld()
        let rows = try world.rows(
            """
            SELECT number, customer_email, billing_address, status_since, carrier,
                tracking_number, estimated_delivery, created_at, updated_at
            FROM orders WHERE number IN (10002, 10003, 10004, 10007, 10013) ORDER BY number
            """)
        let place = "Market Street, Springfield, IL 62701"
        #expect(
            rows == [
                """
                10002|michael.chen@example.com|102 \(place)|2026-02-04T14:00:00.000000Z|ParcelLine|\
                PL0000010002|2026-02-04|2026-01-28T10:00:00.000000Z|2026-02-04T14:00:00.000000Z
                """,
                """
                10003|emma.oneil@example.com|103 \(place)|2026-02-19T09:00:00.000000Z|∅|∅|∅|\
                2026-02-18T10:00:00.000000Z|2026-02-19T09:00:00.000000Z
                """,
                """
                10004|jose.garcia@example.com|104 \(place)|2026-02-19T10:00:00.000000Z|∅|∅|∅|\
                2026-02-19T10:00:00.000000Z|2026-02-19T10:00:00.000000Z
                """,
                """
                10007|lukas.muller@example.com|107 \(place)|2026-02-11T11:00:00.000000Z|∅|∅|∅|\
                2026-02-10T10:00:00.000000Z|2026-02-11T11:00:00.000000Z
                """,
                """
                10013|lukas.muller@example.com|113 \(place)|2026-02-16T16:00:00.000000Z|ParcelLine|\
                PL0000010013|2026-02-24|2026-02-14T10:00:00.000000Z|2026-02-18T08:00:00.000000Z
                """,
            ])
    }

    @Test func `every state has its steps`() async throws {
        let world = try await ToolWorld()
        func steps(_ number: Int) throws -> [String] {
            try world.rows(
                """
                SELECT status, happened_at FROM order_events
                WHERE order_id = \(Order.ID(number: number).text) ORDER BY event_no
                """)
        }
        #expect(
            try steps(10002) == [
                "PLACED|2026-01-28T10:00:00.000000Z", "CONFIRMED|2026-01-29T09:00:00.000000Z",
                "SHIPPED|2026-01-30T16:00:00.000000Z", "IN_TRANSIT|2026-02-01T08:00:00.000000Z",
                "DELIVERED|2026-02-04T14:00:00.000000Z",
            ])
        #expect(
            try steps(10007) == [
                "PLACED|2026-02-10T10:00:00.000000Z", "CANCELLED|2026-02-11T11:00:00.000000Z",
            ])
        // 4 pending, 4 confirmed, 5 shipped, 5 delivered, 2 cancelled: 4 + 8 + 20 + 25 + 4.
        #expect(
            try world.rows("SELECT count(*) FROM order_events")
                == ["61"])
    }

    @Test func `the complaints are those of the specification`() async throws {
        let world = try await ToolWorld()
        let rows = try world.rows(
            """
            SELECT complaint_id, status, priority, is_archived, title, order_number,
                customer_name, created_at, resolution_date, updated_at
            FROM complaints WHERE complaint_id IN (1, 2, 3, 4, 9, 10, 20) ORDER BY complaint_id
            """)
        #expect(
            rows == [
                """
                1|OPEN|MEDIUM|0|Late delivery|ORD-10001|Sarah Johnson|2026-02-18T12:00:00.000000Z|\
                ∅|2026-02-18T12:00:00.000000Z
                """,
                """
                2|IN_PROGRESS|LOW|0|Damaged packaging|ORD-10002|Michael Chen|\
                2026-01-31T12:00:00.000000Z|∅|2026-01-31T12:00:00.000000Z
                """,
                """
                3|RESOLVED|HIGH|0|Wrong item received|ORD-10003|Emma O'Neil|\
                2026-02-21T12:00:00.000000Z|2026-02-26T12:00:00.000000Z|2026-02-26T12:00:00.000000Z
                """,
                """
                4|OPEN|MEDIUM|0|Missing accessory|ORD-10004|José García|\
                2026-02-22T12:00:00.000000Z|∅|2026-02-22T12:00:00.000000Z
                """,
                """
                9|IN_PROGRESS|LOW|0|Slow response from support|ORD-10009|David Brown|\
                2026-02-23T12:00:00.000000Z|∅|2026-02-23T12:00:00.000000Z
                """,
                """
                10|CLOSED|CRITICAL|1|Colour differs from the picture|ORD-10010|Michael Chen|\
                2026-02-23T12:00:00.000000Z|2026-02-28T12:00:00.000000Z|2026-02-28T12:00:00.000000Z
                """,
                """
                20|OPEN|LOW|1|Colour differs from the picture|ORD-10020|Grace Kim|\
                2026-02-23T12:00:00.000000Z|∅|2026-02-23T12:00:00.000000Z
                """,
            ])
        #expect(
            try world.rows("SELECT status FROM complaints ORDER BY complaint_id")
                .compactMap(\.first).map(String.init).joined() == "OIROIOROICOIORIOCIRO")
        #expect(
            try world.rows("SELECT priority FROM complaints ORDER BY complaint_id")
                .compactMap(\.first).map(String.init).joined() == "MLHMLMMHLCMLMHLMCMHL")
        #expect(
            try world.rows("SELECT description FROM complaints WHERE complaint_id = 3")
                == ["Wrong item received, reported for order ORD-10003."])
        #expect(try world.rows("SELECT count(*) FROM complaints WHERE remarks IS NULL") == ["20"])
    }

    @Test func `loading again adds nothing, and what was changed stays`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        _ = await turn.call("update_order", ["order_id": "10004", "new_status": "CANCELLED"])
        _ = await turn.call("resolve_complaint", ["complaint_id": 4])
        try await turn.commit()
        let counts = try await world.database.loadDemo(reset: false)
        #expect(counts == DemoData.Counts())
        #expect(try world.rows("SELECT status FROM orders WHERE number = 10004") == ["CANCELLED"])
        #expect(try world.rows("SELECT count(*) FROM order_events") == ["62"])
    }

    @Test func `a reset restores the demo rows and leaves all others`() async throws {
        let world = try await ToolWorld()
        let before = try world.rows(
            "SELECT number, billing_address, status, updated_at FROM orders ORDER BY number")
        let turn = world.turn()
        _ = await turn.call("update_order", ["order_id": "10004", "new_status": "CANCELLED"])
        _ = await turn.call("update_order", ["order_id": "10003", "billing_address": "Elsewhere"])
        _ = await turn.call("archive_complaint", ["complaint_id": 4])
        _ = await turn.call("create_new_order", newOrder())
        _ = await turn.call("register_complaint", newComplaint())
        try await turn.commit()
        let late = world.turn()
        _ = await late.call("update_order", ["order_id": "10009", "new_status": "CANCELLED"])
        let counts = try await world.database.loadDemo(reset: true)
        #expect(counts.orders == 20)
        #expect(counts.complaints == 20)
        #expect(
            try world.rows(
                """
                SELECT number, billing_address, status, updated_at FROM orders
                WHERE number <= 10020 ORDER BY number
                """) == before)
        #expect(try world.rows("SELECT count(*) FROM orders") == ["21"])
        #expect(try world.rows("SELECT count(*) FROM order_events") == ["62"])
        #expect(
            try world.rows(
                "SELECT is_archived, status FROM complaints WHERE complaint_id IN (4, 21)")
                == ["0|OPEN", "0|OPEN"])
        // A turn that had read a row before the reset must not overwrite it.
        await #expect(throws: Failure.self) { try await late.commit() }
    }

    @Test func `the next numbers follow the demo rows`() async throws {
        let turn = (try await ToolWorld()).turn()
        let order = await turn.call("create_new_order", newOrder())
        #expect(order["order"]?["order_id"] == "ORD-10021")
        let complaint = await turn.call("register_complaint", newComplaint())
        #expect(complaint["complaint"]?["complaint_id"] == 21)
    }

    @Test func `rows that exist before the first load stay`() async throws {
        let world = try await ToolWorld(demo: false)
        let turn = world.turn()
        _ = await turn.call("create_new_order", newOrder())
        try await turn.commit()
        let counts = try await world.database.loadDemo(reset: false)
        #expect(counts.orders == 19)
        #expect(counts.complaints == 20)
        #expect(
            try world.rows("SELECT customer_name FROM orders WHERE number = 10001")
                == ["Zoë D'Arcy"])
        let next = await world.turn().call("create_new_order", newOrder())
        #expect(next["order"]?["order_id"] == "ORD-10021")
    }
}
