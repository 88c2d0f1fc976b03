import HTTP
import RawHTTP
import Testing

@Suite struct StopTests {
    @Test func `a request in progress is finished and its connection closed`() async throws {
        let started = Gate()
        let gate = Gate()
        try await withServer({ router in
            router.get("/slow", undocumented) { _ async in
                started.open()
                await gate.wait()
                return .text("done")
            }
        }) { port, server in
            let client = try RawClient(port: port)
            try await client.send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n")
            await started.wait()
            async let stop: Void = server.stop(within: .seconds(30))
            await server.stopping.wait()
            gate.open()
            let answer = try await client.receiveResponse()
            #expect(answer.body == "done")
            #expect(answer["Connection"] == "close")
            #expect(try await client.receiveAll() == "")
            await stop
            #expect(throws: RawClient.Failure.self) { _ = try RawClient(port: port) }
        }
    }

    @Test func `idle connections are closed and nobody waits for them`() async throws {
        try await withServer({ router in
            router.get("/now", undocumented) { _ in .text("fine") }
        }) { port, server in
            let idle = try RawClient(port: port)
            #expect(try await idle.get("/now").body == "fine")
            let fresh = try RawClient(port: port)
            try await server.waitForConnections(2)
            let start = ContinuousClock.now
            await server.stop(within: .seconds(30))
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(try await idle.receiveAll() == "")
            #expect(try await fresh.receiveAll() == "")
        }
    }

    @Test func `an open event stream says goodbye`() async throws {
        try await withServer({ router in
            router.get("/events", undocumented) { _ in
                .events { events in
                    try await events.send(id: 1, json: Array("{}".utf8))
                    await events.stopping.wait()
                    try await events.send(event: "end", json: Array("{}".utf8))
                }
            }
        }) { port, server in
            let client = try RawClient(port: port)
            try await client.send("GET /events HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await client.receive(through: "data: {}\n\n")
            await server.stop(within: .seconds(30))
            let rest = try await client.receiveAll()
            #expect(rest.contains("event: end\ndata: {}\n\n"))
            #expect(rest.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func `what does not end is broken off at the deadline`() async throws {
        let started = Gate()
        let gate = Gate()
        try await withServer({ router in
            router.get("/never", undocumented) { _ async in
                started.open()
                await gate.wait()
                return .text("too late")
            }
            router.get("/stream", undocumented) { _ in
                .stream(contentType: "text/plain") { body in
                    try await body.write("begun")
                    await gate.wait()
                }
            }
        }) { port, server in
            let handler = try RawClient(port: port)
            try await handler.send("GET /never HTTP/1.1\r\nHost: test\r\n\r\n")
            let stream = try RawClient(port: port)
            try await stream.send("GET /stream HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await stream.receive(through: "begun\r\n")
            await started.wait()
            await server.stop(within: .milliseconds(100))
            #expect(try await handler.receiveAll() == "")
            #expect(try await stream.receiveAll() == "")
            #expect(server.connectionCount == 0)
            gate.open()
        }
    }

    @Test func `a server that never started stops at once, and stopping twice is fine`() async {
        let server = Server(router: Router())
        await server.stop(within: .seconds(30))
        await server.stop(within: .seconds(30))
        #expect(throws: ServerError.alreadyStarted) { try server.start() }
    }
}
