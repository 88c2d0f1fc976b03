import SQLite
import Testing

@testable import Frontdesk

/// The books of the built-in provider.
struct TestGatewayTests {
    private static let charge = Charge(
        key: "pay_1", cents: 4500, currency: "USD", method: .paypal)

    private func gateway(_ database: Database) -> TestGateway {
        TestGateway(
            charges: TestChargeStore(database: database, clock: TestClock().clock))
    }

    @Test func `what was charged is known after a restart`() async throws {
        let terminal = try Terminal()
        try await terminal.withDatabase { database in
            let before = gateway(database)
            let outcome = try await before.charge(Self.charge, token: "tok_ok")
            #expect(outcome == .approved(reference: "test_pay_1"))
            let after = gateway(database)
            #expect(try await after.lookup("pay_1") == .charged(reference: "test_pay_1"))
            #expect(try await after.lookup("pay_2") == .notCharged)
        }
    }

    @Test func `a key is charged once`() async throws {
        let terminal = try Terminal()
        try await terminal.withDatabase { database in
            let gateway = gateway(database)
            for token in ["tok_ok", "tok_ok", "tok_declined_issuer"] {
                let outcome = try await gateway.charge(Self.charge, token: token)
                #expect(outcome == .approved(reference: "test_pay_1"))
            }
            let count = try database.read { connection in
                try connection.first("SELECT count(*) FROM test_charges") { try $0.integer(0) }
            }
            #expect(count == 1)
        }
    }

    @Test func `a charge is given back once, by the same key as often as one likes`() async throws {
        let terminal = try Terminal()
        try await terminal.withDatabase { database in
            let gateway = gateway(database)
            _ = try await gateway.charge(Self.charge, token: "tok_ok")
            for _ in 1...2 {
                try await gateway.refund(reference: "test_pay_1", cents: 4500, key: "back")
            }
            await #expect(throws: TestGateway.UnknownCharge.self) {
                try await gateway.refund(reference: "test_pay_1", cents: 4500, key: "other")
            }
            await #expect(throws: TestGateway.UnknownCharge.self) {
                try await gateway.refund(reference: "test_pay_2", cents: 4500, key: "back")
            }
        }
    }
}
