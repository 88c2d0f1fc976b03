import HTTP
import JSON
import MailServer
import Testing

@testable import Frontdesk

/// Turns at whose end the database cannot be written.
@Suite struct LostDatabaseTests {
    private let headers: Headers = ["X-Request-ID": "r", "Idempotency-Key": "k"]

    /// A service that soon gives up waiting for a lock, with a model behind it.
    private func impatient() async throws -> ModelService {
        try await ModelService {
            $0.database.busyTimeoutMS = 50
            $0.sessions.ttlHours = 1
        }
    }

    /// Sends a message whose answer finds the database locked; returns that lock and the answer.
    private func losing(_ model: ModelService) async throws -> (WriteLock, Answer) {
        let turn = Task { try await model.say("Hi", headers: headers) }
        try await eventually { try model.diary.requests.count == 1 }
        let lock = try await WriteLock(on: model.service)
        try model.go()
        return (lock, try await turn.value)
    }

    private func statuses(_ model: ModelService) throws -> [String] {
        try model.service.rows("SELECT role, status FROM messages ORDER BY seq")
    }

    @Test func `a turn whose end cannot be stored is interrupted, and its key runs it again`()
        async throws
    {
        let model = try await impatient()
        let service = model.service
        try model.script(["text": ["One."], "hold": 1], .says("Two."))
        let (lock, answer) = try await losing(model)
        #expect(answer.status == 503)
        #expect(answer.code == "not_ready")
        #expect(answer.header("Retry-After") == "5")
        // Nobody has to wait for the database to learn it.
        let state = try await service.get("/agent/messages/r")
        #expect(state["status"] == "interrupted")
        #expect(state["error"]?["code"] == "turn_interrupted")
        let cancelled = try await service.post("/agent/messages/r/cancel")
        #expect(cancelled.code == "turn_finished")
        #expect(cancelled["detail"] == "The turn has ended: it is interrupted.")
        let told = try await service.send(.get, "/agent/messages/r/events").events()
        #expect(told.map(\.type) == ["start", "error"])
        #expect(told.last?.data["code"] == "turn_interrupted")
        try await lock.release()
        try await eventually { try statuses(model) == ["user|interrupted"] }
        let again = try await model.say("Hi", headers: headers)
        #expect(again["response"] == "Two.")
        #expect(again["metadata"]?["request_id"] == "r")
        #expect(try statuses(model) == ["user|complete", "assistant|complete"])
        #expect(try service.miscounts() == [])
        // Whoever has followed it so far goes on where they were.
        let all = try await service.send(.get, "/agent/messages/r/events").events()
        #expect(Array(all.prefix(2)) == told)
        #expect(all.map(\.id) == Array(1...5))
        #expect(all.map(\.type) == ["start", "error", "start", "chunk", "end"])
    }

    @Test func `a repeat does not have to wait until the end is stored`() async throws {
        let model = try await impatient()
        let service = model.service
        try model.script(["text": ["One."], "hold": 1], ["text": ["Two."], "hold": 1])
        let (lock, _) = try await losing(model)
        try await lock.release()
        let second = Task {
            try await service.post(
                "/agent/messages", ["session_id": "s", "message": "Hi"],
                headers: ["X-Request-ID": "r2", "Idempotency-Key": "k"])
        }
        try await eventually { try model.diary.requests.count == 2 }
        // Whoever asks meanwhile is told under which id the turn runs.
        let third = try await model.say("Hi", headers: ["Idempotency-Key": "k"])
        #expect(third.code == "idempotency_in_progress")
        #expect(third["turn_request_id"] == "r")
        #expect(try await service.get("/agent/messages/r")["status"] == "running")
        try model.go()
        #expect(try await second.value["response"] == "Two.")
        #expect(try statuses(model) == ["user|complete", "assistant|complete"])
    }

    @Test func `a stream ends with an error, now and for who comes later`() async throws {
        let model = try await impatient()
        let service = model.service
        try model.script(["text": ["One", " two."], "hold": 1])
        let streamed = Task { try await model.stream("Hi", headers: headers) }
        try await eventually { try service.rows("SELECT data FROM stream_events").count == 2 }
        let lock = try await WriteLock(on: service)
        try model.go()
        let events = try await streamed.value
        #expect(events.map(\.type) == ["start", "chunk", "error"])
        #expect(events.map(\.id) == [1, 2, 3])
        #expect(events.last?.data["code"] == "not_ready")
        try await lock.release()
        try await eventually { try statuses(model) == ["user|interrupted"] }
        let later = try await service.send(.get, "/agent/messages/r/events").events()
        #expect(later.dropLast() == events.dropLast())
        #expect(later.last?.id == 3)
        #expect(later.last?.data["code"] == "turn_interrupted")
        let rest = await service.send(.get, "/agent/messages/r/events?after=3")
        #expect(rest.status.code == 204)
    }

    @Test func `what was not stored is forgotten, and its key is free`() async throws {
        let service = try await Service { $0.database.busyTimeoutMS = 50 }
        let hello: JSONValue = ["session_id": "s", "message": "Hi"]
        let lock = try await WriteLock(on: service)
        let answer = try await service.post("/agent/messages", hello, headers: headers)
        #expect(answer.status == 503)
        #expect(answer.code == "not_ready")
        #expect(try await service.get("/agent/messages/r").status == 404)
        try await lock.release()
        let again = try await service.post("/agent/messages", hello, headers: headers)
        #expect(again.status == 200)
        #expect(again.header("Idempotent-Replayed") == nil)
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
    }

    @Test func `an interrupted turn of a session that expired stays interrupted`() async throws {
        let model = try await impatient()
        try model.script(["text": ["One."], "hold": 1])
        let (lock, _) = try await losing(model)
        try await lock.release()
        try await eventually { try statuses(model) == ["user|interrupted"] }
        model.service.clock.advance(seconds: 2 * 3600)
        let again = try await model.say("Hi", headers: headers)
        #expect(again.code == "session_expired")
        #expect(try statuses(model) == ["user|interrupted"])
    }
}
