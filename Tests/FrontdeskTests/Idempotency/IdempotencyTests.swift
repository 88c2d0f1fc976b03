import HTTP
import JSON
import MailServer
import Testing

@testable import Frontdesk

@Suite struct IdempotencyTests {
    private let key: Headers = ["Idempotency-Key": "key-1"]
    private let hello: JSONValue = ["session_id": "s", "message": "Hi"]

    @Test func `a repeated creation gets the first answer and creates nothing`() async throws {
        let service = try await Service()
        let body = Array(#"{"metadata": {"n": 1.50}}"#.utf8)
        let first = await service.send(.post, "/agent/sessions", body: body, headers: key)
        let second = await service.send(.post, "/agent/sessions", body: body, headers: key)
        #expect(first.status.code == 201)
        #expect(second.status.code == 201)
        #expect(try await first.collectBody() == second.collectBody())
        #expect(second.headers["Location"] == first.headers["Location"])
        #expect(first.headers["Idempotent-Replayed"] == nil)
        #expect(second.headers["Idempotent-Replayed"] == "true")
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["1"])
        #expect(try service.rows("SELECT key, status FROM idempotency_keys") == ["key-1|201"])
    }

    @Test func `a repeated message is not said twice`() async throws {
        let service = try await Service()
        let question: JSONValue = ["session_id": "s", "message": "Status of ORD-10001"]
        let first = try await service.post("/agent/messages", question, headers: key)
        let second = try await service.post("/agent/messages", question, headers: key)
        #expect(first.status == 200)
        #expect(second.status == 200)
        #expect(second.body.text == first.body.text)
        #expect(second.header("Idempotent-Replayed") == "true")
        #expect(second.header("X-Request-ID") != first.header("X-Request-ID"))
        #expect(second["metadata"]?["request_id"]?.string == first.header("X-Request-ID"))
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
    }

    @Test func `a slash at the end is the same route`() async throws {
        let service = try await Service()
        let first = try await service.post("/agent/sessions", headers: key)
        let second = try await service.post("/agent/sessions/", headers: key)
        #expect(second.status == 201)
        #expect(second["session_id"] == first["session_id"])
    }

    @Test func `another request with the key is refused`() async throws {
        let service = try await Service()
        _ = try await service.post("/agent/messages", hello, headers: key)
        let other = try await service.post(
            "/agent/messages", ["session_id": "s", "message": "Ho"], headers: key)
        #expect(other.status == 422)
        #expect(other.code == "idempotency_mismatch")
        #expect(other["error"] == "Unprocessable Request")
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
    }

    @Test func `on another route the key is another one`() async throws {
        let service = try await Service()
        _ = try await service.post("/agent/messages", hello, headers: key)
        let other = try await service.post("/agent/sessions", ["session_id": "t"], headers: key)
        #expect(other.status == 201)
        #expect(try service.rows("SELECT count(*) FROM idempotency_keys") == ["2"])
    }

