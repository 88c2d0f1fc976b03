import JSON
import SQLite

/// Full-text search over the messages of a tenant's active sessions.
struct MessageSearch: Sendable {
    let sessions: SessionStore

    /// What is looked for.
    struct Query: Sendable {
        /// The words as an FTS5 expression over the column `content`.
        var expression = ""
        var role: Message.Role?
        var sessionID: String?
        /// Only in sessions that they created; nil for all.
        var subject: String?
        var limit = 20
        /// Only messages stored before this one, by row number.
        var before = Int.max
    }

    /// A message that was found.
    struct Hit: Sendable {
        let sessionID: String
        let messageID: String
        let seq: Int
        let role: String
        let timestamp: String
        /// An excerpt with the words found between marks.
        let excerpt: String
        /// What stands around the words found.
        let marks: SearchSnippet.Marks
    }

    /// The one token that stands for a tenant in the index: no two tenants share one.
    static func key(of tenant: Tenant) -> String {
        let name = tenant.name.utf8
        return String(unsafeUninitializedCapacity: 1 + 2 * name.count) { bytes in
            bytes[0] = UInt8(ascii: "t")
            var index = 1
            for byte in name {
                for digit in [byte >> 4, byte & 15] {
                    bytes[index] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
                    index += 1
                }
            }
            return index
        }
    }

    /// The place of a message in the order of search, nil when the tenant has no such message.
    func rowNumber(of messageID: String, _ tenant: Tenant) throws -> Int? {
        try sessions.database.read { connection in
            try connection.first(
                """
                SELECT row_no FROM messages
                WHERE message_id = \(messageID) AND tenant_id = \(tenant.name)
                """
            ) { try $0.integer(0) }
        }
    }

    /// A page of hits, newest first, and whether there are more.
    func hits(of tenant: Tenant, _ query: Query) throws -> (hits: [Hit], more: Bool) {
        let expiry = sessions.lifetime.expiry(at: sessions.clock.now())
        let marks = SearchSnippet.Marks(sessions.ids.make("mark"))
        let match =
            "tenant_key : \(MessageSearch.key(of: tenant)) AND content : (\(query.expression))"
        var hits = try sessions.database.read { connection in
            try connection.all(
                """
                SELECT message.session_id, message.message_id, message.seq, message.role,
                       message.created_at,
                       snippet(message_search, 1, \(marks.open), \(marks.close), ' … ', 24)
                FROM message_search
                JOIN messages message ON message.row_no = message_search.rowid
                JOIN sessions session
                  ON session.tenant_id = message.tenant_id
                 AND session.session_id = message.session_id
                WHERE message_search MATCH \(match)
                  AND message_search.rowid < \(query.before)
                  AND message.tenant_id = \(tenant.name)
                  AND session.last_activity >= \(expiry) AND session.removing_since IS NULL
                  AND (\(query.role?.rawValue) IS NULL OR message.role = \(query.role?.rawValue))
                  AND (\(query.sessionID) IS NULL OR message.session_id = \(query.sessionID))
                  AND (\(query.subject) IS NULL OR session.subject = \(query.subject))
                ORDER BY message_search.rowid DESC
                LIMIT \(query.limit + 1)
                """
            ) { row in
                Hit(
                    sessionID: try row.text(0), messageID: try row.text(1),
                    seq: try row.integer(2), role: try row.text(3), timestamp: try row.text(4),
                    excerpt: try row.text(5), marks: marks)
            }
        }
        let more = hits.count > query.limit
        if more { hits.removeLast() }
        return (hits, more)
    }
}
