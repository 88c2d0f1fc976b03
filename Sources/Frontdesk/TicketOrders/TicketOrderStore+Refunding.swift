import JSON
import SQLite

/// What a caller gives an order's money back for.
struct RefundWish: Sendable {
    /// Why, nil if nobody says.
    let reason: String?
    let requestID: String
    let claim: IdempotencyClaim?
}

extension TicketOrderStore {
    /// The payment that can be given back. Throws 404, 403, and 409 unless the order is completed
    /// and its ticket is still upgraded.
    func refundable(
        _ orderID: String, by caller: Caller, tenant: Tenant
    ) async throws -> String {
        // What nobody has paid in time is cancelled by now.
        _ = try await require(orderID, by: caller, tenant: tenant)
        let now = clock.now()
        return try database.read { connection in
            try refundable(orderID, by: caller, tenant: tenant, at: now, in: connection)
                .payment.id
        }
    }

    /// An order whose money the provider may be asked to give back.
    struct OpenedRefund: Sendable {
        let due: PaidOrder
        /// Whether the provider may have done it already, for an earlier request that never
        /// learned what came of it.
        let mayBeDone: Bool
    }

    /// Notes that an order's money goes back, before the provider is asked. Throws as
    /// `refundable` does.
    func openRefund(
        _ orderID: String, _ wish: RefundWish, by caller: Caller, tenant: Tenant
    ) async throws -> OpenedRefund {
        try await database.write { connection in
            let now = clock.now()
            let due = try refundable(orderID, by: caller, tenant: tenant, at: now, in: connection)
            let id = due.payment.id
            let earlier = try OpenRefundStore.find(id, tenant: tenant, in: connection)
            let refund = OpenRefund(
                paymentID: id, reason: wish.reason, requestID: wish.requestID)
            try OpenRefundStore.put(refund, tenant: tenant, at: now, in: connection)
            try wish.claim?.reserve(payment: id, at: now, in: connection)
            return OpenedRefund(due: due, mayBeDone: earlier != nil)
        }
    }

    /// Notes that a completed order was given back: order, payment, ticket and mail at once.
    func completeRefund(
        _ paymentID: String, tenant: Tenant, claim: IdempotencyClaim?
    ) async throws -> PaidOrder {
        try await database.write { connection in
            let now = clock.now()
            var paid = try load(paymentID, tenant: tenant, at: now, in: connection)
            let open = try OpenRefundStore.find(paymentID, tenant: tenant, in: connection)
            guard let open else { throw MissingRow(of: paymentID) }
            let order = paid.order
            paid.order.status = .refunded
            paid.order.refundReason = open.reason
            paid.order.refundedAt = now
            paid.order.updatedAt = now
            paid.payment.status = .refunded
            paid.payment.refundedAt = now
            paid.payment.updatedAt = now
            // The money is back, whatever has become of the ticket in this moment.
            if paid.ticket.status == .upgraded { paid.ticket.restore(from: order, at: now) }
            try write(paid, tenant: tenant, in: connection)
            try OpenRefundStore.remove(paymentID, tenant: tenant, in: connection)
            let customer = try customer(of: order, tenant: tenant, in: connection)
            let envelope = TicketOrderMail.Envelope(
                tenant: tenant, customer: customer, requestID: open.requestID, now: now)
            try EmailStore.insert(mail.refunded(paid, envelope), in: connection)
            try keep(paid, for: claim, at: now, in: connection)
            return paid
        }
    }

    /// Notes that the provider gave nothing back: everything is as if nobody had asked.
    func dropRefund(
        _ paymentID: String, tenant: Tenant, claim: IdempotencyClaim?
    ) async throws {
        try await database.write { connection in
            try OpenRefundStore.remove(paymentID, tenant: tenant, in: connection)
            try claim?.remove(in: connection)
        }
    }

    /// The payments of all tenants that are to be given back, oldest wish first.
    func openRefunds() throws -> [(tenant: Tenant, paymentID: String)] {
        try database.read { connection in
            try connection.all(
                "SELECT tenant_id, payment_id FROM open_refunds ORDER BY created_at"
            ) { (Tenant(unchecked: try $0.text(0)), try $0.text(1)) }
        }
    }

    private func refundable(
        _ orderID: String, by caller: Caller, tenant: Tenant, at now: Timestamp,
        in connection: borrowing Connection
    ) throws -> PaidOrder {
        let order = try Self.require(orderID, by: caller, tenant: tenant, in: connection)
        guard order.status == .completed, let id = order.paymentID else {
            throw Failure.illegal("refunded", order)
        }
        let paid = try load(order, id, tenant: tenant, at: now, in: connection)
        guard paid.ticket.status == .upgraded else { throw Failure.illegal("refunded", order) }
        return paid
    }
}

extension Ticket {
    fileprivate mutating func restore(from order: TicketOrder, at now: Timestamp) {
        status = .active
        type = order.originalType
        if order.movesTicket { eventDay = order.originalEventDay }
        upgradeTier = nil
        updatedAt = now.text
    }
}
