import Foundation
import Testing

@testable import SQLite

@Suite(.timeLimit(.minutes(1))) struct CheckpointTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fill(_ database: Database, rows: Int) async throws {
        let text = String(repeating: "x", count: 3000)
        for _ in 0..<rows { try await database.add(text) }
    }

    @Test func `the WAL is emptied when nobody writes`() async throws {
        let database = try await folder.notes { $0.idleMilliseconds = 1 }
        try await fill(database, rows: 20)
        await until { database.statistics.walPages == 0 }
        #expect(database.statistics.walBytes == 0)
        #expect(try database.texts().count == 20)
        try await database.add("more")
        await until { database.statistics.walPages == 0 }
        #expect(try database.texts().count == 21)
    }

    @Test func `a WAL that grows is folded in and begins anew`() async throws {
        let database = try await folder.notes { options in
            options.checkpointPages = 10
            options.idleMilliseconds = 1_000_000
        }
        try await fill(database, rows: 300)
        #expect(database.statistics.checkpoints >= 10)
        #expect(database.statistics.walBytes < 100 * 4096)
        #expect(database.statistics.databaseBytes > 300 * 3000)
    }

    @Test func `a reader on an old snapshot delays the emptying only`() async throws {
        let database = try await folder.notes { $0.idleMilliseconds = 1_000_000 }
        try await fill(database, rows: 5)
        let gate = Gate()
        let reading = Task {
            try await onThread {
                try database.read { connection in
                    let before = try connection.first("SELECT count(*) FROM notes") {
                        try $0.integer(0)
                    }
                    gate.pass()
                    let after = try connection.first("SELECT count(*) FROM notes") {
                        try $0.integer(0)
                    }
                    return [before, after]
                }
            }
        }
        await until { gate.isEntered }
        try await fill(database, rows: 5)
        #expect(try !database.checkpoint())
        try await fill(database, rows: 5)
        gate.open()
        #expect(try await reading.value == [5, 5])
        #expect(try database.checkpoint())
        #expect(database.statistics.walBytes == 0)
        #expect(try database.texts().count == 15)
    }

    @Test func `closing leaves one file and its lock`() async throws {
        let database = try await folder.notes()
        try await fill(database, rows: 5)
        database.close()
        #expect(try folder.names() == ["test.db", "test.db.lock"])
    }

    @Test func `a WAL left behind by a crash is read and folded in`() async throws {
        let database = try await folder.notes { $0.idleMilliseconds = 1_000_000 }
        try await fill(database, rows: 5)
        let copy = folder.file("crashed.db")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: database.path + suffix, toPath: copy + suffix)
        }
        var options = Database.Options()
        options.idleMilliseconds = 1
        let recovered = try Database(path: copy, options: options)
        #expect(try recovered.texts().count == 5)
        await until { recovered.statistics.walPages == 0 }
        #expect(recovered.statistics.walBytes == 0)
        #expect(try recovered.texts().count == 5)
    }

    @Test func `the server notices what a command has written`() async throws {
        let server = try await folder.notes { $0.idleMilliseconds = 1 }
        await until { server.statistics.walPages == 0 }
        let command = try folder.database { $0.exclusive = false }
        try await fill(command, rows: 20)
        await until { server.statistics.walBytes == 0 }
        #expect(try server.texts().count == 20)
        #expect(server.statistics.databaseBytes > 20 * 3000)
        #expect(server.statistics.failedCheckpoints == 0)
    }

    @Test func `statistics count what was written`() async throws {
        let database = try await folder.notes { $0.idleMilliseconds = 1_000_000 }
        let before = database.statistics
        for _ in 0..<3 { try await database.add("x") }
        #expect(
            try await failure { try await database.write { try $0.execute("nonsense") } } != nil)
        let after = database.statistics
        #expect(after.writes - before.writes == 3)
        #expect(after.failures - before.failures == 1)
        #expect(after.batches - before.batches == 4)
        #expect(after.commitTime.count == after.batches)
        #expect(after.commitTime.sum > 0)
        #expect(after.commitTime.counts.count == Database.Histogram.bounds.count + 1)
        #expect(after.queueDepth == 0)
        #expect(after.largestBatch == 1)
        #expect(after.walPages > 0)
    }

    @Test func `durations fall into their buckets`() {
        var histogram = Database.Histogram()
        for milliseconds in [0.05, 0.1, 0.2, 2, 1000, 5000] {
            histogram.add(.microseconds(Int(milliseconds * 1000)))
        }
        #expect(histogram.counts == [2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1])
        #expect(abs(histogram.sum - 6.00235) < 1e-9)
    }
}
