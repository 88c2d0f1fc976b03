import SQLite

/// Totals of sessions by ten minutes of last activity, so that no list counts rows.
///
/// Of the ten minutes in which the border between active and expired falls only one second is
/// counted row by row; everything newer or older is a sum over at most 144 small rows a day.
enum SessionCounts {
    /// Active and expired sessions of a tenant.
    struct Totals: Sendable {
        var active = 0
        var expired = 0
    }

    /// The ten minutes of an instant: `2026-02-20T10:3`.
    static func span(of instant: Timestamp) -> String {
        String(instant.text.prefix(15))
    }

    /// Counts sessions in (or out, when negative) at their last activity.
    static func add(
        _ amount: Int, _ tenant: Tenant, _ lastActivity: Timestamp,
        in connection: borrowing Connection
    ) throws {
        let span = span(of: lastActivity)
        try connection.execute(
            """
            INSERT INTO session_counts (tenant_id, active_in, sessions)
            VALUES (\(tenant.name), \(span), \(amount))
            ON CONFLICT (tenant_id, active_in)
            DO UPDATE SET sessions = session_counts.sessions + excluded.sessions
            """)
        if amount < 0 {
            try connection.execute(
                """
                DELETE FROM session_counts
                WHERE tenant_id = \(tenant.name) AND active_in = \(span) AND sessions = 0
                """)
        }
    }

    /// Counts one session from its former to its new activity; free within ten minutes.
    static func move(
        _ tenant: Tenant, from before: Timestamp, to after: Timestamp,
        in connection: borrowing Connection
    ) throws {
        guard before.tenMinutes != after.tenMinutes else { return }
        try add(-1, tenant, before, in: connection)
        try add(1, tenant, after, in: connection)
    }

    /// How many sessions of the tenant were active at `expiry` or later. Without `border` the rows
    /// of the ten minutes around it are counted: they may still change.
    static func active(
        _ tenant: Tenant, since expiry: Timestamp, border: BorderCounts?,
        in connection: borrowing Connection
    ) throws -> Int {
        let span = span(of: expiry)
        let sums = try connection.first(
            """
            SELECT coalesce(sum(CASE WHEN active_in > \(span) THEN sessions END), 0),
                   coalesce(sum(CASE WHEN active_in = \(span) THEN sessions END), 0)
            FROM session_counts
            WHERE tenant_id = \(tenant.name) AND active_in >= \(span)
            """
        ) { (newer: try $0.integer(0), around: try $0.integer(1)) }
        guard let sums, sums.around > 0 else { return sums?.newer ?? 0 }
        guard let border, sums.around > BorderCounts.few else {
            return try sums.newer + rows(tenant, from: expiry, to: span + "~", in: connection)
        }
        let spread =
            try border.spread(of: tenant, in: span, total: sums.around)
            ?? countSeconds(tenant, span, in: connection)
        border.keep(spread, of: tenant)
        let second = expiry.text.prefix(19)
        guard let place = BorderCounts.Spread.place(of: String(second.suffix(4))) else {
            return sums.newer
        }
        return try sums.newer + spread.since[place + 1]
            + rows(tenant, from: expiry, to: second + "~", in: connection)
    }

    /// Counts sessions last active from an instant up to, without, a text.
    private static func rows(
        _ tenant: Tenant, from start: Timestamp, to end: String, in connection: borrowing Connection
    ) throws -> Int {
        try connection.first(
            """
            SELECT count(*) FROM sessions
            WHERE tenant_id = \(tenant.name) AND last_activity >= \(start)
              AND last_activity < \(end) AND removing_since IS NULL
            """
        ) { try $0.integer(0) } ?? 0
    }

    /// Counts the sessions of ten minutes by second.
    private static func countSeconds(
        _ tenant: Tenant, _ span: String, in connection: borrowing Connection
    ) throws -> BorderCounts.Spread {
        let seconds = try connection.all(
            """
            SELECT substr(last_activity, 16, 4), count(*) FROM sessions
            WHERE tenant_id = \(tenant.name) AND last_activity >= \(span)
              AND last_activity < \(span + "~") AND removing_since IS NULL
            GROUP BY 1
            """
        ) { (second: try $0.text(0), sessions: try $0.integer(1)) }
        return BorderCounts.Spread(span: span, seconds: seconds)
    }

    /// Active and expired sessions by tenant; of one tenant when `only` names it.
    static func totals(
        only: Tenant?, since expiry: Timestamp, border: BorderCounts?,
        in connection: borrowing Connection
    ) throws -> [String: Totals] {
        let sums = try connection.all(
            """
            SELECT tenant_id, sum(sessions) FROM session_counts
            WHERE (\(only?.name) IS NULL OR tenant_id = \(only?.name))
            GROUP BY tenant_id
            """
        ) { (try $0.text(0), try $0.integer(1)) }
        var totals: [String: Totals] = [:]
        for (name, all) in sums where all > 0 {
            let active = try active(
                Tenant(unchecked: name), since: expiry, border: border, in: connection)
            totals[name] = Totals(active: active, expired: all - active)
        }
        return totals
    }
}
