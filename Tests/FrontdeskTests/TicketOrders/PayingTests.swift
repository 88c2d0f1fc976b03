import HTTP
import JSON
import MailServer
import RawHTTP
import SQLite
import Testing

@testable import Frontdesk

/// Paying orders: what completes with them, and who gets in each other's way.
struct PayingTests {
    @Test func `paying completes order, payment and ticket at once`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        world.service.clock.advance(seconds: 60)
        let answer = try await world.pay(id, method: "paypal")
        #expect(answer.status == 200)
        let order = try #require(answer.order)
        let payment = try #require(answer.payment)
        #expect(order["status"] == "completed" && payment["status"] == "completed")
        #expect(order["payment_id"] == payment["payment_id"])
        #expect(order["payment_method"] == "paypal" && payment["method"] == "paypal")
        #expect(order["completed_at"] == payment["completed_at"])
        #expect(payment["amount"] == 45 && payment["currency"] == "USD")
        #expect(payment["provider"] == "test" && payment["order_id"] == .string(id))
        let ticket = try #require(answer["data"]?["ticket"])
        #expect(ticket["status"] == "upgraded" && ticket["upgrade_tier"] == "non-stop")
        #expect(ticket["ticket_type"] == "vip" && ticket["event_date"] == "2027-01-06")
        #expect(ticket["event_time"] == "19:00" && ticket["original_price"] == 50)
        #expect(ticket["open_order_id"] == nil as JSONValue)
        #expect(try await world.ticket() == ticket)
        #expect(try await world.show(id) == order)
        let again = try await world.place(["upgrade_tier": "double-fun"])
        #expect(again.status == 409 && again.code == "already_upgraded")
    }

    @Test func `of two payments at once one is made`() async throws {
        let bank = Bank(holding: true)
        let world = try await OrderWorld(payments: bank)
        let id = try await world.order()
        let first = Task { try await world.pay(id) }
        try await eventually { bank.waiting == 1 }
        for _ in 1...20 { #expect(try await world.pay(id).code == "payment_in_progress") }
        bank.release()
        #expect(try await first.value.status == 200)
        #expect(try await world.pay(id).header("Idempotent-Replayed") == "true")
        #expect(bank.charges.count == 1)
    }

    @Test func `of fifty payments at once one is made`() async throws {
        let bank = Bank()
        let world = try await OrderWorld(payments: bank)
        let id = try await world.order()
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 1...50 { group.addTask { try await world.pay(id) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(bank.charges.count == 1)
        #expect(answers.allSatisfy { $0.status == 200 || $0.code == "payment_in_progress" })
        #expect(answers.contains { $0.status == 200 })
        #expect(try world.service.rows("SELECT count(*) FROM payments") == ["1"])
    }

    @Test func `a client that hangs up does not stop its payment`() async throws {
        let bank = Bank(holding: true)
        let world = try await OrderWorld(payments: bank)
        let id = try await world.order()
        try await world.service.live { port in
            let body = #"{"payment_token": "tok_ok"}"#
            do {
                let client = try RawClient(port: port)
                try await client.send(
                    "POST /orders/\(id)/pay HTTP/1.1\r\nHost: test\r\n"
                        + "Content-Type: application/json\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                try await eventually { bank.waiting == 1 }
            }
            bank.release()
            try await eventually { try await world.status(id) == "completed" }
        }
        #expect(bank.charges.count == 1)
    }

    @Test func `a charge that succeeds after the order was cancelled is given back`() async throws {
        let bank = Bank(holding: true)
        let world = try await OrderWorld(payments: bank)
        let id = try await world.order()
        let payment = Task { try await world.pay(id) }
        try await eventually { bank.waiting == 1 }
        #expect(try await world.end(id, "cancel", reason: "Too late").status == 200)
        bank.release()
        let answer = try await payment.value
        #expect(answer.status == 409 && answer.code == "illegal_transition")
        #expect(answer["current_status"] == "cancelled")
        #expect(bank.charges.count == 1 && bank.refunds == bank.charges.map { $0 + "-refund" })
        #expect(try world.service.rows("SELECT status FROM payments") == ["refunded"])
        #expect(try await world.status(id) == "cancelled")
        #expect(try await world.ticket()["status"] == "active")
        #expect(try world.mail() == ["upgrade_cancelled", "refund_processed"])
    }

    @Test func `a charge for a ticket that is no longer active is given back`() async throws {
        let bank = Bank(holding: true)
        let world = try await OrderWorld(payments: bank)
        let id = try await world.order()
        let payment = Task { try await world.pay(id) }
        try await eventually { bank.waiting == 1 }
        _ = try await world.service.app.database.write {
            try $0.execute("UPDATE tickets SET status = 'used'")
        }
        bank.release()
        let answer = try await payment.value
        #expect(answer.status == 422 && answer.code == "ticket_not_active")
        #expect(bank.refunds.count == 1)
        let order = try await world.show(id)
        #expect(order["status"] == "failed" && order["failure_reason"] == "ticket_not_active")
        #expect(try world.mail() == ["refund_processed"])
        #expect(try await world.pay(id).code == "ticket_not_active")
        #expect(bank.charges.count == 1)
    }

    @Test func `what cannot be given back at once is given back later`() async throws {
        let bank = Bank(holding: true)
        let world = try await OrderWorld(payments: bank)
        let id = try await world.order()
        let payment = Task { try await world.pay(id) }
        try await eventually { bank.waiting == 1 }
        _ = try await world.end(id, "cancel")
        bank.answerRefunds(.refused)
        bank.release()
        #expect(try await payment.value.code == "illegal_transition")
        let checkout = world.service.app.ticketOrders.checkout
        await checkout.settleAndLapse()
        #expect(try world.service.rows("SELECT status FROM payments") == ["processing"])
        bank.answerRefunds(.given)
        await checkout.settleAndLapse()
        #expect(try world.service.rows("SELECT status FROM payments") == ["refunded"])
        #expect(Set(bank.refunds).count == 1)
        #expect(try world.mail() == ["upgrade_cancelled", "refund_processed"])
    }

    @Test func `a payment found not charged after a cancellation sends no mail`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id, "tok_timeout_unknown")
        _ = try await world.end(id, "cancel")
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        #expect(try world.service.rows("SELECT status FROM payments") == ["failed"])
        #expect(try await world.status(id) == "cancelled")
        #expect(try world.mail() == ["upgrade_cancelled"])
    }

    @Test func `a failed order waits behind another one`() async throws {
        let world = try await OrderWorld()
        let failed = try await world.order()
        _ = try await world.pay(failed, "tok_declined_issuer")
        let open = try await world.order()
        let answer = try await world.pay(failed)
        #expect(answer.status == 409 && answer.code == "order_open")
        #expect(answer["order_id"] == .string(open))
        _ = try await world.pay(open)
        #expect(try await world.pay(failed).code == "already_upgraded")
    }

    @Test(
        arguments: [
            ([:], "payment_token"), (["payment_token": ""], "payment_token"),
            (["payment_token": 1], "payment_token"),
            (["payment_token": .string(String(repeating: "x", count: 256))], "payment_token"),
            (["payment_token": "tok_ok", "payment_method": "cash"], "payment_method"),
        ] as [(JSONObject, String)])
    func `a payment without a proper token is refused`(
        _ body: JSONObject, _ field: String
    ) async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let answer = try await world.service.post("/orders/\(id)/pay", .object(body))
        #expect(answer.status == 400)
        #expect(answer["fields"]?[0]?["field"]?.string == field)
        #expect(answer["fields"]?.array?.count == 1)
        #expect(try await world.status(id) == "pending")
    }

    @Test func `an unknown order cannot be paid, cancelled or refunded`() async throws {
        let world = try await OrderWorld()
        #expect(try await world.pay("ord_9").code == "order_not_found")
        for verb in ["cancel", "refund"] {
            #expect(try await world.end("ord_9", verb).code == "order_not_found")
        }
        #expect(try await world.service.get("/orders/ord_9").code == "order_not_found")
        #expect(try await world.service.get("/orders/a%20b").status == 400)
    }
}

