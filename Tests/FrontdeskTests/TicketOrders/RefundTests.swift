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
        bank.answerRefunds(.refused)
        let key: Headers = ["Idempotency-Key": "back"]
        let refused = try await world.end(id, "refund", headers: key)
        #expect(refused.status == 502 && refused.code == "upstream_failed")
        #expect(refused["order"]?["status"] == "completed")
        #expect(try await world.status(id) == "completed")
        #expect(try await world.ticket()["status"] == "upgraded")
        bank.answerRefunds(.given)
        let answer = try await world.end(id, "refund", headers: key)
        #expect(answer.status == 200)
        let again = try await world.end(id, "refund", headers: key)
        #expect(again.status == 200 && again.header("Idempotent-Replayed") == "true")
        #expect(bank.refunds.count == 2 && Set(bank.refunds).count == 1)
    }

    @Test func `a refund that the provider makes in silence is known a minute later`()
        async throws
    {
        let bank = Bank()
        let world = try await OrderWorld(payments: bank) { $0.payments.timeoutSeconds = 1 }
        let id = try await world.order()
        _ = try await world.pay(id)
        bank.answerRefunds(.givenInSilence)
        let silent = try await world.end(id, "refund", reason: "Rain", headers: Self.key)
        #expect(silent.status == 504 && silent.code == "upstream_timeout")
        #expect(silent["detail"]?.string?.contains("stays open") == true)
        #expect(try await world.status(id) == "completed")
        // Whether it was done the first time, a refusal of the second does not say.
        bank.answerRefunds(.refused)
        let refused = try await world.end(id, "refund", reason: "Rain", headers: Self.key)
        #expect(refused.status == 502)
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        #expect(try await world.status(id) == "completed")
        bank.answerRefunds(.given)
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        #expect(try await world.status(id) == "refunded")
        #expect(try await world.ticket()["status"] == "active")
        #expect(bank.refunds.count == 4 && Set(bank.refunds).count == 1)
        let again = try await world.end(id, "refund", reason: "Rain", headers: Self.key)
        #expect(again.status == 200 && again.order?["status"] == "refunded")
        #expect(bank.refunds.count == 4)
        #expect(try world.mail().filter { $0 == "refund_processed" }.count == 1)
    }

    /// Whether the provider had given the money back when the server died.
    @Test(arguments: [true, false])
    func `a refund that a crash cut short is finished after it`(_ isDone: Bool) async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id)
        let due = try await crash(world, refunding: id)
        if isDone {
            let books = TestChargeStore(
                database: world.service.app.database, clock: world.service.clock.clock)
            _ = try await books.refund(
                due.payment.reference ?? "", cents: due.payment.amountCents,
                key: due.payment.refundKey)
        }
        #expect(try await world.status(id) == "completed")
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        let order = try await world.show(id)
        #expect(order["status"] == "refunded" && order["refund_reason"] == "Rain")
        #expect(try world.service.rows("SELECT count(*) FROM open_refunds") == ["0"])
        #expect(try world.charges() == ["returned"])
        #expect(try world.mail().filter { $0 == "refund_processed" }.count == 1)
        let again = try await world.end(id, "refund", reason: "Rain", headers: Self.key)
        #expect(again.status == 200 && again.order == order)
        #expect(try await world.end(id, "refund").code == "illegal_transition")
    }

    @Test func `after a crash the same key finishes the refund`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id)
        _ = try await crash(world, refunding: id)
        let answer = try await world.end(id, "refund", reason: "Rain", headers: Self.key)
        #expect(answer.status == 200 && answer.order?["status"] == "refunded")
        #expect(try world.charges() == ["returned"])
        let again = try await world.end(id, "refund", reason: "Rain", headers: Self.key)
        #expect(again.header("Idempotent-Replayed") == "true")
        #expect(again["data"] == answer["data"])
    }

    private static let key: Headers = ["Idempotency-Key": "back-once"]

    /// Leaves behind what a server does that dies in the middle of a refund.
    private func crash(_ world: OrderWorld, refunding id: String) async throws -> PaidOrder {
        let app = world.service.app
        let request = Request(
            .post, "/orders/\(id)/refund", headers: Self.key,
            body: (["reason": "Rain"] as JSONValue).bytes)
        guard case .first(let claim) = try app.idempotency.decide(request, tenant: .default) else {
            throw Bank.Closed()
        }
        let opened = try await app.ticketOrders.checkout.store.openRefund(
            id, RefundWish(reason: "Rain", requestID: "req_1", claim: claim),
            by: .unrestricted, tenant: .default)
        app.idempotency.release(claim)
        return opened.due
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
