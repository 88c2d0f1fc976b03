import Foundation
import JSON
import Migrations
import SQLite
import Testing

@testable import Frontdesk

/// What each command does, prints and leaves behind.
struct CommandTests {
    private let terminal: Terminal

    init() throws {
        terminal = try Terminal()
    }

    /// Runs a command that must succeed and returns its output.
    private func output(
        _ words: String..., environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let outcome = await terminal.run(words, environment: environment)
        try #require(outcome.code == 0, "\(outcome.notes)", sourceLocation: location)
        #expect(outcome.notes == "", sourceLocation: location)
        return outcome.output
    }

    /// The same, with `--json`.
    private func json(
        _ words: String..., environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let outcome = await terminal.run(words + ["--json"], environment: environment)
        try #require(outcome.code == 0, "\(outcome.notes)", sourceLocation: location)
        return try JSONValue(parsing: outcome.output)
    }

    // MARK: - migrate

    private let names = MigrationFiles.all.map(\.name)

    @Test func `migrate applies everything once`() async throws {
        let first = try await output("migrate")
        #expect(first == names.map { "applied \($0)\n" }.joined())
        #expect(try await output("migrate", "up") == "nothing to apply\n")
        #expect(try await json("migrate") == ["applied": [], "copy": nil, "dry_run": false])
        #expect(try await output("migrate", "verify") == "ok\n")
        #expect(try await json("migrate", "verify") == ["ok": true])
    }

    @Test func `a dry run tells what it would apply and applies nothing`() async throws {
        let would = try await output("migrate", "--dry-run")
        #expect(would == names.map { "would apply \($0)\n" }.joined())
        let asJSON = try await json("migrate", "--dry-run")
        #expect(asJSON["applied"] == .array(names.map { .string($0) }))
        #expect(asJSON["dry_run"] == true)
        let status = try await output("migrate", "status")
        #expect(status == names.map { "\($0)  -  pending\n" }.joined())
    }

