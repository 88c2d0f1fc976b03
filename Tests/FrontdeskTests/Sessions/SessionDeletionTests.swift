import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct SessionDeletionTests {
    @Test(arguments: ["/agent/sessions/", "/api/v1/sessions/"])
    func `a deleted session is gone for every route`(_ route: String) async throws {
        let service = try await Service()
        _ = try await service.say("Where is the walrus?", in: "s")
        #expect(try await service.delete(route + "s").status == 200)
        for path in ["", "/history"] {
            let answer = try await service.get("/api/v1/sessions/s\(path)")
            #expect(answer.status == 404)
            #expect(answer.code == "session_not_found")
            #expect(answer["detail"] == "No session 's' in tenant 'default'.")
        }
        let search = try await service.get("/api/v1/sessions/search?q=walrus")
        #expect(search["results"] == [])
        #expect(try await service.get("/agent/sessions").ids == [])
        #expect(try await service.get("/api/v1/sessions/stats")["total_sessions"] == 0)
        let again = try await service.delete(route + "s")
        #expect(again.status == 404)
        #expect(again.code == "session_not_found")
        #expect(try service.miscounts() == [])
    }

    @Test(arguments: ["/agent/sessions/s", "/api/v1/sessions/s"])
    func `a body may name the tenant whose session is deleted`(_ path: String) async throws {
        let service = try await Service(demo: false)
        for tenant in ["default", "acme"] { _ = try await service.create("s", tenant: tenant) }
        let body = Array(#"{"tenant_id": "acme"}"#.utf8)
        let torn = await service.send(.delete, path + "?tenant_id=beta", body: body)
        #expect(torn.status.code == 400)
        let broken = await service.send(.delete, path, body: Array("{".utf8))
        #expect(broken.status.code == 400)
        #expect(await service.send(.delete, path, body: body).status.code == 200)
        #expect(try service.rows("SELECT tenant_id FROM sessions") == ["default"])
        #expect(await service.send(.delete, path, body: body).status.code == 404)
    }

    @Test func `nothing of a deleted session stays on disk`() async throws {
        let service = try await Service()
        let stream = await service.send(
            .post, "/agent/messages/stream",
            body: Array(#"{"session_id": "s", "message": "Status of ORD-10001"}"#.utf8))
        _ = try await stream.collectBody()
        let tables = ["sessions", "messages", "message_search", "stream_events", "tool_effects"]
        for table in tables {
            #expect(try service.rows("SELECT count(*) FROM \(table)") != ["0"], "\(table)")
        }
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        for table in tables {
            #expect(try service.rows("SELECT count(*) FROM \(table)") == ["0"], "\(table)")
        }
    }

    @Test func `of two simultaneous deletions one succeeds`() async throws {
        let service = try await Service()
        for round in 1...20 {
            _ = try await service.say("Hi", in: "s\(round)")
            async let first = service.delete("/agent/sessions/s\(round)")
            async let second = service.delete("/api/v1/sessions/s\(round)")
            let answers = try await [first, second]
            #expect(Set(answers.map(\.status)) == [200, 404])
        }
        #expect(try service.rows("SELECT count(*) FROM messages") == ["0"])
        #expect(try service.miscounts() == [])
    }

    @Test func `a message after deletion begins a new session`() async throws {
        let service = try await Service()
        _ = try await service.say("I want to place an order", in: "s")
        _ = try await service.delete("/agent/sessions/s")
        // "2" would answer the open question if the dialogue had survived.
        _ = try await service.say("SKU-LAPTOP-001", in: "s")
        let history = try await service.get("/api/v1/sessions/s/history")
        #expect(history["message_count"] == 2)
        #expect(history["messages"]?.array?.map { $0["seq"] } == [1, 2])
    }

    @Test func `orders, complaints and e-mails outlive their session`() async throws {
        let service = try await Service()
        for message in [
            "Order 2 of SKU-MOUSE-002 for Anna Berg, $49.98, to 5 Elm Road, Leeds", "yes",
            "I want to complain about ORD-10002: the mouse arrived broken",
            "Email the details of ORD-10001 to sarah.johnson@example.com",
        ] {
            #expect(try await service.say(message, in: "s").status == 200)
        }
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        #expect(
            try service.rows("SELECT order_id FROM orders WHERE session_id = 's'") == ["ORD-10021"])
        #expect(
            try service.rows("SELECT complaint_id FROM complaints WHERE session_id = 's'")
                == ["21"])
        #expect(try service.rows("SELECT state FROM emails WHERE session_id = 's'") == ["held"])
    }

    @Test func `a deleted id may be created anew`() async throws {
        let service = try await Service()
        _ = try await service.say("Hi", in: "s")
        _ = try await service.delete("/agent/sessions/s")
        #expect(try await service.create("s").status == 201)
        #expect(try await service.get("/api/v1/sessions/s/history")["message_count"] == 0)
    }

    @Test func `without automatic creation a message needs a session`() async throws {
        let service = try await Service { $0.sessions.autoCreate = false }
        let unknown = try await service.say("Hi", in: "s")
        #expect(unknown.status == 404)
        #expect(unknown.code == "session_not_found")
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
        _ = try await service.create("s")
        #expect(try await service.say("Hi", in: "s").status == 200)
        _ = try await service.delete("/agent/sessions/s")
        #expect(try await service.say("Hi", in: "s").status == 404)
    }
}
