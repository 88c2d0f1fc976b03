extension Checkout {
    /// Gives an order's money back. Throws what stands against it, and 502 or 504 when the
    /// provider does not do it.
    ///
    /// After a 504 and after a crash nobody knows whether the provider did it: the refund stays
    /// open, and a repeat or the settling asks for it again by the same key.
    func refund(
        _ orderID: String, _ wish: RefundWish, by caller: Caller, tenant: Tenant
    ) async throws -> PaidOrder {
        if let paymentID = wish.claim?.paymentID {
            return try await afterOthers(on: paymentID) {
                let paid = try store.current(paymentID, tenant: tenant)
                guard paid.payment.status == .refunded else {
                    return try await ask(orderID, wish, by: caller, tenant: tenant)
                }
                guard caller.owns(paid.order.customerID) else { throw Failure.notOwner("order") }
                try await store.keep(paid, for: wish.claim)
                return paid
            }
        }
        let paymentID = try await store.refundable(orderID, by: caller, tenant: tenant)
        let paid = try await unlessOthers(on: paymentID) {
            try await ask(orderID, wish, by: caller, tenant: tenant)
        }
        guard let paid else { throw Failure.refundInProgress(orderID) }
        return paid
    }

    /// Asks again for a refund that a crash or a silent provider left open.
    func settleRefund(_ paymentID: String, tenant: Tenant) async throws {
        let due = try store.current(paymentID, tenant: tenant)
        guard due.payment.status == .completed else { return }
        do {
            _ = try await complete(due, tenant: tenant, claim: nil)
        } catch is Refused {
            // It stays open, as it may have been done the first time.
        }
    }

    private func ask(
        _ orderID: String, _ wish: RefundWish, by caller: Caller, tenant: Tenant
    ) async throws -> PaidOrder {
        let opened = try await store.openRefund(orderID, wish, by: caller, tenant: tenant)
        let due = opened.due
        do {
            return try await complete(due, tenant: tenant, claim: wish.claim)
        } catch let refused as Refused {
            let staysOpen = refused.reason == .networkTimeout || opened.mayBeDone
            if !staysOpen {
                try await store.dropRefund(due.payment.id, tenant: tenant, claim: wish.claim)
            }
            throw Failure.refund(due, because: refused.reason, staysOpen: staysOpen)
        }
    }

    /// The provider did not say that the money is back.
    private struct Refused: Error {
        /// `networkTimeout` when nobody knows.
        let reason: PaymentFailure
    }

    /// Has the provider give the money back and writes that it did.
    private func complete(
        _ due: PaidOrder, tenant: Tenant, claim: IdempotencyClaim?
    ) async throws -> PaidOrder {
        do {
            try await cashier.refund(due.payment, reference: due.payment.reference ?? "")
        } catch {
            log.warning(
                "order.refund_failed", fields(due, tenant) + [("error", .text("\(error)"))])
            throw Refused(
                reason: error is Cashier.TooSlow ? .networkTimeout : .gatewayUnavailable)
        }
        let paid = try await store.completeRefund(due.payment.id, tenant: tenant, claim: claim)
        report("order.refunded", "refunded", paid, tenant)
        return paid
    }
}
