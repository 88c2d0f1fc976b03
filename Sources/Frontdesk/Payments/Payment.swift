import JSON

/// One try to take what an order costs, and what came of it.
struct Payment: Equatable, Sendable {
    /// `pay_…`; also the provider's key of the charge, the same in all attempts.
    let id: String
    /// What it pays for.
    let orderID: String
    /// Who moves the money.
    let provider: String
    /// What the customer pays with.
    let method: PaymentMethod
    let amountCents: Int
    let currency: String
    /// Where it stands.
    var status: Status
    /// Why it failed, nil unless it did.
    var failureReason: PaymentFailure?
    /// Whether another try may work where this one failed.
    var isRetryable = false
    /// How often the charge was begun.
    var attempts: Int
    /// The provider's name of the charge, once it was made.
    var reference: String?
    /// The request that began it.
    let requestID: String
    let createdAt: Timestamp
    var updatedAt: Timestamp
    var completedAt: Timestamp?
    var refundedAt: Timestamp?

    /// Where a payment stands.
    enum Status: String, Sendable, CaseIterable {
        case processing, completed, failed, refunded
    }

    /// What the provider is asked to take.
    var charge: Charge {
        Charge(key: id, cents: amountCents, currency: currency, method: method)
    }

    /// The provider's key of giving the money back, the same in all attempts.
    var refundKey: String { id + "-refund" }

    /// The payment as answers show it.
    var json: JSONValue {
        [
            "payment_id": .string(id), "order_id": .string(orderID),
            "amount": JSONValue(cents: amountCents), "currency": .string(currency),
            "method": .string(method.rawValue), "provider": .string(provider),
            "status": .string(status.rawValue),
            "failure_reason": JSONValue(failureReason?.rawValue),
            "retryable": .bool(isRetryable), "attempts": JSONValue(attempts),
            "reference": JSONValue(reference), "created_at": .string(createdAt.text),
            "updated_at": .string(updatedAt.text), "completed_at": JSONValue(completedAt?.text),
            "refunded_at": JSONValue(refundedAt?.text),
        ]
    }
}

/// What a customer pays with.
enum PaymentMethod: String, Sendable, CaseIterable {
    case creditCard = "credit_card"
    case debitCard = "debit_card"
    case paypal
    case applePay = "apple_pay"
    case googlePay = "google_pay"

    /// The method in words, for mail: `credit card`.
    var words: String {
        switch self {
        case .creditCard: "credit card"
        case .debitCard: "debit card"
        case .paypal: "PayPal"
        case .applePay: "Apple Pay"
        case .googlePay: "Google Pay"
        }
    }
}

/// Why a payment failed.
enum PaymentFailure: String, Sendable, CaseIterable {
    case insufficientFunds = "insufficient_funds"
    case issuerDeclined = "issuer_declined"
    case limitExceeded = "limit_exceeded"
    case suspectedFraud = "suspected_fraud"
    case invalidNumber = "invalid_number"
    case expiredCard = "expired_card"
    case cvvFailed = "cvv_failed"
    case invalidToken = "invalid_token"
    case merchantMisconfigured = "merchant_misconfigured"
    case gatewayUnavailable = "gateway_unavailable"
    case networkTimeout = "network_timeout"
    /// The server died in the middle of it, and nothing was charged.
    case interrupted

    /// Whether the same may work a moment later.
    var isRetryable: Bool {
        switch self {
        case .gatewayUnavailable, .networkTimeout, .interrupted: true
        default: false
        }
    }

    /// The reason in plain words, to be read after "because".
    var words: String {
        switch self {
        case .insufficientFunds: "the account does not hold enough money"
        case .issuerDeclined: "the bank declined it"
        case .limitExceeded: "it is above the limit of the card or account"
        case .suspectedFraud: "the bank suspects fraud"
        case .invalidNumber: "the card number is not valid"
        case .expiredCard: "the card has expired"
        case .cvvFailed: "the card's security code is wrong"
        case .invalidToken: "the payment details are not valid"
        case .merchantMisconfigured: "the payment provider does not accept payments from us"
        case .gatewayUnavailable: "the payment provider could not be reached"
        case .networkTimeout: "the payment provider did not answer in time"
        case .interrupted: "it was interrupted before anything was charged"
        }
    }
}
