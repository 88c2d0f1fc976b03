import HTTP
import JSON
import MailServer
import Testing

@testable import Frontdesk

/// Messages that are cancelled before their turn comes.
@Suite struct CancelledTurnTests {
    /// Sends a message that waits behind a slow one, and cancels it.
    private func cancelWaiting(_ id: String, _ service: Service) async throws {
        let waiting = try await service.waiting(1, in: "s") {
            try await service.post(
                "/agent/messages", ["session_id": "s", "message": "Hi"],
                headers: ["X-Request-ID": id])
        }
        // It stands in line a moment before it can be asked about.
        try await eventually { service.app.turns.find(id, of: .default) != nil }
        let cancelled = try await service.post("/agent/messages/\(id)/cancel")
        #expect(cancelled.status == 200, "\(id)")
        #expect(try await waiting.value.code == "turn_cancelled")
    }

    @Test func `who cancels a waiting message is told so, and so is who asks later`()
        async throws
    {
        let service = try await Service(demo: false)
        let lanes = service.app.turns.environment.lanes
        let first = try lanes.enter(Session.Key(tenant: .default, id: "s"))
        for number in 1...100 {
            let id = "req-\(number)"
            try await cancelWaiting(id, service)
            #expect(try await service.post("/agent/messages/\(id)/cancel").status == 200)
            let state = try await service.get("/agent/messages/\(id)")
            #expect(state["status"] == "cancelled")
            #expect(state["error"]?["code"] == "turn_cancelled")
            let events = try await service.send(.get, "/agent/messages/\(id)/events").events()
            #expect(events.map(\.type) == ["start", "error"])
        }
        lanes.leave(first)
        #expect(try await service.say("Hi", in: "s").status == 200)
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
    }

    @Test func `a cancelled message is forgotten with its session`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let first = try await slow.ask(in: "s")
        try await cancelWaiting("r", service)
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        #expect(try await first.value.status == 404)
        #expect(try await service.get("/agent/messages/r").code == "turn_not_found")
        #expect(try await service.post("/agent/messages/r/cancel").code == "turn_not_found")
    }

    @Test func `an id that is used again means the newest message`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let first = try await slow.ask(in: "s")
        try await cancelWaiting("r", service)
        slow.release()
        #expect(try await first.value.status == 200)
        let answer = try await service.post(
            "/agent/messages", ["session_id": "s", "message": "Hi"],
            headers: ["X-Request-ID": "r"])
        #expect(answer.status == 200)
        #expect(try await service.get("/agent/messages/r")["status"] == "complete")
        #expect(try await service.post("/agent/messages/r/cancel").code == "turn_finished")
    }

    @Test func `a body may name the tenant whose message is cancelled`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let first = try await slow.ask(in: "s", headers: ["X-Request-ID": "r"])
        let path = "/agent/messages/r/cancel"
        let foreign = try await service.post(path, ["tenant_id": "acme"])
        #expect(foreign.code == "turn_not_found")
        let torn = try await service.post(path + "?tenant_id=default", ["tenant_id": "acme"])
        #expect(torn.status == 400)
        #expect(try await service.post(path, ["tenant_id": "default"]).status == 200)
        #expect(try await first.value.code == "turn_cancelled")
    }
}
