import Synchronization
import Testing

@testable import SQLite

@Suite(.timeLimit(.minutes(1))) struct ReadTests {
    private struct Refusal: Error, Equatable {}

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a read sees one moment however long it takes`() async throws {
        let database = try await folder.notes()
        try await database.add("old")
        let gate = Gate()
        async let texts = onThread {
            try database.read { connection in
                let before = try connection.all("SELECT text FROM notes") { try $0.text(0) }
                gate.pass()
                return (before, try connection.all("SELECT text FROM notes") { try $0.text(0) })
            }
        }
        await until { gate.isEntered }
        try await database.add("new")
        #expect(try database.texts() == ["old", "new"])
        gate.open()
        let (before, after) = try await texts
        #expect(before == ["old"])
        #expect(after == ["old"])
        #expect(try database.texts() == ["old", "new"])
    }

    @Test func `a write is seen by every read after it`() async throws {
        let database = try await folder.notes()
        for number in 1...200 {
            try await database.add("\(number)")
            let count = try database.read {
                try $0.first("SELECT count(*) FROM notes") { try $0.integer(0) }
            }
            #expect(count == number)
        }
    }

    @Test(
        arguments: [
            "INSERT INTO notes (text) VALUES ('x')", "CREATE TABLE other (a)", "DROP TABLE notes",
            "DELETE FROM notes",
        ])
    func `a read cannot write`(text: String) async throws {
        let database = try await folder.notes()
        try await database.add("kept")
        let sql = SQL(stringLiteral: text)
        let read = #expect(throws: DatabaseError.self) {
            try database.read { try $0.execute(sql) }
        }
        #expect(read?.code == .readOnly)
        let scan = #expect(throws: DatabaseError.self) {
            try database.scan { try $0.execute(sql) }
        }
        #expect(scan?.code == .readOnly)
        #expect(try database.texts() == ["kept"])
    }

    @Test func `a read inside a read throws instead of waiting for itself`() async throws {
        let database = try await folder.notes { $0.readers = 1 }
        let error = #expect(throws: DatabaseError.self) {
            try database.read { _ in try database.texts() }
        }
        #expect(error?.message == "a read inside a read")
        #expect(try database.texts() == [])
    }

    @Test func `reads wait while all readers are in use, scans do not`() async throws {
        let database = try await folder.notes { $0.readers = 2 }
        try await database.add("here")
        let gates = [Gate(), Gate()]
        let long = gates.map { gate in
            Task { try await onThread { try database.read { _ in gate.pass() } } }
        }
        await until { gates.allSatisfy(\.isEntered) }
        let finished = Flag()
        let waiting = Task {
            try await onThread {
                defer { finished.set() }
                return try database.texts()
            }
        }
        #expect(
            try database.scan { try $0.all("SELECT text FROM notes") { try $0.text(0) } } == [
                "here"
            ])
        #expect(!finished.isSet)
        gates[0].open()
        #expect(try await waiting.value == ["here"])
        gates[1].open()
        for task in long { try await task.value }
    }

    @Test func `a query runs inside another, of the same text too`() async throws {
        let database = try await folder.notes()
        for text in ["a", "b", "c"] { try await database.add(text) }
        let pairs = try database.read { connection in
            var pairs: [String] = []
            try connection.forEach("SELECT text FROM notes ORDER BY id") { outer in
                try connection.forEach("SELECT text FROM notes ORDER BY id") { inner in
                    pairs.append(try outer.text(0) + inner.text(0))
                }
            }
            return pairs
        }
        #expect(pairs == ["aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"])
    }

    @Test func `a decoder that throws leaves the connection as it was`() async throws {
        let database = try await folder.notes { $0.readers = 1 }
        for text in ["a", "b"] { try await database.add(text) }
        for _ in 0..<3 {
            #expect(throws: Refusal.self) {
                try database.read {
                    try $0.forEach("SELECT text FROM notes ORDER BY id") { _ in throw Refusal() }
                }
            }
            #expect(try database.texts() == ["a", "b"])
        }
        // A statement left in the middle would keep the old snapshot.
        try await database.add("c")
        #expect(try database.texts() == ["a", "b", "c"])
        #expect(try database.checkpoint())
    }

    @Test func `an error inside a read can be handled there`() async throws {
        let database = try await folder.notes()
        try await database.add("a")
        let texts = try database.read { connection in
            _ = try? connection.all("SELECT nothing FROM notes") { try $0.text(0) }
            return try connection.all("SELECT text FROM notes") { try $0.text(0) }
        }
        #expect(texts == ["a"])
    }

    @Test func `statements are kept prepared up to a limit`() async throws {
        let database = try await folder.notes { options in
            options.readers = 1
            options.cachedStatements = 4
        }
        let sums = try database.read { connection in
            try (0..<20).map { number in
                let sql = SQL(text: "SELECT \(number) + ?", values: [.integer(1)])
                return try connection.first(sql) { try $0.integer(0) }
            }
        }
        #expect(sums == (1...20).map { $0 })
        #expect(try database.read { $0.cachedTexts.count } == 4)
        #expect(try database.texts() == [])
        #expect(try database.read { $0.cachedTexts.count } == 4)
    }

    @Test func `the statement used last is kept`() throws {
        let database = try folder.database { options in
            options.readers = 1
            options.cachedStatements = 2
        }
        let prepared = try database.read { connection in
            for sql: SQL in ["SELECT 1", "SELECT 2", "SELECT 1", "SELECT 3"] {
                try connection.execute(sql)
            }
            return connection.cachedTexts
        }
        #expect(prepared == ["SELECT 1", "SELECT 3"])
    }

    @Test func `a statement outlives a change of the schema`() async throws {
        let database = try await folder.notes()
        try await database.add("a")
        #expect(try database.texts() == ["a"])
        try await database.write { connection in
            try connection.execute("ALTER TABLE notes RENAME TO old")
            try connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT")
            try connection.execute("INSERT INTO notes (text) VALUES ('b')")
        }
        #expect(try database.texts() == ["b"])
    }

    @Test func `many readers and writers work at the same time`() async throws {
        let database = try await folder.notes { options in
            options.readers = 3
            options.maximumBatch = 16
            options.checkpointPages = 20
            options.idleMilliseconds = 1
        }
        let perWriter = 100
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0..<perWriter {
                        try await database.add("\(writer) \(number)")
                    }
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    var last = 0
                    while last < 8 * perWriter {
                        let (count, highest) = try database.read { connection in
                            try connection.first("SELECT count(*), ifnull(max(id), 0) FROM notes") {
                                (try $0.integer(0), try $0.integer(1))
                            } ?? (0, 0)
                        }
                        #expect(count == highest)
                        #expect(count >= last)
                        last = count
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        let texts = try database.texts()
        #expect(Set(texts).count == 8 * perWriter)
        for writer in 0..<8 {
            let own = texts.filter { $0.hasPrefix("\(writer) ") }
            #expect(own == (0..<perWriter).map { "\(writer) \($0)" })
        }
        #expect(try database.integrityCheck() == [])
    }
}
