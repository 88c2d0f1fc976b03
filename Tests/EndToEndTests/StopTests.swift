import Foundation
import RawHTTP
import Testing

/// How a server that has nothing to do ends.
struct StopTests {
    private let world: World

    init() throws {
        world = try World()
    }

    @Test(.timeLimit(.minutes(5)), arguments: [SIGTERM, SIGINT])
    func `an idle server stops within two seconds`(signal: Int32) async throws {
        let server = try await world.serve()
        let idle = try server.connect()
        #expect(try await idle.call("GET", "/health").status == 200)
        let begun = ContinuousClock.now
        server.child.send(signal)
        #expect(await server.child.end() == .exit(0))
        #expect(ContinuousClock.now - begun < .seconds(2) * Sanitizer.slowness)
        #expect(world.size(of: "frontdesk.db-wal") == 0)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a signal is heeded as soon as the address is printed`() async throws {
        for _ in 1...10 {
            let server = try await world.serve()
            #expect(await server.stop() == .exit(0))
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `the server outlives whoever reads its log`() async throws {
        let child = try await Child(
            [
                "bash", "-c", #"exec "$0" "$@" 2> >(true)"#, Program.path, "serve", "--port", "0",
                "--database", world.database,
            ], environment: Program.environment([:]), errors: world.folder.appending(path: "bash"))
        let line = try #require(await child.line(beginningWith: "listening on http://"))
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
        for _ in 1...3 {
            #expect(try await RawClient(port: port).call("GET", "/health").status == 200)
        }
        child.send(SIGTERM)
        #expect(await child.end() == .exit(0))
    }
}
