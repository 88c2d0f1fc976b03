import SQLite
import Testing

@testable import Frontdesk

struct SchemaTests {
    @Test func `the schema after all migrations is the one that people read`() throws {
        let terminal = try Terminal()
        let database = try migratedDatabase(at: terminal.database)
        defer { database.close() }
        // The tables in which the search keeps its own things are left out.
        let statements = try database.read { connection in
            try connection.all(
                """
                SELECT sql FROM sqlite_schema
                WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                  AND tbl_name NOT IN (
                    SELECT name FROM pragma_table_list WHERE type = 'shadow')
                ORDER BY rowid
                """
            ) { try $0.text(0) }
        }
        try Golden("schema.sql").expect(statements.map { $0 + ";\n" }.joined(separator: "\n"))
    }

    @Test func `messages of before the search index was slimmed are found after it`() async throws {
        let terminal = try Terminal()
        let database = try Database(path: terminal.database)
        defer { database.close() }
        try Migrator.frontdesk.up(database, to: "0017_create_open_refunds")
        let key = Session.Key(tenant: Tenant(unchecked: "shop.1"), id: "s")
        let now = TestClock().now
        try await database.write { connection in
            _ = try SessionStore.insertNew(
                key, metadata: "{}", by: .anyone, requestID: "req_1", at: now, in: connection)
            for (seq, text) in ["Where is the walrus?", "In the Café."].enumerated() {
                try MessageStore.insert(
                    Message(
                        id: "msg_\(seq)", seq: seq + 1, role: seq == 0 ? .user : .assistant,
                        content: text, requestID: "req_1", createdAt: now, status: .complete),
                    author: "test", finishedAt: now, of: key, in: connection)
            }
        }
        try Migrator.frontdesk.up(database)
        let (found, plan) = try database.read { connection in
            try (
                ["walrus", "\"the café\"", "ca*"].map { words in
                    try connection.all(
                        """
                        SELECT rowid FROM message_search
                        WHERE message_search MATCH
                            \("tenant_key : \(MessageSearch.key(of: key.tenant)) "
                                + "AND content : (\(words))")
                        """
                    ) { try $0.integer(0) }
                },
                connection.all(
                    """
                    EXPLAIN QUERY PLAN SELECT message_id FROM messages
                    WHERE tenant_id = 'shop.1' AND request_id = 'req_1' AND role = 'user'
                    """
                ) { try $0.text(3) }
            )
        }
        #expect(found == [[1], [2], [2]])
        #expect(plan.map { $0.contains("messages_by_request") } == [true])
    }
}
