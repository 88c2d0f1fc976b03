import JSON
import SQLite

/// Sessions in the database: creating, finding and listing them.
struct SessionStore: Sendable {
    let database: Database
    let clock: Clock
    let ids: IDMaker
    let lifetime: SessionLifetime
    /// Rows removed in one write.
    let batch: Int
    /// Whether a turn of the session waits or runs, which keeps it from expiring.
    let isBusy: @Sendable (Session.Key) -> Bool
    private let border = BorderCounts()

    /// The counts around expiry, unless it is so near that writes under way may still change them.
    var settled: BorderCounts? { lifetime.ttl >= 3600 ? border : nil }

    /// Where a session stands.
    enum State {
        case active, expired
        /// Being removed: gone for every reader.
        case removing
    }

    /// The session, or the failure that a reader of it gets: 404 unknown, 403 somebody else's,
    /// 410 expired.
    func require(_ key: Session.Key, for visitor: SessionVisitor) throws -> Session {
        try database.read { connection in try require(key, for: visitor, in: connection) }
    }

    /// `require` within a transaction.
    func require(
        _ key: Session.Key, for visitor: SessionVisitor, in connection: borrowing Connection
    ) throws -> Session {
        guard let (session, state) = try find(key, in: connection), state != .removing else {
            throw Failure.sessionNotFound(key)
        }
        try visitor.check(session.subject)
        if state == .expired { throw Failure.sessionExpired(key) }
        return session
    }

    /// Throws 403 when the session is somebody else's, and returns whether there is one.
    @discardableResult
    func checkOwner(of key: Session.Key, for visitor: SessionVisitor) throws -> Bool {
        try database.read { connection in
            guard let (session, _) = try find(key, in: connection) else { return false }
            try visitor.check(session.subject)
            return true
        }
    }

    /// The session's row and where it stands, if there is one.
    func find(
        _ key: Session.Key, in connection: borrowing Connection
    ) throws -> (Session, State)? {
        let expiry = lifetime.expiry(at: clock.now())
        return try connection.first(
            """
            SELECT metadata, message_count, owner, created_at, last_activity,
                   removing_since IS NOT NULL, subject
            FROM sessions
            WHERE tenant_id = \(key.tenant.name) AND session_id = \(key.id)
            """
        ) { row in
            let session = Session(
                key: key, metadata: try row.text(0), messageCount: try row.integer(1),
                subject: try row.textOrNil(6), owner: try row.text(2),
                createdAt: try row.timestamp(3),
                lastActivity: try row.timestamp(4))
            if try row.flag(5) { return (session, .removing) }
            let isExpired = session.lastActivity < expiry && !isBusy(key)
            return (session, isExpired ? .expired : .active)
        }
    }

