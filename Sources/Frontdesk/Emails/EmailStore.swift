import JSON
import SQLite

/// The rows of the outbox.
struct EmailStore: Sendable {
    private let database: Database

    /// The outbox of a database.
    init(database: Database) {
        self.database = database
    }

    /// The message with an id, nil if the tenant has none.
    func find(_ id: String, tenant: Tenant) throws -> Email? {
        try database.read { connection in
            try connection.first(
                """
                SELECT \(EmailStore.columns) FROM emails
                WHERE tenant_id = \(tenant.name) AND email_id = \(id)
                """, Email.init)
        }
    }

    /// How many messages of all tenants stand where.
    func counts() throws -> [Email.State: Int] {
        let rows = try database.read { connection in
            try connection.all("SELECT state, COUNT(*) FROM emails GROUP BY state") {
                (Email.State(rawValue: try $0.text(0)), try $0.integer(1))
            }
        }
        return rows.reduce(into: [:]) { counts, row in
            if let state = row.0 { counts[state] = row.1 }
        }
    }

    /// Writes a message; false, and nothing is written, if its kind has told of the same before.
    ///
    /// A queued message is due at once.
    @discardableResult
    static func insert(_ email: Email, in connection: borrowing Connection) throws -> Bool {
        let due = email.state == .queued ? email.createdAt : nil
        return try connection.execute(
            """
            INSERT INTO emails (
                email_id, tenant_id, kind, about, recipients, cc, bcc, subject, body, is_html,
                attachments, state, attempts, next_attempt_at, session_id, request_id, created_at)
            VALUES (
                \(email.id), \(email.tenant.name), \(email.kind), \(email.about),
                \(email.recipients.json.text), \(email.cc.json.text), \(email.bcc.json.text),
                \(email.subject), \(email.body), \(email.isHTML), \(email.attachments.json.text),
                \(email.state.rawValue), \(email.attempts), \(due), \(email.sessionID),
                \(email.requestID), \(email.createdAt))
            ON CONFLICT (tenant_id, kind, about) DO NOTHING
            """) > 0
    }
}

// MARK: - Releasing

extension EmailStore {
    /// Rows that one write changes.
    private static let slice = 500

    /// Makes held messages due at once, of one tenant or of all, and returns how many they were.
    func release(tenant: Tenant?, at now: Timestamp) async throws -> Int {
        var total = 0
        for tenant in try tenant.map({ [$0] }) ?? tenantsWithHeld() {
            var released = 0
            repeat {
                released = try await database.write { connection in
                    try EmailStore.release(tenant: tenant, at: now, in: connection)
                }
                total += released
            } while released == EmailStore.slice
        }
        return total
    }

    /// Makes up to 500 held messages of a tenant due at once and returns how many they were.
    private static func release(
        tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws -> Int {
        try connection.execute(
            """
            UPDATE emails SET state = 'queued', next_attempt_at = \(now)
            WHERE email_id IN (
                SELECT email_id FROM emails
                WHERE tenant_id = \(tenant.name) AND state = 'held' LIMIT \(slice))
            """)
    }

    private func tenantsWithHeld() throws -> [Tenant] {
        try database.read { connection in
            try connection.all("SELECT DISTINCT tenant_id FROM emails WHERE state = 'held'") {
                Tenant(unchecked: try $0.text(0))
            }
        }
    }
}

// MARK: - Sending

extension EmailStore {
    /// A message that is being sent, and until when nobody else may send it.
    struct Lease: Sendable {
        /// The message as it is now.
        let email: Email
        /// When the message is due again unless its outcome was written by then.
        let until: Timestamp
    }

    /// Whether a message is due.
    func isAnyDue(at now: Timestamp) throws -> Bool {
        try database.read { connection in
            try EmailStore.nextDue(at: now, in: connection) != nil
        }
    }

    /// Takes the message that is due longest, nil if none is.
    func lease(at now: Timestamp, until: Timestamp) async throws -> Lease? {
        try await database.write { connection in
            while let id = try EmailStore.nextDue(at: now, in: connection) {
                do {
                    let email = try connection.first(
                        """
                        UPDATE emails SET state = 'sending', attempts = attempts + 1,
                            lease_until = \(until), next_attempt_at = \(until)
                        WHERE email_id = \(id) RETURNING \(EmailStore.columns)
                        """, Email.init)
                    return email.map { Lease(email: $0, until: until) }
                } catch is UnreadableEmail {
                    // A row that was spoilt by hand must not keep all others from being sent.
                    try connection.execute(
                        """
                        UPDATE emails SET state = 'failed', lease_until = NULL,
                            next_attempt_at = NULL, last_error = 'the row cannot be read'
                        WHERE email_id = \(id)
                        """)
                }
            }
            return nil
        }
    }

    /// Writes that the server has taken the message; false if the lease was lost.
    func markSent(_ lease: Lease, at now: Timestamp) async throws -> Bool {
        try await finish(
            lease,
            "state = 'sent', sent_at = \(now), next_attempt_at = NULL, last_error = NULL")
    }

    /// Writes that the message is given up; false if the lease was lost.
    func markFailed(_ lease: Lease, error: String) async throws -> Bool {
        try await finish(
            lease, "state = 'failed', next_attempt_at = NULL, last_error = \(error.shortened)")
    }

    /// Writes when to try again; false if the lease was lost.
    func retry(_ lease: Lease, at next: Timestamp, error: String) async throws -> Bool {
        try await finish(
            lease,
            "state = 'queued', next_attempt_at = \(next), last_error = \(error.shortened)")
    }

    private func finish(_ lease: Lease, _ assignments: SQL) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE emails SET \(assignments), lease_until = NULL
                WHERE email_id = \(lease.email.id) AND state = 'sending'
                    AND lease_until = \(lease.until)
                """) > 0
        }
    }

    private static func nextDue(
        at now: Timestamp, in connection: borrowing Connection
    ) throws -> String? {
        try connection.first(dueQuery(at: now)) { try $0.text(0) }
    }

    /// The message that is due longest.
    static func dueQuery(at now: Timestamp) -> SQL {
        """
        SELECT email_id FROM emails
        WHERE state IN ('queued', 'sending') AND next_attempt_at <= \(now)
        ORDER BY next_attempt_at LIMIT 1
        """
    }
}

extension String {
    /// The beginning of a text that a server may have made long.
    fileprivate var shortened: String { String(prefix(500)) }
}
