import HTTP
import RawHTTP
import Testing

@Suite struct ConnectionLimitTests {
    private static func routes(_ router: inout Router) {
        router.get("/now", undocumented) { _ in .text("fine") }
    }

    @Test func `who comes when all places are taken waits for one`() async throws {
        try await withServer(Self.routes, settings: { $0.maximumConnections = 2 }) { port, server in
            var first: RawClient? = try RawClient(port: port)
            #expect(try await first?.get("/now").body == "fine")
            let second = try RawClient(port: port)
            #expect(try await second.get("/now").body == "fine")
            let third = try RawClient(port: port)
            async let waiting = third.get("/now")
            #expect(server.connectionCount == 2)
            first = nil
            #expect(try await waiting.body == "fine")
            #expect(try await second.get("/now").body == "fine")
        }
    }

    @Test func `one address gets no more than its share`() async throws {
        try await withServer(
            Self.routes, settings: { $0.maximumConnectionsPerAddress = 2 }
        ) { port, _ in
            let first = try RawClient(port: port)
            #expect(try await first.get("/now").body == "fine")
            let second = try RawClient(port: port)
            #expect(try await second.get("/now").body == "fine")
            let third = try RawClient(port: port)
            #expect(try await third.receiveAll() == "")
            #expect(try await first.get("/now").body == "fine")
        }
    }
}