/// Paying with an `Idempotency-Key`.
struct PayingAgainTests {
    private static let key: Headers = ["Idempotency-Key": "pay-once"]

    @Test(arguments: [
        ("tok_ok", 200), ("tok_declined_issuer", 402), ("tok_unavailable", 502),
        ("tok_timeout", 504), ("tok_timeout_unknown", 504),
    ])
    func `an outcome is replayed`(_ token: String, _ status: Int) async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let first = try await world.pay(id, token, headers: Self.key)
        let again = try await world.pay(id, token, headers: Self.key)
        #expect(first.status == status && again.status == status)
        #expect(again.header("Idempotent-Replayed") == "true")
        #expect(again.body == first.body && again.code == first.code)
        #expect(again["payment_id"] == first["payment_id"])
        #expect(try world.service.rows("SELECT count(*) FROM payments") == ["1"])
        let other = try await world.pay(id, "tok_other", headers: Self.key)
        #expect(other.code == "idempotency_mismatch")
    }

    @Test func `what is no outcome is not kept`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id, "tok_timeout_unknown")
        #expect(try await world.pay(id, headers: Self.key).code == "payment_in_progress")
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        #expect(try await world.pay(id, headers: Self.key).status == 200)
    }

    /// Whether the charge was made before the crash, and what a repeat is answered.
    @Test(arguments: [(true, 200), (false, 502)])
    func `after a crash the same key settles the payment first`(
        _ isCharged: Bool, _ status: Int
    ) async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let payment = try await crash(world, paying: id, charging: isCharged)
        let answer = try await world.pay(id, headers: Self.key)
        #expect(answer.status == status)
        if isCharged {
            #expect(answer.payment?["payment_id"] == .string(payment))
            #expect(try await world.status(id) == "completed")
        } else {
            #expect(answer.code == "upstream_failed")
            #expect(answer["failure_reason"] == "interrupted")
            #expect(answer["payment_id"] == .string(payment))
            #expect(try await world.status(id) == "failed")
        }
        let again = try await world.pay(id, headers: Self.key)
        #expect(again.status == status && again.header("Idempotent-Replayed") == "true")
        #expect(try world.service.rows("SELECT count(*) FROM payments") == ["1"])
        #expect(try world.charges() == (isCharged ? ["taken"] : []))
    }

    @Test func `after a crash payments are settled without anybody asking`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await crash(world, paying: id, charging: true)
        #expect(try await world.status(id) == "processing")
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        #expect(try await world.status(id) == "completed")
        #expect(try world.mail() == ["upgrade_confirmation", "payment_success"].sorted(by: >))
        let answer = try await world.pay(id, headers: Self.key)
        #expect(answer.status == 200)
        #expect(try world.charges() == ["taken"])
    }

    /// Leaves behind what a server does that dies in the middle of a payment.
    private func crash(
        _ world: OrderWorld, paying id: String, charging isCharged: Bool
    ) async throws -> String {
        let app = world.service.app
        let body: JSONValue = ["payment_token": "tok_ok"]
        let request = Request(
            .post, "/orders/\(id)/pay", headers: Self.key, body: body.bytes)
        guard case .first(let claim) = try app.idempotency.decide(request, tenant: .default) else {
            throw Bank.Closed()
        }
        let wish = PaymentWish(
            paymentID: "pay_lost", provider: "test", method: nil, requestID: "req_1",
            claim: claim)
        let beginning = try await app.ticketOrders.checkout.store.begin(
            id, wish, by: .unrestricted, tenant: .default)
        app.idempotency.release(claim)
        guard case .begun(let begun) = beginning else { throw Bank.Closed() }
        if isCharged {
            let books = TestChargeStore(database: app.database, clock: world.service.clock.clock)
            _ = try await books.insert(begun.payment.charge)
        }
        return begun.payment.id
    }
}
