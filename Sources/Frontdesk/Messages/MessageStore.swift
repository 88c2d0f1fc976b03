import JSON
import SQLite

/// Messages in the database: storing them and reading a session's history.
struct MessageStore: Sendable {
    let sessions: SessionStore

    /// Stores a message and its entry in the search index.
    static func insert(
        _ message: Message, author: String, finishedAt: Timestamp?, of session: Session.Key,
        metadata: String? = nil, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO messages
                (message_id, tenant_id, session_id, seq, role, author, content, request_id,
                 created_at, finished_at, status, error_code, tool_calls, metadata)
            VALUES
                (\(message.id), \(session.tenant.name), \(session.id), \(message.seq),
                 \(message.role.rawValue), \(author), \(message.content), \(message.requestID),
                 \(message.createdAt), \(finishedAt), \(message.status.rawValue),
                 \(message.errorCode), \(message.toolCalls), \(metadata))
            """)
        // There is one writer, so the highest number is this message's. `RETURNING` it would make
        // the search index write out what it has gathered with every message.
        try connection.execute(
            """
            INSERT INTO message_search (rowid, tenant_key, content)
            VALUES ((SELECT max(row_no) FROM messages),
                    \(MessageSearch.key(of: session.tenant)), \(message.content))
            """)
    }
}

// MARK: - History

extension MessageStore {
    /// Which part of a session's messages is wanted.
    struct Range: Sendable {
        /// Only messages whose `seq` is greater.
        var after = 0
        /// Only messages whose `seq` is less.
        var before = Int.max
        /// Newest first.
        var isDescending = false
        /// At most so many.
        var limit = Int.max
    }

    /// A part of a session's history with what a reader needs to know around it.
    struct Page: Sendable {
        let session: Session
        /// The messages as a JSON array, written straight from their rows.
        fileprivate(set) var messages = JSONWriter(capacity: 4096)
        /// The `seq` of the last message, nil when there is none.
        fileprivate(set) var last: Int?
        /// Whether the range holds more.
        fileprivate(set) var hasMore = false
    }

    /// The session and the messages of `range`. Throws 403, 404 and 410.
    func history(
        _ key: Session.Key, _ range: Range, for visitor: SessionVisitor
    ) throws -> Page {
        try sessions.database.read { connection in
            var page = Page(session: try sessions.require(key, for: visitor, in: connection))
            var count = 0
            try page.messages.array { json in
                try connection.forEach(
                    MessageStore.rows(of: key, in: range)
                ) { row in
                    count += 1
                    // One row beyond the limit tells that there is more.
                    if count > range.limit { return }
                    page.last = try row.integer(1)
                    try json.object { try MessageStore.write(row, to: &$0) }
                }
            }
            page.hasMore = count > range.limit
            return page
        }
    }

    private static func rows(of key: Session.Key, in range: Range) -> SQL {
        let limit = range.limit == Int.max ? range.limit : range.limit + 1
        return range.isDescending
            ? """
            SELECT role, seq, content, created_at, tool_calls, message_id, request_id, status,
                   error_code
            FROM messages
            WHERE tenant_id = \(key.tenant.name) AND session_id = \(key.id)
              AND seq > \(range.after) AND seq < \(range.before)
            ORDER BY seq DESC
            LIMIT \(limit)
            """
            : """
            SELECT role, seq, content, created_at, tool_calls, message_id, request_id, status,
                   error_code
            FROM messages
            WHERE tenant_id = \(key.tenant.name) AND session_id = \(key.id)
              AND seq > \(range.after) AND seq < \(range.before)
            ORDER BY seq
            LIMIT \(limit)
            """
    }

    /// Writes a message's fields, texts copied from the row without becoming strings between.
    private static func write(_ row: borrowing Row, to json: inout JSONWriter) throws {
        let isAssistant = try row.utf8(0) { role in
            json.field("role", utf8: role)
            return role.first == UInt8(ascii: "a")
        }
        try row.utf8(2) { json.field("content", utf8: $0) }
        try row.utf8(3) { json.field("timestamp", utf8: $0) }
        if isAssistant {
            if row.isNull(4) {
                json.null("tool_calls")
            } else {
                try row.utf8(4) { json.field("tool_calls", raw: $0) }
            }
        }
        try row.utf8(5) { json.field("id", utf8: $0) }
        json.field("seq", try row.integer(1))
        try row.utf8(6) { json.field("request_id", utf8: $0) }
        try row.utf8(7) { json.field("status", utf8: $0) }
        if !row.isNull(8) { try row.utf8(8) { json.field("error_code", utf8: $0) } }
    }
}
