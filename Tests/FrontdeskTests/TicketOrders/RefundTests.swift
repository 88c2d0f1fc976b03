import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// Giving money back, and what becomes of the ticket.
struct RefundTests {
    @Test func `a refund gives the ticket its type and day back`() async throws {
        let world = try await OrderWorld()
        let before = try await world.ticket().object
        let id = try await world.order()
        _ = try await world.pay(id)
        let answer = try await world.end(id, "refund", reason: " Event moved ")
        #expect(answer.status == 200)
        #expect(answer.order?["status"] == "refunded")
        #expect(answer.order?["refund_reason"] == "Event moved")
        #expect(answer.order?["refunded_at"] == answer.payment?["refunded_at"])
        #expect(answer.payment?["status"] == "refunded")
        var ticket = try #require(try await world.ticket().object)
        #expect(answer["data"]?["ticket"] == .object(ticket))
        ticket["updated_at"] = before?["updated_at"]
        #expect(ticket == before)
        #expect(try world.charges() == ["returned"])
        #expect(
            try world.mail().filter { $0 == "refund_processed" } == ["refund_processed"])
        // The ticket is free again.
        #expect(try await world.place().status == 201)
    }

    @Test func `a refund is refused unless the ticket is still upgraded`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id)
        _ = try await world.service.app.database.write {
            try $0.execute("UPDATE tickets SET status = 'used'")
        }
        let answer = try await world.end(id, "refund")
        #expect(answer.status == 409 && answer.code == "illegal_transition")
        #expect(answer["current_status"] == "completed")
        #expect(try world.charges() == ["taken"])
    }

    @Test func `a refund that the provider does not do changes nothing`() async throws {
        let bank = Bank()
        let world = try await OrderWorld(payments: bank)
        let id = try await world.order()
        _ = try await world.pay(id)
        bank.refuseRefunds(true)
        let key: Headers = ["Idempotency-Key": "back"]
        let refused = try await world.end(id, "refund", headers: key)
        #expect(refused.status == 502 && refused.code == "upstream_failed")
        #expect(refused["order"]?["status"] == "completed")
        #expect(try await world.status(id) == "completed")
        #expect(try await world.ticket()["status"] == "upgraded")
        bank.refuseRefunds(false)
        let answer = try await world.end(id, "refund", headers: key)
        #expect(answer.status == 200)
        let again = try await world.end(id, "refund", headers: key)
        #expect(again.status == 200 && again.header("Idempotent-Replayed") == "true")
        #expect(bank.refunds.count == 2 && Set(bank.refunds).count == 1)
    }

    @Test func `of many refunds at once one is made`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id)
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 1...20 { group.addTask { try await world.end(id, "refund").status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.filter { $0 == 200 }.count == 1)
        #expect(answers.filter { $0 == 409 }.count == 19)
        #expect(try world.charges() == ["returned"])
    }

    @Test(arguments: ["cancel", "refund"])
    func `a reason has at most 500 characters`(_ verb: String) async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        if verb == "refund" { _ = try await world.pay(id) }
        let tooLong = String(repeating: "ü", count: 501)
        #expect(try await world.end(id, verb, reason: tooLong).status == 400)
        let longest = String(repeating: "ü", count: 500)
        let answer = try await world.end(id, verb, reason: longest)
        #expect(answer.status == 200)
        #expect(answer.order?["\(verb)_reason"]?.string == longest)
    }
}
