import SQLite

/// The rows of customers.
struct CustomerStore: Sendable {
    private let database: Database

    /// The customers of a database.
    init(database: Database) {
        self.database = database
    }

    /// The customer with an id, nil if the tenant has none.
    func find(_ id: String, tenant: Tenant) throws -> Customer? {
        try database.read { try Self.find(id, tenant: tenant, in: $0) }
    }

    /// The customer with an address for mail, nil if the tenant has none.
    func find(email: String, tenant: Tenant) throws -> Customer? {
        try database.read { try Self.find(email: email, tenant: tenant, in: $0) }
    }

    /// The customer with an id. Throws `customer_not_found`.
    func require(_ id: String, tenant: Tenant) throws -> Customer {
        guard let customer = try find(id, tenant: tenant) else {
            throw Failure.noCustomer(id, of: tenant)
        }
        return customer
    }

    /// Adds a customer, and what `also` writes, at once. Throws `customer_exists`.
    func insert(
        _ customer: Customer, tenant: Tenant,
        also: @escaping @Sendable (borrowing Connection) throws -> Void
    ) async throws {
        try await database.write { connection in
            try Self.refuseTaken(customer, tenant: tenant, in: connection)
            try Self.insert(customer, tenant: tenant, in: connection)
            try also(connection)
        }
    }
}

// MARK: - In a transaction

extension CustomerStore {
    /// The customer with an id, nil if the tenant has none.
    static func find(
        _ id: String, tenant: Tenant, in connection: borrowing Connection
    ) throws -> Customer? {
        try connection.first(
            """
            SELECT \(columns) FROM customers
            WHERE tenant_id = \(tenant.name) AND customer_id = \(id)
            """, Customer.init)
    }

    /// The customer with an address for mail in lower case, nil if the tenant has none.
    static func find(
        email: String, tenant: Tenant, in connection: borrowing Connection
    ) throws -> Customer? {
        try connection.first(
            """
            SELECT \(columns) FROM customers
            WHERE tenant_id = \(tenant.name) AND email = \(email)
            """, Customer.init)
    }

    /// The customer with a subject at an outside issuer, nil if the tenant has none.
    static func find(
        subject: String, tenant: Tenant, in connection: borrowing Connection
    ) throws -> Customer? {
        try connection.first(
            """
            SELECT \(columns) FROM customers
            WHERE tenant_id = \(tenant.name) AND auth_subject = \(subject)
            """, Customer.init)
    }

    /// Adds a customer's row.
    static func insert(
        _ customer: Customer, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO customers (
                tenant_id, customer_id, email, first_name, last_name, phone, auth_subject,
                created_at, updated_at)
            VALUES (
                \(tenant.name), \(customer.id), \(customer.email), \(customer.firstName),
                \(customer.lastName), \(customer.phone), \(customer.authSubject),
                \(customer.createdAt), \(customer.updatedAt))
            """)
    }

    /// Writes what can change of a customer.
    static func update(
        _ customer: Customer, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE customers SET
                email = \(customer.email), first_name = \(customer.firstName),
                last_name = \(customer.lastName), phone = \(customer.phone),
                auth_subject = \(customer.authSubject), updated_at = \(customer.updatedAt)
            WHERE tenant_id = \(tenant.name) AND customer_id = \(customer.id)
            """)
    }

    private static func refuseTaken(
        _ customer: Customer, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        let taken = try connection.first(
            """
            SELECT customer_id = \(customer.id), email = \(customer.email) FROM customers
            WHERE tenant_id = \(tenant.name) AND (
                customer_id = \(customer.id) OR email = \(customer.email)
                OR auth_subject = \(customer.authSubject))
            LIMIT 1
            """
        ) { row in
            try row.integer(0) == 1
                ? "id '\(customer.id)'"
                : try row.integer(1) == 1 ? "e-mail address '\(customer.email)'" : "auth_subject"
        }
        guard let taken else { return }
        throw Failure(.customerExists, "Another customer has this \(taken) already.")
    }

    private static let columns: SQL = """
        customer_id, email, first_name, last_name, phone, auth_subject, created_at, updated_at
        """
}

extension Customer {
    fileprivate init(row: borrowing Row) throws {
        id = try row.text(0)
        email = try row.text(1)
        firstName = try row.text(2)
        lastName = try row.text(3)
        phone = try row.textOrNil(4)
        authSubject = try row.textOrNil(5)
        createdAt = try row.text(6)
        updatedAt = try row.text(7)
    }
}
