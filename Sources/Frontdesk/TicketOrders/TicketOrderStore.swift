import SQLite

/// The rows of ticket orders; every change of an order is one transaction of this store, with the
/// ticket, the payment, the mail and the stored answer that belong to it.
struct TicketOrderStore: Sendable {
    let database: Database
    let clock: Clock
    let ids: IDMaker
    let pricing: Pricing
    let mail: TicketOrderMail
    /// Where confirmation codes come from.
    var random: @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }

    /// The order with an id, as it is now. Throws `order_not_found`, and `not_owner` where it is
    /// another customer's than the caller.
    func require(_ id: String, by caller: Caller, tenant: Tenant) async throws -> TicketOrder {
        let order = try database.read { connection in
            try Self.require(id, by: caller, tenant: tenant, in: connection)
        }
        guard order.isDue(at: clock.now()) else { return order }
        return try await database.write { connection in
            let order = try Self.require(id, by: caller, tenant: tenant, in: connection)
            return try lapse(order, tenant: tenant, in: connection)
        }
    }

    /// Which orders a list shows.
    struct Filter: Sendable {
        var status: TicketOrder.Status?
        var customerID: String?
        var ticketID: String?
    }

    /// A page of orders, newest first, and how many there are in all.
    func list(
        _ filter: Filter, limit: Int, offset: Int, tenant: Tenant
    ) async throws -> (orders: [TicketOrder], total: Int) {
        try await lapseDue(of: tenant)
        var condition: SQL = "o.tenant_id = \(tenant.name)"
        if let status = filter.status {
            condition = condition + " AND o.status = \(status.rawValue)"
        }
        if let id = filter.customerID { condition = condition + " AND o.customer_id = \(id)" }
        if let id = filter.ticketID { condition = condition + " AND o.ticket_id = \(id)" }
        return try database.read { [condition] connection in
            let orders = try connection.all(
                """
                SELECT \(Self.columns) FROM \(Self.rows) WHERE \(condition)
                ORDER BY o.created_at DESC, o.order_id LIMIT \(limit) OFFSET \(offset)
                """, TicketOrder.init)
            let total = try connection.first(
                "SELECT count(*) FROM ticket_orders AS o WHERE \(condition)"
            ) { try $0.integer(0) }
            return (orders, total ?? 0)
        }
    }

    /// How many orders of all tenants stand where.
    func counts() throws -> [TicketOrder.Status: Int] {
        let rows = try database.read { connection in
            try connection.all("SELECT status, count(*) FROM ticket_orders GROUP BY status") {
                (try $0.choice(0, TicketOrder.Status.self), try $0.integer(1))
            }
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}

// MARK: - In a transaction

extension TicketOrderStore {
    /// The order with an id, nil if the tenant has none.
    static func find(
        _ id: String, tenant: Tenant, in connection: borrowing Connection
    ) throws -> TicketOrder? {
        try connection.first(
            """
            SELECT \(columns) FROM \(rows)
            WHERE o.tenant_id = \(tenant.name) AND o.order_id = \(id)
            """, TicketOrder.init)
    }

    /// The order with an id. Throws `order_not_found`, and `not_owner` where it is another
    /// customer's than the caller.
    static func require(
        _ id: String, by caller: Caller, tenant: Tenant, in connection: borrowing Connection
    ) throws -> TicketOrder {
        guard let order = try find(id, tenant: tenant, in: connection) else {
            throw Failure.noOrder(id, of: tenant)
        }
        guard caller.owns(order.customerID) else { throw Failure.notOwner("order") }
        return order
    }

    /// Adds an order's row.
    static func insert(
        _ order: TicketOrder, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        let price = order.price
        try connection.execute(
            """
            INSERT INTO ticket_orders (
                tenant_id, order_id, ticket_id, customer_id, quote_id, original_type, new_type,
                original_event_date, upgrade_tier, event_date, category, factor_bp, base_cents,
                upgrade_cents, original_cents, total_cents, currency, payment_method, status,
                confirmation_code, payment_id, failure_reason, cancel_reason, refund_reason,
                request_id, expires_at, completed_at, cancelled_at, refunded_at, created_at,
                updated_at)
            VALUES (
                \(tenant.name), \(order.id), \(order.ticketID), \(order.customerID),
                \(order.quoteID), \(order.originalType.rawValue), \(order.newType.rawValue),
                \(order.originalEventDay.text), \(price.tier.rawValue), \(price.eventDay.text),
                \(price.category.rawValue), \(price.factor.tenThousandths), \(price.baseCents),
                \(price.upgradeCents), \(price.originalCents), \(price.totalCents),
                \(price.currency), \(order.method.rawValue), \(order.status.rawValue),
                \(order.confirmationCode), \(order.paymentID), \(order.failureReason),
                \(order.cancelReason), \(order.refundReason), \(order.requestID),
                \(order.expiresAt), \(order.completedAt), \(order.cancelledAt),
                \(order.refundedAt), \(order.createdAt), \(order.updatedAt))
            """)
    }

    /// Writes what can change of an order.
    static func update(
        _ order: TicketOrder, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE ticket_orders SET
                payment_method = \(order.method.rawValue), status = \(order.status.rawValue),
                payment_id = \(order.paymentID), failure_reason = \(order.failureReason),
                cancel_reason = \(order.cancelReason), refund_reason = \(order.refundReason),
                completed_at = \(order.completedAt), cancelled_at = \(order.cancelledAt),
                refunded_at = \(order.refundedAt), updated_at = \(order.updatedAt)
            WHERE tenant_id = \(tenant.name) AND order_id = \(order.id)
            """)
    }

    static let rows: SQL = """
        ticket_orders AS o JOIN tickets AS t
            ON t.tenant_id = o.tenant_id AND t.ticket_id = o.ticket_id
        """

    static let columns: SQL = """
        o.order_id, o.ticket_id, t.ticket_number, o.customer_id, o.quote_id, o.original_type,
        o.new_type, o.original_event_date, o.upgrade_tier, o.event_date, o.category, o.factor_bp,
        o.base_cents, o.upgrade_cents, o.original_cents, o.total_cents, o.currency,
        o.payment_method, o.status, o.confirmation_code, o.payment_id, o.failure_reason,
        o.cancel_reason, o.refund_reason, o.request_id, o.expires_at, o.created_at, o.updated_at,
        o.completed_at, o.cancelled_at, o.refunded_at
        """
}

extension TicketOrder {
    /// Reads a row of `TicketOrderStore.columns`.
    init(_ row: borrowing Row) throws {
        self.init(
            id: try row.text(0), ticketID: try row.text(1), ticketNumber: try row.text(2),
            customerID: try row.text(3), quoteID: try row.textOrNil(4),
            originalType: try row.choice(5), newType: try row.choice(6),
            originalEventDay: try row.day(7), price: try Price(row), method: try row.choice(17),
            status: try row.choice(18), confirmationCode: try row.text(19),
            paymentID: try row.textOrNil(20), failureReason: try row.textOrNil(21),
            cancelReason: try row.textOrNil(22), refundReason: try row.textOrNil(23),
            requestID: try row.text(24), expiresAt: try row.timestamp(25),
            createdAt: try row.timestamp(26), updatedAt: try row.timestamp(27),
            completedAt: try row.timestampOrNil(28), cancelledAt: try row.timestampOrNil(29),
            refundedAt: try row.timestampOrNil(30))
    }

    /// Whether it waits for a payment that comes too late.
    func isDue(at now: Timestamp) -> Bool { status == .pending && expiresAt <= now }
}

extension TicketOrder.Price {
    fileprivate init(_ row: borrowing Row) throws {
        self.init(
            tier: try row.choice(8), eventDay: try row.day(9), category: try row.choice(10),
            factor: Factor(tenThousandths: try row.integer(11)), baseCents: try row.integer(12),
            upgradeCents: try row.integer(13), originalCents: try row.integer(14),
            totalCents: try row.integer(15), currency: try row.text(16))
    }
}
