import SQLite

/// The rows of orders and of the steps on their way.
struct OrderStore: Sendable {
    private let database: Database

    /// The orders of a database.
    init(database: Database) {
        self.database = database
    }

    /// The order with a number, nil if the tenant has none.
    func find(_ id: Order.ID, tenant: Tenant) throws -> Order? {
        try database.read { connection in
            try connection.first(
                """
                SELECT \(OrderStore.columns) FROM orders
                WHERE tenant_id = \(tenant.name) AND order_id = \(id.text)
                """, Order.init)
        }
    }

    /// An order's steps, oldest first.
    func events(of id: Order.ID, tenant: Tenant) throws -> [OrderEvent] {
        try database.read { connection in
            try connection.all(
                """
                SELECT status, location, description, happened_at FROM order_events
                WHERE tenant_id = \(tenant.name) AND order_id = \(id.text)
                ORDER BY event_no
                """, OrderEvent.init)
        }
    }

    /// The orders that meet all criteria but the number, newest first; `email` limits them to one
    /// customer's.
    func search(
        _ search: OrderSearch, tenant: Tenant, email: String?, excluding staged: [Order.ID]
    ) throws -> OrderMatches {
        let condition = OrderStore.condition(search, tenant, email, staged)
        return try database.read { connection in
            // One more than shown tells whether the rest needs to be counted at all.
            var orders = try connection.all(
                OrderStore.newest(search.limit + 1, where: condition), Order.init)
            guard orders.count > search.limit else {
                return OrderMatches(count: orders.count, orders: orders)
            }
            orders.removeLast()
            let count = try connection.first("SELECT count(*) FROM orders WHERE \(condition)") {
                try $0.integer(0)
            }
            return OrderMatches(count: count ?? 0, orders: orders)
        }
    }

    /// The newest orders that meet a condition.
    static func newest(_ limit: Int, where condition: SQL) -> SQL {
        """
        SELECT \(columns) FROM orders WHERE \(condition)
        ORDER BY order_date DESC, number DESC LIMIT \(limit)
        """
    }

    /// The criteria of a search as a condition; never without the tenant.
    static func condition(
        _ search: OrderSearch, _ tenant: Tenant, _ email: String?, _ staged: [Order.ID]
    ) -> SQL {
        var terms: [SQL] = ["tenant_id = \(tenant.name)"]
        if let status = search.status { terms.append("status = \(status.rawValue)") }
        if let first = search.placedFrom { terms.append("order_date >= \(first)") }
        if let last = search.placedTo { terms.append("order_date <= \(last)") }
        if let email { terms.append("lower(customer_email) = \(email.lowercasedASCII)") }
        if let name = search.customerName {
            terms.append("customer_key LIKE \(name.searchPattern) ESCAPE '\\'")
        }
        if let sku = search.productSKU {
            terms.append("product_key LIKE \(sku.searchPattern) ESCAPE '\\'")
        }
        if let address = search.billingAddress {
            terms.append("address_key LIKE \(address.searchPattern) ESCAPE '\\'")
        }
        if !staged.isEmpty { terms.append("number NOT IN (\(list: staged.map(\.number)))") }
        return terms.joined(by: " AND ")
    }
}

// MARK: - Writing

