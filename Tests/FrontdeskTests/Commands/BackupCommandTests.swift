import Crypto
import Foundation
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// Copies of the database, putting one back, and looking for what is wrong.
struct BackupCommandTests {
    private let terminal: Terminal

    init() throws {
        terminal = try Terminal()
    }

    private func json(_ words: String...) async throws -> JSONValue {
        let outcome = await terminal.run(words + ["--json"])
        try #require(outcome.code == 0, "\(outcome.notes)")
        return try JSONValue(parsing: outcome.output)
    }

    private func names(in folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: terminal.file(folder)).sorted()
    }

    private func events(in database: Database) throws -> Int {
        try database.read { connection in
            try connection.first("SELECT count(*) FROM order_events") { try $0.integer(0) } ?? 0
        }
    }

    // MARK: - backup

    @Test func `a copy holds what the server has committed, and is described`() async throws {
        _ = await terminal.run("demo-data")
        try await terminal.withDatabase { database in
            let copy = try await json("backup", terminal.file("copy.db"))
            let file = try Data(contentsOf: URL(fileURLWithPath: terminal.file("copy.db")))
            #expect(copy["path"] == .string(terminal.file("copy.db")))
            #expect(copy["bytes"] == JSONValue(file.count))
            #expect(copy["pages"] == JSONValue(file.count / 4096))
            #expect(copy["sha256"] == .string(try SHA256.hash([UInt8](file))))
            #expect(copy["rows"]?["orders"] == 20)
            #expect(copy["rows"]?["message_search_data"] == nil)
            #expect(copy["removed"] == [])
            #expect(copy["rows"]?["order_events"] == JSONValue(try events(in: database)))
        }
        let again = await terminal.run("backup", terminal.file("copy.db"))
        #expect(again.code == 1)
        #expect(
            again.notes
                == "frontdesk: \(terminal.file("copy.db")) exists and is not overwritten\n"
                + "Hint: name another file\n")
    }

    @Test func `without --json a copy is described in lines`() async throws {
        _ = await terminal.run("migrate")
        let outcome = await terminal.run("backup", terminal.file("copy.db"))
        #expect(outcome.notes == "")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "path: \(terminal.file("copy.db"))")
        #expect(lines[1].hasPrefix("bytes: ") && lines[2].hasPrefix("pages: "))
        #expect(lines[3].wholeMatch(of: /sha256: [0-9a-f]{64}/) != nil)
        #expect(lines.contains("rows in sessions: 0"))
    }

    @Test func `a folder keeps the newest copies and whatever else is in it`() async throws {
        _ = await terminal.run("migrate")
        try FileManager.default.createDirectory(
            atPath: terminal.file("copies"), withIntermediateDirectories: true)
        let old = (1...3).map { "frontdesk-2020010\($0)T000000Z.db" }
        let others = [
            "frontdesk-20200101T000000Z.db.gz", "frontdesk-latest.db", "other-20200101T000000Z.db",
            "frontdesk-2020x101T000000Z.db",
        ]
        for name in old + others { _ = try terminal.write("", to: "copies/\(name)") }
        let first = try await json("backup", terminal.file("copies"), "--keep", "3")
        let new = try #require(first["path"]?.string)
        #expect(new.wholeMatch(of: /.*\/copies\/frontdesk-\d{8}T\d{6}Z\.db/) != nil)
        #expect(first["removed"] == [.string(terminal.file("copies/\(old[0])"))])
        let newName = URL(fileURLWithPath: new).lastPathComponent
        #expect(try names(in: "copies") == (old.dropFirst() + others + [newName]).sorted())
    }

    @Test(
        arguments: [
            (["backup"], "'backup' needs the path of a file or folder"),
            (["backup", ""], "'backup' needs the path of a file or folder"),
            (["backup", "a", "b"], "unexpected 'b'"),
            (["backup", ".", "--keep", "0"], "--keep takes a number from 1 to 10000, not '0'"),
            (["backup", ".", "--keep", "x"], "--keep takes a number from 1 to 10000, not 'x'"),
            (["backup", "no.db", "--keep", "2"], "--keep goes with a folder, and 'no.db' is none"),
            (["restore"], "'restore' needs the path of a copy"),
            (["restore", "a", "b"], "unexpected 'b'"),
            (["verify", "now"], "unexpected 'now'"),
        ])
    func `a wrong command line is told`(_ words: [String], _ text: String) async {
        _ = await terminal.run("migrate")
        let outcome = await terminal.run(words)
        #expect(
            outcome
                == Terminal.Outcome(
                    code: 2, notes: "frontdesk: \(text)\nTry 'frontdesk --help'.\n"))
    }

    @Test(arguments: ["backup", "verify"])
    func `without a database there is nothing to look at`(_ command: String) async throws {
        let words = command == "backup" ? [command, terminal.file("copy.db")] : [command]
        let outcome = await terminal.run(words)
        #expect(outcome.code == 1)
        #expect(outcome.notes.hasPrefix("frontdesk: there is no database at \(terminal.database)"))
        #expect(try names() == [])
    }

    // MARK: - restore

    @Test func `a copy is put back, and what was there is kept`() async throws {
        _ = await terminal.run("demo-data")
        _ = await terminal.run("backup", terminal.file("copy.db"))
        try await terminal.withDatabase { database in
            try await database.write { try $0.execute("DELETE FROM order_events") }
            let refused = await terminal.run("restore", terminal.file("copy.db"))
            #expect(refused.code == 1)
            #expect(refused.notes.hasPrefix("frontdesk: another server uses \(database.path)"))
        }
        let report = try await json("restore", terminal.file("copy.db"))
        #expect(report["database"] == .string(terminal.database))
        #expect(report["rows"]?["orders"] == 20)
        #expect(report["pending_migrations"] == [])
        let kept = try #require(report["kept"]?.string)
        #expect(kept.hasPrefix(terminal.database + ".before-restore-2"))
        try await terminal.withDatabase { database in
            let events = try events(in: database)
            #expect(report["rows"]?["order_events"] == JSONValue(events))
            #expect(events > 0)
        }
        let outcome = await terminal.run("restore", kept)
        #expect(outcome.output.hasPrefix("database: \(terminal.database)\nrows in "))
        #expect(outcome.notes.hasPrefix("kept what was there as \(terminal.database).before-"))
        #expect(outcome.output.contains("\nrows in order_events: 0\n"))
    }

    // MARK: - verify

    @Test func `a sound database is said to be`() async throws {
        _ = await terminal.run("demo-data")
        #expect(await terminal.run("verify") == Terminal.Outcome(code: 0, output: "ok\n"))
        #expect(try await json("verify") == ["ok": true, "problems": []])
    }

    @Test func `a database that was not brought up to date is a problem`() async throws {
        _ = await terminal.run("migrate", "--to", "0001_create_sessions")
        let outcome = await terminal.run("verify")
        #expect(outcome.code == 1)
        #expect(outcome.output.hasSuffix("has not been applied to \(terminal.database)\n"))
        #expect(outcome.notes == "frontdesk: \(terminal.database) has 1 problem\n")
    }

    /// What somebody did to the rows, and what is said of it.
    private static let contradictions: [(SQL, [String])] = [
        (
            "UPDATE sessions SET message_count = 7 WHERE session_id = 's1'",
            ["session s1 of tenant default counts 7 messages and has 2"]
        ),
        (
            "UPDATE session_counts SET sessions = 5",
            ["tenant default counts 5 sessions last active in 2026-02-20T10:30 and has 1"]
        ),
        (
            "DELETE FROM session_counts",
            ["tenant default counts 0 sessions last active in 2026-02-20T10:30 and has 1"]
        ),
        (
            "DELETE FROM message_search WHERE rowid = 1",
            ["message msg_1 is missing in the search index"]
        ),
        (
            "INSERT INTO message_search (rowid, tenant_key, content) VALUES (99, 'x', 'y')",
            ["the search index has an entry for row 99 of no message"]
        ),
        (
            "UPDATE agent_inbox_counts SET mappings = 3",
            [
                "tenant default counts 3 mappings that are ACTIVE, go to FRONTDESK_INBOX and "
                    + "belong to team '', and has 1"
            ]
        ),
        (
            "UPDATE inbox_depths SET ready = 4, held = 1",
            [
                "inbox a@b.test of tenant default counts 1 messages that are held and has 0",
                "inbox a@b.test of tenant default counts 4 messages that are ready and has 1",
            ]
        ),
        (
            "UPDATE agent_inboxes SET health_checks = 2",
            ["inbox a@b.test of tenant default counts 2 health reports and has 0"]
        ),
        (
            "UPDATE sessions SET removing_since = 'now', message_count = 9",
            ["tenant default counts 1 sessions last active in 2026-02-20T10:30 and has 0"]
        ),
    ]

    /// One session with two messages, and one inbox with one message, as the stores leave them.
    private static let rows: [SQL] = [
        """
        INSERT INTO sessions (tenant_id, session_id, metadata, message_count, created_at,
                              last_activity, request_id)
        VALUES ('default', 's1', '{}', 2, '2026-02-20T10:30:00.000000Z',
                '2026-02-20T10:31:00.000000Z', 'r')
        """,
        "INSERT INTO session_counts VALUES ('default', '2026-02-20T10:3', 1)",
        """
        INSERT INTO messages (row_no, message_id, tenant_id, session_id, seq, role, author, content,
                              request_id, created_at, status)
        VALUES (1, 'msg_1', 'default', 's1', 1, 'user', 'customer', 'hello', 'r', 'now',
                'complete'),
               (2, 'msg_2', 'default', 's1', 2, 'assistant', 'builtin', 'hi', 'r', 'now',
                'complete')
        """,
        """
        INSERT INTO message_search (rowid, tenant_key, content)
        VALUES (1, 'default', 'hello'), (2, 'default', 'hi')
        """,
        """
        INSERT INTO agent_inboxes (tenant_id, ai_agent_address, inbox_destination_type, inbox_name,
                                   status, search_key, updated_by, request_id, registered_at,
                                   updated_at)
        VALUES ('default', 'a@b.test', 'FRONTDESK_INBOX', 'n', 'ACTIVE', 'a', 'u', 'r', 'now',
                'now')
        """,
        "INSERT INTO agent_inbox_counts VALUES ('default', 'ACTIVE', 'FRONTDESK_INBOX', '', 1)",
        """
        INSERT INTO inbox_messages (message_id, tenant_id, ai_agent_address, priority, payload,
                                    attributes, sender_id, state, available_at, request_id,
                                    created_at)
        VALUES ('m', 'default', 'a@b.test', 4, '{}', '{}', '', 'ready', 'now', 'r', 'now')
        """,
        """
        INSERT INTO inbox_depths (tenant_id, ai_agent_address, ready)
        VALUES ('default', 'a@b.test', 1)
        """,
    ]

    @Test(arguments: contradictions.indices)
    func `what tables say against each other is told`(_ index: Int) async throws {
        let (deed, sentences) = Self.contradictions[index]
        try await terminal.withDatabase { database in
            try await database.write { connection in
                for row in Self.rows { try connection.execute(row) }
            }
            #expect(await terminal.run("verify") == Terminal.Outcome(code: 0, output: "ok\n"))
            try await database.write { try $0.execute(deed) }
        }
        let outcome = await terminal.run("verify")
        #expect(outcome.output == sentences.map { $0 + "\n" }.joined())
        let count = sentences.count == 1 ? "1 problem" : "\(sentences.count) problems"
        #expect(outcome.code == 1)
        #expect(outcome.notes == "frontdesk: \(terminal.database) has \(count)\n")
    }

    @Test func `of many contradictions of a kind the first ones are told`() async throws {
        try await terminal.withDatabase { database in
            try await database.write { connection in
                for number in 1...30 {
                    try connection.execute(
                        """
                        INSERT INTO message_search (rowid, tenant_key, content)
                        VALUES (\(number), 'x', 'y')
                        """)
                }
            }
        }
        let problems = try JSONValue(
            parsing: await terminal.run("verify", "--json").output)["problems"]?.array
        #expect(problems?.count == 21)
        #expect(problems?.first == "the search index has an entry for row 1 of no message")
        #expect(problems?.last == "and more like the one before")
    }
}
