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
}
