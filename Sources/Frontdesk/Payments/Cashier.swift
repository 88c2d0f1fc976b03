/// Takes money from a provider: tries again what may work again, and asks what became of a charge
/// before it is made anew (tickets.md, section 7, "Payments").
struct Cashier: Sendable {
    /// Who moves the money.
    let provider: any PaymentProvider
    /// How long one call to the provider may take.
    let timeout: Duration
    /// How many attempts there may be after the first.
    let maximumRetries: Int
    /// The pause before the second attempt; each further one is twice as long.
    let retryBase: Duration
    /// Waits between attempts.
    let pause: @Sendable (Duration) async -> Void

    /// What came of all attempts together.
    enum Outcome: Equatable, Sendable {
        /// The money was taken; the provider's name of it.
        case charged(reference: String, attempts: Int)
        /// It was not.
        case refused(PaymentFailure, attempts: Int)
        /// The provider cannot tell yet.
        case unknown(attempts: Int)
    }

    /// Makes a charge, at most once.
    func take(_ charge: Charge, token: String) async -> Outcome {
        var attempts = 0
        while true {
            attempts += 1
            let reason: PaymentFailure
            switch await attempt(charge, token: token) {
            case .approved(let reference):
                return .charged(reference: reference, attempts: attempts)
            case .refused(.networkTimeout):
                switch await state(of: charge.key) {
                case .charged(let reference):
                    return .charged(reference: reference, attempts: attempts)
                case .unknown: return .unknown(attempts: attempts)
                case .notCharged: reason = .networkTimeout
                }
            case .refused(let refusal): reason = refusal
            }
            guard reason.isRetryable, attempts <= maximumRetries else {
                return .refused(reason, attempts: attempts)
            }
            await pause(retryBase * (1 << (attempts - 1)))
        }
    }

    /// What became of a charge; a provider that does not answer cannot tell.
    func state(of key: String) async -> ChargeState {
        let provider = provider
        return (try? await within { try await provider.lookup(key) }) ?? .unknown
    }

    /// Gives back what a payment took. Throws what the provider says, or `TooSlow`.
    func refund(_ payment: Payment, reference: String) async throws {
        let provider = provider
        try await within {
            try await provider.refund(
                reference: reference, cents: payment.amountCents, key: payment.refundKey)
        }
    }

    /// The provider did not answer in time.
    struct TooSlow: Error {}

    private func attempt(_ charge: Charge, token: String) async -> ChargeOutcome {
        let provider = provider
        let outcome = try? await within { try await provider.charge(charge, token: token) }
        // An error on the way says nothing of what happened at the other end.
        return outcome ?? .refused(.networkTimeout)
    }

    /// What `work` comes to, or `TooSlow` once the time is up, whether or not it heeds that.
    ///
    /// A group of tasks would wait for a provider that ignores its cancellation.
    private func within<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let timeout = timeout
        let (results, end) = AsyncStream.makeStream(
            of: Result<Value, any Error>.self, bufferingPolicy: .bufferingOldest(1))
        let working = Task {
            do {
                end.yield(.success(try await work()))
            } catch {
                end.yield(.failure(error))
            }
        }
        let timing = Task {
            try await Task.sleep(for: timeout)
            end.yield(.failure(TooSlow()))
        }
        defer {
            working.cancel()
            timing.cancel()
        }
        for await result in results { return try result.get() }
        throw CancellationError()
    }
}
