import Synchronization

/// Takes orders through their payments: the steps between which money moves.
///
/// No transaction is open while a provider is asked, and a payment whose end was not written, for
/// a crash or a provider that could not tell, is settled later by asking what became of it.
final class Checkout: Sendable {
    let store: TicketOrderStore
    let cashier: Cashier
    let log: Log
    private let metrics: Metrics
    /// Told when there is new mail.
    let mailQueued: @Sendable () -> Void
    /// The payments that a request or the settling works on.
    private let working = Mutex<Set<String>>([])
    private let timer = IntervalTimer()

    /// A checkout that settles nothing by itself before `start`.
    init(
        store: TicketOrderStore, cashier: Cashier, log: Log, metrics: Metrics,
        mailQueued: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.cashier = cashier
        self.log = log
        self.metrics = metrics
        self.mailQueued = mailQueued
    }

    /// An order that is paid, and whether it was so before.
    struct Receipt: Sendable {
        let paid: PaidOrder
        let isRepeated: Bool
    }

    /// Pays an order. Throws what stands against it, and what became of the payment if that is
    /// not a success.
    func pay(
        _ orderID: String, token: String, method: PaymentMethod?, by caller: Caller,
        tenant: Tenant, requestID: String, claim: IdempotencyClaim?
    ) async throws -> Receipt {
        if let paymentID = claim?.paymentID {
            return try await resume(paymentID, by: caller, tenant: tenant, claim: claim)
        }
        let wish = PaymentWish(
            paymentID: store.ids.make("pay"), provider: cashier.provider.name, method: method,
            requestID: requestID, claim: claim)
        return try await afterOthers(on: wish.paymentID) {
            switch try await store.begin(orderID, wish, by: caller, tenant: tenant) {
            case .refused(let failure): throw failure
            case .paid(let paid): return Receipt(paid: paid, isRepeated: true)
            case .begun(let begun):
                let outcome = await cashier.take(begun.payment.charge, token: token)
                let paid = try await conclude(
                    begun.payment.id, outcome, tenant: tenant, claim: claim)
                return Receipt(paid: paid, isRepeated: false)
            }
        }
    }
}

// MARK: - Outcomes

extension Checkout {
    /// Writes what became of a charge; throws it unless the order is completed.
    private func conclude(
        _ paymentID: String, _ outcome: Cashier.Outcome, tenant: Tenant, claim: IdempotencyClaim?
    ) async throws -> PaidOrder {
        let paid: PaidOrder
        switch outcome {
        case .charged(let reference, let attempts):
            let completion = try await store.complete(
                paymentID, reference: reference, attempts: attempts, tenant: tenant, claim: claim)
            switch completion {
            case .completed(let paid):
                report("order.paid", "completed", paid, tenant)
                return paid
            case .unwanted(let paid, let failure):
                try await giveBack(
                    paid, reference: reference, attempts: attempts, because: failure,
                    tenant: tenant)
                throw failure
            }
        case .refused(let reason, let attempts):
            paid = try await store.fail(
                paymentID, because: reason, attempts: attempts, tenant: tenant, claim: claim)
            report("order.payment_failed", "failed", paid, tenant)
        case .unknown(let attempts):
            paid = try await store.doubt(
                paymentID, attempts: attempts, tenant: tenant, claim: claim)
            report("order.payment_unknown", "unknown", paid, tenant)
        }
        throw Failure.payment(paid.payment, of: paid.order)
    }

    /// Gives back a charge that came too late; what cannot be given back now is tried again by
    /// the settling, because its payment stays `processing`.
    private func giveBack(
        _ unwanted: PaidOrder, reference: String, attempts: Int, because failure: Failure,
        tenant: Tenant
    ) async throws {
        do {
            try await cashier.refund(unwanted.payment, reference: reference)
        } catch {
            log.warning(
                "order.refund_failed", fields(unwanted, tenant) + [("error", .text("\(error)"))])
            return
        }
        let paid = try await store.writeOff(
            unwanted.payment.id, reference: reference, attempts: attempts, because: failure,
            tenant: tenant)
        report("order.charge_returned", "refunded", paid, tenant)
    }

    /// What a request comes to whose payment an earlier one began before a crash.
    private func resume(
        _ paymentID: String, by caller: Caller, tenant: Tenant, claim: IdempotencyClaim?
    ) async throws -> Receipt {
        // The settling after the start may be at it already.
        try await afterOthers(on: paymentID) { try await settle(paymentID, tenant: tenant) }
        let paid = try store.current(paymentID, tenant: tenant)
        guard caller.owns(paid.order.customerID) else { throw Failure.notOwner("order") }
        switch (paid.payment.status, paid.order.status) {
        case (.completed, _), (.refunded, .refunded):
            try await store.keep(paid, for: claim)
            return Receipt(paid: paid, isRepeated: true)
        case (.failed, _):
            let failure = Failure.payment(paid.payment, of: paid.order)
            try await store.keep(failure, for: claim)
            throw failure
        case (.processing, _): throw Failure.payment(paid.payment, of: paid.order)
        case (.refunded, _):
            throw store.whyUnwanted(paid, at: store.clock.now()) ?? .illegal("paid", paid.order)
        }
    }

