import HTTP
import JSON
import MailServer
import Testing

@testable import Frontdesk

/// Turns that wait for something outside this process.
@Suite struct SlowTurnTests {
    @Test func `the message of a turn that has left is on disk as pending`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let turn = try await slow.ask(in: "s", headers: ["X-Request-ID": "req-1"])
        let history = try await service.get("/api/v1/sessions/s/history")
        #expect(history["message_count"] == 1)
        #expect(history["messages"]?.array?.count == 1)
        #expect(history["messages"]?[0]?["content"] == .string(SlowService.question))
        #expect(history["messages"]?[0]?["status"] == "pending")
        #expect(try service.miscounts() == [])
        slow.release()
        let answer = try await turn.value
        #expect(answer.status == 200)
        #expect(answer["metadata"]?["tool_calls"] == ["test_email_connection"])
        let messages = try await service.get("/api/v1/sessions/s/history")["messages"]?.array ?? []
        #expect(messages.map { $0["status"] } == ["complete", "complete"])
        #expect(messages.map { $0["request_id"] } == ["req-1", "req-1"])
        #expect(try service.miscounts() == [])
    }

    @Test func `deleting the session ends its turns, running and waiting`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let running = try await slow.ask(in: "s")
        let waiting = try await service.waiting(1, in: "s") { try await service.say("Hi", in: "s") }
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        for turn in [running, waiting] {
            let answer = try await turn.value
            #expect(answer.status == 404)
            #expect(answer.code == "session_not_found")
        }
        slow.release()
        #expect(try await service.get("/api/v1/sessions/s").status == 404)
        for table in ["sessions", "messages", "tool_effects", "stream_events"] {
            #expect(try service.rows("SELECT count(*) FROM \(table)") == ["0"], "\(table)")
        }
        #expect(try service.miscounts() == [])
    }

    @Test func `messages that share a request id are ended by deletion, too`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let running = try await slow.ask(in: "s", headers: ["X-Request-ID": "same"])
        let hello: @Sendable () async throws -> Answer = {
            try await service.post(
                "/agent/messages", ["session_id": "s", "message": "Hi"],
                headers: ["X-Request-ID": "same"])
        }
        let first = try await service.waiting(1, in: "s", hello)
        let second = try await service.waiting(2, in: "s", hello)
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        for turn in [running, first, second] { #expect(try await turn.value.status == 404) }
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
        #expect(service.app.turns.count == 0)
    }

    @Test func `a reply does not come into a new session of the same id`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let turn = try await slow.ask(in: "s")
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        #expect(try await service.create("s").status == 201)
        slow.release()
        #expect(try await turn.value.status == 404)
        #expect(try await service.get("/api/v1/sessions/s/history")["messages"] == [])
    }

    @Test func `an agent that takes too long is given up`() async throws {
        let slow = try await SlowService { $0.agent.timeoutSeconds = 1 }
        let service = slow.service
        let answer = try await service.say(SlowService.question, in: "s")
        #expect(answer.status == 504)
        #expect(answer.code == "upstream_timeout")
        #expect(answer["error"] == "Gateway Timeout")
        let message = try await service.get("/api/v1/sessions/s/history")["messages"]?[0]
        #expect(message?["status"] == "failed")
        #expect(message?["error_code"] == "upstream_timeout")
        #expect(try await service.get("/api/v1/sessions/s")["message_count"] == 1)
        // The lane is free again, and a reply that comes too late is not stored.
        slow.release()
        #expect(try await service.say("Hi", in: "s").status == 200)
        #expect(
            try service.rows("SELECT seq, role FROM messages ORDER BY seq")
                == ["1|user", "2|user", "3|assistant"])
        #expect(try service.miscounts() == [])
    }

    @Test func `a session with a running turn does not expire`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let turn = try await slow.ask(in: "s")
        service.clock.advance(seconds: 30 * 86_400)
        #expect(try await service.get("/api/v1/sessions/s").status == 200)
        #expect(try await service.create("s").status == 409)
        #expect(try await service.post("/api/v1/sessions/s/cleanup")["cleaned_sessions"] == 0)
        slow.release()
        #expect(try await turn.value.status == 200)
        #expect(try await service.get("/agent/sessions").ids == ["s"])
    }

    @Test func `a running turn can be cancelled, once and again`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let turn = try await slow.ask(in: "s", headers: ["X-Request-ID": "req-1"])
        let running = try await service.get("/agent/messages/req-1")
        #expect(running["status"] == "running")
        #expect(running["response"] == .null)
        for _ in 1...2 {
            let cancelled = try await service.post("/agent/messages/req-1/cancel")
            #expect(cancelled.status == 200)
            #expect(
                cancelled.body.text
                    == #"{"request_id":"req-1","session_id":"s","status":"cancelled","#
                    + #""message":"Turn cancelled"}"#)
        }
        let answer = try await turn.value
        #expect(answer.status == 409)
        #expect(answer.code == "turn_cancelled")
        let message = try await service.get("/api/v1/sessions/s/history")["messages"]?[0]
        #expect(message?["status"] == "cancelled")
        #expect(message?["error_code"] == "turn_cancelled")
        let state = try await service.get("/agent/messages/req-1")
        #expect(state["status"] == "cancelled")
        #expect(state["error"]?["code"] == "turn_cancelled")
    }

    @Test func `a stream cancelled while its reply is stored comes to an end`() async throws {
        let service = try await Service()
        let lock = try await WriteLock(on: service)
        let body: JSONValue = ["session_id": "s", "message": "Hi"]
        let stream = Task {
            await service.send(
                .post, "/agent/messages/stream", body: body.bytes,
                headers: ["X-Request-ID": "req-1"])
        }
        // The agent has done its work, and only the lock keeps the reply from being stored.
        try await eventually { service.app.turns.find("req-1", of: .default) != nil }
        let turn = try #require(service.app.turns.find("req-1", of: .default))
        let lanes = service.app.turns.environment.lanes
        try await eventually { turn.hasStarted && lanes.load.running == 0 }
        let cancel = Task { try await service.post("/agent/messages/req-1/cancel") }
        try await eventually { (try? turn.check()) == nil }
        try await lock.release()
        #expect(try await cancel.value.status == 200)
        // Nothing was sent yet, so the answer is no stream.
        let response = await stream.value
        #expect(response.status.code == 409)
        let answer = try JSONValue(parsing: await response.collectBody())
        #expect(answer["code"] == "turn_cancelled")
        #expect(try service.rows("SELECT role, status FROM messages") == ["user|cancelled"])
        #expect(try await service.say("Hi", in: "s").status == 200)
        #expect(service.app.turns.count == 0)
        #expect(try service.miscounts() == [])
    }

    @Test func `a turn may be cancelled at any moment of its beginning`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        for round in 1...40 {
            let id = "req-\(round)"
            let body: JSONValue = [
                "session_id": "s\(round)", "message": .string(SlowService.question),
            ]
            let turn = Task {
                await service.send(
                    .post, "/agent/messages/stream", body: body.bytes,
                    headers: ["X-Request-ID": id])
            }
            while service.app.turns.find(id, of: .default) == nil { await Task.yield() }
            for _ in 0..<(round % 20) { await Task.yield() }
            #expect(try await service.post("/agent/messages/\(id)/cancel").status == 200)
            let response = await turn.value
            if response.status.code == 200 {
                let events = try await response.events()
                #expect(events.map(\.id) == Array(1...events.count))
                #expect(events.last?.data["code"] == "turn_cancelled")
            } else {
                #expect(response.status.code == 409)
            }
        }
        #expect(
            try service.rows("SELECT DISTINCT status FROM messages") == ["cancelled"])
        #expect(service.app.turns.count == 0)
        #expect(try service.miscounts() == [])
    }

    @Test func `a turn of a deleted session cannot begin any more`() async throws {
        let service = try await Service()
        let key = Session.Key(tenant: .default, id: "s")
        let store = service.app.turns.environment.store
        let turn = Frontdesk.Turn(
            session: key, requestID: "req-1", message: "Hi", id: "msg_1", journal: nil,
            caller: .unrestricted)
        try turn.start(at: service.clock.now)
        let context = try store.context(of: turn, arrivedAt: service.clock.now)
        #expect(turn.abort(with: .sessionNotFound(key)))
        await #expect(throws: Failure.self) { try await store.begin(turn, in: context, claim: nil) }
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
        #expect(try service.rows("SELECT count(*) FROM messages") == ["0"])
    }

    @Test func `a waiting message can be cancelled and leaves nothing`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let first = try await slow.ask(in: "s")
        let second = try await service.waiting(1, in: "s") {
            try await service.post(
                "/agent/messages", ["session_id": "s", "message": "Hi"],
                headers: ["X-Request-ID": "req-2"])
        }
        #expect(try await service.get("/agent/messages/req-2")["status"] == "queued")
        #expect(try await service.post("/agent/messages/req-2/cancel").status == 200)
        #expect(try await second.value.code == "turn_cancelled")
        slow.release()
        #expect(try await first.value.status == 200)
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
    }

    @Test func `a finished turn tells its reply and cannot be cancelled`() async throws {
        let service = try await Service()
        let answer = try await service.say("Status of ORD-10001", in: "s")
        let id = try #require(answer.header("X-Request-ID"))
        let state = try await service.get("/agent/messages/\(id)")
        #expect(state["status"] == "complete")
        #expect(state["response"] == answer["response"])
        #expect(state["metadata"] == answer["metadata"])
        #expect(state["timestamp"] == answer["timestamp"])
        #expect(state["error"] == .null)
        let cancelled = try await service.post("/agent/messages/\(id)/cancel")
        #expect(cancelled.status == 409)
        #expect(cancelled.code == "turn_finished")
        for (path, tenant) in [("unknown", "default"), (id, "acme")] {
            let headers: Headers = ["X-Tenant-ID": tenant]
            let shown = try await service.get("/agent/messages/\(path)", headers: headers)
            #expect(shown.code == "turn_not_found")
            let ended = try await service.post("/agent/messages/\(path)/cancel", headers: headers)
            #expect(ended.code == "turn_not_found")
        }
    }
}
