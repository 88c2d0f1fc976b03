import SQLite

/// A refund that a provider is asked for, until what came of it is written.
struct OpenRefund: Equatable, Sendable {
    /// The payment that took the money.
    let paymentID: String
    /// Why it is given back, nil if nobody said.
    let reason: String?
    /// The request that asked for it.
    let requestID: String
}

/// The rows of open refunds, within the transactions of the orders whose money goes back.
enum OpenRefundStore {
    /// The open refund of a payment, nil if there is none.
    static func find(
        _ paymentID: String, tenant: Tenant, in connection: borrowing Connection
    ) throws -> OpenRefund? {
        try connection.first(
            """
            SELECT payment_id, reason, request_id FROM open_refunds
            WHERE tenant_id = \(tenant.name) AND payment_id = \(paymentID)
            """
        ) { row in
            OpenRefund(
                paymentID: try row.text(0), reason: try row.textOrNil(1),
                requestID: try row.text(2))
        }
    }

    /// Adds a refund, or gives the one that is open already this reason and request.
    static func put(
        _ refund: OpenRefund, tenant: Tenant, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO open_refunds (tenant_id, payment_id, reason, request_id, created_at)
            VALUES (\(tenant.name), \(refund.paymentID), \(refund.reason), \(refund.requestID),
                \(now))
            ON CONFLICT (tenant_id, payment_id) DO UPDATE
            SET reason = excluded.reason, request_id = excluded.request_id
            """)
    }

    /// Takes away the open refund of a payment.
    static func remove(
        _ paymentID: String, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            DELETE FROM open_refunds
            WHERE tenant_id = \(tenant.name) AND payment_id = \(paymentID)
            """)
    }
}
