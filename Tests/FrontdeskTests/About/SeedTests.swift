import HTTP
import JSON
import Testing

@testable import Frontdesk

/// The examples of the API's first description, which clients were written against.
@Suite struct SeedTests {
    @Test(arguments: SeedExample.service + SeedExample.conversations + SeedExample.management)
    func `an example of the description is answered as described`(
        _ example: SeedExample
    ) async throws {
        let service = try await Service()
        try await example.prepare(service)
        let response = await service.send(
            example.method, example.path, body: Array(example.body.utf8))
        #expect(response.status.code == example.status)
        #expect(response.headers["Content-Type"] == "application/json")
        #expect(try example.problems(in: response.jsonBody()) == [])
    }

    @Test func `the conversation of the description reads as described`() async throws {
        let service = try await Service()
        _ = try await service.say("Hello, I need help with my order")
        _ = try await service.say("It's ORD-10001")
        let history = try await service.get("/api/v1/sessions/sess_test/history")
        let messages = history["messages"]?.array ?? []
        #expect(messages.map { $0["role"] } == ["user", "assistant", "user", "assistant"])
        #expect(
            messages.map { $0["content"] } == [
                "Hello, I need help with my order",
                .string(
                    "Hello! I'd be happy to help you with your order. "
                        + "Could you please provide your order number?"),
                "It's ORD-10001",
                .string(
                    "I found your order ORD-10001. It was placed on February 15, 2026, "
                        + "and is currently in transit."),
            ])
        #expect(
            messages.map { $0["tool_calls"] } == [nil, .null, nil, ["search_orders"]])
    }

    @Test func `the described stream comes as events with its three headers`() async throws {
        let service = try await Service()
        let response = await service.send(
            .post, "/agent/messages/stream",
            body: Array(
                #"""
                {"session_id": "sess_abc123xyz",
                 "message": "What's the status of my order ORD-10001?"}
                """#.utf8), headers: ["Accept": "text/event-stream"])
        #expect(response.status.code == 200)
        #expect(response.headers["Content-Type"] == "text/event-stream")
        #expect(response.headers["Cache-Control"] == "no-cache")
        #expect(response.headers["Connection"] == "keep-alive")
        let events = try await response.events()
        #expect(events.map(\.type) == ["start", "tool_call", "tool_result", "chunk", "end"])
        #expect(events[0].data["session_id"] == "sess_abc123xyz")
        #expect(events[1].data["tool"] == "search_orders")
        #expect(events[1].data["status"] == "executing")
        #expect(events[2].data["tool"] == "search_orders")
        #expect(events[2].data["status"] == "completed")
        #expect(events[4].data["session_id"] == "sess_abc123xyz")
        #expect(events[4].data["total_chunks"] == 1)
    }

    @Test func `errors have the described fields and titles`() async throws {
        let service = try await Service { $0.sessions.autoCreate = false }
        _ = try await service.post("/agent/sessions", ["session_id": "old"])
        service.clock.advance(seconds: 25 * 3600)
        let answers = [
            try await service.post("/agent/messages", ["session_id": "x"]),
            try await service.say("Hi", in: "unknown"),
            try await service.get("/api/v1/sessions/old/history"),
            try await service.get("/nowhere"),
        ]
        #expect(answers.map(\.status) == [400, 404, 410, 404])
        #expect(
            answers.map { $0["error"] } == [
                "Validation Error", "Session Not Found", "Session Expired",
                "Resource Not Found",
            ])
        for answer in answers {
            #expect(answer["detail"]?.string?.hasSuffix(".") == true)
            #expect(answer["timestamp"]?.string?.hasSuffix("Z") == true)
            #expect(answer["path"]?.string?.hasPrefix("/") == true)
            #expect(answer["request_id"]?.string == answer.header("X-Request-ID"))
        }
    }

    @Test func `a server that stops says that the agent is not there`() async throws {
        let service = try await Service()
        service.app.beginStopping()
        let answer = try await service.say("Hi")
        #expect(answer.status == 503)
        #expect(answer.code == "not_ready")
        #expect(answer.header("Retry-After") == "5")
    }

    @Test func `the described documents are served`() async throws {
        let service = try await Service()
        let document = try await service.get("/openapi.json")
        #expect(document["openapi"] == "3.0.3")
        for path in ["/docs", "/redoc"] {
            let page = await service.send(.get, path)
            #expect(page.status.code == 200)
            #expect(page.headers["Content-Type"]?.hasPrefix("text/html") == true)
        }
    }
}
