import Foundation
import Testing

@testable import SQLite

@Suite(.timeLimit(.minutes(1))) struct RestoreTests {
    private let folder: TemporaryFolder
    private let notes = Migration(
        name: "0001_create_notes",
        sql: "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT;")

    init() throws {
        folder = try TemporaryFolder()
    }

    private func migrator(_ migrations: Migration...) -> Migrator {
        Migrator(migrations: migrations, now: { "2026-02-20T10:30:00.123456Z" })
    }

    /// A migrated database that holds these notes.
    private func database(
        _ name: String = "test.db", holding texts: String..., by migrator: Migrator? = nil
    ) async throws -> Database {
        let database = try Database(path: folder.file(name))
        try (migrator ?? self.migrator(notes)).up(database)
        for text in texts { try await database.add(text) }
        return database
    }

    /// Makes a copy of a database that holds these notes and returns its path.
    private func copy(_ name: String = "copy.db", holding texts: String...) async throws -> String {
        let source = try await database("source.db", holding: "")
        defer { source.close() }
        try await source.write { try $0.execute("DELETE FROM notes") }
        for text in texts { try await source.add(text) }
        return try source.backup(to: folder.file(name)).path
    }

    @Test func `a copy takes the place of the database, which is kept`() async throws {
        let path = try await copy(holding: "a", "b")
        try await database(holding: "new").close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let report = try migrator(notes).restore(folder.file("test.db"), from: path)
        #expect(report.database.path == folder.file("test.db"))
        #expect(report.database.rows == ["notes": 2, "schema_migrations": 1])
        #expect(report.database.bytes == bytes.count)
        #expect(report.pending == [])
        let kept = folder.file("test.db.before-restore-20260220T103000")
        #expect(report.kept == kept)
        #expect(try Database(path: kept).texts() == ["new"])
        #expect(try Database(path: folder.file("test.db")).texts() == ["a", "b"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test func `a copy becomes a database where there was none`() async throws {
        let path = try await copy(holding: "a")
        let report = try migrator(notes).restore(folder.file("new/folder/test.db"), from: path)
        #expect(report.kept == nil)
        #expect(try Database(path: folder.file("new/folder/test.db")).texts() == ["a"])
    }

    @Test func `a second restoration keeps what the first one brought`() async throws {
        let path = try await copy(holding: "a")
        try await database(holding: "new").close()
        let names = try (1...2).map { _ in
            try migrator(notes).restore(folder.file("test.db"), from: path).kept
        }
        #expect(names[1] == folder.file("test.db.before-restore-20260220T103000-2"))
        #expect(try Database(path: #require(names[0])).texts() == ["new"])
        #expect(try Database(path: #require(names[1])).texts() == ["a"])
    }

    @Test func `a database that a server uses is not replaced`() async throws {
        let path = try await copy(holding: "a")
        let server = try await database(holding: "new")
        let error = #expect(throws: DatabaseError.self) {
            try migrator(notes).restore(server.path, from: path)
        }
        #expect(error?.isLocked == true)
        #expect(try server.texts() == ["new"])
        server.close()
        _ = try migrator(notes).restore(server.path, from: path)
        #expect(try Database(path: server.path).texts() == ["a"])
    }

    @Test func `a database that another program reads is not replaced`() async throws {
        let path = try await copy(holding: "a")
        let server = try await database(holding: "old")
        let reader = try folder.database { $0.exclusive = false }
        let gate = Gate()
        let reading = Task {
            try await onThread {
                try reader.read { connection in
                    _ = try connection.first("SELECT 1 FROM notes") { try $0.integer(0) }
                    gate.pass()
                }
            }
        }
        await until { gate.isEntered }
        try await server.add("new")
        server.close()
        let error = #expect(throws: DatabaseError.self) {
            try migrator(notes).restore(server.path, from: path)
        }
        #expect(error?.message == "another program has \(server.path) open")
        #expect(try !folder.names().contains { $0.contains("before") || $0.contains("partial") })
        gate.open()
        try await reading.value
        #expect(try reader.texts() == ["old", "new"])
    }

    @Test func `a damaged database is replaced and kept with its log`() async throws {
        let path = try await copy(holding: "a")
        let place = URL(fileURLWithPath: folder.file("test.db"))
        try Data(repeating: 0x55, count: 8192).write(to: place)
        let log = Data(repeating: 0x66, count: 5000)
        try log.write(to: URL(fileURLWithPath: place.path + "-wal"))
        let kept = try #require(try migrator(notes).restore(place.path, from: path).kept)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: kept)) == Data(repeating: 0x55, count: 8192))
        #expect(try Data(contentsOf: URL(fileURLWithPath: kept + "-wal")) == log)
        #expect(try !folder.names().contains("test.db-wal"))
        #expect(try Database(path: place.path).texts() == ["a"])
    }

    @Test func `what is restored belongs to whom the database belonged to`() async throws {
        let path = try await copy(holding: "a")
        try await database(holding: "new").close()
        let place = folder.file("test.db")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: place)
        _ = try migrator(notes).restore(place, from: path)
        let facts = try FileManager.default.attributesOfItem(atPath: place)
        #expect(facts[.posixPermissions] as? Int == 0o640)
    }

    @Test func `a copy of an older version is restored, and says what is missing`() async throws {
        let path = try await copy(holding: "a")
        let more = Migration(name: "0002_create_pets", sql: "CREATE TABLE pets (name TEXT) STRICT;")
        let report = try migrator(notes, more).restore(folder.file("test.db"), from: path)
        #expect(report.pending == [more.name])
        #expect(report.database.rows["pets"] == nil)
    }

    /// A file that is no copy, and what is said of it; `#` is its path.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let message: String
        let make: @Sendable (RestoreTests, String) async throws -> Void
    }

    private static let refusals = [
        Refusal(testDescription: "missing", message: "there is no file #") { _, _ in },
        Refusal(testDescription: "a folder", message: "# is a folder, not a database") {
            try FileManager.default.createDirectory(atPath: $1, withIntermediateDirectories: true)
            _ = $0
        },
        Refusal(testDescription: "text", message: "# is not a database") { _, path in
            try Data(repeating: 0x41, count: 4096).write(to: URL(fileURLWithPath: path))
        },
        Refusal(testDescription: "empty", message: "# is empty") { _, path in
            try Data().write(to: URL(fileURLWithPath: path))
        },
        Refusal(testDescription: "foreign", message: "# is a database of another program") {
            _, path in
            let other = try Database(path: path)
            defer { other.close() }
            try await other.write { try $0.execute("CREATE TABLE birds (name TEXT) STRICT") }
        },
        Refusal(
            testDescription: "newer",
            message: "# has the migration 0009_fly, which this program does not know"
        ) { tests, path in
            let newer = Migration(name: "0009_fly", sql: "CREATE TABLE wings (x) ;")
            let database = try Database(path: path)
            defer { database.close() }
            try tests.migrator(tests.notes, newer).up(database)
        },
        Refusal(
            testDescription: "with a log",
            message: "# has a write-ahead log beside it, so it is in use or incomplete"
        ) { tests, path in
            let source = try await tests.database("used.db", holding: "a")
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: source.path + suffix, toPath: path + suffix)
            }
        },
        Refusal(testDescription: "damaged", message: "# is damaged: ") { tests, path in
            let source = try await tests.database("damaged.db", holding: "a")
            try await source.write { connection in
                try connection.execute("CREATE INDEX by_text ON notes (text)")
                for number in 0..<2000 {
                    try connection.execute("INSERT INTO notes (text) VALUES (\("n \(number)"))")
                }
            }
            source.close()
            try FileManager.default.moveItem(atPath: source.path, toPath: path)
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try file.seek(toOffset: 9 * 4096)
            try file.write(contentsOf: Data(repeating: 0, count: 4096))
            try file.close()
        },
    ]

    @Test(arguments: refusals)
    func `what is no copy of this program's database is refused`(
        _ refusal: Refusal
    ) async throws {
        try await database(holding: "old").close()
        let path = folder.file("wrong %?#.db")
        try await refusal.make(self, path)
        let error = #expect(throws: DatabaseError.self) {
            try migrator(notes).restore(folder.file("test.db"), from: path)
        }
        let message = refusal.message.replacing("#", with: path)
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        #expect(try !folder.names().contains { $0.contains("before") || $0.contains("partial") })
        #expect(try Database(path: folder.file("test.db")).texts() == ["old"])
    }

    @Test func `a database does not replace itself`() async throws {
        let database = try await database(holding: "old")
        database.close()
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link.db"), withDestinationPath: database.path)
        for path in [database.path, folder.file("link.db")] {
            let error = #expect(throws: DatabaseError.self) {
                try migrator(notes).restore(database.path, from: path)
            }
            #expect(error?.message == "\(path) is the database itself")
        }
        #expect(try Database(path: database.path).texts() == ["old"])
    }
}
