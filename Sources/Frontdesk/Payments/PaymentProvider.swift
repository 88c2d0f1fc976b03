/// Who moves the money.
///
/// A charge happens once for its key, however often it is asked for, and so does a refund. A call
/// that takes too long is cancelled and no longer waited for: a provider that heeds it frees what
/// the call holds, and one that does not may still charge, which `lookup` then tells.
protocol PaymentProvider: Sendable {
    /// The provider's name, as rows and answers show it.
    var name: String { get }

    /// Takes money. An error means that nobody knows whether it was taken.
    func charge(_ charge: Charge, token: String) async throws -> ChargeOutcome

    /// What became of the charge with this key.
    func lookup(_ key: String) async throws -> ChargeState

    /// Gives back what a charge took; the same `key` gives it back once.
    func refund(reference: String, cents: Int, key: String) async throws
}

/// What a provider is asked to take.
struct Charge: Equatable, Sendable {
    /// The same in all attempts of a payment.
    let key: String
    let cents: Int
    let currency: String
    let method: PaymentMethod
}

/// A provider's answer to a charge.
enum ChargeOutcome: Equatable, Sendable {
    /// The money was taken; the provider's name of it.
    case approved(reference: String)
    /// It was not; a `networkTimeout` means that nobody knows.
    case refused(PaymentFailure)
}

/// What a provider knows of a charge.
enum ChargeState: Equatable, Sendable {
    /// The money was taken; the provider's name of it.
    case charged(reference: String)
    /// Nothing was taken, and nothing will be for what was asked so far.
    case notCharged
    /// The provider cannot tell yet.
    case unknown
}
