import HTTP
import JSON
import MailServer
import RawHTTP
import Testing

@testable import Frontdesk

@Suite struct InboxStreamTests {
    private func service() async throws -> Service {
        let service = try await Service(demo: false)
        try await service.register("agent")
        return service
    }

    /// A reader of a stream that has got its header.
    private func open(_ port: Int, _ query: String = "") async throws -> RawClient {
        let client = try RawClient(port: port)
        try await client.send(
            "GET /v1/inboxes/agent/stream\(query) HTTP/1.1\r\nHost: test\r\n\r\n")
        let (status, headers) = try await client.receiveHead()
        #expect(status == 200)
        let type = headers.first { $0.name.lowercased() == "content-type" }?.value
        #expect(type == "text/event-stream")
        return client
    }

    /// The next events, as many as asked for.
    private func next(_ count: Int, from client: RawClient) async throws -> [Pulled] {
        var text = ""
        while text.split(separator: "\n\n", omittingEmptySubsequences: false).count - 1 < count {
            text += String(decoding: try await client.receiveChunk(), as: UTF8.self)
        }
        return try text.split(separator: "\n\n").filter { !$0.hasPrefix(":") }.map { block in
            let lines = block.split(separator: "\n")
            try #require(lines.count == 3)
            let pulled = try Pulled(JSONValue(parsing: String(lines[2].dropFirst(6))))
            #expect(lines[0] == "id: \(pulled.ackID)")
            #expect(lines[1] == "event: message")
            return pulled
        }
    }

    @Test func `messages are pushed as they come`() async throws {
        let service = try await service()
        try await service.message("before")
        try await service.live { port in
            let client = try await open(port)
            let first = try await next(1, from: client)
            #expect(first.map(\.text) == ["before"])
            for text in ["a", "b"] {
                try await service.message(text)
                let pushed = try await next(1, from: client)
                #expect(pushed.map(\.text) == [text])
                #expect(try await service.answer("ack", pushed) == ["acked"])
            }
            client.reset()
        }
    }

    @Test func `no more are sent than may be unanswered`() async throws {
        let service = try await service()
        for number in 1...5 { try await service.message("\(number)") }
        try await service.live { port in
            let client = try await open(port, "?maxOutstanding=2&ackDeadlineSeconds=600")
            let first = try await next(2, from: client)
            #expect(first.map(\.text) == ["1", "2"])
            #expect(try await service.figures() == [3, 2, 0, 0, 0])
            _ = try await service.answer("ack", [first[0]])
            let second = try await next(1, from: client)
            #expect(second.map(\.text) == ["3"])
            #expect(try await service.figures() == [2, 2, 0, 0, 0])
            _ = try await service.answer("nack", [first[1]])
            #expect(try await next(1, from: client).map(\.text) == ["2"])
            client.reset()
        }
    }

    @Test func `what a reader leaves comes again when its leases end`() async throws {
        let service = try await service()
        try await service.message("a")
        try await service.live { port in
            let client = try await open(port)
            #expect(try await next(1, from: client).map(\.attempt) == [1])
            client.reset()
            #expect(try await service.pull().isEmpty)
            service.clock.advance(seconds: 31)
            #expect(try await service.pull().map(\.attempt) == [2])
        }
    }

    /// Whether the stream waits for messages, or for answers to those that it has sent.
    @Test(.timeLimit(.minutes(10)), arguments: ["", "?maxOutstanding=1&ackDeadlineSeconds=600"])
    func `a server that stops ends its streams with an event`(_ query: String) async throws {
        let service = try await service()
        let server = Server(router: service.app.router)
        let port = try server.start()
        let client = try await open(port, query)
        try await service.message("a")
        _ = try await next(1, from: client)
        // The server is told later than those who wait.
        service.app.beginStopping()
        var last = ""
        while case let chunk = try await client.receiveChunk(), !chunk.isEmpty {
            last += String(decoding: chunk, as: UTF8.self)
        }
        #expect(last == "event: end\ndata: {\"reason\":\"server_stopping\"}\n\n")
        await server.stop(within: .seconds(20))
        #expect(server.connectionCount == 0)
    }

    @Test(arguments: [
        ("?maxOutstanding=0", "maxOutstanding"), ("?maxOutstanding=1001", "maxOutstanding"),
        ("?ackDeadlineSeconds=9", "ackDeadlineSeconds"),
        ("?ackDeadlineSeconds=x", "ackDeadlineSeconds"),
    ])
    func `a query that makes no sense is refused`(_ query: String, _ field: String) async throws {
        let answer = try await service().get("/v1/inboxes/agent/stream" + query)
        #expect(answer.status == 400 && answer["fields"]?[0]?["field"] == .string(field))
    }
}
