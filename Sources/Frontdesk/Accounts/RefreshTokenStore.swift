import SQLite

/// Refresh tokens in the database: each works once and yields the next of its family.
struct RefreshTokenStore: Sendable {
    let database: Database

    /// A token as it is kept.
    struct Entry: Sendable {
        let tenant: Tenant
        let userID: String
        let familyID: String
        let expiresAt: Timestamp
        let familyExpiresAt: Timestamp
        let isUsed: Bool
        let isRevoked: Bool
    }

    /// The token of a hash, whoever's it is.
    static func find(_ hash: String, in connection: borrowing Connection) throws -> Entry? {
        try connection.first(
            """
            SELECT tenant_id, user_id, family_id, expires_at, family_expires_at,
                   used_at IS NOT NULL, revoked_at IS NOT NULL
            FROM refresh_tokens WHERE token_hash = \(hash)
            """
        ) { row in
            Entry(
                tenant: Tenant(unchecked: try row.text(0)), userID: try row.text(1),
                familyID: try row.text(2), expiresAt: try row.timestamp(3),
                familyExpiresAt: try row.timestamp(4), isUsed: try row.flag(5),
                isRevoked: try row.flag(6))
        }
    }

    /// Adds a token to its family.
    static func insert(
        _ hash: String, of user: User, family: String, expiresAt: Timestamp,
        familyExpiresAt: Timestamp, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO refresh_tokens
                (tenant_id, token_hash, user_id, family_id, expires_at, family_expires_at,
                 created_at, updated_at)
            VALUES
                (\(user.tenant.name), \(hash), \(user.id), \(family), \(expiresAt),
                 \(familyExpiresAt), \(now), \(now))
            """)
    }

    /// Notes that a token has yielded the next.
    static func use(
        _ hash: String, of tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE refresh_tokens SET used_at = \(now), updated_at = \(now)
            WHERE tenant_id = \(tenant.name) AND token_hash = \(hash)
            """)
    }

    /// Ends a family; its access tokens die with it.
    static func revoke(
        family: String, of tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE refresh_tokens SET revoked_at = \(now), updated_at = \(now)
            WHERE tenant_id = \(tenant.name) AND family_id = \(family) AND revoked_at IS NULL
            """)
    }

    /// Ends every family of a user.
    static func revokeAll(
        of userID: String, _ tenant: Tenant, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE refresh_tokens SET revoked_at = \(now), updated_at = \(now)
            WHERE tenant_id = \(tenant.name) AND user_id = \(userID) AND revoked_at IS NULL
            """)
    }

    /// Removes at most `limit` tokens of families that ended before `instant`.
    func removeBatch(endedBefore instant: Timestamp, atMost limit: Int) async throws -> Int {
        try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM refresh_tokens WHERE token_hash IN (
                    SELECT token_hash FROM refresh_tokens
                    WHERE family_expires_at < \(instant) ORDER BY family_expires_at
                    LIMIT \(limit))
                """)
        }
    }

    /// How many tokens are of families that ended before `instant`.
    func count(endedBefore instant: Timestamp) throws -> Int {
        try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM refresh_tokens WHERE family_expires_at < \(instant)"
            ) { try $0.integer(0) } ?? 0
        }
    }
}