    @Test func `migrate stops after the migration that --to names`() async throws {
        let two = try await output("migrate", "--to", names[1])
        #expect(two == "applied \(names[0])\napplied \(names[1])\n")
        let verified = await terminal.run("migrate", "verify")
        #expect(verified.code == 1)
        #expect(
            verified.notes
                == """
                frontdesk: the migration \(names[2]) has not been applied to \(terminal.database)
                Hint: migrate the database first

                """)
        let unknown = await terminal.run("migrate", "--to", "0042_do_everything")
        #expect(
            unknown
                == Terminal.Outcome(
                    code: 2,
                    notes: "frontdesk: there is no migration '0042_do_everything'\n"
                        + "Try 'frontdesk --help'.\n"))
        let rest = await terminal.run("migrate")
        #expect(rest.code == 0)
        #expect(rest.output == names.dropFirst(2).map { "applied \($0)\n" }.joined())
        #expect(rest.notes.hasPrefix("copied the database to \(terminal.database).before-0003"))
    }

    @Test func `the status tells when each migration was applied`() async throws {
        _ = try await output("migrate", "--to", names[0])
        let status = try await json("migrate", "status")["migrations"]?.array
        #expect(status?.count == names.count)
        #expect(status?[0]["name"]?.string == names[0])
        #expect(status?[0]["state"] == "applied")
        let applied = try #require(status?[0]["applied_at"]?.string)
        #expect(Timestamp(parsing: applied)?.text == applied)
        #expect(status?[1] == ["name": .string(names[1]), "applied_at": nil, "state": "pending"])
        let line = try await output("migrate", "status").split(separator: "\n")[0]
        #expect(line == "\(names[0])  \(applied)  applied")
    }

    @Test(arguments: ["status", "verify"])
    func `looking at migrations makes no database`(_ word: String) async throws {
        let outcome = await terminal.run("migrate", word)
        #expect(outcome.code == 1)
        #expect(outcome.notes.hasPrefix("frontdesk: there is no database at "))
        #expect(!FileManager.default.fileExists(atPath: terminal.database))
    }

    @Test(arguments: ["status", "verify"])
    func `migrations can be looked at while a server runs`(_ word: String) async throws {
        try await terminal.withDatabase { _ in
            let outcome = await terminal.run("migrate", word)
            #expect(outcome.code == 0)
            #expect(outcome.output.contains(word == "status" ? "applied" : "ok"))
        }
    }

    @Test(arguments: [["cleanup"], ["demo-data"], ["demo-data", "--reset"]])
    func `records can be looked after while a server runs`(_ words: [String]) async throws {
        try await terminal.withDatabase { database in
            #expect(await terminal.run(words).code == 0)
            let orders = try database.read {
                try $0.first("SELECT count(*) FROM orders") { try $0.integer(0) }
            }
            #expect(orders == (words[0] == "cleanup" ? 0 : 20))
        }
    }

    @Test func `migrations wait for the server's end`() async throws {
        try await terminal.withDatabase { _ in
            let outcome = await terminal.run("migrate")
            #expect(outcome.code == 1)
            #expect(outcome.output == "")
            #expect(outcome.notes.hasPrefix("frontdesk: another server uses "))
            #expect(outcome.notes.hasSuffix("\nHint: stop it, or name another database\n"))
        }
    }

    // MARK: - demo-data

    @Test func `demo data is loaded once and restored on demand`() async throws {
        let loaded = "orders: 20\ncomplaints: 20\ncustomers: 5\ntickets: 10\n"
        #expect(try await output("demo-data").hasPrefix(loaded))
        let again = try await json("demo-data")
        for member in try #require(again.object).members { #expect(member.value == 0) }
        try await terminal.withDatabase { database in
            _ = try await database.write {
                try $0.execute("UPDATE orders SET amount_cents = 1 WHERE order_id = 'ORD-10001'")
            }
        }
        #expect(try await output("demo-data").hasPrefix("orders: 0\ncomplaints: 0\n"))
        let restored = try await json("demo-data", "--reset")
        #expect(restored["orders"] == 20)
        #expect(restored["tickets"] == 10)
        try await terminal.withDatabase { database in
            let amount = try database.read {
                try $0.first("SELECT amount_cents FROM orders WHERE order_id = 'ORD-10001'") {
                    try $0.integer(0)
                }
            }
            #expect(amount == 129_999)
        }
    }

    // MARK: - cleanup

    @Test func `cleanup removes what is past its time, after telling so`() async throws {
        try await terminal.withDatabase { database in
            _ = try await database.write { connection in
                for (id, time) in [("old", "2020-01-01"), ("new", "2999-01-01")] {
                    try connection.execute(
                        """
                        INSERT INTO sessions (tenant_id, session_id, metadata, created_at,
                                              last_activity, request_id)
                        VALUES ('default', \(id), '{}', \(time + "T00:00:00.000000Z"),
                                \(time + "T00:00:00.000000Z"), 'req_1')
                        """)
                    try connection.execute(
                        """
                        INSERT INTO session_counts (tenant_id, active_in, sessions)
                        VALUES ('default', \(time + "T00:0"), 1)
                        """)
                }
                try connection.execute(
                    """
                    INSERT INTO idempotency_keys (tenant_id, key, method, path, fingerprint,
                                                  request_id, created_at)
                    VALUES ('default', 'k', 'POST', '/', 'f', 'req_1',
                            '2020-01-01T00:00:00.000000Z')
                    """)
                try CommandTests.insertHealthCheck(in: connection)
            }
        }
        let would = [
            "sessions: 1 would be removed", "idempotency_keys: 1 would be removed",
            "agent_health_checks: 1 would be removed",
        ].map { $0 + "\n" }.joined()
        #expect(try await output("cleanup", "--dry-run").hasPrefix(would))
        let dry = try await json("cleanup", "--dry-run")
        #expect(dry["dry_run"] == true)
        for name in ["sessions", "idempotency_keys", "agent_health_checks"] {
            #expect(dry[name] == 1, "\(name)")
        }
        let did = would.replacing("would be removed", with: "removed")
        #expect(try await output("cleanup").hasPrefix(did))
        let again = try await json("cleanup")
        #expect(again["dry_run"] == false)
        for member in try #require(again.object).members where member.key != "dry_run" {
            #expect(member.value == 0, "\(member.key)")
        }
        try await terminal.withDatabase { database in
            let left = try database.read {
                try $0.all("SELECT session_id FROM sessions") { try $0.text(0) }
            }
            #expect(left == ["new"])
        }
    }

    @Test func `cleanup cancels what nobody has paid in time`() async throws {
        _ = try await output("demo-data")
        try await terminal.withDatabase { database in
            _ = try await database.write { connection in
                try connection.execute(
                    """
                    UPDATE ticket_orders SET status = 'pending', payment_id = NULL,
                        completed_at = NULL, expires_at = '2020-01-01T00:00:00.000000Z'
                    """)
            }
        }
        let dry = try await output("cleanup", "--dry-run")
        #expect(dry.contains("ticket_orders: 1 would be cancelled\n"))
        #expect(try await output("cleanup").contains("ticket_orders: 1 cancelled\n"))
        #expect(try await json("cleanup")["ticket_orders_lapsed"] == 0)
        try await terminal.withDatabase { database in
            let subjects = try database.read {
                try $0.all("SELECT kind FROM emails") { try $0.text(0) }
            }
            #expect(subjects == ["upgrade_cancelled"])
        }
    }

    /// Puts an agent in place that reported its health long ago.
    private static func insertHealthCheck(in connection: borrowing Connection) throws {
        let time = "2020-01-01T00:00:00.000000Z"
        try connection.execute(
            """
            INSERT INTO agent_inboxes (
                tenant_id, ai_agent_address, inbox_destination_type, inbox_name, status,
                search_key, health_checks, updated_by, request_id, registered_at, updated_at)
            VALUES ('default', 'a', 'FRONTDESK_INBOX', 'a', 'ACTIVE', 'a', 1, 'test', 'req_1',
                    \(time), \(time))
            """)
        try connection.execute(
            """
            INSERT INTO agent_health_checks (
                health_check_id, tenant_id, ai_agent_address, status, reported_at, received_at,
                request_id)
            VALUES ('hc_1', 'default', 'a', 'HEALTHY', \(time), \(time), 'req_1')
            """)
    }

    // MARK: - emails

    @Test func `held e-mails are released by tenant or all, once mail is configured`() async throws
    {
        try await terminal.withDatabase { database in
            _ = try await database.write { connection in
                for (id, tenant) in [("eml_1", "acme"), ("eml_2", "acme"), ("eml_3", "other")] {
                    try connection.execute(
                        """
                        INSERT INTO emails (email_id, tenant_id, kind, recipients, cc, bcc,
                            subject, body, is_html, attachments, state, request_id, created_at)
                        VALUES (\(id), \(tenant), 'tool', '[]', '[]', '[]', 's', 'b', 0, '[]',
                            'held', 'req_1', '2026-02-20T10:00:00.000000Z')
                        """)
                }
            }
        }
        let refused = await terminal.run("emails", "release")
        #expect(
            refused
                == Terminal.Outcome(
                    code: 1,
                    notes: "frontdesk: outgoing mail is not configured: set 'email.smtp_url' and "
                        + "'email.sender' first\n"))
        let mail = [
            "FRONTDESK_EMAIL_SMTP_URL": "smtp://mail.example.com",
            "FRONTDESK_EMAIL_SENDER": "desk@example.com",
        ]
        #expect(
            try await output("emails", "release", "--tenant", "acme", environment: mail)
                == "released: 2\n")
        #expect(try await json("emails", "release", environment: mail) == ["released": 1])
        #expect(try await json("emails", "release", environment: mail) == ["released": 0])
    }

    // MARK: - openapi and version

    @Test func `the OpenAPI document is the one that the server serves`() async throws {
        let printed = try JSONValue(parsing: try await output("openapi"))
        let served = try await Service().get("/openapi.json")
        #expect(printed == served.body)
        #expect(!FileManager.default.fileExists(atPath: terminal.database))
    }

    @Test func `the version names everything that the program stands on`() async throws {
        let version = try await json("version")
        #expect(version["frontdesk"]?.string == Product.version)
        #expect(version["schema"]?.string == names.last)
        let lines = try await output("version").split(separator: "\n").map(String.init)
        let expected = try #require(version.object).members.map { "\($0.key) \($0.value.string!)" }
        #expect(lines == expected)
        #expect(
            lines.map { $0.prefix { $0 != " " } } == [
                "frontdesk", "swift", "sqlite", "libmicrohttpd", "schema",
            ])
        #expect(version["sqlite"]?.string?.hasPrefix("3.") == true)
    }
}
