import HTTP
import JSON
import MailServer
import RawHTTP
import Testing

@testable import Frontdesk

@Suite struct WaitingForMessagesTests {
    private func service() async throws -> Service {
        let service = try await Service(demo: false)
        try await service.register("agent")
        return service
    }

    private func waiting(_ service: Service, _ count: Int) async throws {
        try await eventually { service.app.parts.inboxes.line.count == count }
    }

    @Test func `a message that comes during the wait is there at once`() async throws {
        let service = try await service()
        let begun = ContinuousClock.now
        let pull = Task { try await service.pull(["waitSeconds": 20]) }
        try await waiting(service, 1)
        try await service.message("a")
        #expect(try await pull.value.map(\.text) == ["a"])
        #expect(ContinuousClock.now - begun < .seconds(15))
        #expect(service.app.parts.inboxes.line.count == 0)
    }

    @Test func `a wait without a message ends with none`() async throws {
        let service = try await service()
        #expect(try await service.pull(["waitSeconds": 1]).isEmpty)
        #expect(service.app.parts.inboxes.line.count == 0)
    }

    @Test func `those who wait are served in the order in which they came`() async throws {
        let service = try await service()
        var pulls: [Task<[String], any Error>] = []
        for number in 1...8 {
            pulls.append(
                Task {
                    try await service.pull(["waitSeconds": 20, "maxMessages": 1]).map(\.text)
                })
            try await waiting(service, number)
        }
        for number in 1...8 { try await service.message("\(number)") }
        for (index, pull) in pulls.enumerated() {
            #expect(try await pull.value == ["\(index + 1)"])
        }
        #expect(service.app.parts.inboxes.line.count == 0)
    }

    @Test func `one batch of messages wakes as many as it has messages for`() async throws {
        let service = try await service()
        try await service.message("k1", [("orderingKey", "k")])
        for number in 2...4 { try await service.message("k\(number)", [("orderingKey", "k")]) }
        let first = try await service.pull()
        let pulls = (1...3).map { _ in
            Task { () async throws -> String in
                let pulled = try await service.pull(["waitSeconds": 20])
                _ = try await service.answer("ack", pulled)
                return pulled.map(\.text).joined()
            }
        }
        try await waiting(service, 3)
        // Each one's answer is what the next one waits for.
        _ = try await service.answer("ack", first)
        var texts: [String] = []
        for pull in pulls { texts.append(try await pull.value) }
        #expect(texts.sorted() == ["k2", "k3", "k4"])
    }

    @Test func `what time makes ready is found, too`() async throws {
        let service = try await service()
        let pull = Task { try await service.pull(["waitSeconds": 20]) }
        try await waiting(service, 1)
        try await service.message("a", [("deliverAfterSeconds", 1)])
        service.clock.advance(seconds: 1)
        #expect(try await pull.value.map(\.text) == ["a"])
    }

    @Test func `who has gone takes nothing from those behind`() async throws {
        let service = try await service()
        try await service.live { port in
            let client = try RawClient(port: port)
            let body = #"{"waitSeconds": 20}"#
            try await client.send(
                "POST /v1/inboxes/agent/pull HTTP/1.1\r\nHost: test\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            try await waiting(service, 1)
            client.reset()
            let pull = Task { try await service.pull(["waitSeconds": 20]) }
            try await waiting(service, 2)
            try await service.message("a")
            #expect(try await pull.value.map { "\($0.text) \($0.attempt)" } == ["a 1"])
        }
    }

    @Test func `a server that stops lets those who wait go`() async throws {
        let service = try await service()
        let pull = Task { try await service.pull(["waitSeconds": 20]) }
        try await waiting(service, 1)
        service.app.beginStopping()
        #expect(try await pull.value.isEmpty)
    }

    @Test func `an agent that is removed while somebody waits is not found`() async throws {
        let service = try await service()
        let pull = Task {
            try await service.post("/v1/inboxes/agent/pull", ["waitSeconds": 20])
        }
        try await waiting(service, 1)
        _ = await service.send(.delete, "/v1/agent-inboxes/agent?purge=true")
        service.app.parts.inboxes.ring(Mapping.Key(tenant: .default, address: "agent"))
        #expect(try await pull.value.code == "agent_not_found")
    }
}
