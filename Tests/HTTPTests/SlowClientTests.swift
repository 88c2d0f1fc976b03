import HTTP
import RawHTTP
import Testing

@Suite struct SlowClientTests {
    private static func routes(_ router: inout Router) {
        router.get("/now", undocumented) { _ in .text("fine") }
        router.post("/length", undocumented) { .text(String($0.body.count)) }
        router.get("/large", undocumented) { _ in
            .bytes([UInt8](repeating: 65, count: 20_000_000), contentType: "text/plain")
        }
    }

    private static func impatient(_ configuration: inout Server.Configuration) {
        configuration.readTimeout = .milliseconds(150)
    }

    @Test(arguments: [
        "", "GET /no", "GET /now HTTP/1.1\r\nHost: te",
        "POST /length HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nabc",
    ])
    func `who does not finish a request is cut off`(_ begin: String) async throws {
        try await withServer(Self.routes, settings: Self.impatient) { port, _ in
            let client = try RawClient(port: port)
            if !begin.isEmpty { try await client.send(begin) }
            #expect(try await client.receiveAll() == "")
        }
    }

    @Test func `who sends a byte now and then is cut off`() async throws {
        try await withServer(Self.routes, settings: Self.impatient) { port, _ in
            let client = try RawClient(port: port)
            try await client.send("GET /now HTTP/1.1\r\nX-Slow: ")
            await #expect(throws: RawClient.Failure.self) {
                // 10 s of drops, each well within any limit on inactivity.
                for _ in 1...1000 {
                    try await Task.sleep(for: .milliseconds(10))
                    try await client.send("x")
                }
            }
        }
    }

    @Test func `who asks nothing more is let go`() async throws {
        try await withServer(Self.routes, settings: { $0.idleTimeout = .milliseconds(150) }) {
            port, _ in
            let client = try RawClient(port: port)
            #expect(try await client.get("/now").body == "fine")
            #expect(try await client.receiveAll() == "")
        }
    }

    @Test func `who closes its end together with its request is answered and let go`() async throws
    {
        try await withServer(
            Self.routes, settings: { $0.writeTimeout = .milliseconds(400) }
        ) { port, _ in
            for _ in 1...50 {
                let client = try RawClient(port: port)
                try await client.send("GET /now HTTP/1.1\r\nHost: test\r\n\r\n")
                client.finishSending()
                #expect(try await client.receiveAll().hasSuffix("fine"))
            }
        }
    }

    @Test func `who reads nothing of a large answer is cut off`() async throws {
        let asked = Gate()
        try await withServer(
            { router in
                router.get("/large", undocumented) { _ in
                    asked.open()
                    return .bytes(
                        [UInt8](repeating: 65, count: 20_000_000), contentType: "text/plain")
                }
            }, settings: { $0.writeTimeout = .milliseconds(150) }
        ) { port, server in
            let client = try RawClient(port: port, receiveBuffer: 4096)
            try await client.send("GET /large HTTP/1.1\r\nHost: test\r\n\r\n")
            await asked.wait()
            try await server.waitForConnections(0)
            #expect(try await client.receiveAll().utf8.count < 20_000_000)
        }
    }

    @Test func `who reads slowly but steadily gets everything`() async throws {
        try await withServer(
            Self.routes, settings: { $0.writeTimeout = .seconds(3) }
        ) { port, _ in
            let client = try RawClient(port: port, receiveBuffer: 65_536)
            try await client.send("GET /large HTTP/1.1\r\nHost: test\r\n\r\n")
            let (status, _) = try await client.receiveHead()
            #expect(status == 200)
            var got = 0
            while got < 20_000_000 {
                let count = try await client.receive().count
                guard count > 0 else { break }
                // Spread over more than the patience for a client that takes nothing.
                if got / 2_000_000 != (got + count) / 2_000_000 {
                    try await Task.sleep(for: .milliseconds(400))
                }
                got += count
            }
            #expect(got == 20_000_000)
        }
    }
}
