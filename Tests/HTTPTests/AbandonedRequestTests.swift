import HTTP
import JSON
import RawHTTP
import Synchronization
import Testing

@Suite struct AbandonedRequestTests {
    /// What a handler saw of its client.
    private final class Sightings: Sendable {
        let started = Gate()
        let goOn = Gate()
        let seen = Mutex<[Bool]>([])
    }

    private func routes(_ sightings: Sightings) -> (inout Router) -> Void {
        { router in
            router.post("/wait", undocumented) { request async in
                sightings.seen.withLock { $0.append(request.isAbandoned) }
                sightings.started.open()
                await sightings.goOn.wait()
                for _ in 1...1000 where !request.isAbandoned {
                    try? await Task.sleep(for: .milliseconds(5))
                }
                sightings.seen.withLock { $0.append(request.isAbandoned) }
                return .text("late")
            }
            router.get("/named", undocumented) { _ in
                .events { try await $0.send(named: "a.b", event: "message", data: "x") }
            }
        }
    }

    @Test func `a handler can see that its client has gone`() async throws {
        let sightings = Sightings()
        try await withServer(routes(sightings)) { port, server in
            let client = try RawClient(port: port)
            try await client.send(
                "POST /wait HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\n{}")
            await sightings.started.wait()
            client.reset()
            sightings.goOn.open()
            try await server.waitForConnections(0)
        }
        #expect(sightings.seen.withLock { $0 } == [false, true])
    }

    @Test func `a request without a network is never abandoned`() {
        #expect(!Request(.get, "/").isAbandoned)
    }

    @Test func `an event can have a name of its own`() async throws {
        try await withServer(routes(Sightings())) { port, _ in
            let answer = try await RawClient(port: port).get("/named")
            #expect(answer.body == "id: a.b\nevent: message\ndata: \"x\"\n\n")
        }
    }
}
