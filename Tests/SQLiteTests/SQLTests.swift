import Testing

@testable import SQLite

@Suite struct SQLTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(
        arguments: [
            "'; DROP TABLE notes; --", "\" OR 1=1 --", "?", "?1", ":name", "%_\\", "", " ",
            "a\0b", "\0", "line\r\nline", "é", "e\u{301}", "日本語", "👩‍👩‍👧‍👦", "\u{10FFFF}", "\u{FEFF}x",
            String(repeating: "ü", count: 100_000),
        ])
    func `text comes back byte for byte`(text: String) async throws {
        let database = try await folder.notes()
        try await database.add(text)
        let read = try #require(try database.texts().first)
        #expect(Array(read.utf8) == Array(text.utf8))
        let found = try database.read {
            try $0.first("SELECT id FROM notes WHERE text = \(text)") { try $0.integer(0) }
        }
        #expect(found == 1)
        #expect(
            try database.read { try $0.first("SELECT count(*) FROM notes") { try $0.integer(0) } }
                == 1)
    }

    @Test func `numbers, truth values and absent values are bound`() throws {
        let database = try folder.database()
        let nothing: String? = nil
        let some: Int? = 7
        let values = try database.read {
            try $0.first(
                """
                SELECT \(Int.min), \(Int64.max), \(0.1), \(true), \(false),
                       \(nothing), \(some), \("a"[...])
                """
            ) { row in try (0..<row.count).map { try row.value($0) } }
        }
        #expect(
            values == [
                .integer(.min), .integer(.max), .real(0.1), .integer(1), .integer(0), .null,
                .integer(7), .text("a"),
            ])
    }

    @Test func `a piece is spliced with its bindings in their place`() throws {
        let condition: SQL = "b = \(2) AND c = \("x")"
        let columns: StaticString = "a, b"
        let whole: SQL = "SELECT \(raw: columns) FROM t WHERE a = \(1) AND \(condition) LIMIT \(9)"
        #expect(whole.text == "SELECT a, b FROM t WHERE a = ? AND b = ? AND c = ? LIMIT ?")
        #expect(whole.values == [.integer(1), .integer(2), .text("x"), .integer(9)])
    }

    @Test func `pieces are joined with their bindings`() {
        let pieces: [SQL] = ["a = \(1)", "b = \(2)", "c"]
        let joined = pieces.joined(by: " AND ")
        #expect(joined.text == "a = ? AND b = ? AND c")
        #expect(joined.values == [.integer(1), .integer(2)])
        #expect([SQL]().joined(by: ", ").text.isEmpty)
        #expect(("a" + " = \(1)" as SQL).values == [.integer(1)])
    }

    @Test(arguments: [[], ["b"], ["a", "c", "nobody"]])
    func `a list matches its elements only`(wanted: [String]) async throws {
        let database = try await folder.notes()
        for text in ["a", "b", "c"] { try await database.add(text) }
        let found = try database.read {
            try $0.all("SELECT text FROM notes WHERE text IN (\(list: wanted)) ORDER BY id") {
                try $0.text(0)
            }
        }
        #expect(found == wanted.filter { ["a", "b", "c"].contains($0) })
    }

    @Test func `a placeholder without a value throws`() throws {
        let database = try folder.database()
        let error = #expect(throws: DatabaseError.self) {
            try database.read { try $0.first("SELECT ? + \(1)") { try $0.integer(0) } }
        }
        #expect(error?.message == "the statement binds 2 values, not 1")
        #expect(error?.sql == "SELECT ? + ?")
    }

    @Test func `one call runs one statement`() async throws {
        let database = try await folder.notes()
        try await database.add("kept")
        let error = try await failure {
            try await database.write { try $0.execute("SELECT 1; DELETE FROM notes") }
        }
        #expect(error?.message == "only one statement can be run at a time")
        #expect(try database.texts() == ["kept"])
        for empty: SQL in ["", " ; ", "-- nothing", "/* nothing"] {
            #expect(throws: DatabaseError.self) { try database.read { try $0.execute(empty) } }
        }
        let one: SQL = "/* a */ SELECT 1; -- done\n /* ; */ ;"
        #expect(try database.read { try $0.first(one) { try $0.integer(0) } } == 1)
    }

    @Test(
        arguments: [
            "COMMIT", "end transaction", " BEGIN", "-- x\nROLLBACK", "/* x */ SAVEPOINT a",
            ";RELEASE a", "ATTACH 'x' AS y", "VACUUM",
        ])
    func `a body cannot end the transaction it runs in`(text: String) async throws {
        let database = try await folder.notes()
        let error = try await failure {
            try await database.write { connection in
                try connection.execute("INSERT INTO notes (text) VALUES ('undone')")
                try connection.execute(SQL(stringLiteral: text))
            }
        }
        #expect(error?.code == .misuse)
        #expect(try database.texts() == [])
    }

    @Test func `a misspelt column in double quotes is an error`() throws {
        let database = try folder.database()
        #expect(throws: DatabaseError.self) {
            try database.read { try $0.first("SELECT \"text\"") { try $0.text(0) } }
        }
    }
}