    @Test func `while the first still runs a repeat is told so`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let body: JSONValue = ["session_id": "s", "message": .string(SlowService.question)]
        let first = try await slow.ask(
            in: "s", headers: ["Idempotency-Key": "key-1", "X-Request-ID": "req-1"])
        let second = try await service.post("/agent/messages", body, headers: key)
        #expect(second.status == 409)
        #expect(second.code == "idempotency_in_progress")
        #expect(second["turn_request_id"] == "req-1")
        #expect(second.header("Retry-After") == "1")
        let other = try await service.post("/agent/messages", hello, headers: key)
        #expect(other.code == "idempotency_mismatch")
        slow.release()
        let answer = try await first.value
        let third = try await service.post("/agent/messages", body, headers: key)
        #expect(third.body.text == answer.body.text)
        #expect(third.header("Idempotent-Replayed") == "true")
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
    }

    @Test func `of simultaneous repeats one creates`() async throws {
        let service = try await Service()
        for round in 1...20 {
            let key: Headers = ["Idempotency-Key": "key-\(round)"]
            async let first = service.post("/agent/sessions", headers: key)
            async let second = service.post("/agent/sessions", headers: key)
            let answers = try await [first, second]
            #expect(answers.contains { $0.status == 201 })
            for answer in answers where answer.status != 201 {
                #expect(answer.code == "idempotency_in_progress")
            }
        }
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["20"])
    }

    @Test func `a refusal that stored nothing leaves the key free`() async throws {
        let service = try await Service { $0.sessions.autoCreate = false }
        let invalid = try await service.post(
            "/agent/messages", ["session_id": "s"], headers: key)
        #expect(invalid.status == 400)
        #expect(try await service.post("/agent/messages", hello, headers: key).status == 404)
        _ = try await service.create("s")
        service.clock.advance(seconds: 25 * 3600)
        #expect(try await service.post("/agent/messages", hello, headers: key).status == 410)
        #expect(try service.rows("SELECT count(*) FROM idempotency_keys") == ["0"])
        _ = try await service.create("s")
        let answer = try await service.post("/agent/messages", hello, headers: key)
        #expect(answer.status == 200)
        #expect(answer.header("Idempotent-Replayed") == nil)
    }

    @Test func `a creation that found the id taken leaves the key free`() async throws {
        let service = try await Service()
        _ = try await service.create("s")
        let body: JSONValue = ["session_id": "s"]
        #expect(try await service.post("/agent/sessions", body, headers: key).status == 409)
        _ = try await service.delete("/agent/sessions/s")
        #expect(try await service.post("/agent/sessions", body, headers: key).status == 201)
    }

    @Test func `a turn that failed is told again, not run again`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let first = try await slow.ask(
            in: "s", headers: ["Idempotency-Key": "key-1", "X-Request-ID": "req-1"])
        _ = try await service.post("/agent/messages/req-1/cancel")
        let answer = try await first.value
        #expect(answer.code == "turn_cancelled")
        let again = try await service.post(
            "/agent/messages",
            ["session_id": "s", "message": .string(SlowService.question)], headers: key)
        #expect(again.status == 409)
        #expect(again.body.text == answer.body.text)
        #expect(again.header("Idempotent-Replayed") == "true")
        #expect(try service.rows("SELECT count(*) FROM messages") == ["1"])
    }

    @Test func `each tenant has keys of its own`() async throws {
        let service = try await Service()
        for tenant in ["acme", "beta", "acme"] {
            let answer = try await service.post(
                "/agent/sessions?tenant_id=\(tenant)", ["session_id": "s"], headers: key)
            #expect(answer.status == 201)
        }
        #expect(
            try service.rows("SELECT tenant_id FROM sessions ORDER BY tenant_id")
                == ["acme", "beta"])
    }

    @Test func `an answer is repeated for exactly a day`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        let first = try await service.post("/agent/sessions", headers: key)
        service.clock.advance(seconds: 86_400)
        let second = try await service.post("/agent/sessions", headers: key)
        #expect(second["session_id"] == first["session_id"])
        service.clock.advance(microseconds: 1)
        let third = try await service.post("/agent/sessions", headers: key)
        #expect(third.status == 201)
        #expect(third["session_id"] != first["session_id"])
        #expect(third.header("Idempotent-Replayed") == nil)
        let fourth = try await service.post("/agent/sessions", headers: key)
        #expect(fourth["session_id"] == third["session_id"])
    }

    @Test func `a stored answer outlives its session`() async throws {
        let service = try await Service()
        let first = try await service.post("/agent/messages", hello, headers: key)
        _ = try await service.delete("/agent/sessions/s")
        let second = try await service.post("/agent/messages", hello, headers: key)
        #expect(second.body.text == first.body.text)
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
    }

    @Test func `a repeated stream comes again from its first event`() async throws {
        let service = try await Service()
        let body = Array(#"{"session_id": "s", "message": "Status of ORD-10001"}"#.utf8)
        let first = await service.send(
            .post, "/agent/messages/stream", body: body, headers: key)
        let bytes = try await first.collectBody()
        let second = await service.send(
            .post, "/agent/messages/stream", body: body, headers: key)
        #expect(second.headers["Content-Type"] == "text/event-stream")
        #expect(second.headers["Idempotent-Replayed"] == "true")
        #expect(try await second.collectBody() == bytes)
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
    }

    @Test func `a stream that ended with an error is repeated as a stream`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let body: JSONValue = ["session_id": "s", "message": .string(SlowService.question)]
        let headers: Headers = ["Idempotency-Key": "key-1", "X-Request-ID": "req-1"]
        let stream = Task {
            try await service.send(
                .post, "/agent/messages/stream", body: body.bytes, headers: headers
            ).collectBody()
        }
        try await eventually { try slow.pending == 1 }
        #expect(try await service.post("/agent/messages/req-1/cancel").status == 200)
        let first = try await stream.value
        let second = await service.send(
            .post, "/agent/messages/stream", body: body.bytes, headers: headers)
        #expect(second.status.code == 200)
        #expect(second.headers["Content-Type"] == "text/event-stream")
        #expect(second.headers["Idempotent-Replayed"] == "true")
        #expect(try await second.collectBody() == first)
        let events = try StreamedEvent.all(in: String(decoding: first, as: UTF8.self))
        #expect(events.last?.data["code"] == "turn_cancelled")
    }

    @Test(arguments: [
        "", String(repeating: "k", count: 256), "ключ", "a\tb", "é",
    ])
    func `a key that is not printable ASCII is refused`(_ key: String) async throws {
        let service = try await Service(demo: false)
        for (path, body) in [("/agent/sessions", [:]), ("/agent/messages", hello)] {
            let answer = try await service.post(
                path, body, headers: ["Idempotency-Key": key])
            #expect(answer.status == 400)
            #expect(answer["fields"]?[0]?["field"] == "Idempotency-Key")
        }
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
    }

    @Test func `a key may have 255 characters, a space among them`() async throws {
        let service = try await Service(demo: false)
        let key = "a b" + String(repeating: "~", count: 252)
        let answer = try await service.post("/agent/sessions", headers: ["Idempotency-Key": key])
        #expect(answer.status == 201)
        #expect(try service.rows("SELECT key FROM idempotency_keys") == [key])
    }
}
