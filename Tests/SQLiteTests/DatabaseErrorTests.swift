import Testing

@testable import SQLite

@Suite struct DatabaseErrorTests {
    private let folder: TemporaryFolder
    private let database: Database

    init() async throws {
        folder = try TemporaryFolder()
        database = try folder.database()
        try await database.write { connection in
            try connection.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT")
            try connection.execute(
                """
                CREATE TABLE children (
                    name TEXT NOT NULL PRIMARY KEY, code TEXT UNIQUE, age INTEGER CHECK (age > 0),
                    parent INTEGER REFERENCES parents
                ) STRICT
                """)
            try connection.execute("INSERT INTO children VALUES ('n', 'c', 1, NULL)")
        }
    }

    private func error(_ sql: SQL) async throws -> DatabaseError {
        try #require(await failure { try await database.write { try $0.execute(sql) } })
    }

    @Test func `an error names the statement but never a value`() async throws {
        let error = try await error("INSERT INTO children (name) VALUES (\("n"))")
        #expect(error.sql == "INSERT INTO children (name) VALUES (?)")
        #expect(error.message == "UNIQUE constraint failed: children.name")
        #expect(error.extendedCode == 1555)

        let secret = "s3cret-value"
        for sql: SQL in [
            "INSERT INTO children (name, age) VALUES ('x', \(secret))",
            "INSERT INTO nowhere VALUES (\(secret))",
            "INSERT INTO children (name, code) VALUES (\(secret), 'c')",
        ] {
            let described = try await self.error(sql).description
            #expect(!described.contains(secret))
            #expect(described.contains(sql.text))
        }
    }

    @Test func `constraints are told apart`() async throws {
        let primaryKey = try await error("INSERT INTO children (name) VALUES ('n')")
        #expect(primaryKey.isConstraint && primaryKey.isUnique)
        let unique = try await error("INSERT INTO children (name, code) VALUES ('m', 'c')")
        #expect(unique.isConstraint && unique.isUnique && !unique.isForeignKey)
        let reference = try await error("INSERT INTO children (name, parent) VALUES ('m', 9)")
        #expect(reference.isConstraint && reference.isForeignKey && !reference.isUnique)
        let check = try await error("INSERT INTO children (name, age) VALUES ('m', 0)")
        #expect(check.isConstraint && check.isCheck && !check.isUnique)
        let missing = try await error("INSERT INTO children (name) VALUES (NULL)")
        #expect(missing.isConstraint && !missing.isUnique && !missing.isCheck)
        let returning = try await failure {
            _ = try await database.write {
                try $0.first("INSERT INTO children (name, parent) VALUES ('m', 9) RETURNING name") {
                    try $0.text(0)
                }
            }
        }
        #expect(returning?.isForeignKey == true)
    }

    @Test func `wrong SQL is a plain error`() async throws {
        let error = try await error("SELEC 1")
        #expect(error.code == .error)
        #expect(error.message == "near \"SELEC\": syntax error")
        #expect(error.sql == "SELEC 1")
        #expect(!error.isConstraint && !error.isBusy && !error.isFull && !error.isCorrupt)
    }

    @Test func `the description has message, code, statement and hint`() {
        let error = DatabaseError(
            .full, "database or disk is full", sql: "INSERT INTO t VALUES (?)")
        #expect(
            error.description
                == "database or disk is full (SQLite code 13) in: INSERT INTO t VALUES (?)"
                + " — free space on the disk, then try again")
        #expect(DatabaseError.overloaded.description == "the write queue is full — try again later")
    }
}
