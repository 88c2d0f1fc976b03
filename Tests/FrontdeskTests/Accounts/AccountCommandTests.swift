import Foundation
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// The commands `user` and `key`, alone and beside a running server.
struct AccountCommandTests {
    private let terminal: Terminal

    init() throws {
        terminal = try Terminal()
    }

    /// The environment in which commands use the database of a service.
    private func beside(_ service: Service) -> [String: String] {
        ["FRONTDESK_DATABASE_PATH": service.app.database.path, "FRONTDESK_AUTH_PASSWORD_COST": "1"]
    }

    @Test func `a user who is added can sign in, until they are disabled`() async throws {
        let service = try await Service(demo: false) { $0.auth.mode = .required }
        let environment = beside(service)
        func run(_ words: String..., input: String? = nil) async -> Terminal.Outcome {
            await terminal.run(words, environment: environment, input: input)
        }
        let added = await run(
            "user", "add", "Boss@Example.com", "--role", "admin", "--password-stdin",
            input: Service.password)
        #expect(added.code == 0, "\(added.notes)")
        let tokens = try await service.signIn("boss@example.com")
        #expect(try await service.me(tokens.headers).status == 200)
        let changed = await run(
            "user", "set-password", "boss@example.com", "--password-stdin",
            input: "another password")
        #expect(changed.output == "password set: boss@example.com\n")
        #expect(try await service.me(tokens.headers).status == 401)
        let next = try SignedIn(
            await service.trySignIn("boss@example.com", "another password"))
        #expect(await run("user", "disable", "boss@example.com").code == 0)
        #expect(try await service.me(next.headers).status == 401)
        let list = await run("user", "list")
        #expect(list.output.hasSuffix("  boss@example.com  admin  disabled\n"))
        let json = try JSONValue(parsing: await run("user", "list", "--json").output)
        #expect(json[0]?["email"] == "boss@example.com")
        #expect(json[0]?["password_hash"] == nil)
    }

    @Test func `a key opens routes until it is revoked`() async throws {
        let service = try await Service(demo: false) { $0.auth.mode = .required }
        let environment = beside(service)
        let made = await terminal.run(
            [
                "key", "create", "robot", "--scope", "sessions:read", "--scope",
                "chat:send,sessions:write", "--expires", "90d", "--tenant", "acme",
            ], environment: environment)
        #expect(made.code == 0, "\(made.notes)")
        let text = made.output.trimmingCharacters(in: .newlines)
        #expect(APIKey.isKey(text))
        let me = try await service.me(.bearer(text))
        #expect(me["data"]?["tenant"] == "acme")
        #expect(me["data"]?["scopes"] == ["sessions:read", "sessions:write", "chat:send"])
        let list = await terminal.run(
            ["key", "list", "--tenant", "acme"], environment: environment)
        #expect(list.output.contains(text.prefix(12)))
        #expect(!list.output.contains(text))
        let id = String(list.output.prefix { $0 != " " })
        #expect(
            await terminal.run(["key", "revoke", id], environment: environment).code == 1)
        let revoked = await terminal.run(
            ["key", "revoke", id, "--tenant", "acme"], environment: environment)
        #expect(revoked.output == "revoked: \(id)\n")
        #expect(try await service.me(.bearer(text)).status == 401)
    }

    @Test func `without a server the database is made`() async throws {
        let outcome = await terminal.run(
            ["user", "add", "a@example.com", "--role", "agent", "--password-stdin"],
            environment: ["FRONTDESK_AUTH_PASSWORD_COST": "1"], input: Service.password)
        #expect(outcome.code == 0, "\(outcome.notes)")
        #expect(await terminal.run("user", "list").output.hasSuffix("a@example.com  agent\n"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: terminal.folder.path)
                .allSatisfy { !$0.contains("signing-key") })
    }

    @Test(
        arguments: [
            (["user"], nil, "'user' needs", 2), (["user", "add"], nil, "'user' needs", 2),
            (["user", "add", "nobody", "--role", "admin"], nil, "'nobody' must be", 2),
            (["user", "add", "a@b.cd"], nil, "--role must be", 2),
            (["user", "add", "a@b.cd", "--role", "service"], nil, "--role must be", 2),
            (["user", "add", "a@b.cd", "--role", "customer"], nil, "needs --customer", 2),
            (
                [
                    "user", "add", "a@b.cd", "--role", "customer", "--customer", "cus_none",
                    "--password-stdin",
                ], "long enough here", "has no customer 'cus_none'", 1
            ),
            (
                ["user", "add", "a@b.cd", "--role", "admin", "--password-stdin"], "short",
                "10 to 256 bytes", 1
            ),
            (
                ["user", "add", "abcdef@b.cd", "--role", "admin", "--password-stdin"],
                "ABCDEF@b.cd", "must not be the e-mail", 1
            ),
            (
                ["user", "add", "a@b.cd", "--role", "admin", "--password-stdin"], nil,
                "holds no password", 1
            ),
            (["user", "disable", "a@b.cd"], nil, "has no user 'a@b.cd'", 1),
            (["user", "list", "--tenant", "a/b"], nil, "no tenant's name", 2),
            (["key"], nil, "'key' needs", 2),
            (["key", "create", "x"], nil, "--scope is needed", 2),
            (["key", "create", "x", "--scope", "sessions:raed"], nil, "'sessions:read'", 2),
            (
                ["key", "create", "x", "--scope", "sessions:read", "--expires", "soon"], nil,
                "must be a time such as 90d", 2
            ),
            (["key", "revoke", "key_none"], nil, "has no key 'key_none'", 1),
        ] as [([String], String?, String, Int32)])
    func `what cannot be is told in a sentence`(
        _ words: [String], _ input: String?, _ sentence: String, _ code: Int32
    ) async throws {
        let outcome = await terminal.run(words, input: input)
        #expect(outcome.code == code, "\(outcome.notes)")
        #expect(outcome.notes.contains(sentence), "\(outcome.notes)")
        #expect(outcome.output == "")
    }

    @Test func `a name or an address is taken once in a tenant`() async throws {
        let words = ["user", "add", "a@example.com", "--role", "agent", "--password-stdin"]
        let key = ["key", "create", "robot", "--scope", "chat:send"]
        for (words, noun) in [(words, "user"), (key, "key")] {
            #expect(await terminal.run(words, input: Service.password).code == 0)
            let again = await terminal.run(words, input: Service.password)
            #expect(again.code == 1)
            #expect(again.notes.contains("has a \(noun)"))
            #expect(
                await terminal.run(words + ["--tenant", "acme"], input: Service.password).code == 0)
        }
    }
}
