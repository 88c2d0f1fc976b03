import JSON
import Testing

@testable import Frontdesk

/// What each status of an order allows (tickets.md, section 7).
struct OrderStateTests {
    /// A status, what is tried, and what comes of it.
    struct Case: Sendable {
        let status: String
        let verb: String
        let answer: Int
        /// The code of a failure, else the status afterwards.
        let word: String
    }

    static let cases: [Case] = [
        Case(status: "pending", verb: "pay", answer: 200, word: "completed"),
        Case(status: "pending", verb: "cancel", answer: 200, word: "cancelled"),
        Case(status: "pending", verb: "refund", answer: 409, word: "illegal_transition"),
        Case(status: "processing", verb: "pay", answer: 409, word: "payment_in_progress"),
        Case(status: "processing", verb: "cancel", answer: 200, word: "cancelled"),
        Case(status: "processing", verb: "refund", answer: 409, word: "illegal_transition"),
        Case(status: "failed", verb: "pay", answer: 200, word: "completed"),
        Case(status: "failed", verb: "cancel", answer: 409, word: "illegal_transition"),
        Case(status: "failed", verb: "refund", answer: 409, word: "illegal_transition"),
        Case(status: "completed", verb: "pay", answer: 200, word: "completed"),
        Case(status: "completed", verb: "cancel", answer: 409, word: "illegal_transition"),
        Case(status: "completed", verb: "refund", answer: 200, word: "refunded"),
        Case(status: "cancelled", verb: "pay", answer: 409, word: "illegal_transition"),
        Case(status: "cancelled", verb: "cancel", answer: 409, word: "illegal_transition"),
        Case(status: "cancelled", verb: "refund", answer: 409, word: "illegal_transition"),
        Case(status: "refunded", verb: "pay", answer: 409, word: "illegal_transition"),
        Case(status: "refunded", verb: "cancel", answer: 409, word: "illegal_transition"),
        Case(status: "refunded", verb: "refund", answer: 409, word: "illegal_transition"),
    ]

    @Test(arguments: cases)
    func `a status allows what the table says`(_ row: Case) async throws {
        let world = try await OrderWorld()
        let id = try await order(row.status, in: world)
        let charges = try world.charges()
        let answer =
            row.verb == "pay" ? try await world.pay(id) : try await world.end(id, row.verb)
        #expect(answer.status == row.answer)
        if row.answer == 200 {
            #expect(answer.order?["status"]?.string == row.word)
            #expect(try await world.status(id) == row.word)
        } else {
            #expect(answer.code == row.word)
            #expect(answer["current_status"]?.string == row.status)
            #expect(try await world.status(id) == row.status)
            #expect(try world.charges() == charges)
        }
        if row.status == "completed", row.verb == "pay" {
            #expect(answer.header("Idempotent-Replayed") == "true")
            #expect(try world.charges() == ["taken"])
        }
    }

    /// An order that was brought to a status as a caller would.
    private func order(_ status: String, in world: OrderWorld) async throws -> String {
        let id = try await world.order()
        switch status {
        case "processing": _ = try await world.pay(id, "tok_timeout_unknown")
        case "failed": _ = try await world.pay(id, "tok_declined_issuer")
        case "completed": _ = try await world.pay(id)
        case "cancelled": _ = try await world.end(id, "cancel")
        case "refunded":
            _ = try await world.pay(id)
            _ = try await world.end(id, "refund")
        default: break
        }
        #expect(try await world.status(id) == status)
        return id
    }
}
