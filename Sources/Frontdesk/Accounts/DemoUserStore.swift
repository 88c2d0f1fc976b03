import SQLite

/// The users of the demo data (tickets.md, section 11); everybody knows their password.
struct DemoUserStore {
    /// A user of the demo data.
    private struct Demo {
        let number: Int
        let email: String
        let role: Caller.Role
        var customerID: String?

        /// The customer of a number, as a user.
        static func customer(_ number: Int, _ name: String) -> Demo {
            Demo(
                number: number, email: "\(name)@example.com", role: .customer,
                customerID: "cus_demo000000000000000\(number)")
        }

        var id: String { "usr_demo000000000000000\(number)" }
    }

    private static let all: [Demo] = [
        .customer(1, "sarah.johnson"), .customer(2, "michael.chen"), .customer(3, "emma.oneil"),
        .customer(4, "jose.garcia"), .customer(5, "priya.patel"),
        Demo(number: 6, email: "agent@example.com", role: .agent),
        Demo(number: 7, email: "admin@example.com", role: .admin),
    ]

    /// The hash of `frontdesk-demo-1`: no secret, and the same in every database.
    private static let hash =
        "$y$j9T$ztEgcNNfaNOyGTO8uG7uh.$XQSqwtLeZ.80nRUivcsH24xXTwKqhCfL3fC0vSgiLbA"

    /// Adds the demo users that are missing, where their customers are there; with `reset` those
    /// that exist are restored. Returns how many rows it wrote.
    static func load(
        of tenant: Tenant, at now: Timestamp, in connection: borrowing Connection, reset: Bool
    ) throws -> Int {
        var count = 0
        for user in all {
            if let customer = user.customerID,
                try !UserStore.hasCustomer(customer, of: tenant, in: connection)
            {
                continue
            }
            if reset { count += try restore(user, of: tenant, at: now, in: connection) }
            count += try insert(user, of: tenant, at: now, in: connection)
        }
        return count
    }

    private static func insert(
        _ user: Demo, of tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Int {
        try connection.execute(
            """
            INSERT INTO users
                (tenant_id, user_id, email, password_hash, role, customer_id, is_demo,
                 created_at, updated_at)
            VALUES
                (\(tenant.name), \(user.id), \(user.email), \(hash), \(user.role.rawValue),
                 \(user.customerID), 1, \(now), \(now))
            ON CONFLICT DO NOTHING
            """)
    }

    private static func restore(
        _ user: Demo, of tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Int {
        try connection.execute(
            """
            UPDATE users
            SET password_hash = \(hash), role = \(user.role.rawValue),
                customer_id = \(user.customerID), is_demo = 1, disabled_at = NULL,
                updated_at = \(now)
            WHERE tenant_id = \(tenant.name) AND user_id = \(user.id)
            """)
    }
}
