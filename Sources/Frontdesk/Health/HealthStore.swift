import SQLite

/// What agents said of their health, and what follows from it for their mappings.
struct HealthStore: Sendable {
    let mappings: MappingStore
    let ids: IDMaker
    let rules: HealthRules

    private var database: Database { mappings.database }
    private var clock: Clock { mappings.clock }

    /// Stores a report with what follows from it and returns the time it tells of.
    ///
    /// Throws 404 for an unknown agent and 400 for a report from the future.
    func record(
        _ report: HealthReport, by author: MappingAuthor,
        finish: @escaping @Sendable (Timestamp, borrowing Connection) throws -> Void
    ) async throws -> Timestamp {
        let (instant, change) = try await database.write { connection in
            let mapping = try MappingStore.require(report.key, in: connection)
            let check = try check(report)
            try HealthStore.insert(check, report.key, author.requestID ?? "", in: connection)
            let change = try follow(check, mapping, by: author, in: connection)
            try finish(check.reportedAt, connection)
            return (check.reportedAt, change)
        }
        if let change { mappings.announce(change) }
        return instant
    }

    private func check(_ report: HealthReport) throws -> HealthCheck {
        let now = clock.now()
        let reportedAt = report.reportedAt ?? now
        guard reportedAt <= now.adding(seconds: HealthRules.tolerance) else {
            throw Failure.invalid("timestamp", "must not be more than 5 minutes in the future")
        }
        return HealthCheck(
            id: ids.make("hc"), status: report.status, details: report.details,
            reportedAt: reportedAt, receivedAt: now)
    }

    private func follow(
        _ check: HealthCheck, _ before: Mapping, by author: MappingAuthor,
        in connection: borrowing Connection
    ) throws -> MappingChange? {
        var mapping = before
        mapping.healthChecks += 1
        mapping.lastHeardAt = check.receivedAt
        if let newest = before.lastHealthCheckAt, check.reportedAt < newest {
            // It tells of the past: the record of the agent stays what it is.
            try connection.execute(
                """
                UPDATE agent_inboxes
                SET health_checks = \(mapping.healthChecks),
                    last_heard_at = \(mapping.lastHeardAt)
                WHERE tenant_id = \(mapping.key.tenant.name)
                  AND ai_agent_address = \(mapping.key.address)
                """)
            return nil
        }
        mapping.note(check.status, at: check.reportedAt, rules)
        return try mappings.save(mapping, by: author, in: connection)
    }

    private static func insert(
        _ check: HealthCheck, _ key: Mapping.Key, _ requestID: String,
        in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO agent_health_checks
                (health_check_id, tenant_id, ai_agent_address, status, details, reported_at,
                 received_at, request_id)
            VALUES
                (\(check.id), \(key.tenant.name), \(key.address), \(check.status.rawValue),
                 \(check.details), \(check.reportedAt), \(check.receivedAt), \(requestID))
            """)
    }
}

// MARK: - Reading

extension HealthStore {
    /// The place in a list after which a page goes on.
    struct Cursor: Sendable, Equatable {
        let reportedAt: String
        let receivedAt: String
        let id: String
    }

    /// A page of an agent's reports.
    struct Page: Sendable {
        let checks: [HealthCheck]
        /// How many reports are kept.
        let total: Int
        let uptime: Uptime
    }

    /// A page of an agent's reports, newest first, with its uptime. Throws 404.
    func list(_ key: Mapping.Key, limit: Int, after cursor: Cursor?) throws -> Page {
        let now = clock.now()
        return try database.read { connection in
            let mapping = try MappingStore.require(key, in: connection)
            let (reported, received, id) = (
                cursor?.reportedAt ?? "9999", cursor?.receivedAt ?? "", cursor?.id ?? ""
            )
            let checks = try connection.all(
                """
                SELECT health_check_id, status, details, reported_at, received_at
                FROM agent_health_checks
                WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
                  AND (reported_at, received_at, health_check_id)
                      < (\(reported), \(received), \(id))
                ORDER BY reported_at DESC, received_at DESC, health_check_id DESC
                LIMIT \(limit)
                """
            ) { row in
                HealthCheck(
                    id: try row.text(0), status: try row.choice(1),
                    details: try row.textOrNil(2), reportedAt: try row.timestamp(3),
                    receivedAt: try row.timestamp(4))
            }
            let points = try HealthStore.points(key, until: now, in: connection)
            return Page(
                checks: checks, total: mapping.healthChecks,
                uptime: Uptime(points, now: now, staleAfter: rules.staleAfter))
        }
    }

    /// What was reported within the longest span of uptime, oldest first, after the one report
    /// before it that tells how the span began.
    private static func points(
        _ key: Mapping.Key, until now: Timestamp, in connection: borrowing Connection
    ) throws -> [Uptime.Point] {
        let start = now.adding(seconds: -Uptime.longest)
        let within = try connection.all(
            """
            SELECT reported_at, received_at, status FROM agent_health_checks
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND reported_at > \(start) AND reported_at <= \(now)
            ORDER BY reported_at DESC, received_at DESC, health_check_id DESC
            """, point)
        let before = try connection.first(
            """
            SELECT reported_at, received_at, status FROM agent_health_checks
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND reported_at <= \(start)
            ORDER BY reported_at DESC, received_at DESC, health_check_id DESC
            LIMIT 1
            """, point)
        return [before].compactMap { $0 } + within.reversed()
    }

    private static func point(_ row: borrowing Row) throws -> Uptime.Point {
        Uptime.Point(
            reportedAt: try row.timestamp(0), receivedAt: try row.timestamp(1),
            isHealthy: try row.text(2) == HealthCheck.Status.healthy.rawValue)
    }
}
