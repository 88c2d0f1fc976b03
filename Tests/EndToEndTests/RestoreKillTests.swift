import Foundation
import Testing

/// Putting a copy back, cut short by `kill -9`.
struct RestoreKillTests {
    @Test(.timeLimit(.minutes(5)))
    func `a restoration killed at any moment leaves the one or the other`() async throws {
        let world = try World()
        let settings = ["FRONTDESK_DATABASE_PATH": world.database]
        #expect(try await world.run("demo-data", settings: settings).end == .exit(0))
        for version in 1...2 {
            try await world.change("PRAGMA user_version = \(version)")
            let copy = world.file("copy-\(version).db")
            #expect(try await world.run("backup", copy, settings: settings).end == .exit(0))
        }
        let begun = ContinuousClock.now
        let whole = try await world.run("restore", world.file("copy-1.db"), settings: settings)
        #expect(whole.end == .exit(0), "\(whole.errors)")
        let length = (ContinuousClock.now - begun) / .seconds(1)
        let rounds = 40
        var kills = 0
        for round in 1...rounds {
            let moment = String(format: "%.4f", length * 1.1 * Double(round) / Double(rounds))
            let outcome = try await world.run(
                "restore", world.file("copy-\(1 + round % 2).db"), settings: settings,
                through: ["timeout", "--signal=KILL", moment])
            if outcome.end != .exit(0) { kills += 1 }
            // Who only reads cannot put in order what a death leaves beside the file.
            let look = try await world.run("verify", settings: settings)
            #expect(look.output == "ok\n", "killed after \(moment) s: \(look.errors)")
            let facts = try await world.query("PRAGMA user_version; SELECT count(*) FROM orders")
            #expect(["1|20", "2|20"].contains(facts.joined(separator: "|")), "\(moment) s")
        }
        #expect(kills > 0)
        let last = try await world.run("restore", world.file("copy-2.db"), settings: settings)
        #expect(last.end == .exit(0), "\(last.errors)")
        #expect(try await world.query("PRAGMA user_version") == ["2"])
        #expect(try await world.run("verify", settings: settings).output == "ok\n")
        let left = try FileManager.default.contentsOfDirectory(atPath: world.folder.path)
        #expect(!left.contains { $0.hasSuffix(".partial") })
    }
}
