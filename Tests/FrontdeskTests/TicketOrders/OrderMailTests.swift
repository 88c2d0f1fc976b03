import JSON
import Testing

@testable import Frontdesk

/// What customers are told (tickets.md, section 8).
struct OrderMailTests {
    /// The subject, recipients, `about` and body of the only message of a kind.
    private func message(
        _ kind: String, in world: OrderWorld, _ location: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        let rows = try world.service.rows(
            """
            SELECT subject, recipients, about, tenant_id, state, body FROM emails
            WHERE kind = '\(kind)'
            """)
        #expect(rows.count == 1, sourceLocation: location)
        return rows.first?.split(separator: "|", maxSplits: 5).map(String.init) ?? []
    }

    /// What every message names.
    private func common(_ order: JSONValue) -> [String] {
        [
            "Sarah Johnson", "WEB-1001", "Non-Stop Experience",
            order["confirmation_code"]?.string ?? "?",
        ]
    }

    private func expect(
        _ kind: String, in world: OrderWorld, subject: String, about: JSONValue?,
        names: [String], _ location: SourceLocation = #_sourceLocation
    ) throws {
        let parts = try message(kind, in: world, location)
        try #require(parts.count == 6, sourceLocation: location)
        #expect(parts[0] == subject, sourceLocation: location)
        #expect(parts[1] == #"["sarah@example.com"]"#, sourceLocation: location)
        #expect(parts[2] == about?.string, sourceLocation: location)
        #expect(parts[3] == "default" && parts[4] == "held", sourceLocation: location)
        for name in names {
            #expect(parts[5].contains(name), "\(name)\n\(parts[5])", sourceLocation: location)
        }
    }

    @Test func `a completed order is told of twice`() async throws {
        let world = try await OrderWorld()
        let paid = try await world.pay(try await world.order(), method: "google_pay")
        let order = try #require(paid.order)
        let payment = paid.payment?["payment_id"]
        let code = order["confirmation_code"]?.string ?? "?"
        try expect(
            "payment_success", in: world, subject: "Payment received for WEB-1001",
            about: payment,
            names: common(order) + [
                payment?.string ?? "?", "45.00 USD", "Google Pay", "2026-12-11",
            ])
        try expect(
            "upgrade_confirmation", in: world, subject: "Upgrade confirmed: \(code)",
            about: order["order_id"],
            names: common(order) + [
                "general", "2027-01-06", "45.00 USD", "95.00 USD", "VIP lounge access",
                "Premium seating", "Exclusive merchandise", "Meet & greet",
            ])
        #expect(try world.mail().count == 2)
    }

    /// A token, the reason in words, and whether another try can help.
    @Test(arguments: [
        ("tok_declined_insufficient_funds", "does not hold enough money", "will not help"),
        ("tok_unavailable", "could not be reached", "try again"),
    ])
    func `a payment that failed is told of with its reason`(
        _ token: String, _ reason: String, _ advice: String
    ) async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let answer = try await world.pay(id, token)
        try expect(
            "payment_failed", in: world, subject: "Payment failed for WEB-1001",
            about: answer["payment_id"],
            names: common(try await world.show(id)) + [
                answer["payment_id"]?.string ?? "?", "45.00 USD", "credit card", reason, advice,
            ])
        // Each try is told of, because each is a payment of its own.
        _ = try await world.pay(id, token)
        #expect(try world.mail() == ["payment_failed", "payment_failed"])
    }

    @Test(arguments: [nil, "Changed my mind"])
    func `a cancelled order is told of with its reason`(_ reason: String?) async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let answer = try await world.end(id, "cancel", reason: reason)
        let order = try #require(answer.order)
        try expect(
            "upgrade_cancelled", in: world,
            subject: "Upgrade cancelled: \(order["confirmation_code"]?.string ?? "?")",
            about: .string(id),
            names: common(order) + ["Reason: \(reason ?? "no reason was given")"])
    }

    @Test func `a refund is told of`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let paid = try await world.pay(id)
        let order = try #require(try await world.end(id, "refund").order)
        try expect(
            "refund_processed", in: world,
            subject: "Refund for \(order["confirmation_code"]?.string ?? "?")",
            about: paid.payment?["payment_id"],
            names: common(order) + [paid.payment?["payment_id"]?.string ?? "?", "45.00 USD"])
    }

    @Test func `mail is queued when it can be sent, and held for whom it must not reach`()
        async throws
    {
        let world = try await OrderWorld { configuration in
            configuration.email.smtpURL = "smtp://127.0.0.1:9"
            configuration.email.starttls = .off
            configuration.email.sender = "desk@example.com"
            configuration.email.allowedRecipients = ["sarah@example.com"]
        }
        try await world.addCustomer("cus_michael", "Michael", "Chen")
        try await world.addTicket("tkt_2", "WEB-2001", of: "cus_michael")
        _ = try await world.end(try await world.order(), "cancel")
        let other = try await world.order(["ticket_id": "tkt_2", "customer_id": "cus_michael"])
        _ = try await world.end(other, "cancel")
        let held = try world.service.rows(
            "SELECT recipients FROM emails WHERE state = 'held'")
        #expect(held == [#"["michael@example.com"]"#])
    }
}
