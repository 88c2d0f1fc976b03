import JSON
import SQLite

/// What a caller pays an order with.
struct PaymentWish: Sendable {
    /// The id that the payment gets.
    let paymentID: String
    /// Who moves the money.
    let provider: String
    /// What to pay with from now on; nil keeps the order's method.
    let method: PaymentMethod?
    let requestID: String
    let claim: IdempotencyClaim?
}

extension TicketOrderStore {
    /// What came of the wish to pay an order.
    enum Beginning: Sendable {
        /// Order and payment are `processing`: the money can be taken.
        case begun(PaidOrder)
        /// It was paid before.
        case paid(PaidOrder)
        /// It cannot be paid.
        case refused(Failure)
    }

    /// Begins a payment of an order, before any money moves.
    func begin(
        _ orderID: String, _ wish: PaymentWish, by caller: Caller, tenant: Tenant
    ) async throws -> Beginning {
        try await database.write { connection in
            let now = clock.now()
            let found = try Self.require(orderID, by: caller, tenant: tenant, in: connection)
            var order = try lapse(found, tenant: tenant, in: connection)
            if order.status == .completed, let id = order.paymentID {
                let paid = try load(order, id, tenant: tenant, at: now, in: connection)
                try keep(paid, for: wish.claim, at: now, in: connection)
                return .paid(paid)
            }
            if let failure = order.whyUnpayable(at: now) { return .refused(failure) }
            let ticket = try ticket(of: order, tenant: tenant, at: now, in: connection)
            if let failure = whyUnpayable(order, ticket, at: now) { return .refused(failure) }
            try lapseHolder(of: ticket.id, tenant: tenant, at: now, in: connection)
            order.status = .processing
            order.method = wish.method ?? order.method
            order.failureReason = nil
            order.updatedAt = now
            let payment = Payment(
                id: wish.paymentID, orderID: order.id, provider: wish.provider,
                method: order.method, amountCents: order.price.upgradeCents,
                currency: order.price.currency, status: .processing, attempts: 1,
                requestID: wish.requestID, createdAt: now, updatedAt: now)
            try PaymentStore.insert(payment, tenant: tenant, in: connection)
            try Self.update(order, tenant: tenant, in: connection)
            try wish.claim?.reserve(payment: payment.id, at: now, in: connection)
            return .begun(PaidOrder(order: order, payment: payment, ticket: ticket))
        }
    }

    /// What came of a charge that was made.
    enum Completion: Sendable {
        /// The order is completed, or was before.
        case completed(PaidOrder)
        /// The order or the ticket is no longer what was paid for: the money goes back.
        case unwanted(PaidOrder, Failure)
    }

    /// Completes an order whose charge was made: order, payment, ticket and mail at once.
    func complete(
        _ paymentID: String, reference: String, attempts: Int, tenant: Tenant,
        claim: IdempotencyClaim?
    ) async throws -> Completion {
        try await database.write { connection in
            let now = clock.now()
            var paid = try load(paymentID, tenant: tenant, at: now, in: connection)
            if paid.payment.status == .completed { return .completed(paid) }
            if let failure = whyUnwanted(paid, at: now) { return .unwanted(paid, failure) }
            paid.payment.markCharged(reference, attempts: attempts, at: now)
            paid.order.status = .completed
            paid.order.paymentID = paid.payment.id
            paid.order.completedAt = now
            paid.order.updatedAt = now
            paid.ticket.upgrade(by: paid.order, at: now)
            try write(paid, tenant: tenant, in: connection)
            let envelope = try envelope(of: paid, tenant: tenant, at: now, in: connection)
            for email in mail.completed(paid, envelope) {
                try EmailStore.insert(email, in: connection)
            }
            try keep(paid, for: claim, at: now, in: connection)
            return .completed(paid)
        }
    }

    /// Notes that a charge was given back whose order or ticket was no longer what was paid for.
    func writeOff(
        _ paymentID: String, reference: String, attempts: Int, because failure: Failure,
        tenant: Tenant
    ) async throws -> PaidOrder {
        try await database.write { connection in
            let now = clock.now()
            var paid = try load(paymentID, tenant: tenant, at: now, in: connection)
            guard paid.payment.status == .processing else { return paid }
            paid.payment.markCharged(reference, attempts: attempts, at: now)
            paid.payment.status = .refunded
            paid.payment.refundedAt = now
            if paid.order.status == .processing {
                paid.order.status = .failed
                paid.order.failureReason = failure.code.word
                paid.order.updatedAt = now
            }
            try write(paid, tenant: tenant, in: connection)
            let envelope = try envelope(of: paid, tenant: tenant, at: now, in: connection)
            try EmailStore.insert(mail.refunded(paid, envelope), in: connection)
            return paid
        }
    }

    /// Notes that nothing was charged.
    func fail(
        _ paymentID: String, because reason: PaymentFailure, attempts: Int, tenant: Tenant,
        claim: IdempotencyClaim?
    ) async throws -> PaidOrder {
        try await database.write { connection in
            let now = clock.now()
            var paid = try load(paymentID, tenant: tenant, at: now, in: connection)
            guard paid.payment.status == .processing else { return paid }
            paid.payment.status = .failed
            paid.payment.failureReason = reason
            paid.payment.isRetryable = reason.isRetryable
            paid.payment.attempts = attempts
            paid.payment.updatedAt = now
            // Who has cancelled the order in the meantime waits for no payment any more.
            if paid.order.status == .processing {
                paid.order.status = .failed
                paid.order.failureReason = reason.rawValue
                paid.order.updatedAt = now
                let envelope = try envelope(of: paid, tenant: tenant, at: now, in: connection)
                try EmailStore.insert(mail.failed(paid, envelope), in: connection)
            }
            try write(paid, tenant: tenant, in: connection)
            let failure = Failure.payment(paid.payment, of: paid.order)
            try claim?.store(failure, at: now, in: connection)
            return paid
        }
    }

    /// Notes that the provider cannot tell yet whether it charged.
    func doubt(
        _ paymentID: String, attempts: Int, tenant: Tenant, claim: IdempotencyClaim?
    ) async throws -> PaidOrder {
        try await database.write { connection in
            let now = clock.now()
            var paid = try load(paymentID, tenant: tenant, at: now, in: connection)
            guard paid.payment.status == .processing else { return paid }
            paid.payment.attempts = attempts
            paid.payment.updatedAt = now
            try PaymentStore.update(paid.payment, tenant: tenant, in: connection)
            let failure = Failure.payment(paid.payment, of: paid.order)
            try claim?.store(failure, at: now, in: connection)
            return paid
        }
    }

    /// The payments of all tenants whose outcome is not known, oldest first.
    func unsettled() throws -> [(tenant: Tenant, paymentID: String)] {
        try database.read { connection in
            try connection.all(
                """
                SELECT tenant_id, payment_id FROM payments WHERE status = 'processing'
                ORDER BY created_at
                """
            ) { (Tenant(unchecked: try $0.text(0)), try $0.text(1)) }
        }
    }
}

extension Payment {
    fileprivate mutating func markCharged(
        _ reference: String, attempts: Int, at now: Timestamp
    ) {
        status = .completed
        self.reference = reference
        self.attempts = attempts
        completedAt = now
        updatedAt = now
    }
}

extension Ticket {
    fileprivate mutating func upgrade(by order: TicketOrder, at now: Timestamp) {
        status = .upgraded
        upgradeTier = order.price.tier
        type = order.newType
        // A ticket whose day has changed since stays there, unless its customer asked for another.
        if order.movesTicket { eventDay = order.price.eventDay }
        openOrderID = nil
        updatedAt = now.text
    }
}
