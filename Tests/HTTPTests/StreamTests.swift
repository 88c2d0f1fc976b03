import HTTP
import JSON
import RawHTTP
import Synchronization
import Testing

@Suite struct StreamTests {
    @Test func `a stream arrives piece by piece and whole`() async throws {
        let gate = Gate()
        try await withServer({ router in
            router.get("/stream", undocumented) { _ in
                .stream(contentType: "text/plain") { body in
                    try await body.write("first ")
                    await gate.wait()
                    try await body.write("second")
                }
            }
            router.get("/now", undocumented) { _ in .text("fine") }
        }) { port, _ in
            let client = try RawClient(port: port)
            try await client.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n")
            let (status, headers) = try await client.receiveHead()
            #expect(status == 200)
            #expect(headers.contains { $0.name == "Transfer-Encoding" && $0.value == "chunked" })
            #expect(try await client.receiveChunk() == Array("first ".utf8))
            gate.open()
            #expect(try await client.receiveChunk() == Array("second".utf8))
            #expect(try await client.receiveChunk() == [])
            #expect(try await client.get("/now").body == "fine")
        }
    }

    @Test func `events are framed as the standard says`() async throws {
        try await withServer({ router in
            router.get("/events", undocumented) { _ in
                .events { events in
                    try await events.send(id: 1, data: ["type": "start"] as JSONValue)
                    try await events.comment("keep-alive")
                    try await events.send(event: "end", json: Array("[1]".utf8))
                }
            }
        }) { port, _ in
            let client = try RawClient(port: port)
            let answer = try await client.get("/events")
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "text/event-stream")
            #expect(answer["Cache-Control"] == "no-cache")
            #expect(answer["Connection"]?.lowercased() == "keep-alive")
            #expect(answer["X-Accel-Buffering"] == "no")
            #expect(
                answer.body == """
                    id: 1
                    event: message
                    data: {"type":"start"}

                    : keep-alive

                    event: end
                    data: [1]


                    """)
        }
    }

    @Test func `a producer waits for its reader`() async throws {
        let written = Atomic(0)
        try await withServer({ router in
            router.get("/flood", undocumented) { _ in
                .stream(contentType: "text/plain") { body in
                    for _ in 1...1000 {
                        try await body.write([UInt8](repeating: 65, count: 50_000))
                        written.add(1, ordering: .relaxed)
                    }
                }
            }
        }) { port, _ in
            let client = try RawClient(port: port, receiveBuffer: 4096)
            try await client.send("GET /flood HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await client.receiveHead()
            try await settle { written.load(ordering: .relaxed) }
            // What the sockets take beside the bound is some megabytes at most.
            #expect(written.load(ordering: .relaxed) < 500)
            var got = 0
            while case let chunk = try await client.receiveChunk(), !chunk.isEmpty {
                got += chunk.count
            }
            #expect(got == 50_000_000)
            #expect(written.load(ordering: .relaxed) == 1000)
        }
    }

    @Test func `a producer learns that its client has vanished`() async throws {
        let gone = Gate()
        let other = Mutex<(any Error)?>(nil)
        try await withServer({ router in
            router.get("/flood", undocumented) { _ in
                .stream(contentType: "text/plain") { body in
                    do {
                        while true { try await body.write([UInt8](repeating: 65, count: 5_000)) }
                    } catch {
                        other.withLock { $0 = error }
                        gone.open()
                        throw error
                    }
                }
            }
        }) { port, server in
            let client = try RawClient(port: port)
            try await client.send("GET /flood HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await client.receiveHead()
            client.reset()
            await gone.wait()
            #expect(other.withLock { $0 is ClientGone })
            try await server.waitForConnections(0)
        }
    }

    @Test func `a quiet producer learns that its client has vanished`() async throws {
        let gone = Gate()
        try await withServer(
            { router in
                router.get("/quiet", undocumented) { _ in
                    .stream(contentType: "text/plain") { body in
                        try await body.write("begun")
                        await body.closed.wait()
                        gone.open()
                    }
                }
            }, settings: { $0.writeTimeout = .milliseconds(400) }
        ) { port, server in
            var client: RawClient? = try RawClient(port: port)
            try await client?.send("GET /quiet HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await client?.receive(through: "begun")
            client = nil
            await gone.wait()
            try await server.waitForConnections(0)
        }
    }

    @Test func `a reader that takes nothing is cut off and its producer told`() async throws {
        let gone = Gate()
        try await withServer(
            { router in
                router.get("/flood", undocumented) { _ in
                    .stream(contentType: "text/plain") { body in
                        defer { gone.open() }
                        while true { try await body.write([UInt8](repeating: 65, count: 5_000)) }
                    }
                }
            }, settings: { $0.writeTimeout = .milliseconds(150) }
        ) { port, server in
            let client = try RawClient(port: port, receiveBuffer: 4096)
            try await client.send("GET /flood HTTP/1.1\r\nHost: test\r\n\r\n")
            await gone.wait()
            try await server.waitForConnections(0)
        }
    }

    @Test func `a quiet stream is not cut off`() async throws {
        let gate = Gate()
        try await withServer(
            { router in
                router.get("/quiet", undocumented) { _ in
                    .stream(contentType: "text/plain") { body in
                        try await body.write("a")
                        await gate.wait()
                        try await body.write("b")
                    }
                }
            },
            settings: { configuration in
                configuration.writeTimeout = .milliseconds(100)
                configuration.idleTimeout = .milliseconds(100)
            }
        ) { port, _ in
            let client = try RawClient(port: port)
            try await client.send("GET /quiet HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await client.receiveHead()
            #expect(try await client.receiveChunk() == Array("a".utf8))
            try await Task.sleep(for: .milliseconds(300))
            gate.open()
            #expect(try await client.receiveChunk() == Array("b".utf8))
            #expect(try await client.receiveChunk() == [])
        }
    }

    @Test func `a producer that fails breaks the answer off`() async throws {
        struct Broken: Error {}
        try await withServer({ router in
            router.get("/broken", undocumented) { _ in
                .stream(contentType: "text/plain") { body in
                    try await body.write("half")
                    throw Broken()
                }
            }
        }) { port, _ in
            let client = try RawClient(port: port)
            try await client.send("GET /broken HTTP/1.1\r\nHost: test\r\n\r\n")
            let all = try await client.receiveAll()
            #expect(all.hasSuffix("4\r\nhalf\r\n"))
        }
    }

    @Test func `HEAD starts no producer`() async throws {
        let starts = Atomic(0)
        try await withServer({ router in
            router.get("/events", undocumented) { _ in
                .events { _ in starts.add(1, ordering: .relaxed) }
            }
        }) { port, _ in
            let client = try RawClient(port: port)
            try await client.send("HEAD /events HTTP/1.1\r\nHost: test\r\n\r\n")
            let head = try await client.receiveResponse(hasBody: false)
            #expect(head.status == 200)
            #expect(head["Content-Type"] == "text/event-stream")
            #expect(starts.load(ordering: .relaxed) == 0)
            #expect(try await client.receiveAll() == "")
            let second = try RawClient(port: port)
            #expect(try await second.get("/events").body == "")
            #expect(starts.load(ordering: .relaxed) == 1)
        }
    }

    @Test func `a client of HTTP 1 0 gets the stream without chunks`() async throws {
        try await withServer({ router in
            router.get("/stream", undocumented) { _ in
                .stream(contentType: "text/plain") { body in
                    try await body.write("one ")
                    await Task.yield()
                    try await body.write("two")
                }
            }
        }) { port, _ in
            let client = try RawClient(port: port)
            try await client.send("GET /stream HTTP/1.0\r\n\r\n")
            #expect(try await client.receiveAll().hasSuffix("\r\n\r\none two"))
        }
    }

    @Test func `a stream without a network is collected`() async throws {
        var router = Router()
        router.get("/stream", undocumented) { _ in
            .events { try await $0.send(id: 7, json: Array("{}".utf8)) }
        }
        let response = await router.respond(to: Request(.get, "/stream"))
        let body = String(decoding: try await response.collectBody(), as: UTF8.self)
        #expect(body == "id: 7\nevent: message\ndata: {}\n\n")
    }
}
