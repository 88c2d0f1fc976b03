import SQLite

/// The secrets of webhooks: one at a time for each mapping, and those that were replaced lately.
struct WebhookSecretStore: Sendable {
    let database: Database
    let clock: Clock

    /// Seconds for which a replaced secret still signs.
    static let grace = 86_400.0
    /// How many replaced secrets sign at most, however often somebody replaces them.
    static let replaced = 4

    /// What a rotation gives.
    struct Rotation: Sendable {
        /// The secret from now on.
        let secret: WebhookSecret
        /// Until when the one before signs as well.
        let previousValidUntil: Timestamp
    }

    /// The secrets to sign with now, the present one first.
    func find(_ key: Mapping.Key) throws -> [WebhookSecret] {
        let now = clock.now()
        return try database.read { connection in
            try connection.all(
                """
                SELECT secret FROM webhook_secrets
                WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
                  AND (valid_until IS NULL OR valid_until > \(now))
                ORDER BY valid_until IS NOT NULL, valid_until DESC
                """
            ) { WebhookSecret(text: try $0.text(0)) }
        }
    }

    /// The secret that the last change of a mapping gave it, nil when it gave none.
    func made(by mapping: Mapping) throws -> WebhookSecret? {
        try database.read { connection in
            try connection.first(
                """
                SELECT secret FROM webhook_secrets
                WHERE tenant_id = \(mapping.key.tenant.name)
                  AND ai_agent_address = \(mapping.key.address)
                  AND created_at = \(mapping.updatedAt)
                """
            ) { WebhookSecret(text: try $0.text(0)) }
        }
    }

    /// Follows a change of a mapping: a new webhook gets a secret, and what was one loses its own.
    static func follow(_ change: MappingChange, in connection: borrowing Connection) throws {
        let (before, after) = (change.before, change.after)
        guard before.destinationType != after.destinationType else { return }
        if after.destinationType == .httpWebhook {
            try insert(.make(), for: after.key, at: after.updatedAt, in: connection)
        } else if before.destinationType == .httpWebhook {
            try delete(after.key, in: connection)
        }
    }

    /// Gives a mapping that has become a webhook its secret, and forgets any it had before.
    static func insert(
        _ secret: WebhookSecret, for key: Mapping.Key, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        try delete(key, in: connection)
        try connection.execute(
            """
            INSERT INTO webhook_secrets (tenant_id, ai_agent_address, secret, created_at)
            VALUES (\(key.tenant.name), \(key.address), \(secret.text), \(now))
            """)
    }

    /// Forgets the secrets of a mapping that is no webhook any more.
    static func delete(_ key: Mapping.Key, in connection: borrowing Connection) throws {
        try connection.execute(
            """
            DELETE FROM webhook_secrets
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
            """)
    }

    /// Replaces the secret of a webhook; the one before signs on for a day.
    ///
    /// Throws 404 when there is no such mapping, and 409 when it is no webhook.
    func rotate(
        _ key: Mapping.Key,
        record: @escaping @Sendable (Rotation, borrowing Connection) throws -> Void = { _, _ in }
    ) async throws -> Rotation {
        let secret = WebhookSecret.make()
        return try await database.write { connection in
            let mapping = try MappingStore.require(key, in: connection)
            guard mapping.destinationType == .httpWebhook else { throw Failure.notAWebhook(key) }
            let now = clock.now()
            let rotation = Rotation(
                secret: secret, previousValidUntil: now.adding(seconds: Self.grace))
            try Self.retire(key, until: rotation.previousValidUntil, at: now, in: connection)
            try connection.execute(
                """
                INSERT INTO webhook_secrets (tenant_id, ai_agent_address, secret, created_at)
                VALUES (\(key.tenant.name), \(key.address), \(secret.text), \(now))
                """)
            try record(rotation, connection)
            return rotation
        }
    }

    /// Marks the present secret as replaced, and removes those that sign no more.
    private static func retire(
        _ key: Mapping.Key, until: Timestamp, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE webhook_secrets SET valid_until = \(until)
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND valid_until IS NULL
            """)
        try connection.execute(
            """
            DELETE FROM webhook_secrets
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND (valid_until <= \(now) OR secret NOT IN (
                SELECT secret FROM webhook_secrets
                WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
                ORDER BY valid_until DESC LIMIT \(replaced)))
            """)
    }
}

extension Failure {
    /// 409: only a webhook has a secret.
    static func notAWebhook(_ key: Mapping.Key) -> Failure {
        Failure(
            .notAWebhook,
            "Agent '\(key.address)' is no webhook, so there is no secret to replace.")
    }
}

extension Failure.Code {
    static let notAWebhook = Failure.Code(
        word: "not_a_webhook", status: 409, title: "Conflict")
}
