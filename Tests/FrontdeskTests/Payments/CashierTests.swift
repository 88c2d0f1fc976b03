import MailServer
import Testing

@testable import Frontdesk

/// How often a provider is asked, and how long it may take.
struct CashierTests {
    private static let charge = Charge(
        key: "pay_1", cents: 4500, currency: "USD", method: .creditCard)

    private func cashier(
        _ provider: any PaymentProvider, retries: Int = 3, timeout: Duration = .seconds(10)
    ) -> Cashier {
        Cashier(
            provider: provider, timeout: timeout, maximumRetries: retries,
            retryBase: .milliseconds(500), pause: { _ in })
    }

    @Test(.timeLimit(.minutes(5)))
    func `a provider that takes too long is not waited for, but asked`() async throws {
        let bank = Bank(holding: true)
        bank.answerLookups(.charged(reference: "found"))
        let outcome = await cashier(bank, timeout: .milliseconds(20))
            .take(Self.charge, token: "t")
        #expect(outcome == .charged(reference: "found", attempts: 1))
        // It ignores that it was told to stop, and charges in the end.
        try await eventually { bank.cancellations == 1 }
        #expect(bank.charges == [])
        bank.release()
        try await eventually { bank.charges == ["pay_1"] }
    }

    @Test(arguments: [0, 1, 3, 5])
    func `what may work again is tried as often as configured`(_ retries: Int) async {
        let outcome = await cashier(Closed(), retries: retries).take(Self.charge, token: "t")
        #expect(outcome == .refused(.networkTimeout, attempts: retries + 1))
    }

    @Test func `a provider that cannot be asked leaves the charge unknown`() async {
        let outcome = await cashier(Silent()).take(Self.charge, token: "t")
        #expect(outcome == .unknown(attempts: 1))
        #expect(await cashier(Silent()).state(of: "pay_1") == .unknown)
    }

    /// A provider that fails and knows of nothing.
    private struct Closed: PaymentProvider {
        let name = "closed"
        func charge(_ charge: Charge, token: String) async throws -> ChargeOutcome {
            throw Bank.Closed()
        }
        func lookup(_ key: String) async throws -> ChargeState { .notCharged }
        func refund(reference: String, cents: Int, key: String) async throws {}
    }

    /// A provider that fails at everything.
    private struct Silent: PaymentProvider {
        let name = "silent"
        func charge(_ charge: Charge, token: String) async throws -> ChargeOutcome {
            throw Bank.Closed()
        }
        func lookup(_ key: String) async throws -> ChargeState { throw Bank.Closed() }
        func refund(reference: String, cents: Int, key: String) async throws {}
    }
}
