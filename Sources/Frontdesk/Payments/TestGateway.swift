import Synchronization

/// The built-in provider, which moves no money: the token says what happens (tickets.md,
/// section 7).
final class TestGateway: PaymentProvider {
    private struct Memory {
        /// How often a charge with a fickle token was tried.
        var attempts: [String: Int] = [:]
        /// Charges of which the next lookup knows nothing.
        var doubtful: Set<String> = []
    }

    let name = "test"
    /// What was charged, which outlives a crash as a real provider's books do.
    private let charges: TestChargeStore
    private let memory = Mutex(Memory())

    /// A provider that keeps its books in `charges`.
    init(charges: TestChargeStore) {
        self.charges = charges
    }

    /// Does what the token says; a charge that was made is approved again.
    func charge(_ charge: Charge, token: String) async throws -> ChargeOutcome {
        if let reference = try charges.reference(of: charge.key) {
            return .approved(reference: reference)
        }
        switch token {
        case "tok_ok": break
        case "tok_ok_third_try":
            guard isThirdTry(charge.key) else { return .refused(.gatewayUnavailable) }
        case "tok_timeout_charged":
            _ = try await charges.insert(charge)
            return .refused(.networkTimeout)
        case "tok_timeout_unknown":
            _ = memory.withLock { $0.doubtful.insert(charge.key) }
            return .refused(.networkTimeout)
        default: return .refused(Self.refusals[token] ?? .invalidToken)
        }
        return .approved(reference: try await charges.insert(charge))
    }

    /// What the books say; of a doubtful charge nothing the first time.
    func lookup(_ key: String) async throws -> ChargeState {
        if let reference = try charges.reference(of: key) { return .charged(reference: reference) }
        return memory.withLock { $0.doubtful.remove(key) } == nil ? .notCharged : .unknown
    }

    /// Writes into the books that a charge was given back.
    func refund(reference: String, cents: Int, key: String) async throws {
        guard try await charges.refund(reference, cents: cents, key: key) else {
            throw UnknownCharge(reference: reference)
        }
    }

    /// There is no such charge to give back.
    struct UnknownCharge: Error {
        let reference: String
    }

    private func isThirdTry(_ key: String) -> Bool {
        memory.withLock { memory in
            let count = memory.attempts[key, default: 0] + 1
            memory.attempts[key] = count < 3 ? count : nil
            return count == 3
        }
    }

    private static let refusals: [String: PaymentFailure] = [
        "tok_declined_insufficient_funds": .insufficientFunds,
        "tok_declined_issuer": .issuerDeclined,
        "tok_limit_exceeded": .limitExceeded,
        "tok_suspected_fraud": .suspectedFraud,
        "tok_invalid_number": .invalidNumber,
        "tok_expired_card": .expiredCard,
        "tok_cvv_failed": .cvvFailed,
        "tok_merchant_error": .merchantMisconfigured,
        "tok_unavailable": .gatewayUnavailable,
        "tok_timeout": .networkTimeout,
    ]
}