    /// Inserts a session; the caller has made sure that the key is free.
    static func insert(
        _ session: Session, requestID: String, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO sessions
                (tenant_id, session_id, subject, metadata, created_at, last_activity,
                 request_id)
            VALUES
                (\(session.key.tenant.name), \(session.key.id), \(session.subject),
                 \(session.metadata), \(session.createdAt), \(session.lastActivity), \(requestID))
            """)
        try SessionCounts.add(1, session.key.tenant, session.lastActivity, in: connection)
    }

    /// Stores a session's new number of messages, dialogue state and activity.
    static func update(
        _ session: Session, messageCount: Int, agentState: String?, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        let key = session.key
        try connection.execute(
            """
            UPDATE sessions
            SET message_count = \(messageCount), agent_state = \(agentState),
                last_activity = \(now)
            WHERE tenant_id = \(key.tenant.name) AND session_id = \(key.id)
            """)
        try SessionCounts.move(key.tenant, from: session.lastActivity, to: now, in: connection)
    }
}

// MARK: - Lists

extension SessionStore {
    /// The place in a list after which a page goes on.
    struct Cursor: Equatable, Sendable {
        let lastActivity: String
        let id: String
    }

    /// A part of a list with what a reader needs to know around it.
    struct Page: Sendable {
        /// The sessions as a JSON array, written straight from their rows.
        fileprivate(set) var sessions = JSONWriter(capacity: 8192)
        /// The place of the last session of a full page.
        fileprivate(set) var last: Cursor?
        /// Whether the list goes on.
        fileprivate(set) var hasMore = false
        /// How many sessions all pages hold.
        fileprivate(set) var total = 0
    }

    /// A page of the tenant's active sessions, newest activity first.
    func list(_ tenant: Tenant, limit: Int, after cursor: Cursor?) throws -> Page {
        let expiry = lifetime.expiry(at: clock.now())
        let newest = cursor?.lastActivity ?? "9999"
        let id = cursor?.id ?? ""
        return try database.read { connection in
            var page = try SessionStore.page(
                """
                SELECT session_id, message_count, created_at, last_activity
                FROM sessions
                WHERE tenant_id = \(tenant.name) AND last_activity >= \(expiry)
                  AND last_activity <= \(newest)
                  AND (last_activity < \(newest) OR session_id > \(id))
                  AND removing_since IS NULL
                ORDER BY last_activity DESC, session_id
                LIMIT \(limit + 1)
                """, limit: limit, in: connection)
            page.total = try SessionCounts.active(
                tenant, since: expiry, border: settled, in: connection)
            return page
        }
    }

    /// The same, `offset` sessions from the newest on; each names its tenant.
    func list(_ tenant: Tenant, limit: Int, offset: Int) throws -> Page {
        let expiry = lifetime.expiry(at: clock.now())
        return try database.read { connection in
            var page = try SessionStore.page(
                """
                SELECT session_id, message_count, created_at, last_activity
                FROM sessions
                WHERE tenant_id = \(tenant.name) AND last_activity >= \(expiry)
                  AND removing_since IS NULL
                ORDER BY last_activity DESC, session_id
                LIMIT \(limit) OFFSET \(offset)
                """, limit: limit, naming: tenant, in: connection)
            page.total = try SessionCounts.active(
                tenant, since: expiry, border: settled, in: connection)
            return page
        }
    }

    /// A page of the sessions that a caller created; `naming` is the tenant that each names.
    func list(
        _ tenant: Tenant, of subject: String, limit: Int, offset: Int = 0, after cursor: Cursor?,
        naming named: Tenant? = nil
    ) throws -> Page {
        let expiry = lifetime.expiry(at: clock.now())
        let newest = cursor?.lastActivity ?? "9999"
        return try database.read { connection in
            var page = try SessionStore.page(
                """
                SELECT session_id, message_count, created_at, last_activity
                FROM sessions
                WHERE tenant_id = \(tenant.name) AND subject = \(subject)
                  AND last_activity >= \(expiry) AND last_activity <= \(newest)
                  AND (last_activity < \(newest) OR session_id > \(cursor?.id ?? ""))
                  AND removing_since IS NULL
                ORDER BY last_activity DESC, session_id
                LIMIT \(limit + 1) OFFSET \(offset)
                """, limit: limit, naming: named, in: connection)
            page.total =
                try connection.first(
                    """
                    SELECT count(*) FROM sessions
                    WHERE tenant_id = \(tenant.name) AND subject = \(subject)
                      AND last_activity >= \(expiry) AND removing_since IS NULL
                    """
                ) { try $0.integer(0) } ?? 0
            return page
        }
    }

    /// Writes at most `limit` of the rows, texts copied without becoming strings between; one row
    /// beyond tells that there is more.
    private static func page(
        _ rows: SQL, limit: Int, naming tenant: Tenant? = nil, in connection: borrowing Connection
    ) throws -> Page {
        var page = Page()
        var count = 0
        try page.sessions.array { json in
            try connection.forEach(rows) { row in
                count += 1
                if count > limit { return }
                try json.object { try write(row, naming: tenant, to: &$0) }
                if count == limit {
                    page.last = Cursor(lastActivity: try row.text(3), id: try row.text(0))
                }
            }
        }
        page.hasMore = count > limit
        return page
    }

    /// Writes what a list tells of a session.
    private static func write(
        _ row: borrowing Row, naming tenant: Tenant?, to json: inout JSONWriter
    ) throws {
        try row.utf8(0) { json.field("session_id", utf8: $0) }
        if let tenant { json.field("tenant_id", tenant.name) }
        json.field("message_count", try row.integer(1))
        try row.utf8(2) { json.field("created_at", utf8: $0) }
        try row.utf8(3) { json.field("last_activity", utf8: $0) }
    }
}
