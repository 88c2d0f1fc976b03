import JSON
import SQLite
import Testing

@testable import Frontdesk

/// Orders that nobody pays in time.
struct LapseTests {
    @Test func `an order that is shown has lapsed by then`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        world.service.clock.advance(seconds: 86_300)
        #expect(try await world.status(id) == "pending")
        world.service.clock.advance(seconds: 100)
        let order = try await world.show(id)
        #expect(order["status"] == "cancelled" && order["cancel_reason"] == "expired")
        #expect(order["cancelled_at"] != nil as JSONValue)
        #expect(try world.mail() == ["upgrade_cancelled"])
        #expect(try await world.ticket()["open_order_id"] == nil as JSONValue)
    }

    @Test func `an order that lapsed cannot be paid, for its own reason`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        world.service.clock.advance(seconds: 86_400)
        for _ in 1...2 {
            let answer = try await world.pay(id)
            #expect(answer.status == 409 && answer.code == "order_expired")
            #expect(answer["current_status"] == "cancelled")
        }
        #expect(try await world.end(id, "cancel").code == "illegal_transition")
        #expect(try world.charges() == [])
        #expect(try world.mail() == ["upgrade_cancelled"])
    }

    @Test func `a failed order cannot be paid for ever`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id, "tok_declined_issuer")
        world.service.clock.advance(seconds: 86_400)
        let answer = try await world.pay(id)
        #expect(answer.code == "order_expired" && answer["current_status"] == "failed")
    }

    @Test func `an order that lapsed no longer holds its ticket`() async throws {
        let world = try await OrderWorld()
        let first = try await world.order()
        world.service.clock.advance(seconds: 86_400)
        let second = try await world.order()
        #expect(try await world.status(first) == "cancelled")
        #expect(try await world.status(second) == "pending")
        #expect(try world.mail() == ["upgrade_cancelled"])
    }

    @Test func `a list has no pending order that lapsed`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        world.service.clock.advance(seconds: 86_400)
        let pending = try await world.service.get("/orders?status=pending")
        #expect(pending["data"]?["total"] == 0)
        let cancelled = try await world.service.get("/orders?status=cancelled")
        #expect(cancelled["data"]?["orders"]?[0]?["order_id"] == .string(id))
    }

    @Test func `orders lapse without anybody asking`() async throws {
        let world = try await OrderWorld()
        for number in 2...130 {
            try await world.addTicket("tkt_\(number)", "WEB-\(1000 + number)", of: "cus_sarah")
            _ = try await world.order(["ticket_id": .string("tkt_\(number)")])
        }
        world.service.clock.advance(seconds: 86_500)
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        #expect(
            try world.service.rows(
                "SELECT status, cancel_reason, count(*) FROM ticket_orders GROUP BY 1, 2")
                == ["cancelled|expired|129"])
        #expect(try world.mail().count == 129)
    }

    @Test func `a payment that cannot be settled holds up nothing else`() async throws {
        let world = try await OrderWorld()
        let stuck = try await world.order()
        try await world.addTicket("tkt_2", "WEB-1002", of: "cus_sarah")
        let settled = try await world.order(["ticket_id": "tkt_2"])
        for id in [stuck, settled] { _ = try await world.pay(id, "tok_timeout_unknown") }
        try await world.addTicket("tkt_3", "WEB-1003", of: "cus_sarah")
        let lapsed = try await world.order(["ticket_id": "tkt_3"])
        let broken = SQL(
            stringLiteral: """
                CREATE TRIGGER broken BEFORE UPDATE ON payments WHEN NEW.order_id = '\(stuck)'
                BEGIN SELECT RAISE(ABORT, 'broken'); END
                """)
        _ = try await world.service.app.database.write { try $0.execute(broken) }
        world.service.clock.advance(seconds: 86_500)
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        #expect(
            try world.service.rows("SELECT order_id, status FROM ticket_orders ORDER BY rowid")
                == ["\(stuck)|processing", "\(settled)|failed", "\(lapsed)|cancelled"])
    }

    @Test func `a sweep cancels what lapsed, after telling so`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let app = world.service.app
        #expect(try app.sweeper.preview()["ticket_orders"] == 0)
        world.service.clock.advance(seconds: 86_400)
        #expect(try app.sweeper.preview()["ticket_orders"] == 1)
        #expect(try world.service.rows("SELECT status FROM ticket_orders") == ["pending"])
        #expect(try await app.sweeper.sweep()["ticket_orders"] == 1)
        #expect(
            try world.service.rows("SELECT order_id, status, cancel_reason FROM ticket_orders")
                == ["\(id)|cancelled|expired"])
        #expect(try world.mail() == ["upgrade_cancelled"])
        #expect(try await app.sweeper.sweep()["ticket_orders"] == 0)
    }

    @Test func `who cancels with the word expired has not let it lapse`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.end(id, "cancel", reason: "expired")
        #expect(try await world.pay(id).code == "illegal_transition")
    }
}
