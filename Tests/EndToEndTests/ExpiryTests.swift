import JSON
import Testing

/// Sessions that live for about a second.
struct ExpiryTests {
    @Test(.timeLimit(.minutes(5)))
    func `a session expires, is gone for its messages, and leaves by the sweeper`() async throws {
        let world = try World()
        var settings = [
            "FRONTDESK_SESSIONS_TTL_HOURS": "0.0003",
            "FRONTDESK_SESSIONS_PURGE_AFTER_HOURS": "0",
            "FRONTDESK_SESSIONS_AUTO_CREATE": "false", "FRONTDESK_CLEANUP_ENABLED": "false",
        ]
        let keeping = try await world.serve(settings)
        #expect(try await keeping.say("Hi", in: "sess_old").status == 404)
        let created = try await keeping.post("/agent/sessions", ["session_id": "sess_old"])
        #expect(created.status == 201)
        try await wait(for: "the session's expiry") {
            try await keeping.get("/api/v1/sessions/sess_old").status == 410
        }
        let late = try await keeping.say("Hi", in: "sess_old")
        #expect(late.status == 410)
        #expect(late["code"] == "session_expired")
        #expect(try await keeping.get("/api/v1/sessions")["total"] == 0)
        let stats = try await keeping.get("/api/v1/sessions/stats")
        #expect(stats["expired_sessions"] == 1)
        #expect(stats["active_sessions"] == 0)
        #expect(await keeping.stop() == .exit(0))

        settings["FRONTDESK_CLEANUP_ENABLED"] = "true"
        settings["FRONTDESK_CLEANUP_INTERVAL_SECONDS"] = "1"
        let sweeping = try await world.serve(settings)
        try await wait(for: "the sweeper") {
            try await sweeping.get("/api/v1/sessions/sess_old").status == 404
        }
        #expect(try await sweeping.say("Hi", in: "sess_old").status == 404)
        #expect(try await world.query("SELECT count(*) FROM sessions") == ["0"])
        #expect(try await world.query("SELECT count(*) FROM session_counts") == ["0"])
        try await wait(for: "the sweeper's log line") {
            try sweeping.logged().contains("session.purged")
        }
        #expect(await sweeping.stop() == .exit(0))
    }
}
