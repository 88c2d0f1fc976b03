import Foundation
import Testing

/// What a server does not start on, and what it tells the operator.
struct RefusalTests {
    private let world: World

    init() throws {
        world = try World()
    }

    /// Expects that `serve` fails with these words, which tell what is wrong and what to do.
    private func expectRefusal(
        saying words: String..., through prefix: [String] = [], port: Int = 0,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await world.run(
            "serve", "--port", String(port), "--database", world.database, through: prefix)
        #expect(outcome.end == .exit(1), sourceLocation: location)
        #expect(outcome.output == "", sourceLocation: location)
        for word in words {
            #expect(outcome.errors.contains(word), sourceLocation: location)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a second server on the same file`() async throws {
        let first = try await world.serve()
        try await expectRefusal(
            saying: "frontdesk: another server uses ", "stop it, or name another database")
        #expect(try await first.get("/health/ready").status == 200)
        let migration = try await world.run("migrate", "--database", world.database)
        #expect(migration.end == .exit(1))
        await first.kill()
        // The lock has ended with its owner.
        let second = try await world.serve()
        #expect(await second.stop() == .exit(0))
    }

    @Test(.timeLimit(.minutes(5)))
    func `no database where none is to be made`() async throws {
        let path = world.database + "/nowhere/frontdesk.db"
        let outcome = try await world.run("serve", "--no-migrate", "--database", path)
        #expect(outcome.end == .exit(1))
        #expect(outcome.errors.contains("leave out --no-migrate to make one"))
        #expect(!FileManager.default.fileExists(atPath: world.database))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a result that nobody gets`() async throws {
        let outcome = try await world.run(
            "version", through: ["/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/full"])
        #expect(outcome.end == .exit(1))
        #expect(outcome.errors.contains("the result could not be written"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a database of a newer version`() async throws {
        _ = try await world.run("migrate", "--database", world.database)
        try await world.change(
            """
            INSERT INTO schema_migrations (name, checksum, applied_at)
            VALUES ('9999_create_future', 'x', '2030-01-01T00:00:00.000000Z')
            """)
        try await expectRefusal(
            saying: "9999_create_future", "which this program does not know",
            "run the newer version")
    }

    @Test(.timeLimit(.minutes(5)))
    func `a migration that was edited after it was applied`() async throws {
        _ = try await world.run("migrate", "--database", world.database)
        try await world.change(
            "UPDATE schema_migrations SET checksum = 'x' WHERE name = '0002_create_orders'")
        try await expectRefusal(
            saying: "the migration 0002_create_orders has changed since it was applied",
            "run the version that applied it")
    }

    @Test(.timeLimit(.minutes(5)))
    func `a file that is no database`() async throws {
        let text = String(repeating: "Dear diary, today nothing happened.\n", count: 100)
        try text.write(toFile: world.database, atomically: true, encoding: .utf8)
        try await expectRefusal(
            saying: "is not a database", "name another file, or move this one away")
        #expect(try String(contentsOfFile: world.database, encoding: .utf8) == text)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a database of another program`() async throws {
        try await world.change("CREATE TABLE notes (text TEXT)")
        try await expectRefusal(
            saying: "is a database of another program", "name another file")
        #expect(try await world.query("SELECT name FROM sqlite_schema") == ["notes"])
    }

    @Test(.timeLimit(.minutes(5)))
    func `a folder that cannot be written to`() async throws {
        try setMode(0o500)
        defer { try? setMode(0o700) }
        // Without this right of root's, the mode holds for root too.
        let plain = geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override"] : []
        let errors = FileManager.default.temporaryDirectory
            .appending(path: "frontdesk-errors-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: errors) }
        let child = try await Child(
            plain + [Program.path, "serve", "--port", "0", "--database", world.database],
            environment: Program.environment([:]), errors: errors)
        #expect(await child.end() == .exit(1))
        let text = try String(contentsOf: errors, encoding: .utf8)
        #expect(text.contains("Permission denied"))
        #expect(text.contains("check that the folder exists and can be written to"))
    }

    private func setMode(_ mode: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: world.folder.path)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a database that lacks a migration, with --no-migrate`() async throws {
        _ = try await world.run(
            "migrate", "--to", "0001_create_sessions", "--database", world.database)
        let outcome = try await world.run(
            "serve", "--no-migrate", "--port", "0", "--database", world.database)
        #expect(outcome.end == .exit(1))
        #expect(outcome.errors.contains("0002_create_orders has not been applied"))
        #expect(outcome.errors.contains("migrate the database first"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a host that others can reach, without sign-in`() async throws {
        let outcome = try await world.run(
            "serve", "--host", "0.0.0.0", "--port", "0", "--database", world.database)
        #expect(outcome.end == .exit(2))
        #expect(outcome.output == "")
        #expect(
            outcome.errors == """
                frontdesk: 'server.host' is '0.0.0.0', which other machines can reach, but \
                'auth.mode' is 'off': everybody there would be admin; set 'auth.mode' to \
                'required', or 'server.host' to '127.0.0.1'

                """)
        // Nothing was made for it.
        #expect(!FileManager.default.fileExists(atPath: world.database))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a port that is taken`() async throws {
        let other = try World()
        let first = try await other.serve()
        try await expectRefusal(
            saying: "port \(first.port) on 127.0.0.1 is taken by another program",
            port: first.port)
        #expect(world.size(of: "frontdesk.db-wal") == 0)
        #expect(await first.stop() == .exit(0))
    }
}
