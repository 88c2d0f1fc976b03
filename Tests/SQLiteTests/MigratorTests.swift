import Foundation
@testable import SQLite
import Testing

@Suite struct MigratorTests {
    private let folder: TemporaryFolder
    private let time = "2026-02-20T10:30:00.123456Z"
    private let one = Migration(
        name: "0001_create_users",
        sql: """
            -- People; the semicolon in this comment ends nothing.
            CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
            INSERT INTO users (name) VALUES ('a;b');
            """)
    private let two = Migration(
        name: "0002_create_pets",
        sql: """
            CREATE TABLE pets (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users);
            CREATE INDEX pets_by_user ON pets (user_id); -- done
            """)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func migrator(_ migrations: Migration...) -> Migrator {
        Migrator(migrations: migrations, now: { [time] in time })
    }

    private func tables(of database: Database) throws -> [String] {
        try database.read {
            try $0.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
                try $0.text(0)
            }
        }
    }

    @Test func `migrations are applied once, in order, and recorded`() throws {
        let database = try folder.database()
        let report = try migrator(one, two).up(database)
        #expect(report.applied == [one.name, two.name])
        #expect(report.copy == nil)
        #expect(try tables(of: database) == ["pets", "schema_migrations", "users"])
        #expect(
            try database.read {
                try $0.all("SELECT name, checksum, applied_at FROM schema_migrations") {
                    [try $0.text(0), try $0.text(1), try $0.text(2)]
                }
            } == [[one.name, try one.checksum(), time], [two.name, try two.checksum(), time]])
        #expect(try one.checksum().count == 64)

        let again = try migrator(one, two).up(database)
        #expect(again == Migration.Report(applied: [], copy: nil))
        #expect(
            try database.read { try $0.all("SELECT name FROM users") { try $0.text(0) } } == ["a;b"]
        )
        try migrator(one, two).verify(database)
    }

    @Test func `migration stops at the name that is asked for`() throws {
        let database = try folder.database()
        #expect(try migrator(one, two).up(database, to: one.name).applied == [one.name])
        #expect(try tables(of: database) == ["schema_migrations", "users"])
        let error = #expect(throws: DatabaseError.self) {
            try migrator(one, two).up(database, to: "0009_nothing")
        }
        #expect(error?.message == "there is no migration 0009_nothing")
    }

    @Test func `status tells applied, changed, pending and unknown`() throws {
        let database = try folder.database()
        try migrator(one, two).up(database)
        let edited = Migration(name: one.name, sql: one.sql + "\n-- edited")
        let three = Migration(name: "0003_more", sql: "SELECT 1")
        #expect(
            try migrator(edited, three).status(of: database).map { [$0.name, $0.state.rawValue] }
                == [[one.name, "changed"], [three.name, "pending"], [two.name, "unknown"]])
        #expect(
            try migrator(one, two).status(of: database)
                == [one, two].map { .init(name: $0.name, appliedAt: time, state: .applied) })
    }

    @Test func `a changed migration is refused`() throws {
        let database = try folder.database()
        try migrator(one).up(database)
        let edited = Migration(name: one.name, sql: one.sql + "\nCREATE TABLE extra (a);")
        for attempt in [
            { try migrator(edited, two).up(database) }, { try migrator(edited).dryRun(database) },
        ] {
            let error = #expect(throws: DatabaseError.self) { try attempt() }
            #expect(error?.code == .migration)
            #expect(error?.message == "the migration \(one.name) has changed since it was applied")
        }
        #expect(throws: DatabaseError.self) { try migrator(edited).verify(database) }
        #expect(try tables(of: database) == ["schema_migrations", "users"])
    }

    @Test func `a database from the future is refused with what to do`() throws {
        let database = try folder.database()
        try migrator(one, two).up(database)
        let error = #expect(throws: DatabaseError.self) { try migrator(one).up(database) }
        #expect(error?.code == .migration)
        #expect(
            error?.message == "\(folder.file("test.db")) has the migration \(two.name), "
                + "which this program does not know")
        #expect(error?.hint?.contains("newer version") == true)
        #expect(throws: DatabaseError.self) { try migrator(one).verify(database) }
    }

    @Test func `a migration that comes late is refused`() throws {
        let database = try folder.database()
        try migrator(one).up(database)
        let late = Migration(name: "0000_late", sql: "CREATE TABLE late (a)")
        let error = #expect(throws: DatabaseError.self) { try migrator(late, one).up(database) }
        #expect(error?.message == "\(one.name) is applied, but not 0000_late before it")
        #expect(throws: DatabaseError.self) { try migrator(two, one).status(of: database) }
    }

    @Test func `another program's database is refused`() async throws {
        let database = try await folder.notes()
        let error = #expect(throws: DatabaseError.self) { try migrator(one).up(database) }
        #expect(error?.code == .migration)
        #expect(error?.message.contains("is a database of another program") == true)
        #expect(try tables(of: database) == ["notes"])
    }

    @Test func `verification names what is pending`() throws {
        let database = try folder.database()
        try migrator(one).up(database)
        let error = #expect(throws: DatabaseError.self) { try migrator(one, two).verify(database) }
        #expect(error?.message.hasPrefix("the migration \(two.name) has not been applied") == true)
    }

    @Test func `a dry run leaves nothing but tells what it would do`() throws {
        let database = try folder.database()
        #expect(try migrator(one, two).dryRun(database).applied == [one.name, two.name])
        #expect(try tables(of: database) == [])
        try migrator(one).up(database)
        let before = try folder.names()
        #expect(try migrator(one, two).dryRun(database).applied == [two.name])
        #expect(try tables(of: database) == ["schema_migrations", "users"])
        #expect(try folder.names() == before)
    }

    @Test func `a dry run fails where the migration would`() throws {
        let database = try folder.database()
        let wrong = Migration(name: "0002_wrong", sql: "CREATE TABLE users (a)")
        #expect(throws: DatabaseError.self) { try migrator(one, wrong).dryRun(database) }
        #expect(try tables(of: database) == [])
    }

    @Test func `a failed migration is undone whole and those before it stay`() throws {
        let database = try folder.database()
        let wrong = Migration(
            name: "0002_wrong", sql: "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);")
        let error = #expect(throws: DatabaseError.self) { try migrator(one, wrong).up(database) }
        #expect(
            error?.message
                == "the migration 0002_wrong failed and is undone: no such table: nowhere")
        #expect(error?.sql?.contains("INSERT INTO nowhere VALUES (1);") == true)
        #expect(try tables(of: database) == ["schema_migrations", "users"])
        #expect(try migrator(one, two).up(database).applied == [two.name])
    }

    @Test(arguments: [
        "CREATE TABLE a (b);\0 SELECT 1", "COMMIT;", "-- why\n  begin; ",
        "CREATE TABLE a (b); ROLLBACK", "/* */ END",
    ])
    func `a migration can neither end its transaction nor hide text`(sql: String) throws {
        let database = try folder.database()
        let wrong = Migration(name: "0001_wrong", sql: sql)
        let error = #expect(throws: DatabaseError.self) { try migrator(wrong).up(database) }
        #expect(error?.code == .misuse)
        #expect(try tables(of: database) == [])
    }

    @Test func `a table can be rebuilt without losing what refers to it`() async throws {
        let database = try folder.database()
        try migrator(one, two).up(database)
        try await database.write { try $0.execute("INSERT INTO pets (user_id) VALUES (1)") }
        let rebuild = Migration(
            name: "0003_rebuild_users",
            sql: """
                CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER) STRICT;
                INSERT INTO new SELECT id, name, NULL FROM users;
                DROP TABLE users;
                ALTER TABLE new RENAME TO users;
                """)
        try migrator(one, two, rebuild).up(database)
        #expect(
            try database.read { try $0.first("SELECT count(*) FROM pets") { try $0.integer(0) } }
                == 1)
        await #expect(throws: DatabaseError.self) {
            try await database.write { try $0.execute("INSERT INTO pets (user_id) VALUES (9)") }
        }
    }

    @Test func `a migration that breaks references is undone`() async throws {
        let database = try folder.database()
        try migrator(one, two).up(database)
        try await database.write { try $0.execute("INSERT INTO pets (user_id) VALUES (1)") }
        let wrong = Migration(name: "0003_forget", sql: "DELETE FROM users;")
        let error = #expect(throws: DatabaseError.self) {
            try migrator(one, two, wrong).up(database)
        }
        #expect(
            error?.message.hasSuffix(
                "table pets, row 1 refers to a row of users that does not exist")
                == true)
        #expect(
            try database.read { try $0.first("SELECT count(*) FROM users") { try $0.integer(0) } }
                == 1)
    }

    @Test func `a database with data is copied and checked before it changes`() throws {
        let database = try folder.database()
        try migrator(one).up(database)
        let report = try migrator(one, two).up(database)
        let path = folder.file("test.db.before-0002_create_pets-20260220T103000")
        #expect(report.copy == path)

        let copy = try Database(path: path)
        #expect(try tables(of: copy) == ["schema_migrations", "users"])
        #expect(try copy.integrityCheck() == [])
        copy.close()

        let three = Migration(name: "0003_wrong", sql: "nonsense")
        let error = #expect(throws: DatabaseError.self) {
            try migrator(one, two, three).up(database)
        }
        #expect(error?.hint?.contains("test.db.before-0003_wrong-20260220T103000") == true)
        #expect(throws: DatabaseError.self) { try migrator(one, two, three).up(database) }
        #expect(try folder.names().contains("test.db.before-0003_wrong-20260220T103000-2"))
    }

    @Test func `migrating needs the database alone, status does not`() throws {
        let database = try folder.database()
        try migrator(one).up(database)
        let beside = try folder.database { $0.exclusive = false }
        #expect(try migrator(one).status(of: beside).count == 1)
        #expect(throws: DatabaseError.self) { try migrator(one, two).up(beside) }
    }
}
