import HTTP
import RawHTTP
import Testing

/// Much at once, for the races that single requests never meet.
@Suite struct StormTests {
    private static func routes(_ router: inout Router) {
        router.get("/now", undocumented) { _ in .text("fine") }
        router.post("/later", undocumented) { request async in
            await Task.yield()
            return .text(String(request.body.count))
        }
        router.get("/stream", undocumented) { _ in
            .stream(contentType: "text/plain") { body in
                for _ in 1...50 {
                    try await body.write("piece")
                    await Task.yield()
                }
            }
        }
        router.get("/flood", undocumented) { _ in
            .stream(contentType: "text/plain") { body in
                while true { try await body.write([UInt8](repeating: 65, count: 30_000)) }
            }
        }
        router.get("/quiet", undocumented) { _ in
            .events { events in await events.stopping.wait() }
        }
    }

    /// Does one thing after the other, some of them rude; ends when the server is gone.
    private static func visit(_ port: Int, number: Int, rounds: Int) async {
        for round in 1...rounds {
            do {
                let client = try RawClient(port: port)
                switch (number + round) % 6 {
                case 0: _ = try await client.get("/now")
                case 1: _ = try await client.post("/later", "hello")
                case 2: _ = try await client.get("/stream")
                case 3:
                    try await client.send("GET /flood HTTP/1.1\r\nHost: test\r\n\r\n")
                    _ = try await client.receive(count: 100_000)
                    client.reset()
                case 4:
                    try await client.send("GET /quiet HTTP/1.1\r\nHost: test\r\n\r\n")
                    _ = try await client.receiveHead()
                default:
                    try await client.send(
                        "POST /later HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nab")
                    client.reset()
                }
            } catch {
                continue
            }
        }
    }

    @Test func `the server outlives rude clients`() async throws {
        try await withServer(
            Self.routes, settings: { $0.writeTimeout = .milliseconds(400) }
        ) { port, server in
            await withTaskGroup { group in
                for number in 0..<20 {
                    group.addTask { await Self.visit(port, number: number, rounds: 18) }
                }
            }
            try await server.waitForConnections(0)
            let client = try RawClient(port: port)
            #expect(try await client.get("/now").body == "fine")
        }
    }

    @Test(arguments: [Duration.zero, .milliseconds(30), .seconds(1)])
    func `a stop in the middle of a storm comes to its end`(_ deadline: Duration) async throws {
        try await withServer(Self.routes) { port, server in
            await withTaskGroup { group in
                for number in 0..<20 {
                    group.addTask { await Self.visit(port, number: number, rounds: 18) }
                }
                try? await server.waitForSomeConnections()
                await server.stop(within: deadline)
                #expect(server.connectionCount == 0)
            }
        }
    }
}

extension Server {
    /// Returns when a connection is open.
    fileprivate func waitForSomeConnections() async throws {
        for _ in 1...3000 where connectionCount == 0 {
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
