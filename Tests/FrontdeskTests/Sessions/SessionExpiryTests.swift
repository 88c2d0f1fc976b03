import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct SessionExpiryTests {
    private let day = 86_400.0

    /// A service whose clock stands still, with a conversation in session `s`.
    private func conversing() async throws -> Service {
        let service = try await Service(clock: TestClock(step: 0))
        _ = try await service.say("Where is the walrus?", in: "s")
        return service
    }

    @Test func `after exactly its time a session is still active`() async throws {
        let service = try await conversing()
        service.clock.advance(seconds: day)
        #expect(try await service.get("/api/v1/sessions/s").status == 200)
        #expect(try await service.get("/api/v1/sessions/s/history").status == 200)
        #expect(try await service.get("/agent/sessions").ids == ["s"])
        let search = try await service.get("/api/v1/sessions/search?q=walrus")
        #expect(search["results"]?.array?.isEmpty == false)
        #expect(try await service.get("/api/v1/sessions/stats")["active_sessions"] == 1)
        #expect(try await service.create("s").status == 409)
        #expect(try await service.say("Hi", in: "s").status == 200)
    }

    @Test func `a microsecond later it is expired everywhere`() async throws {
        let service = try await conversing()
        service.clock.advance(seconds: day, microseconds: 1)
        let answers = [
            try await service.say("Hi", in: "s"),
            try await service.get("/api/v1/sessions/s/history"),
            try await service.get("/api/v1/sessions/s"),
        ]
        for answer in answers {
            #expect(answer.status == 410)
            #expect(answer.code == "session_expired")
        }
        for list in ["/agent/sessions", "/api/v1/sessions"] {
            #expect(try await service.get(list).ids == [])
        }
        #expect(try await service.get("/agent/sessions")["total_count"] == 0)
        #expect(try await service.get("/api/v1/sessions")["total"] == 0)
        let search = try await service.get("/api/v1/sessions/search?q=walrus")
        #expect(search["results"] == [])
        let stats = try await service.get("/api/v1/sessions/stats")
        #expect(stats["total_sessions"] == 1)
        #expect(stats["active_sessions"] == 0)
        #expect(stats["expired_sessions"] == 1)
        #expect(stats["sessions_by_tenant"]?.text == #"{"default":1}"#)
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
    }

    @Test func `a message keeps a session alive, reading does not`() async throws {
        let service = try await conversing()
        service.clock.advance(seconds: day)
        _ = try await service.say("Hi", in: "s")
        service.clock.advance(seconds: day)
        #expect(try await service.get("/api/v1/sessions/s/history").status == 200)
        service.clock.advance(microseconds: 1)
        #expect(try await service.get("/api/v1/sessions/s/history").status == 410)
    }

    @Test func `an expired id is created anew, its old history gone`() async throws {
        let service = try await conversing()
        service.clock.advance(seconds: day, microseconds: 1)
        #expect(try await service.create("s").status == 201)
        let history = try await service.get("/api/v1/sessions/s/history")
        #expect(history["messages"] == [])
        #expect(history["message_count"] == 0)
        let search = try await service.get("/api/v1/sessions/search?q=walrus")
        #expect(search["results"] == [])
        #expect(try service.rows("SELECT count(*) FROM messages") == ["0"])
        #expect(try service.miscounts() == [])
    }

    @Test(arguments: ["/agent/sessions/s", "/api/v1/sessions/s"])
    func `an expired session can be deleted`(_ path: String) async throws {
        let service = try await conversing()
        service.clock.advance(seconds: 30 * day)
        #expect(try await service.delete(path).status == 200)
        #expect(try await service.delete(path).status == 404)
        #expect(try await service.get("/api/v1/sessions/s").status == 404)
        #expect(try service.miscounts() == [])
    }

    @Test func `cleanup removes all expired sessions of the tenant and no other`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        for number in 1...3 { _ = try await service.say("Hi", in: "old\(number)") }
        _ = try await service.create("theirs", tenant: "acme")
        service.clock.advance(seconds: day, microseconds: 1)
        _ = try await service.create("fresh")
        let path = "/api/v1/sessions/whatever/cleanup"
        let first = try Answer(await service.send(.post, path, body: Array("garbage".utf8)))
        #expect(first.status == 200)
        #expect(first["cleaned_sessions"] == 3)
        #expect(first["message"] == "Expired sessions cleaned up successfully")
        #expect(try await service.post(path)["cleaned_sessions"] == 0)
        #expect(try await service.get("/api/v1/sessions/old1").status == 404)
        #expect(try await service.get("/agent/sessions").ids == ["fresh"])
        #expect(try await service.get("/api/v1/sessions/theirs?tenant_id=acme").status == 410)
        #expect(try await service.post(path + "?tenant_id=acme")["cleaned_sessions"] == 1)
        #expect(try service.miscounts() == [])
    }

    @Test func `after cleanup a message creates the session anew or finds none`() async throws {
        for autoCreate in [true, false] {
            let service = try await Service { $0.sessions.autoCreate = autoCreate }
            _ = try await service.create("s")
            service.clock.advance(seconds: day + 1)
            _ = try await service.post("/api/v1/sessions/s/cleanup")
            let answer = try await service.say("Hi", in: "s")
            #expect(answer.status == (autoCreate ? 200 : 404))
        }
    }

    @Test func `the time to live may be a fraction of an hour`() async throws {
        let service = try await Service(clock: TestClock(step: 0)) { $0.sessions.ttlHours = 0.5 }
        _ = try await service.create("s")
        let read = try await service.get("/api/v1/sessions/s")
        #expect(read["expires_at"] == "2026-02-20T12:30:00.000000Z")
        service.clock.advance(seconds: 1800)
        #expect(try await service.get("/api/v1/sessions/s").status == 200)
        service.clock.advance(microseconds: 1)
        #expect(try await service.get("/api/v1/sessions/s").status == 410)
    }

    @Test func `sessions may live for a hundred years`() async throws {
        let service = try await Service(demo: false) {
            $0.sessions.ttlHours = 876_000
            $0.sessions.purgeAfterHours = 876_000
        }
        _ = try await service.say("Where is the walrus?", in: "s")
        service.clock.advance(seconds: 90 * 365 * day)
        #expect(try await service.get("/agent/sessions").ids == ["s"])
        #expect(try await service.get("/agent/sessions")["total_count"] == 1)
        #expect(try await service.app.sweeper.sweep().isEmpty)
        let read = try await service.get("/api/v1/sessions/s")
        #expect(read["expires_at"]?.string?.hasPrefix("2126-01-2") == true)
        service.clock.advance(seconds: 20 * 365 * day)
        #expect(try await service.get("/api/v1/sessions/s").status == 410)
        service.clock.advance(seconds: 100 * 365 * day)
        #expect(try await service.app.sweeper.sweep()["sessions"] == 1)
    }
}
