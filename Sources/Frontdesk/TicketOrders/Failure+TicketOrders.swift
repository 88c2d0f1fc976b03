import JSON

extension Failure.Code {
    static let orderNotFound = Failure.Code(
        word: "order_not_found", status: 404, title: "Resource Not Found")
    static let priceChanged = conflict("price_changed")
    static let quoteExpired = conflict("quote_expired")
    static let quoteUsed = conflict("quote_used")
    static let quoteMismatch = conflict("quote_mismatch")
    static let orderExpired = conflict("order_expired")
    static let orderOpen = conflict("order_open")
    static let paymentInProgress = conflict("payment_in_progress")
    static let illegalTransition = conflict("illegal_transition")
    static let paymentDeclined = Failure.Code(
        word: "payment_declined", status: 402, title: "Payment Declined")
    static let upstreamFailed = Failure.Code(
        word: "upstream_failed", status: 502, title: "Bad Gateway")

    private static func conflict(_ word: String) -> Failure.Code {
        Failure.Code(word: word, status: 409, title: "Conflict")
    }
}

extension Failure {
    /// An order that the tenant does not have.
    static func noOrder(_ id: String, of tenant: Tenant) -> Failure {
        Failure(.orderNotFound, "No order '\(id)' in tenant '\(tenant.name)'.")
    }

    /// A quote that the tenant does not have.
    static func noQuote(_ id: String, of tenant: Tenant) -> Failure {
        Failure(.quoteNotFound, "No quote '\(id)' in tenant '\(tenant.name)'.")
    }

    /// What an order's status does not allow.
    static func illegal(_ verb: String, _ order: TicketOrder) -> Failure {
        var failure = Failure(
            .illegalTransition,
            "Order \(order.id) is \(order.status.rawValue) and cannot be \(verb).")
        failure.extra["current_status"] = .string(order.status.rawValue)
        return failure
    }

    /// An order that nobody paid in time.
    static func orderExpired(_ order: TicketOrder) -> Failure {
        var failure = Failure(
            .orderExpired,
            "Order \(order.id) had to be paid before \(order.expiresAt.text); place a new one.")
        failure.extra["current_status"] = .string(order.status.rawValue)
        return failure
    }

    /// An order that is being paid.
    static func paymentInProgress(_ order: TicketOrder) -> Failure {
        var failure = Failure(
            .paymentInProgress, "Order \(order.id) is being paid; look at it again in a moment.")
        failure.extra["current_status"] = .string(order.status.rawValue)
        return failure
    }

    /// What an upgrade costs now, where a caller named another amount.
    static func priceChanged(
        _ price: TicketOrder.Price,
        _ detail: String = "The price is not the one that was named; see 'current'."
    ) -> Failure {
        var failure = Failure(.priceChanged, detail)
        failure.extra["current"] = [
            "upgrade_price": JSONValue(cents: price.upgradeCents),
            "total_amount": JSONValue(cents: price.totalCents),
            "currency": .string(price.currency),
        ]
        return failure
    }

    /// A payment that did not come about, or of which nobody can tell yet.
    static func payment(_ payment: Payment, of order: TicketOrder) -> Failure {
        let reason = payment.failureReason ?? .networkTimeout
        var failure = Failure(
            reason.code,
            payment.status == .processing
                ? "The payment provider did not answer in time; order \(order.id) stays in "
                    + "'processing' until it does."
                : "The payment failed because \(reason.words).")
        // A repeat under the same key tells the same time.
        failure.occurredAt = payment.updatedAt
        return failure.about(payment, of: order, because: reason, payment.isRetryable)
    }

    /// An order whose refund another request waits for.
    static func refundInProgress(_ orderID: String) -> Failure {
        var failure = Failure(
            .paymentInProgress,
            "A refund of order \(orderID) is under way; look at it again in a moment.")
        failure.extra["current_status"] = .string(TicketOrder.Status.completed.rawValue)
        return failure
    }

    /// Money that the provider did not give back, or of which nobody can tell yet.
    static func refund(
        _ paid: PaidOrder, because reason: PaymentFailure, staysOpen: Bool
    ) -> Failure {
        let failure = Failure(
            reason.code,
            staysOpen
                ? "The refund of order \(paid.order.id) stays open because \(reason.words); "
                    + "it is asked for again until it is done."
                : "Nothing was given back because \(reason.words); ask for the refund again.")
        return failure.about(paid.payment, of: paid.order, because: reason, true)
    }

    private func about(
        _ payment: Payment, of order: TicketOrder, because reason: PaymentFailure,
        _ isRetryable: Bool
    ) -> Failure {
        var failure = self
        failure.extra["failure_reason"] = .string(reason.rawValue)
        failure.extra["retryable"] = .bool(isRetryable)
        failure.extra["payment_id"] = .string(payment.id)
        failure.extra["attempts"] = JSONValue(payment.attempts)
        failure.extra["order"] = [
            "order_id": .string(order.id), "status": .string(order.status.rawValue),
        ]
        return failure
    }
}

extension PaymentFailure {
    /// Code, status and title as an error.
    var code: Failure.Code {
        switch self {
        case .networkTimeout: .upstreamTimeout
        case .merchantMisconfigured, .gatewayUnavailable, .interrupted: .upstreamFailed
        default: .paymentDeclined
        }
    }
}