extension OrderStore {
    /// Adds an order's row.
    static func insert(
        _ order: Order, _ origin: Origin, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO orders (
                tenant_id, order_id, number, order_date, customer_name, customer_key,
                customer_email, billing_address, address_key, product_sku, product_key, quantity,
                amount_cents, currency, remarks, status, status_since, carrier, tracking_number,
                estimated_delivery, version, session_id, request_id, created_at, updated_at)
            VALUES (
                \(origin.tenant.name), \(order.id.text), \(order.id.number), \(order.orderDate),
                \(order.customerName), \(order.customerName.folded), \(order.customerEmail),
                \(order.billingAddress), \(order.billingAddress.folded), \(order.productSKU),
                \(order.productSKU.folded), \(order.quantity), \(order.amountCents),
                \(order.currency), \(order.remarks), \(order.status.rawValue),
                \(order.statusSince), \(order.carrier), \(order.trackingNumber),
                \(order.estimatedDelivery), 1, \(origin.sessionID), \(origin.requestID),
                \(order.createdAt), \(order.updatedAt))
            """)
    }

    /// Writes what can change of an order; throws `turn_conflict` unless its row still has the
    /// version `base`.
    static func update(
        _ order: Order, from base: Int, _ origin: Origin, in connection: borrowing Connection
    ) throws {
        let changed = try connection.execute(
            """
            UPDATE orders SET
                billing_address = \(order.billingAddress),
                address_key = \(order.billingAddress.folded), remarks = \(order.remarks),
                status = \(order.status.rawValue), status_since = \(order.statusSince),
                carrier = \(order.carrier), tracking_number = \(order.trackingNumber),
                estimated_delivery = \(order.estimatedDelivery), version = version + 1,
                request_id = \(origin.requestID), updated_at = \(order.updatedAt)
            WHERE tenant_id = \(origin.tenant.name) AND order_id = \(order.id.text)
                AND version = \(base)
            """)
        guard changed == 1 else { throw Failure.turnConflict("Order \(order.id.text)") }
    }

    /// Writes every column of an order anew and takes its steps away.
    static func replace(
        _ order: Order, _ origin: Origin, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE orders SET
                order_date = \(order.orderDate), customer_name = \(order.customerName),
                customer_key = \(order.customerName.folded),
                customer_email = \(order.customerEmail),
                billing_address = \(order.billingAddress),
                address_key = \(order.billingAddress.folded), product_sku = \(order.productSKU),
                product_key = \(order.productSKU.folded), quantity = \(order.quantity),
                amount_cents = \(order.amountCents), currency = \(order.currency),
                remarks = \(order.remarks), status = \(order.status.rawValue),
                status_since = \(order.statusSince), carrier = \(order.carrier),
                tracking_number = \(order.trackingNumber),
                estimated_delivery = \(order.estimatedDelivery), version = version + 1,
                session_id = \(origin.sessionID), request_id = \(origin.requestID),
                created_at = \(order.createdAt), updated_at = \(order.updatedAt)
            WHERE tenant_id = \(origin.tenant.name) AND order_id = \(order.id.text)
            """)
        try connection.execute(
            """
            DELETE FROM order_events
            WHERE tenant_id = \(origin.tenant.name) AND order_id = \(order.id.text)
            """)
    }

    /// Adds a step behind an order's others.
    static func insert(
        _ event: OrderEvent, of id: Order.ID, _ origin: Origin,
        in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO order_events (
                tenant_id, order_id, event_no, status, location, description, happened_at,
                request_id)
            SELECT \(origin.tenant.name), \(id.text), COALESCE(MAX(event_no), 0) + 1,
                \(event.status.rawValue), \(event.location), \(event.description),
                \(event.happenedAt), \(origin.requestID)
            FROM order_events
            WHERE tenant_id = \(origin.tenant.name) AND order_id = \(id.text)
            """)
    }
}

// MARK: - Rows

extension OrderStore {
    /// The columns in the order in which `Order(row:)` reads them.
    static let columns: SQL = """
        number, order_date, customer_name, customer_email, billing_address, product_sku, quantity, \
        amount_cents, currency, remarks, status, status_since, carrier, tracking_number, \
        estimated_delivery, version, created_at, updated_at
        """
}

extension Order {
    fileprivate init(row: borrowing Row) throws {
        id = ID(number: try row.integer(0))
        orderDate = try row.text(1)
        customerName = try row.text(2)
        customerEmail = try row.textOrNil(3)
        billingAddress = try row.text(4)
        productSKU = try row.text(5)
        quantity = try row.integer(6)
        amountCents = try row.integer(7)
        currency = try row.text(8)
        remarks = try row.textOrNil(9)
        status = try row.word(10)
        statusSince = try row.text(11)
        carrier = try row.textOrNil(12)
        trackingNumber = try row.textOrNil(13)
        estimatedDelivery = try row.textOrNil(14)
        version = try row.integer(15)
        createdAt = try row.text(16)
        updatedAt = try row.text(17)
    }
}

extension OrderEvent {
    fileprivate init(row: borrowing Row) throws {
        status = try row.word(0)
        location = try row.textOrNil(1)
        description = try row.text(2)
        happenedAt = try row.text(3)
    }
}

extension Row {
    /// A word of a closed list, which the table's constraint holds too.
    func word<Word: RawRepresentable<String>>(_ column: Int) throws -> Word {
        let text = try text(column)
        guard let word = Word(rawValue: text) else {
            throw Failure(.internal, "A row holds the unknown word '\(text)'.")
        }
        return word
    }
}
