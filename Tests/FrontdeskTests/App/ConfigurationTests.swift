import Foundation
import JSON
import Testing

@testable import Frontdesk

/// Where a configuration comes from, and what is said of one that cannot be used.
struct ConfigurationTests {
    private let terminal: Terminal

    init() throws {
        terminal = try Terminal()
    }

    /// Expects that `config` fails with exactly these lines.
    private func expectProblems(
        _ lines: [String], file: String? = nil, environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) async throws {
        var words = ["config"]
        if let file { words += ["--config", try terminal.write(file, to: "c.json")] }
        let outcome = await terminal.run(words, environment: environment)
        let name = terminal.file("c.json")
        let expected = lines.map { line in
            "frontdesk: \(file == nil ? "environment" : name): \(line)\n"
        }
        #expect(
            outcome == Terminal.Outcome(code: 2, notes: expected.joined()),
            sourceLocation: location)
    }

    // MARK: - Sources

    @Test func `the environment wins over the file, and the file over the default`() async throws {
        let file = try terminal.write(
            """
            {"// a comment": "anything",
             "server": {"port": 1001, "host": "0.0.0.0", "//port": [1]},
             "log": {"level": "error"}}
            """, to: "c.json")
        let environment = ["FRONTDESK_SERVER_PORT": "1002", "FRONTDESK_CONFIG": file]
        let outcome = await terminal.run("config", environment: environment)
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.count == Setting.all.count)
        #expect(lines.contains("server.port = 1002  # environment"))
        #expect(lines.contains(#"server.host = "0.0.0.0"  # file"#))
        #expect(lines.contains(#"log.level = "error"  # file"#))
        #expect(lines.contains("server.max_body_bytes = 1048576  # default"))
        let named = await terminal.run(
            "--config", file, "config", environment: ["FRONTDESK_SERVER_PORT": "1002"])
        #expect(named == outcome)
    }

    @Test func `a flag wins over the environment`() throws {
        var loader = ConfigurationLoader()
        try loader.apply(file: Array(#"{"server": {"port": 1}}"#.utf8), name: "c.json")
        try loader.apply(environment: ["FRONTDESK_SERVER_PORT": "2"])
        try loader.apply(flag: "--port", "3", to: "server.port")
        #expect(try loader.validated().server.port == 3)
        #expect(loader.sources["server.port"] == .flag)
        #expect(loader.sources["server.host"] == nil)
    }

    /// Whether the words are printed as JSON.
    @Test(arguments: [["config"], ["config", "--json"]])
    func `secrets are not printed`(_ words: [String]) async throws {
        let file = try terminal.write(
            """
            {"agent": {"base_url": "https://models.example/v1?key=SECRET1"},
             "tickets": {"mcp": {"url": "https://t.example/mcp",
                                 "headers": {"Authorization": "Bearer SECRET2"}}},
             "mcp": {"servers": [{"name": "crm", "url": "https://crm.example/mcp?token=SECRET3",
                                  "headers": {"X-Api-Key": "SECRET4"}}]}}
            """, to: "c.json")
        let outcome = await terminal.run(["--config", file] + words)
        #expect(outcome.code == 0, "\(outcome.notes)")
        #expect(!outcome.output.contains("SECRET"))
        for part in ["https://models.example/v1?***", "https://crm.example/mcp?***", "X-Api-Key"] {
            #expect(outcome.output.contains(part))
        }
    }

    @Test func `only a prompt has lines`() async throws {
        let file = try terminal.write(
            #"{"agent": {"system_prompt": "Be kind.\n\n\tBe brief."}}"#, to: "c.json")
        let outcome = await terminal.run("--config", file, "config")
        let line = #"agent.system_prompt = "Be kind.\n\n\tBe brief."  # file"#
        #expect(outcome.output.contains(line))
        try await expectProblems(
            ["'agent.model' must not hold control characters"],
            file: #"{"agent": {"model": "a\nb"}}"#)
        try await expectProblems(
            ["'agent.system_prompt' must not hold control characters"],
            file: #"{"agent": {"system_prompt": "a\u0000b"}}"#)
    }

    @Test func `what config prints as JSON is a file that means the same`() async throws {
        let environment = [
            "FRONTDESK_SESSIONS_TTL_HOURS": "0.5", "FRONTDESK_SERVER_CORS_ORIGINS": "",
            "FRONTDESK_EMAIL_ALLOWED_RECIPIENTS": "*@a.example, b@c.example",
            "FRONTDESK_DOCS_ENABLED": "no",
        ]
        let printed = await terminal.run("config", "--json", environment: environment)
        #expect(printed.code == 0)
        let file = try terminal.write(printed.output, to: "c.json")
        let again = await terminal.run("--config", file, "config", "--json")
        let json = try JSONValue(parsing: printed.output)
        let sources = json["// sources"]
        #expect(sources?["sessions.ttl_hours"] == "environment")
        #expect(sources?["server.port"] == nil)
        var (one, other) = (json.object, try JSONValue(parsing: again.output).object)
        one?["// sources"] = nil
        other?["// sources"] = nil
        #expect(one == other)
        #expect(json["sessions"]?["ttl_hours"] == 0.5)
        #expect(json["server"]?["cors_origins"] == [])
        #expect(json["email"]?["allowed_recipients"] == ["*@a.example", "b@c.example"])
        #expect(json["docs"]?["enabled"] == false)
    }

    // MARK: - Files

    @Test func `a file that is missing or a folder is named`() async throws {
        for path in [terminal.file("missing.json"), terminal.folder.path] {
            let outcome = await terminal.run("--config", path, "config")
            let sentence = "frontdesk: the configuration file '\(path)' cannot be read\n"
            #expect(outcome == Terminal.Outcome(code: 2, notes: sentence))
        }
    }

    @Test func `a malformed file is refused with the place`() async throws {
        let file = try terminal.write("{\"server\": {\"port\": 1,}}", to: "c.json")
        let outcome = await terminal.run("--config", file, "config")
        #expect(outcome.code == 2)
        #expect(outcome.notes.hasPrefix("frontdesk: \(file): "))
        #expect(outcome.notes.contains("line 1"))
        try await expectProblems(["must hold a JSON object"], file: "[]")
    }

    @Test func `everything wrong in a file is said at once`() async throws {
        try await expectProblems(
            [
                "unknown key 'server.prot'; did you mean 'server.port'?",
                "'server.threads' must be a whole number from 0 to 256",
                "unknown key 'sesions'; did you mean 'sessions'?",
                "'docs' must be an object of settings",
                "unknown key 'elephants'",
                "unknown key 'log.colour'",
            ],
            file: """
                {"server": {"prot": 1, "host": "h", "threads": -1}, "sesions": {},
                 "docs": true, "elephants": 7, "log": {"colour": "red"}}
                """)
    }

    @Test func `an unknown variable is an error that names the nearest`() async throws {
        try await expectProblems(
            [
                "unknown variable 'FRONTDESK_SERVER_PROT'; did you mean 'FRONTDESK_SERVER_PORT'?",
                "unknown variable 'FRONTDESK_ZZZ'",
            ], environment: ["FRONTDESK_SERVER_PROT": "1", "FRONTDESK_ZZZ": "1"])
        let other = await terminal.run("config", environment: ["FRONTDESKTOP": "1"])
        #expect(other.code == 0)
    }

    @Test func `keys that go together are checked together`() async throws {
        for (environment, sentence) in [
            (
                ["FRONTDESK_SERVER_TLS_KEY": "k.pem"],
                "'server.tls_certificate' and 'server.tls_key' go together"
            ),
            (
                ["FRONTDESK_EMAIL_SMTP_URL": "smtp://mail.example.com"],
                "'email.sender' is required when 'email.smtp_url' is set"
            ),
        ] {
            let outcome = await terminal.run("config", environment: environment)
            #expect(outcome == Terminal.Outcome(code: 2, notes: "frontdesk: \(sentence)\n"))
        }
    }

    // MARK: - Secrets

    @Test(arguments: [["config"], ["config", "--json"]])
    func `no secret is ever printed`(_ words: [String]) async throws {
        let secret = "correct-horse-battery"
        let outcome = await terminal.run(
            words,
            environment: [
                "FRONTDESK_EMAIL_SMTP_URL": "smtp://mail.example.com",
                "FRONTDESK_EMAIL_SENDER": "desk@example.com",
                "FRONTDESK_EMAIL_USERNAME": "desk",
                "FRONTDESK_EMAIL_PASSWORD_ENV": "MAIL_PASSWORD", "MAIL_PASSWORD": secret,
            ])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("MAIL_PASSWORD"))
        #expect(!outcome.output.contains(secret))
    }

    @Test func `a password in an address is refused without being repeated`() async throws {
        let sentence =
            "'email.smtp_url' must not hold a user or a password: use 'email.username' and "
            + "'email.password_env'"
        try await expectProblems(
            ["FRONTDESK_EMAIL_SMTP_URL: \(sentence)"],
            environment: [
                "FRONTDESK_EMAIL_SMTP_URL": "smtp://desk:correct-horse@mail.example.com",
                "FRONTDESK_EMAIL_SENDER": "desk@example.com",
            ])
    }
}
