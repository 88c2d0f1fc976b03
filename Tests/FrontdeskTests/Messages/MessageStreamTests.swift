import HTTP
import JSON
import MailServer
import RawHTTP
import Testing

@testable import Frontdesk

@Suite struct MessageStreamTests {
    private func body(_ message: String, in session: String = "s") -> [UInt8] {
        JSONValue.object(["session_id": .string(session), "message": .string(message)]).bytes
    }

    private func stream(_ service: Service, _ message: String) async throws -> [StreamedEvent] {
        let response = await service.send(.post, "/agent/messages/stream", body: body(message))
        #expect(response.status.code == 200)
        return try await response.events()
    }

    @Test func `events are numbered, and their chunks are the stored reply`() async throws {
        let service = try await Service()
        for message in [
            "Hi", "Status of ORD-10001", "ORD-10001 and ORD-10003?", "Orders for o'neil",
        ] {
            let events = try await stream(service, message)
            #expect(events.map(\.id) == Array(1...events.count))
            #expect(events.first?.type == "start")
            #expect(events.last?.type == "end")
            let chunks = events.filter { $0.type == "chunk" }.map { $0.data["content"]?.string }
            #expect(!chunks.contains("") && !chunks.contains(nil))
            #expect(events.last?.data["total_chunks"]?.int == chunks.count)
            let history = try await service.get(
                "/api/v1/sessions/s/history?order=desc&limit=1")
            let reply = try #require(history["messages"]?[0]?["content"]?.string)
            #expect(Array(chunks.compactMap(\.self).joined().utf8) == Array(reply.utf8))
        }
    }

    @Test func `a stream is a stream again although its session is gone`() async throws {
        let service = try await Service()
        let headers: Headers = ["Idempotency-Key": "k"]
        let request = body("Status of ORD-10001")
        let first = try await service.send(
            .post, "/agent/messages/stream", body: request, headers: headers
        ).events()
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        let again = await service.send(
            .post, "/agent/messages/stream", body: request, headers: headers)
        #expect(again.headers["Idempotent-Replayed"] == "true")
        #expect(try await again.events() == first)
    }

    @Test func `each event has its fields`() async throws {
        let service = try await Service()
        let response = await service.send(
            .post, "/agent/messages/stream", body: body("Status of ORD-10001"),
            headers: ["X-Request-ID": "req-1"])
        #expect(response.headers["X-Accel-Buffering"] == "no")
        #expect(response.headers["X-Request-ID"] == "req-1")
        let events = try await response.events().map(\.data)
        try #require(events.count == 5)
        #expect(events[0].text == #"{"type":"start","session_id":"s","request_id":"req-1"}"#)
        #expect(
            events[1].text == #"{"type":"tool_call","tool":"search_orders","status":"executing"}"#)
        #expect(
            events[2].text
                == #"{"type":"tool_result","tool":"search_orders","status":"completed"}"#)
        #expect(events[4].object?.keys == ["type", "session_id", "total_chunks", "metadata"])
        let metadata = events[4]["metadata"]
        #expect(metadata?["request_id"] == "req-1")
        #expect(metadata?["tool_calls"] == ["search_orders"])
        #expect(metadata?["agent"] == "builtin")
        #expect(metadata?["processing_time_ms"]?.int != nil)
    }

