import SQLite

/// The rows of complaints.
struct ComplaintStore: Sendable {
    private let database: Database

    /// The complaints of a database.
    init(database: Database) {
        self.database = database
    }

    /// The complaint with a number, nil if the tenant has none.
    func find(_ id: Int, tenant: Tenant) throws -> Complaint? {
        try database.read { connection in
            try connection.first(
                """
                SELECT \(ComplaintStore.columns) FROM complaints
                WHERE tenant_id = \(tenant.name) AND complaint_id = \(id)
                """, Complaint.init)
        }
    }

    /// All complaints about an order, newest change first.
    func list(about order: Order.ID, tenant: Tenant) throws -> [Complaint] {
        try database.read { connection in
            try connection.all(
                """
                SELECT \(ComplaintStore.columns) FROM complaints
                WHERE tenant_id = \(tenant.name) AND order_number = \(order.text)
                ORDER BY updated_at DESC, complaint_id DESC
                """, Complaint.init)
        }
    }

    /// The complaints that meet all criteria but the order, newest change first; `email` limits
    /// them to one customer's orders.
    func search(
        _ search: ComplaintSearch, tenant: Tenant, email: String?, excluding staged: [Int]
    ) throws -> ComplaintMatches {
        let condition = ComplaintStore.condition(search, tenant, email, staged)
        let limit = ComplaintSearch.limit
        return try database.read { connection in
            var complaints = try connection.all(
                ComplaintStore.latest(limit + 1, where: condition), Complaint.init)
            guard complaints.count > limit else {
                return ComplaintMatches(count: complaints.count, complaints: complaints)
            }
            complaints.removeLast()
            let count = try connection.first(
                "SELECT count(*) FROM complaints WHERE \(condition)"
            ) { try $0.integer(0) }
            return ComplaintMatches(count: count ?? 0, complaints: complaints)
        }
    }

    /// The complaints that changed last and meet a condition.
    static func latest(_ limit: Int, where condition: SQL) -> SQL {
        """
        SELECT \(columns) FROM complaints WHERE \(condition)
        ORDER BY updated_at DESC, complaint_id DESC LIMIT \(limit)
        """
    }

    /// The criteria of a search as a condition; never without the tenant.
    static func condition(
        _ search: ComplaintSearch, _ tenant: Tenant, _ email: String?, _ staged: [Int]
    ) -> SQL {
        var terms: [SQL] = ["tenant_id = \(tenant.name)"]
        if let status = search.status { terms.append("status = \(status.rawValue)") }
        if !search.includesArchived { terms.append("is_archived = 0") }
        if let name = search.customerName {
            terms.append("customer_key LIKE \(name.searchPattern) ESCAPE '\\'")
        }
        if let title = search.title {
            terms.append("title_key LIKE \(title.searchPattern) ESCAPE '\\'")
        }
        if let email {
            terms.append(
                """
                order_number IN (
                    SELECT order_id FROM orders
                    WHERE tenant_id = \(tenant.name)
                        AND lower(customer_email) = \(email.lowercasedASCII))
                """)
        }
        if !staged.isEmpty { terms.append("complaint_id NOT IN (\(list: staged))") }
        return terms.joined(by: " AND ")
    }
}

// MARK: - Writing

extension ComplaintStore {
    /// Adds a complaint's row.
    static func insert(
        _ complaint: Complaint, _ origin: Origin, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO complaints (
                tenant_id, complaint_id, title, title_key, description, customer_name,
                customer_key, order_number, priority, status, remarks, is_archived,
                resolution_date, version, session_id, request_id, created_at, updated_at)
            VALUES (
                \(origin.tenant.name), \(complaint.id), \(complaint.title),
                \(complaint.title.folded), \(complaint.description), \(complaint.customerName),
                \(complaint.customerName.folded), \(complaint.orderID.text),
                \(complaint.priority.rawValue), \(complaint.status.rawValue),
                \(complaint.remarks), \(complaint.isArchived), \(complaint.resolutionDate), 1,
                \(origin.sessionID), \(origin.requestID), \(complaint.createdAt),
                \(complaint.updatedAt))
            """)
    }

    /// Writes what can change of a complaint; throws `turn_conflict` unless its row still has the
    /// version `base`.
    static func update(
        _ complaint: Complaint, from base: Int, _ origin: Origin,
        in connection: borrowing Connection
    ) throws {
        let changed = try connection.execute(
            """
            UPDATE complaints SET
                title = \(complaint.title), title_key = \(complaint.title.folded),
                description = \(complaint.description), priority = \(complaint.priority.rawValue),
                status = \(complaint.status.rawValue), remarks = \(complaint.remarks),
                is_archived = \(complaint.isArchived),
                resolution_date = \(complaint.resolutionDate), version = version + 1,
                request_id = \(origin.requestID), updated_at = \(complaint.updatedAt)
            WHERE tenant_id = \(origin.tenant.name) AND complaint_id = \(complaint.id)
                AND version = \(base)
            """)
        guard changed == 1 else { throw Failure.turnConflict("Complaint \(complaint.id)") }
    }
}

extension ComplaintStore {
    /// Writes every column of a complaint anew.
    static func replace(
        _ complaint: Complaint, _ origin: Origin, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE complaints SET
                title = \(complaint.title), title_key = \(complaint.title.folded),
                description = \(complaint.description),
                customer_name = \(complaint.customerName),
                customer_key = \(complaint.customerName.folded),
                order_number = \(complaint.orderID.text),
                priority = \(complaint.priority.rawValue), status = \(complaint.status.rawValue),
                remarks = \(complaint.remarks), is_archived = \(complaint.isArchived),
                resolution_date = \(complaint.resolutionDate), version = version + 1,
                session_id = \(origin.sessionID), request_id = \(origin.requestID),
                created_at = \(complaint.createdAt), updated_at = \(complaint.updatedAt)
            WHERE tenant_id = \(origin.tenant.name) AND complaint_id = \(complaint.id)
            """)
    }
}

// MARK: - Rows

extension ComplaintStore {
    /// The columns in the order in which `Complaint(row:)` reads them.
    static let columns: SQL = """
        complaint_id, title, description, customer_name, order_number, priority, status, remarks, \
        is_archived, resolution_date, version, created_at, updated_at
        """
}

extension Complaint {
    fileprivate init(row: borrowing Row) throws {
        id = try row.integer(0)
        title = try row.text(1)
        description = try row.text(2)
        customerName = try row.text(3)
        orderID = Order.ID(parsing: try row.text(4)) ?? Order.ID(number: 0)
        priority = try row.word(5)
        status = try row.word(6)
        remarks = try row.textOrNil(7)
        isArchived = try row.flag(8)
        resolutionDate = try row.textOrNil(9)
        version = try row.integer(10)
        createdAt = try row.text(11)
        updatedAt = try row.text(12)
    }
}
