import Foundation
import Subprocess
import Testing

@testable import SQLite

@Suite(.timeLimit(.minutes(1))) struct OpeningTests {
    private static let sqlite3 = "/usr/bin/sqlite3"

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func mode(_ path: String) throws -> Int {
        let facts = try FileManager.default.attributesOfItem(atPath: path)
        return (facts[.posixPermissions] as? Int ?? 0) & 0o777
    }

    @Test func `missing folders are made, and nobody else may look in`() async throws {
        let path = folder.file("a/b/test.db")
        let database = try Database(path: path)
        try await database.write { try $0.execute("CREATE TABLE t (a)") }
        #expect(try mode(folder.file("a")) == 0o700)
        #expect(try mode(folder.file("a/b")) == 0o700)
        for file in [path, path + "-wal", path + "-shm", path + ".lock"] {
            #expect(try mode(file) == 0o600)
        }
        database.close()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("a/b")).sorted()
                == ["test.db", "test.db.lock"])
    }

    @Test func `every pragma is set on every connection`() async throws {
        let database = try folder.database()
        let wanted: [String: SQLValue] = [
            "journal_mode": .text("wal"), "synchronous": .integer(2), "foreign_keys": .integer(1),
            "cell_size_check": .integer(1), "temp_store": .integer(2),
            "wal_autocheckpoint": .integer(0), "busy_timeout": .integer(5000),
            "cache_size": .integer(-8192),
        ]
        for (name, value) in wanted {
            let sql = SQL(stringLiteral: "PRAGMA \(name)")
            #expect(try database.read { try $0.first(sql) { try $0.value(0) } } == value, "\(name)")
            #expect(
                try await database.write { try $0.first(sql) { try $0.value(0) } } == value,
                "\(name)")
        }
        let queryOnly: SQL = "PRAGMA query_only"
        #expect(try database.read { try $0.first(queryOnly) { try $0.flag(0) } } == true)
        #expect(try await database.write { try $0.first(queryOnly) { try $0.flag(0) } } == false)
    }

    @Test func `a table may check its JSON`() async throws {
        let database = try folder.database()
        try await database.write {
            try $0.execute("CREATE TABLE t (data TEXT CHECK (json_valid(data))) STRICT")
        }
        try await database.write { try $0.execute("INSERT INTO t VALUES ('{}')") }
        let error = try await failure {
            try await database.write { try $0.execute("INSERT INTO t VALUES ('{')") }
        }
        #expect(error?.isCheck == true)
    }

    @Test func `commits may be told not to wait for the disk`() throws {
        let database = try folder.database { $0.synchronous = .normal }
        let level = try database.read { try $0.first("PRAGMA synchronous") { try $0.integer(0) } }
        #expect(level == 1)
    }

    @Test func `a second server is refused with the path`() throws {
        let database = try folder.database()
        let error = #expect(throws: DatabaseError.self) { try folder.database() }
        #expect(error?.isLocked == true)
        #expect(
            error?.message == "another server uses \(database.path): it holds \(database.path).lock"
        )
        database.close()
        let next = try folder.database()
        next.close()
    }

    @Test func `another name of the same file is the same database`() throws {
        let database = try folder.database()
        let link = folder.file("link.db")
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: database.path)
        let error = #expect(throws: DatabaseError.self) { try Database(path: link) }
        #expect(error?.isLocked == true)
    }

    @Test func `the lock of a process that was killed is free`() throws {
        let output = Pipe()
        // Kept open to the end, because the holder lives as long as its input.
        let input = Pipe()
        defer { try? input.fileHandleForWriting.close() }
        let holder = try Subprocess(
            [
                "/usr/bin/flock", "--no-fork", folder.file("test.db.lock"), "sh", "-c",
                "echo locked; exec cat",
            ], input: input, output: output)
        #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
        let error = #expect(throws: DatabaseError.self) { try folder.database() }
        #expect(error?.isLocked == true)
        kill(holder.pid, SIGKILL)
        #expect(holder.end() == .signal(SIGKILL))
        #expect(throws: Never.self) { try folder.database() }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: sqlite3)))
    func `the sqlite3 program reads beside the server`() async throws {
        let database = try await folder.notes()
        try await database.add("seen")
        let output = Pipe()
        let program = try Subprocess(
            [Self.sqlite3, "-readonly", database.path, "SELECT text FROM notes"], output: output)
        #expect(program.end() == .exit(0))
        #expect(output.fileHandleForReading.readDataToEndOfFile() == Data("seen\n".utf8))
    }

    @Test func `a command works beside the server and leaves the WAL to it`() async throws {
        let server = try await folder.notes { $0.checkpointPages = 1_000_000 }
        try await server.add("server")
        let command = try folder.database { $0.exclusive = false }
        #expect(!command.isExclusive)
        try await command.add("command")
        #expect(try server.texts() == ["server", "command"])
        #expect(throws: DatabaseError.self) { try command.checkpoint() }
        command.close()
        #expect(FileManager.default.fileExists(atPath: server.path + "-wal"))
        try await server.add("server again")
        #expect(try server.texts() == ["server", "command", "server again"])
    }

    @Test func `a command makes no database`() throws {
        let error = #expect(throws: DatabaseError.self) {
            try folder.database { $0.exclusive = false }
        }
        #expect(error?.message == "there is no database at \(folder.file("test.db"))")
        #expect(try folder.names() == [])
    }

    @Test func `a busy write lock is told after the timeout`() async throws {
        let server = try await folder.notes()
        let command = try folder.database { options in
            options.exclusive = false
            options.busyTimeout = 1
        }
        let gate = Gate()
        let holder = await server.hold(gate)
        let error = try await failure { try await command.add("late") }
        #expect(error?.isBusy == true)
        gate.open()
        try await holder.value
        try await command.add("in time")
        #expect(try server.texts() == ["in time"])
    }

    @Test func `a file that is no database is refused and left alone`() throws {
        let path = folder.file("test.db")
        let content = Data(String(repeating: "This is a letter. ", count: 100).utf8)
        try content.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: DatabaseError.self) { try folder.database() }
        #expect(error?.isNotADatabase == true)
        #expect(error?.message == "\(path) is not a database")
        #expect(error?.hint == "name another file, or move this one away")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    }

    @Test func `a folder is refused`() throws {
        let error = #expect(throws: DatabaseError.self) { try Database(path: folder.path) }
        #expect(error?.code == .cannotOpen)
        #expect(error?.message == "\(folder.path) is a folder, not a database")
    }

    @Test(arguments: ["", ":memory:", "/proc/none/test.db", "/proc/none.db", "a\0b"])
    func `a place that cannot hold a database is refused`(path: String) {
        let error = #expect(throws: DatabaseError.self) { try Database(path: path) }
        #expect(error?.code == .cannotOpen)
        #expect(error?.hint != nil)
    }
}
