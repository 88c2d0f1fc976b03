import JSON
import MailServer
import SQLite
import Testing

@testable import Frontdesk

/// Tickets that change hands, type or day between an order and its payment, as an import does it.
struct ChangedTicketTests {
    /// A change of the ticket, and why an order from before it can no longer be paid.
    struct Change: Sendable {
        let assignment: String
        let code: String
        let status: Int
    }

    static let changes = [
        Change(assignment: "customer_id = 'cus_michael'", code: "customer_mismatch", status: 422),
        Change(assignment: "ticket_type = 'standard'", code: "price_changed", status: 409),
        Change(assignment: "ticket_type = 'vip'", code: "tier_not_offered", status: 422),
        Change(assignment: "ticket_type = 'premium'", code: "type_not_upgradeable", status: 422),
    ]

    /// Sarah and Michael; Sarah has the ticket.
    private func world(_ payments: (any PaymentProvider)? = nil) async throws -> OrderWorld {
        let world = try await OrderWorld(payments: payments)
        try await world.addCustomer("cus_michael", "Michael", "Chen")
        return world
    }

    private func change(_ world: OrderWorld, _ assignment: String) async throws {
        let statement = SQL(stringLiteral: "UPDATE tickets SET \(assignment)")
        _ = try await world.service.app.database.write { try $0.execute(statement) }
    }

    @Test(arguments: changes)
    func `a failed order whose ticket has changed since cannot be paid`(
        _ change: Change
    ) async throws {
        let world = try await world()
        let id = try await world.order()
        #expect(try await world.pay(id, "tok_declined_issuer").status == 402)
        try await self.change(world, change.assignment)
        let before = try await world.ticket()
        let answer = try await world.pay(id)
        #expect(answer.status == change.status && answer.code == change.code)
        #expect(answer["data"] == nil)
        if change.code == "price_changed" {
            #expect(answer["current"]?["upgrade_price"] == 22.5)
        }
        #expect(try world.charges() == [])
        #expect(try await world.status(id) == "failed")
        #expect(try await world.ticket() == before)
    }

    @Test(arguments: changes)
    func `a charge for a ticket that changed meanwhile is given back`(
        _ change: Change
    ) async throws {
        let bank = Bank(holding: true)
        let world = try await world(bank)
        let id = try await world.order()
        let payment = Task { try await world.pay(id) }
        try await eventually { bank.waiting == 1 }
        try await self.change(world, change.assignment)
        bank.release()
        let answer = try await payment.value
        #expect(answer.status == change.status && answer.code == change.code)
        #expect(bank.charges.count == 1 && bank.refunds.count == 1)
        let order = try await world.show(id)
        #expect(order["status"] == "failed" && order["failure_reason"]?.string == change.code)
        #expect(try await world.ticket()["status"] == "active")
        #expect(try world.mail() == ["refund_processed"])
    }

    @Test func `only an order for another day moves a ticket whose day has changed`() async throws {
        for (day, paidDay) in [("2027-01-09", "2027-02-20"), ("2027-01-06", "2027-01-06")] {
            let world = try await world()
            let id = try await world.order(["event_date": .string(day)])
            #expect(try await world.pay(id, "tok_declined_issuer").status == 402)
            try await change(world, "event_date = '2027-02-20'")
            let answer = try await world.pay(id)
            #expect(answer.status == 200)
            #expect(answer.order?["event_date"]?.string == day)
            #expect(answer["data"]?["ticket"]?["event_date"]?.string == paidDay)
            let mail = try world.service.rows(
                "SELECT body FROM emails WHERE kind = 'upgrade_confirmation'")
            #expect(mail.first?.contains("Event day: \(paidDay)") == true)
            guard day == "2027-01-09" else { continue }
            #expect(try await world.end(id, "refund").status == 200)
            #expect(try await world.ticket()["event_date"]?.string == paidDay)
        }
    }
}
