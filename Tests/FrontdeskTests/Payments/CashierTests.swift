import Synchronization
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

    @Test func `a provider that takes too long is asked what became of the charge`() async {
        let bank = Bank(holding: true)
        bank.answerLookups(.charged(reference: "found"))
        // A charge that hangs heeds no cancellation before it is let go.
        let release = Task {
            try await Task.sleep(for: .milliseconds(50))
            bank.release()
        }
        let outcome = await cashier(bank, timeout: .milliseconds(20))
            .take(Self.charge, token: "t")
        #expect(outcome == .charged(reference: "found", attempts: 1))
        _ = await release.result
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
