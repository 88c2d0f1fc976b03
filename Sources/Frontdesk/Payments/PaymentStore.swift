import SQLite

/// The rows of payments, within the transactions of the orders that they pay for.
enum PaymentStore {
    /// The payment with an id, nil if the tenant has none.
    static func find(
        _ id: String, tenant: Tenant, in connection: borrowing Connection
    ) throws -> Payment? {
        try connection.first(
            """
            SELECT \(columns) FROM payments
            WHERE tenant_id = \(tenant.name) AND payment_id = \(id)
            """, Payment.init)
    }

    /// Adds a payment's row.
    static func insert(
        _ payment: Payment, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO payments (
                tenant_id, payment_id, order_id, provider, method, amount_cents, currency, status,
                failure_reason, retryable, attempts, reference, request_id, created_at,
                updated_at, completed_at, refunded_at)
            VALUES (
                \(tenant.name), \(payment.id), \(payment.orderID), \(payment.provider),
                \(payment.method.rawValue), \(payment.amountCents), \(payment.currency),
                \(payment.status.rawValue), \(payment.failureReason?.rawValue),
                \(payment.isRetryable), \(payment.attempts), \(payment.reference),
                \(payment.requestID), \(payment.createdAt), \(payment.updatedAt),
                \(payment.completedAt), \(payment.refundedAt))
            """)
    }

    /// Writes what can change of a payment.
    static func update(
        _ payment: Payment, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE payments SET
                status = \(payment.status.rawValue),
                failure_reason = \(payment.failureReason?.rawValue),
                retryable = \(payment.isRetryable), attempts = \(payment.attempts),
                reference = \(payment.reference), updated_at = \(payment.updatedAt),
                completed_at = \(payment.completedAt), refunded_at = \(payment.refundedAt)
            WHERE tenant_id = \(tenant.name) AND payment_id = \(payment.id)
            """)
    }

    private static let columns: SQL = """
        payment_id, order_id, provider, method, amount_cents, currency, status, failure_reason,
        retryable, attempts, reference, request_id, created_at, updated_at, completed_at,
        refunded_at
        """
}

extension Payment {
    fileprivate init(_ row: borrowing Row) throws {
        id = try row.text(0)
        orderID = try row.text(1)
        provider = try row.text(2)
        method = try row.choice(3)
        amountCents = try row.integer(4)
        currency = try row.text(5)
        status = try row.choice(6)
        failureReason = try row.isNull(7) ? nil : row.choice(7)
        isRetryable = try row.flag(8)
        attempts = try row.integer(9)
        reference = try row.textOrNil(10)
        requestID = try row.text(11)
        createdAt = try row.timestamp(12)
        updatedAt = try row.timestamp(13)
        completedAt = try row.timestampOrNil(14)
        refundedAt = try row.timestampOrNil(15)
    }
}