    /// Logs and counts what became of a payment, and wakes the mail.
    func report(
        _ event: StaticString, _ outcome: String, _ paid: PaidOrder, _ tenant: Tenant
    ) {
        log.info(event, fields(paid, tenant))
        count(outcome)
        mailQueued()
    }

    private func count(_ outcome: String) {
        metrics.count(
            "frontdesk_payments_total", "Payments by what became of them.",
            labels: "outcome=\"\(outcome)\"")
    }

    /// What the log says about a payment.
    func fields(_ paid: PaidOrder, _ tenant: Tenant) -> [(StaticString, Log.Value)] {
        let reason = paid.payment.failureReason?.rawValue
        return [
            ("tenant", .text(tenant.name)), ("order_id", .text(paid.order.id)),
            ("payment_id", .text(paid.payment.id)), ("status", .text(paid.order.status.rawValue)),
            ("attempts", .integer(paid.payment.attempts)),
            ("request_id", .text(paid.payment.requestID)),
        ] + (reason.map { [("reason", .text($0))] } ?? [])
    }
}

// MARK: - Settling

extension Checkout {
    /// Settles what a crash left behind, now and then every so many seconds, and cancels what
    /// nobody has paid in time.
    func start(every seconds: Double = 60) {
        timer.start(every: seconds, atOnce: true) { [weak self] in await self?.settleAndLapse() }
    }

    /// Begins no further settling.
    func stop() {
        timer.stop()
    }

    /// Settles every payment that nobody works on, and cancels what nobody has paid in time.
    func settleAndLapse() async {
        await attempt {
            for (tenant, paymentID) in try store.unsettled() {
                await attempt(paymentID) { try await settle(paymentID, tenant: tenant) }
            }
        }
        await attempt {
            for (tenant, paymentID) in try store.openRefunds() {
                await attempt(paymentID) { try await settleRefund(paymentID, tenant: tenant) }
            }
        }
        await attempt {
            let count = try await store.lapseDue()
            guard count > 0 else { return }
            log.info("order.lapsed", [("count", .integer(count))])
            mailQueued()
        }
    }

    /// Settles one payment unless somebody works on it; its failure is logged and holds up no
    /// other.
    private func attempt(_ paymentID: String, _ step: () async throws -> Void) async {
        await attempt(about: [("payment_id", .text(paymentID))]) {
            try await unlessOthers(on: paymentID, step)
        }
    }

    private func attempt(
        about fields: [(StaticString, Log.Value)] = [], _ step: () async throws -> Void
    ) async {
        do {
            try await step()
        } catch {
            log.error("order.settling_failed", fields + [("error", .text("\(error)"))])
        }
    }

    /// Asks what became of a charge whose outcome is not known and writes it.
    private func settle(_ paymentID: String, tenant: Tenant) async throws {
        let payment = try store.current(paymentID, tenant: tenant).payment
        guard payment.status == .processing else { return }
        let outcome: Cashier.Outcome
        switch await cashier.state(of: payment.charge.key) {
        case .charged(let reference):
            outcome = .charged(reference: reference, attempts: payment.attempts)
        case .notCharged: outcome = .refused(.interrupted, attempts: payment.attempts)
        case .unknown: return
        }
        do {
            _ = try await conclude(paymentID, outcome, tenant: tenant, claim: nil)
        } catch is Failure {
            // What became of it is written; who asks will be told.
        }
    }
}

// MARK: - One at a time

extension Checkout {
    /// Runs `body` once nobody else works on the payment.
    func afterOthers<Value>(
        on paymentID: String, _ body: () async throws -> Value
    ) async throws -> Value {
        while !takes(paymentID) { try await Task.sleep(for: .milliseconds(20)) }
        defer { leave(paymentID) }
        return try await body()
    }

    /// Runs `body` unless somebody else works on the payment; nil if so.
    @discardableResult
    func unlessOthers<Value>(
        on paymentID: String, _ body: () async throws -> Value
    ) async throws -> Value? {
        guard takes(paymentID) else { return nil }
        defer { leave(paymentID) }
        return try await body()
    }

    private func takes(_ paymentID: String) -> Bool {
        working.withLock { $0.insert(paymentID).inserted }
    }

    private func leave(_ paymentID: String) {
        _ = working.withLock { $0.remove(paymentID) }
    }
}
