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
        let row = try connection.first(
            """
            INSERT INTO messages
                (message_id, tenant_id, session_id, seq, role, author, content, request_id,
                 created_at, finished_at, status, error_code, tool_calls, metadata)
            VALUES
                (\(message.id), \(session.tenant.name), \(session.id), \(message.seq),
                 \(message.role.rawValue), \(author), \(message.content), \(message.requestID),
                 \(message.createdAt), \(finishedAt), \(message.status.rawValue),
                 \(message.errorCode), \(message.toolCalls), \(metadata))
            RETURNING row_no
            """
        ) { try $0.integer(0) }
        try connection.execute(
            """
            INSERT INTO message_search (rowid, tenant_key, content)
            VALUES (\(row), \(MessageSearch.key(of: session.tenant)), \(message.content))
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
        let messages: [Message]
        /// Whether the range holds more.
        let hasMore: Bool
    }

    /// The session and the messages of `range`. Throws 404 and 410.
    func history(_ key: Session.Key, _ range: Range) throws -> Page {
        try sessions.database.read { connection in
            let session = try sessions.require(key, in: connection)
            let limit = range.limit == Int.max ? range.limit : range.limit + 1
            var messages =
                range.isDescending
                ? try newest(key, range, limit: limit, in: connection)
                : try oldest(key, range, limit: limit, in: connection)
            let hasMore = messages.count > range.limit
            if hasMore { messages.removeLast() }
            return Page(session: session, messages: messages, hasMore: hasMore)
        }
    }

    private func oldest(
        _ key: Session.Key, _ range: Range, limit: Int, in connection: borrowing Connection
    ) throws -> [Message] {
        try connection.all(
            """
            SELECT message_id, seq, role, content, request_id, created_at, status, error_code,
                   tool_calls
            FROM messages
            WHERE tenant_id = \(key.tenant.name) AND session_id = \(key.id)
              AND seq > \(range.after) AND seq < \(range.before)
            ORDER BY seq
            LIMIT \(limit)
            """, MessageStore.message)
    }

    private func newest(
        _ key: Session.Key, _ range: Range, limit: Int, in connection: borrowing Connection
    ) throws -> [Message] {
        try connection.all(
            """
            SELECT message_id, seq, role, content, request_id, created_at, status, error_code,
                   tool_calls
            FROM messages
            WHERE tenant_id = \(key.tenant.name) AND session_id = \(key.id)
              AND seq > \(range.after) AND seq < \(range.before)
            ORDER BY seq DESC
            LIMIT \(limit)
            """, MessageStore.message)
    }

    private static func message(_ row: borrowing Row) throws -> Message {
        Message(
            id: try row.text(0), seq: try row.integer(1),
            role: try row.choice(2), content: try row.text(3),
            requestID: try row.text(4), createdAt: try row.timestamp(5),
            status: try row.choice(6), errorCode: try row.textOrNil(7),
            toolCalls: try row.textOrNil(8))
    }
}