    @Test func `what a client gets is what is stored`() async throws {
        let service = try await Service()
        let events = try await stream(service, "Status of ORD-10001")
        #expect(
            try service.rows("SELECT event_no, data FROM stream_events ORDER BY event_no")
                == events.map { "\($0.id)|\($0.data.text)" })
    }

    @Test func `a field of the body asks for a stream, too`() async throws {
        let service = try await Service()
        let response = await service.send(
            .post, "/agent/messages",
            body: Array(#"{"session_id": "s", "message": "Hi", "stream": true}"#.utf8))
        #expect(response.headers["Content-Type"] == "text/event-stream")
        #expect(try await response.events().map(\.type) == ["start", "chunk", "end"])
        let plain = await service.send(
            .post, "/agent/messages/stream",
            body: Array(#"{"session_id": "s", "message": "Hi", "stream": false}"#.utf8))
        #expect(plain.headers["Content-Type"] == "text/event-stream")
    }

    @Test func `a tool that fails shows as failed`() async throws {
        let service = try await Service()
        let results = try await stream(service, "Resolve complaint 3")
            .filter { $0.type == "tool_result" }
        #expect(results.last?.data["tool"] == "resolve_complaint")
        #expect(results.last?.data["status"] == "failed")
    }

    @Test func `what goes wrong before the first event is an ordinary error`() async throws {
        let service = try await Service()
        _ = try await service.create("s")
        service.clock.advance(seconds: 25 * 3600)
        let answers = [
            try Answer(
                await service.send(.post, "/agent/messages/stream", body: body("Hi", in: "s"))),
            try Answer(
                await service.send(.post, "/agent/messages/stream", body: body("", in: "s"))),
            try await service.post(
                "/agent/messages", ["session_id": "s", "message": "Hi", "stream": true]),
        ]
        #expect(answers.map(\.status) == [410, 400, 410])
        #expect(answers[0].code == "session_expired")
        #expect(answers.map { $0.header("Content-Type") }.allSatisfy { $0 == "application/json" })
    }

    @Test func `the first event is on disk before it is sent, and the rest follow`() async throws {
        let slow = try await SlowService()
        try await slow.service.live { port in
            let client = try RawClient(port: port)
            try await client.sendPost("/agent/messages/stream", body(SlowService.question))
            let (status, _) = try await client.receiveHead()
            #expect(status == 200)
            let first = try StreamedEvent.all(
                in: String(decoding: try await client.receiveChunk(), as: UTF8.self))
            #expect(first.first?.type == "start")
            let stored = try slow.service.rows(
                "SELECT event_no, data FROM stream_events ORDER BY event_no")
            #expect(stored.starts(with: first.map { "\($0.id)|\($0.data.text)" }))
            #expect(try slow.pending == 1)
            slow.release()
            var rest = ""
            while case let chunk = try await client.receiveChunk(), !chunk.isEmpty {
                rest += String(decoding: chunk, as: UTF8.self)
            }
            let events = first + (try StreamedEvent.all(in: rest))
            #expect(events.last?.type == "end")
            #expect(events.map(\.id) == Array(1...events.count))
        }
    }

    @Test func `a stream whose turn fails ends with an error event`() async throws {
        let slow = try await SlowService { $0.agent.timeoutSeconds = 1 }
        let events = try await stream(slow.service, SlowService.question)
        #expect(events.first?.type == "start")
        #expect(events.map(\.id) == Array(1...events.count))
        #expect(
            events.last?.data.text
                == #"{"type":"error","error":"Gateway Timeout","#
                + #""detail":"The agent did not answer within 1 seconds.","#
                + #""code":"upstream_timeout"}"#)
        #expect(
            try slow.service.rows("SELECT event_no, data FROM stream_events ORDER BY event_no")
                == events.map { "\($0.id)|\($0.data.text)" })
    }

    @Test func `a stream whose session is deleted ends with an error event`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        var text = ""
        try await service.live { port in
            let client = try RawClient(port: port)
            try await client.sendPost("/agent/messages/stream", body(SlowService.question))
            #expect(try await client.receiveHead().0 == 200)
            text += String(decoding: try await client.receiveChunk(), as: UTF8.self)
            #expect(try await service.delete("/agent/sessions/s").status == 200)
            while case let chunk = try await client.receiveChunk(), !chunk.isEmpty {
                text += String(decoding: chunk, as: UTF8.self)
            }
        }
        let events = try StreamedEvent.all(in: text)
        #expect(events.first?.type == "start")
        #expect(events.map(\.id) == Array(1...events.count))
        #expect(events.last?.type == "error")
        #expect(events.last?.data["code"] == "session_not_found")
    }

    @Test(arguments: ["/agent/messages/stream", "/agent/messages"])
    func `a client that leaves cancels nothing`(_ path: String) async throws {
        let slow = try await SlowService()
        let service = slow.service
        try await service.live { port in
            let client = try RawClient(port: port)
            try await client.sendPost(path, body(SlowService.question))
            try await eventually { try slow.pending == 1 }
            client.reset()
            slow.release()
            try await eventually { try slow.pending == 0 }
        }
        #expect(
            try service.rows("SELECT role, status FROM messages ORDER BY seq")
                == ["user|complete", "assistant|complete"])
    }
}

extension RawClient {
    /// Sends a JSON body without waiting for the answer.
    fileprivate func sendPost(_ path: String, _ body: [UInt8]) async throws {
        let head =
            "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        try await send(Array(head.utf8) + body)
    }
}
