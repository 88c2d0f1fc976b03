/// How money is taken (tickets.md, section 12).
struct PaymentSettings: Equatable, Sendable {
    /// Who moves it.
    var provider = Provider.test
    /// How long one call to the provider may take.
    var timeoutSeconds = 10
    /// How many attempts there may be after the first.
    var maxRetries = 3
    /// The pause before the second attempt; each further one is twice as long.
    var retryBaseMS = 500

    /// Who can move money.
    enum Provider: String, CaseIterable, Sendable {
        /// The one built in, which moves none.
        case test
    }
}

extension Setting {
    /// The keys of `payments`, with their limits.
    static let payments: [Setting] = [
        .choice("payments.provider", \.payments.provider),
        .integer("payments.timeout_seconds", \.payments.timeoutSeconds, 1...300),
        .integer("payments.max_retries", \.payments.maxRetries, 0...10),
        .integer("payments.retry_base_ms", \.payments.retryBaseMS, 1...60_000),
    ]
}
