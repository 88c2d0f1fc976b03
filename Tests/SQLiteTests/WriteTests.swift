import CSQLite
import Synchronization
import Testing

@testable import SQLite

@Suite(.timeLimit(.minutes(1))) struct WriteTests {
    private struct Refusal: Error, Equatable {}

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a body that throws is undone alone`() async throws {
        let database = try await folder.notes()
        let gate = Gate()
        let holder = await database.hold(gate)
        let first = await database.queue { try $0.execute("INSERT INTO notes (text) VALUES ('a')") }
        let failing = await database.queue { connection in
            try connection.execute("INSERT INTO notes (text) VALUES ('b')")
            try connection.execute("DELETE FROM notes WHERE text = 'a'")
            throw Refusal()
        }
        let last = await database.queue { connection in
            try connection.execute("INSERT INTO notes (text) VALUES ('c')")
            return try connection.all("SELECT text FROM notes ORDER BY id") { try $0.text(0) }
        }
        let batches = database.statistics.batches
        gate.open()
        try await holder.value
        #expect(try await first.value == 1)
        await #expect(throws: Refusal.self) { try await failing.value }
        #expect(try await last.value == ["a", "c"])
        #expect(try database.texts() == ["a", "c"])
        #expect(database.statistics.batches == batches + 2)
        #expect(database.statistics.largestBatch == 3)
        #expect(database.statistics.failures == 1)
    }

    @Test func `a body that throws before it changed anything costs the others nothing`()
        async throws
    {
        let database = try await folder.notes()
        let runs = Atomic<Int>(0)
        let gate = Gate()
        let holder = await database.hold(gate)
        let first = await database.queue { connection in
            runs.add(1, ordering: .relaxed)
            return try connection.execute("INSERT INTO notes (text) VALUES ('a')")
        }
        let failing = await database.queue { connection in
            _ = try connection.all("SELECT text FROM notes") { try $0.text(0) }
            throw Refusal()
        }
        gate.open()
        try await holder.value
        #expect(try await first.value == 1)
        await #expect(throws: Refusal.self) { try await failing.value }
        #expect(runs.load(ordering: .relaxed) == 1)
        #expect(try database.texts() == ["a"])
    }

    @Test func `bodies run in the order of the calls`() async throws {
        let database = try await folder.notes { $0.maximumBatch = 7 }
        let gate = Gate()
        let holder = await database.hold(gate)
        var tasks: [Task<Int, any Error>] = []
        for number in 0..<50 {
            tasks.append(
                await database.queue {
                    try $0.execute("INSERT INTO notes (text) VALUES (\("\(number)"))")
                })
        }
        gate.open()
        try await holder.value
        for task in tasks { #expect(try await task.value == 1) }
        #expect(try database.texts() == (0..<50).map { "\($0)" })
        #expect(database.statistics.largestBatch == 7)
    }

    @Test func `a batch is seen whole or not at all`() async throws {
        let database = try await folder.notes()
        let end = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<100 {
                    try await database.write { connection in
                        try connection.execute("INSERT INTO notes (text) VALUES ('left')")
                        try connection.execute("INSERT INTO notes (text) VALUES ('right')")
                    }
                }
                end.set()
            }
            group.addTask {
                while !end.isSet {
                    let count = try database.read {
                        try $0.first("SELECT count(*) FROM notes") { try $0.integer(0) }
                    }
                    #expect((count ?? 1) % 2 == 0)
                    await Task.yield()
                }
            }
            try await group.waitForAll()
        }
        #expect(try database.texts().count == 200)
    }

    @Test func `a full queue refuses at once`() async throws {
        let database = try await folder.notes { $0.writeQueue = 3 }
        let gate = Gate()
        let holder = await database.hold(gate)
        var waiting: [Task<Void, any Error>] = []
        for _ in 0..<3 { waiting.append(await database.queue { _ in }) }
        let error = try await failure { try await database.add("refused") }
        #expect(error == .overloaded)
        #expect(error?.isOverloaded == true)
        gate.open()
        try await holder.value
        for task in waiting { try await task.value }
        try await database.add("taken")
        #expect(try database.texts() == ["taken"])
    }

    @Test func `a full disk fails the whole batch and the writer goes on`() async throws {
        let database = try await folder.notes()
        try await database.add("before")
        let pages = try #require(
            try await database.write {
                try $0.first("PRAGMA page_count") { try $0.integer(0) }
            })
        try await limit(database, pages: pages + 10)
        let gate = Gate()
        let holder = await database.hold(gate)
        let first = await database.queue { try $0.execute("INSERT INTO notes (text) VALUES ('a')") }
        let large = await database.queue {
            try $0.execute(
                "INSERT INTO notes (text) VALUES (\(String(repeating: "x", count: 99_999)))")
        }
        let last = await database.queue { try $0.execute("INSERT INTO notes (text) VALUES ('c')") }
        gate.open()
        try await holder.value
        for task in [first, large, last] {
            let error = try await failure { _ = try await task.value }
            #expect(error?.isFull == true)
            #expect(error?.hint == "free space on the disk, then try again")
        }
        #expect(try database.texts() == ["before"])
        try await database.add("after")
        try await limit(database, pages: 100_000)
        try await database.add(String(repeating: "x", count: 99_999))
        #expect(try database.texts().map(\.utf8.count) == [6, 5, 99_999])
        #expect(try database.integrityCheck() == [])
    }

    private func limit(_ database: Database, pages: Int) async throws {
        // The pragma takes no placeholder.
        let sql = SQL(stringLiteral: "PRAGMA max_page_count = \(pages)")
        try await database.write { _ = try $0.first(sql) { try $0.integer(0) } }
    }

    @Test func `a body that hides the rollback can do nothing more`() async throws {
        let database = try await folder.notes()
        try await limit(database, pages: 10)
        let error = try await failure {
            try await database.write { connection in
                let large = String(repeating: "x", count: 99_999)
                _ = try? connection.execute("INSERT INTO notes (text) VALUES (\(large))")
                _ = try? connection.execute("INSERT INTO notes (text) VALUES ('alone')")
            }
        }
        #expect(error?.message == "SQLite has rolled back the transaction")
        #expect(try database.texts() == [])
    }

    @Test func `a commit that fails fails all of its batch`() async throws {
        let database = try await folder.notes()
        let gate = Gate()
        let holder = await database.hold(gate)
        let first = await database.queue { connection in
            // The hook turns the commit into a failure.
            _ = sqlite3_commit_hook(connection.handle, { _ in 1 }, nil)
            return try connection.execute("INSERT INTO notes (text) VALUES ('a')")
        }
        let last = await database.queue { try $0.execute("INSERT INTO notes (text) VALUES ('b')") }
        gate.open()
        try await holder.value
        for task in [first, last] {
            let error = try await failure { _ = try await task.value }
            #expect(error?.sql == "COMMIT")
        }
        try database.alone { connection in
            _ = sqlite3_commit_hook(connection.handle, nil, nil)
        }
        try await database.add("after")
        #expect(try database.texts() == ["after"])
        #expect(database.statistics.failures == 2)
    }

    @Test func `a deferred reference that points nowhere fails its own body only`() async throws {
        let database = try await folder.notes()
        try await database.write {
            try $0.execute(
                """
                CREATE TABLE links (
                    note INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED
                ) STRICT
                """)
        }
        let gate = Gate()
        let holder = await database.hold(gate)
        let good = await database.queue { connection in
            try connection.execute("INSERT INTO links VALUES (1)")
            return try connection.execute("INSERT INTO notes VALUES (1, 'late')")
        }
        let bad = await database.queue { try $0.execute("INSERT INTO links VALUES (9)") }
        gate.open()
        try await holder.value
        #expect(try await good.value == 1)
        #expect(try await failure { _ = try await bad.value }?.isForeignKey == true)
        #expect(try database.texts() == ["late"])
    }

    @Test func `rows changed are those of the statement`() async throws {
        let database = try await folder.notes()
        let counts = try await database.write { connection in
            [
                try connection.execute("INSERT INTO notes (text) VALUES ('a'), ('b'), ('c')"),
                try connection.execute("CREATE INDEX by_text ON notes (text)"),
                try connection.execute("SELECT * FROM notes"),
                try connection.execute("UPDATE notes SET text = 'd' WHERE id > 1"),
                try connection.execute("UPDATE notes SET text = 'e' WHERE id > 9"),
                try connection.execute("DELETE FROM notes RETURNING id"),
            ]
        }
        #expect(counts == [3, 0, 0, 2, 0, 3])
    }

    @Test func `a savepoint undoes its own part`() async throws {
        let database = try await folder.notes()
        try await database.write { connection in
            try connection.execute("INSERT INTO notes (text) VALUES ('outer')")
            let inner = try connection.savepoint {
                try connection.execute("INSERT INTO notes (text) VALUES ('inner')")
            }
            #expect(inner == 1)
            #expect(throws: Refusal.self) {
                try connection.savepoint {
                    try connection.execute("INSERT INTO notes (text) VALUES ('undone')")
                    try connection.savepoint {
                        try connection.execute("INSERT INTO notes (text) VALUES ('undone too')")
                    }
                    throw Refusal()
                }
            }
        }
        #expect(try database.texts() == ["outer", "inner"])
    }

    @Test func `closing commits what waits and refuses what comes`() async throws {
        let database = try await folder.notes()
        let gate = Gate()
        let holder = await database.hold(gate)
        var waiting: [Task<Int, any Error>] = []
        for number in 0..<5 {
            waiting.append(
                await database.queue {
                    try $0.execute("INSERT INTO notes (text) VALUES (\("\(number)"))")
                })
        }
        gate.open()
        try await onThread { database.close() }
        try await holder.value
        for task in waiting { #expect(try await task.value == 1) }
        #expect(try await failure { try await database.add("late") } == .closed)
        #expect(throws: DatabaseError.closed) { try database.texts() }
        #expect(throws: DatabaseError.closed) { try database.scan { _ in } }
        database.close()
        #expect(try folder.database().texts() == ["0", "1", "2", "3", "4"])
    }

    @Test func `a database may go away inside its own write`() async throws {
        var database: Database? = try await folder.notes()
        let gate = Gate()
        let holder = await database?.hold(gate)
        let task = await database?.queue { [database] connection in
            _ = database
            return try connection.execute("INSERT INTO notes (text) VALUES ('last')")
        }
        database = nil
        gate.open()
        try await holder?.value
        #expect(try await task?.value == 1)
        // The lock comes free when the writer's thread has ended, soon but not at once.
        var reopened: Database?
        await until {
            reopened = try? folder.database()
            return reopened != nil
        }
        #expect(try reopened?.texts() == ["last"])
    }

    @Test func `the writer refuses itself`() async throws {
        let database = try await folder.notes()
        let error = try await failure {
            try await database.write { _ in _ = try database.checkpoint() }
        }
        #expect(error?.code == .misuse)
        // A read beside the write sees what was committed before it.
        let seen = try await database.write { connection in
            try connection.execute("INSERT INTO notes (text) VALUES ('new')")
            return try database.texts()
        }
        #expect(seen == [])
    }
}
