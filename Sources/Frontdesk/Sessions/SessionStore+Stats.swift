import JSON
import SQLite

/// What `GET /api/v1/sessions/stats` tells.
struct SessionStats: JSONWritable, Sendable {
    /// Active and expired sessions by tenant.
    let tenants: [String: SessionCounts.Totals]
    /// The least and the greatest `created_at`; nil without a session.
    let oldest: String?
    let newest: String?

    /// Writes the totals as the route answers them.
    func write(to writer: inout JSONWriter) {
        let active = tenants.values.reduce(0) { $0 + $1.active }
        let expired = tenants.values.reduce(0) { $0 + $1.expired }
        writer.object { writer in
            writer.field("total_sessions", active + expired)
            writer.field("active_sessions", active)
            writer.field("expired_sessions", expired)
            writer.object("sessions_by_tenant") { writer in
                for (name, totals) in tenants.sorted(by: { $0.key < $1.key }) {
                    writer.field(named: name, totals.active + totals.expired)
                }
            }
            writer.field("oldest_session", oldest)
            writer.field("newest_session", newest)
        }
    }
}

extension SessionStore {
    /// Totals over all tenants, or of one.
    func stats(only tenant: Tenant?) throws -> SessionStats {
        let expiry = lifetime.expiry(at: clock.now())
        return try database.read { connection in
            let totals = try SessionCounts.totals(
                only: tenant, since: expiry, border: settled, in: connection)
            var oldest: String?
            var newest: String?
            for name in totals.keys {
                let first = try connection.first(
                    """
                    SELECT created_at FROM sessions
                    WHERE tenant_id = \(name) AND removing_since IS NULL
                    ORDER BY created_at LIMIT 1
                    """
                ) { try $0.text(0) }
                let last = try connection.first(
                    """
                    SELECT created_at FROM sessions
                    WHERE tenant_id = \(name) AND removing_since IS NULL
                    ORDER BY created_at DESC LIMIT 1
                    """
                ) { try $0.text(0) }
                oldest = [oldest, first].compactMap { $0 }.min()
                newest = [newest, last].compactMap { $0 }.max()
            }
            return SessionStats(tenants: totals, oldest: oldest, newest: newest)
        }
    }
}
