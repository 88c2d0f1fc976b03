import JSON
import SQLite

/// Programs' keys in the database.
struct APIKeyStore: Sendable {
    let database: Database

    private static let columns: SQL = """
        tenant_id, key_id, name, prefix, scopes, expires_at, last_used_at, revoked_at, created_at
        """

    /// The key with this hash, whatever has become of it.
    func find(hash: String) throws -> APIKey? {
        try database.read { connection in
            try connection.first(
                "SELECT \(Self.columns) FROM api_keys WHERE key_hash = \(hash)", Self.key)
        }
    }

    /// All keys of the tenant, the oldest first.
    func list(_ tenant: Tenant) throws -> [APIKey] {
        try database.read { connection in
            try connection.all(
                """
                SELECT \(Self.columns) FROM api_keys
                WHERE tenant_id = \(tenant.name) ORDER BY created_at, key_id
                """, Self.key)
        }
    }

    /// Adds a key and returns false when the tenant has one of this name.
    func insert(_ key: APIKey, hash: String) async throws -> Bool {
        let scopes = JSONValue.array(key.scopes.map { .string($0.rawValue) }).text
        return try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO api_keys
                    (tenant_id, key_id, name, prefix, key_hash, scopes, expires_at, created_at,
                     updated_at)
                VALUES
                    (\(key.tenant.name), \(key.id), \(key.name), \(key.prefix), \(hash),
                     \(scopes), \(key.expiresAt), \(key.createdAt), \(key.createdAt))
                ON CONFLICT (tenant_id, name) DO NOTHING
                """) == 1
        }
    }

    /// Revokes a key and returns false when the tenant has none of this id.
    func revoke(_ id: String, of tenant: Tenant, at now: Timestamp) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE api_keys SET revoked_at = coalesce(revoked_at, \(now)), updated_at = \(now)
                WHERE tenant_id = \(tenant.name) AND key_id = \(id)
                """) == 1
        }
    }

    /// Notes when a key was last used.
    func touch(_ key: APIKey, at now: Timestamp) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE api_keys SET last_used_at = \(now), updated_at = \(now)
                WHERE tenant_id = \(key.tenant.name) AND key_id = \(key.id)
                """)
        }
    }

    private static func key(_ row: borrowing Row) throws -> APIKey {
        let scopes = try JSONValue(parsing: try row.text(4)).array ?? []
        return APIKey(
            tenant: Tenant(unchecked: try row.text(0)), id: try row.text(1),
            name: try row.text(2), prefix: try row.text(3),
            scopes: scopes.compactMap { $0.string.flatMap(Scope.init) },
            expiresAt: try row.timestampOrNil(5), lastUsedAt: try row.timestampOrNil(6),
            revokedAt: try row.timestampOrNil(7), createdAt: try row.timestamp(8))
    }
}
