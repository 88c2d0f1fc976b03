import SQLite

/// Users in the database.
struct UserStore: Sendable {
    let database: Database

    private static let columns: SQL = """
        tenant_id, user_id, email, password_hash, role, customer_id, is_demo, disabled_at,
        last_login_at, created_at
        """

    /// The user of an e-mail address.
    func find(_ email: String, of tenant: Tenant) throws -> User? {
        try database.read { try Self.find(email, of: tenant, in: $0) }
    }

    /// `find` within a transaction.
    static func find(
        _ email: String, of tenant: Tenant, in connection: borrowing Connection
    ) throws -> User? {
        try connection.first(
            """
            SELECT \(columns) FROM users WHERE tenant_id = \(tenant.name) AND email = \(email)
            """, user)
    }

    /// The user of an id.
    static func find(
        id: String, of tenant: Tenant, in connection: borrowing Connection
    ) throws -> User? {
        try connection.first(
            """
            SELECT \(columns) FROM users WHERE tenant_id = \(tenant.name) AND user_id = \(id)
            """, user)
    }

    /// All users of the tenant by address.
    func list(_ tenant: Tenant) throws -> [User] {
        try database.read { connection in
            try connection.all(
                "SELECT \(Self.columns) FROM users WHERE tenant_id = \(tenant.name) ORDER BY email",
                Self.user)
        }
    }

    /// The user, when the sign-in of this family still holds.
    func find(id: String, of tenant: Tenant, family: String, at now: Timestamp) throws -> User? {
        try database.read { connection in
            let holds = try connection.first(
                """
                SELECT 1 FROM refresh_tokens
                WHERE tenant_id = \(tenant.name) AND family_id = \(family)
                  AND user_id = \(id) AND revoked_at IS NULL AND family_expires_at > \(now)
                """
            ) { _ in true }
            guard holds == true else { return nil }
            return try Self.find(id: id, of: tenant, in: connection)
        }
    }

    /// Adds a user and returns false when the tenant has one of this address.
    static func insert(_ user: User, in connection: borrowing Connection) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO users
                (tenant_id, user_id, email, password_hash, role, customer_id, is_demo,
                 created_at, updated_at)
            VALUES
                (\(user.tenant.name), \(user.id), \(user.email), \(user.passwordHash),
                 \(user.role.rawValue), \(user.customerID), \(user.isDemo ? 1 : 0),
                 \(user.createdAt), \(user.createdAt))
            ON CONFLICT (tenant_id, email) DO NOTHING
            """) == 1
    }

    /// Whether the tenant has this customer.
    static func hasCustomer(
        _ id: String, of tenant: Tenant, in connection: borrowing Connection
    ) throws -> Bool {
        try connection.first(
            """
            SELECT 1 FROM customers WHERE tenant_id = \(tenant.name) AND customer_id = \(id)
            """
        ) { _ in true } ?? false
    }

    /// The customer whom an outside issuer knows as `subject`.
    func customer(of subject: String, in tenant: Tenant) throws -> String? {
        try database.read { connection in
            try connection.first(
                """
                SELECT customer_id FROM customers
                WHERE tenant_id = \(tenant.name) AND auth_subject = \(subject)
                """
            ) { try $0.text(0) }
        }
    }

    /// The address that a customer's record holds.
    func email(ofCustomer id: String, in tenant: Tenant) throws -> String? {
        try database.read { try CustomerStore.find(id, tenant: tenant, in: $0)?.email }
    }

    private static func user(_ row: borrowing Row) throws -> User {
        User(
            tenant: Tenant(unchecked: try row.text(0)), id: try row.text(1),
            email: try row.text(2), passwordHash: try row.text(3), role: try row.choice(4),
            customerID: try row.textOrNil(5), isDemo: try row.flag(6),
            disabledAt: try row.timestampOrNil(7), lastLoginAt: try row.timestampOrNil(8),
            createdAt: try row.timestamp(9))
    }
}

// MARK: - Changes

extension UserStore {
    /// Disables a user, whose sign-ins end with it; returns false when there is none.
    func disable(_ email: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await database.write { connection in
            guard let user = try Self.find(email, of: tenant, in: connection) else { return false }
            try connection.execute(
                """
                UPDATE users SET disabled_at = coalesce(disabled_at, \(now)), updated_at = \(now)
                WHERE tenant_id = \(tenant.name) AND user_id = \(user.id)
                """)
            try RefreshTokenStore.revokeAll(of: user.id, tenant, at: now, in: connection)
            return true
        }
    }

    /// Gives a user another password, which ends all sign-ins; returns false when there is none.
    func setPassword(
        _ hash: String, of email: String, _ tenant: Tenant, at now: Timestamp
    ) async throws -> Bool {
        try await database.write { connection in
            guard let user = try Self.find(email, of: tenant, in: connection) else { return false }
            try connection.execute(
                """
                UPDATE users SET password_hash = \(hash), is_demo = 0, updated_at = \(now)
                WHERE tenant_id = \(tenant.name) AND user_id = \(user.id)
                """)
            try RefreshTokenStore.revokeAll(of: user.id, tenant, at: now, in: connection)
            return true
        }
    }

    /// Notes a sign-in, and the password's new hash where it was made anew.
    static func noteLogin(
        of user: User, newHash: String?, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE users
            SET last_login_at = \(now), updated_at = \(now),
                password_hash = coalesce(\(newHash), password_hash)
            WHERE tenant_id = \(user.tenant.name) AND user_id = \(user.id)
            """)
    }
}
