import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct StageTests {
    @Test func `nothing is written before the turn commits`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        _ = await turn.call("create_new_order", newOrder())
        _ = await turn.call("update_order", ["order_id": "10004", "new_status": "CANCELLED"])
        #expect(!turn.context.stage.isEmpty)
        #expect(try world.rows("SELECT count(*) FROM orders") == ["20"])
        #expect(try world.rows("SELECT status FROM orders WHERE number = 10004") == ["PENDING"])
        #expect(await world.turn().error("get_order", ["order_id": "10021"]) == "OrderNotFound")
    }

    @Test func `several changes of one record in one turn add up`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        for status: JSONValue in ["CONFIRMED", "SHIPPED", "DELIVERED"] {
            #expect(
                await turn.error("update_order", ["order_id": "10004", "new_status": status])
                    == nil)
        }
        let created = await turn.call("create_new_order", newOrder())
        #expect(
            await turn.error(
                "update_order",
                ["order_id": created["order"]!["order_id"]!, "new_status": "CANCELLED"]) == nil)
        let track = await turn.call("track_order", ["order_id": "10004"])
        #expect(
            track["events"]?.array?.map { $0["status"] } == [
                "PLACED", "CONFIRMED", "SHIPPED", "DELIVERED",
            ])
        try await turn.commit()
        #expect(
            try world.rows(
                """
                SELECT number, status, version FROM orders WHERE number IN (10004, 10021)
                ORDER BY number
                """) == ["10004|DELIVERED|2", "10021|CANCELLED|1"])
        #expect(
            try world.rows(
                """
                SELECT event_no, status FROM order_events WHERE order_id = 'ORD-10021'
                ORDER BY event_no
                """) == ["1|PLACED", "2|CANCELLED"])
        #expect(
            try world.rows("SELECT max(event_no) FROM order_events WHERE order_id = 'ORD-10004'")
                == ["4"])
    }

    @Test func `of two turns that change one record the second keeps nothing`() async throws {
        let world = try await ToolWorld()
        let first = world.turn()
        let second = world.turn()
        _ = await second.call("create_new_order", newOrder())
        _ = await first.call("update_order", ["order_id": "10004", "new_status": "CONFIRMED"])
        _ = await second.call("update_order", ["order_id": "10004", "new_status": "CANCELLED"])
        try await first.commit()
        let failure = await #expect(throws: Failure.self) { try await second.commit() }
        #expect(failure?.code == .turnConflict)
        #expect(failure?.detail.hasPrefix("Order ORD-10004 was changed") == true)
        #expect(
            try world.rows("SELECT status, version FROM orders WHERE number = 10004")
                == ["CONFIRMED|2"])
        #expect(try world.rows("SELECT count(*) FROM orders") == ["20"])
        #expect(
            try world.rows("SELECT count(*) FROM order_events WHERE order_id = 'ORD-10004'")
                == ["2"])
    }

    @Test func `of two turns that change one complaint the second keeps nothing`() async throws {
        let world = try await ToolWorld()
        let first = world.turn()
        let second = world.turn()
        _ = await first.call("resolve_complaint", ["complaint_id": 4])
        _ = await second.call("archive_complaint", ["complaint_id": 4])
        try await first.commit()
        let failure = await #expect(throws: Failure.self) { try await second.commit() }
        #expect(failure?.code == .turnConflict)
        #expect(
            try world.rows("SELECT status, is_archived FROM complaints WHERE complaint_id = 4")
                == ["RESOLVED|0"])
    }

    @Test func `a turn that is given up leaves a gap in the numbers and nothing else`()
        async throws
    {
        let world = try await ToolWorld()
        _ = await world.turn().call("create_new_order", newOrder())
        let turn = world.turn()
        let result = await turn.call("create_new_order", newOrder())
        #expect(result["order"]?["order_id"] == "ORD-10022")
        try await turn.commit()
        #expect(try world.rows("SELECT max(number), count(*) FROM orders") == ["10022|21"])
    }

    @Test func `a complaint about an order of the same turn is written after it`() async throws {
        let world = try await ToolWorld(demo: false)
        let turn = world.turn()
        _ = await turn.call("create_new_order", newOrder())
        let result = await turn.call(
            "register_complaint", newComplaint(["order_number": "10001"]))
        #expect(result["complaint"]?["complaint_id"] == 1)
        try await turn.commit()
        #expect(
            try world.rows("SELECT complaint_id, order_number FROM complaints") == ["1|ORD-10001"])
    }

    @Test func `a message is written with the change it tells of, or not at all`() async throws {
        let world = try await ToolWorld()
        let mail: JSONValue = [
            "recipients": "jose@example.com", "subject": "Cancelled", "body": "As you wished.",
        ]
        let kept = world.turn()
        let lost = world.turn()
        for turn in [kept, lost] {
            _ = await turn.call("update_order", ["order_id": "10004", "new_status": "CANCELLED"])
            #expect(await turn.call("send_simple_email", mail)["state"] == "held")
        }
        #expect(try world.rows("SELECT count(*) FROM emails") == ["0"])
        try await kept.commit()
        await #expect(throws: Failure.self) { try await lost.commit() }
        #expect(
            try world.rows("SELECT tenant_id, subject, state, session_id, request_id FROM emails")
                == ["default|Cancelled|held|sess_1|req_1"])
    }
}
