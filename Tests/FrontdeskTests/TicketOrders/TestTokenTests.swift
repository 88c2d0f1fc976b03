import JSON
import Testing

@testable import Frontdesk

/// What each token of the test provider does to an order (tickets.md, section 7).
struct TestTokenTests {
    /// One row of the table.
    struct Case: Sendable {
        let token: String
        var reason: String?
        var isRetryable = false
        var attempts = 1
        let status: Int
        let order: String
    }

    static let cases: [Case] = [
        Case(token: "tok_ok", status: 200, order: "completed"),
        Case(token: "tok_ok_third_try", attempts: 3, status: 200, order: "completed"),
        Case(
            token: "tok_declined_insufficient_funds", reason: "insufficient_funds", status: 402,
            order: "failed"),
        Case(token: "tok_declined_issuer", reason: "issuer_declined", status: 402, order: "failed"),
        Case(token: "tok_limit_exceeded", reason: "limit_exceeded", status: 402, order: "failed"),
        Case(token: "tok_suspected_fraud", reason: "suspected_fraud", status: 402, order: "failed"),
        Case(token: "tok_invalid_number", reason: "invalid_number", status: 402, order: "failed"),
        Case(token: "tok_expired_card", reason: "expired_card", status: 402, order: "failed"),
        Case(token: "tok_cvv_failed", reason: "cvv_failed", status: 402, order: "failed"),
        Case(token: "4111111111111111", reason: "invalid_token", status: 402, order: "failed"),
        Case(
            token: "tok_merchant_error", reason: "merchant_misconfigured", status: 502,
            order: "failed"),
        Case(
            token: "tok_unavailable", reason: "gateway_unavailable", isRetryable: true,
            attempts: 4, status: 502, order: "failed"),
        Case(
            token: "tok_timeout", reason: "network_timeout", isRetryable: true, attempts: 4,
            status: 504, order: "failed"),
        Case(token: "tok_timeout_charged", status: 200, order: "completed"),
        Case(
            token: "tok_timeout_unknown", reason: "network_timeout", status: 504,
            order: "processing"),
    ]

    @Test(arguments: cases)
    func `a token does what the table says`(_ row: Case) async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let answer = try await world.pay(id, row.token)
        #expect(answer.status == row.status)
        #expect(try await world.status(id) == row.order)
        #expect(
            world.pauses.all
                == [.milliseconds(500), .seconds(1), .seconds(2)]
                .prefix(row.attempts - 1).map(\.self))
        let payments = try world.service.rows("SELECT attempts, retryable FROM payments")
        #expect(payments == ["\(row.attempts)|\(row.isRetryable ? 1 : 0)"])
        if row.status == 200 {
            #expect(answer.payment?["status"] == "completed")
            #expect(answer.payment?["attempts"] == JSONValue(row.attempts))
            #expect(try world.charges() == ["taken"])
        } else {
            #expect(answer["success"] == false)
            #expect(
                answer.code
                    == [402: "payment_declined", 502: "upstream_failed"][
                        row.status, default: "upstream_timeout"])
            #expect(answer["failure_reason"]?.string == row.reason)
            #expect(answer["retryable"] == .bool(row.isRetryable))
            #expect(answer["attempts"] == JSONValue(row.attempts))
            #expect(answer["payment_id"]?.string?.hasPrefix("pay_") == true)
            #expect(answer["order"] == ["order_id": .string(id), "status": .string(row.order)])
            #expect(try world.charges() == [])
        }
        // The token is nowhere.
        let tables = ["ticket_orders", "payments", "test_charges", "emails", "idempotency_keys"]
        for table in tables {
            let rows = try world.service.rows("SELECT * FROM \(table)")
            #expect(!rows.contains { $0.contains(row.token) })
        }
    }

    @Test func `a payment that nobody could tell of is settled a minute later`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        _ = try await world.pay(id, "tok_timeout_unknown")
        #expect(try await world.pay(id).code == "payment_in_progress")
        #expect(try world.mail() == [])
        await world.service.app.ticketOrders.checkout.settleAndLapse()
        let order = try await world.show(id)
        #expect(order["status"] == "failed")
        #expect(order["failure_reason"] == "interrupted")
        #expect(try world.mail() == ["payment_failed"])
        #expect(try await world.pay(id).status == 200)
        #expect(try world.charges() == ["taken"])
    }
}
