import Foundation
import Synchronization
import Testing

@testable import SQLite

@Suite(.timeLimit(.minutes(1))) struct BackupTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a backup is one checked file with everything in it`() async throws {
        let database = try await folder.notes()
        for text in ["a", "b"] { try await database.add(text) }
        let backup = try database.backup(to: folder.file("copy.db"))
        #expect(backup.path == folder.file("copy.db"))
        #expect(backup.pages >= 2)
        #expect(backup.bytes == backup.pages * 4096)
        #expect(
            try folder.names()
                == ["copy.db", "test.db", "test.db-shm", "test.db-wal", "test.db.lock"])
        let copy = try Database(path: backup.path)
        #expect(try copy.texts() == ["a", "b"])
    }

    @Test func `a backup is of one moment while writes go on`() async throws {
        let database = try await folder.notes()
        let text = String(repeating: "x", count: 3000)
        try await database.write { connection in
            for _ in 0..<1000 {
                try connection.execute("INSERT INTO notes (text) VALUES (\(text))")
            }
        }
        let end = Flag()
        let writer = Task {
            var count = 0
            while !end.isSet {
                try await database.write { connection in
                    try connection.execute("INSERT INTO notes (text) VALUES ('left')")
                    try connection.execute("INSERT INTO notes (text) VALUES ('right')")
                }
                count += 1
            }
            return count
        }
        await until { database.statistics.writes > 5 }
        let steps = Mutex<[Int]>([])
        let backup = try await onThread { [folder] in
            try database.backup(to: folder.file("copy.db")) { done, all in
                steps.withLock { $0.append(all - done) }
            }
        }
        end.set()
        #expect(try await writer.value > 0)
        // Each step once, downwards: no write made it begin anew.
        #expect(steps.withLock { $0 } == steps.withLock { $0.sorted(by: >) })
        #expect(steps.withLock { $0.count } == (backup.pages + 255) / 256)
        let copy = try Database(path: backup.path)
        let rows = try copy.texts().count
        #expect(rows > 1000 && rows % 2 == 0)
        #expect(try copy.integrityCheck() == [])
    }

    @Test func `a file that exists is not overwritten`() async throws {
        let database = try await folder.notes()
        let path = folder.file("copy.db")
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: DatabaseError.self) { try database.backup(to: path) }
        #expect(error?.message == "\(path) exists and is not overwritten")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("precious".utf8))
        #expect(throws: DatabaseError.self) { try database.backup(to: database.path) }
    }

    @Test func `what an interrupted backup left is used again`() async throws {
        let database = try await folder.notes()
        try await database.add("a")
        try Data(repeating: 0x55, count: 10_000)
            .write(to: URL(fileURLWithPath: folder.file("copy.db.partial")))
        try database.backup(to: folder.file("copy.db"))
        #expect(try Database(path: folder.file("copy.db")).texts() == ["a"])
        #expect(try !folder.names().contains("copy.db.partial"))
    }

    @Test func `a place that cannot be written to is refused`() async throws {
        let database = try await folder.notes()
        let error = #expect(throws: DatabaseError.self) {
            try database.backup(to: folder.file("missing/copy.db"))
        }
        #expect(error?.code == .cannotOpen)
    }

    @Test func `two backups to one place do not mix`() async throws {
        let database = try await folder.notes()
        let gate = Gate()
        let first = Task { [folder] in
            try await onThread {
                try database.backup(to: folder.file("copy.db")) { _, _ in gate.pass() }
            }
        }
        await until { gate.isEntered }
        let error = #expect(throws: DatabaseError.self) {
            try database.backup(to: folder.file("copy.db"))
        }
        #expect(error?.isLocked == true)
        gate.open()
        #expect(try await first.value.path == folder.file("copy.db"))
        #expect(try Database(path: folder.file("copy.db")).texts() == [])
    }

    @Test func `damage is found`() async throws {
        var database = try await folder.notes()
        try await database.write { connection in
            try connection.execute("CREATE INDEX by_text ON notes (text)")
            for number in 0..<2000 {
                try connection.execute("INSERT INTO notes (text) VALUES (\("text \(number)"))")
            }
        }
        #expect(try database.integrityCheck() == [])
        database.close()
        let path = folder.file("test.db")
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: 5 * 4096)
        try file.write(contentsOf: Data(repeating: 0, count: 4096))
        try file.close()
        database = try folder.database()
        #expect(try !database.integrityCheck().isEmpty)
        #expect(throws: DatabaseError.self) { try database.backup(to: folder.file("copy.db")) }
        #expect(try !folder.names().contains { $0.hasPrefix("copy.db") })
    }

    @Test func `references that point nowhere are found`() async throws {
        let database = try await folder.notes()
        try await database.write {
            try $0.execute("CREATE TABLE links (note INTEGER REFERENCES notes) STRICT")
        }
        try database.alone { connection in
            try connection.pragma("foreign_keys = OFF")
            try connection.control.beginImmediate.run()
            try connection.execute("INSERT INTO links VALUES (7)")
            try connection.control.commit.run()
            try connection.pragma("foreign_keys = ON")
        }
        #expect(
            try database.integrityCheck()
                == ["table links, row 1 refers to a row of notes that does not exist"])
    }
}
