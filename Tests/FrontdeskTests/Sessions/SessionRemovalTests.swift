import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct SessionRemovalTests {
    @Test func `a session of three thousand messages is gone after its deletion`() async throws {
        let service = try await Service()
        _ = try await service.create("s")
        try await service.fill("s", messages: 3000)
        #expect(try service.miscounts() == [])
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        for table in ["sessions", "messages", "message_search"] {
            #expect(try service.rows("SELECT count(*) FROM \(table)") == ["0"])
        }
        #expect(try service.miscounts() == [])
    }

    @Test func `no write of a removal touches more rows than a batch has`() async throws {
        let service = try await Service.withCutShortRemoval()
        let key = Session.Key(tenant: .default, id: "s")
        var steps: [Int] = []
        while steps.count < 100 {
            let progress = try await service.app.database.write { connection in
                try SessionRemoval.removeRows(of: key, atMost: 50, in: connection)
            }
            steps.append(progress.rows)
            if progress.isDone { break }
        }
        // 200 messages with an entry each in the search index, then the session itself.
        #expect(steps == [50, 50, 50, 50, 50, 50, 50, 50, 1])
    }

    @Test func `a creation waits until the removal of its id is over`() async throws {
        let service = try await Service()
        _ = try await service.create("s")
        try await service.fill("s", messages: 2000)
        async let deletion = service.delete("/agent/sessions/s")
        async let creation = service.untilCreated("s")
        #expect(try await deletion.status == 200)
        #expect(try await creation.status == 201)
        #expect(try await service.get("/api/v1/sessions/s/history")["messages"] == [])
        #expect(try service.rows("SELECT count(*) FROM messages") == ["0"])
        #expect(try service.miscounts() == [])
    }

    @Test func `a removal cut short shows to nobody`() async throws {
        let service = try await Service.withCutShortRemoval()
        #expect(try await service.get("/api/v1/sessions/s").status == 404)
        #expect(try await service.get("/api/v1/sessions/s/history").status == 404)
        #expect(try await service.delete("/agent/sessions/s").status == 404)
        #expect(try await service.get("/agent/sessions").ids == [])
        #expect(try await service.get("/api/v1/sessions")["total"] == 0)
        #expect(try await service.get("/api/v1/sessions/stats")["total_sessions"] == 0)
        #expect(try await service.get("/api/v1/sessions/stats")["oldest_session"] == .null)
        #expect(try await service.get("/api/v1/sessions/search?q=message")["results"] == [])
    }

    @Test func `the sweeper finishes a removal that was cut short`() async throws {
        let service = try await Service.withCutShortRemoval()
        _ = try await service.app.sweeper.sweep()
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
        #expect(try service.rows("SELECT count(*) FROM messages") == ["0"])
        #expect(try service.miscounts() == [])
    }

    @Test func `so do a creation and a message`() async throws {
        for isMessage in [true, false] {
            let service = try await Service.withCutShortRemoval()
            let answer =
                isMessage
                ? try await service.say("Hi", in: "s") : try await service.create("s")
            #expect(answer.status == (isMessage ? 200 : 201))
            let history = try await service.get("/api/v1/sessions/s/history")
            #expect(history["messages"]?.array?.count == (isMessage ? 2 : 0))
            #expect(history["message_count"] == (isMessage ? 2 : 0))
            #expect(try service.miscounts() == [])
        }
    }

    @Test(arguments: [1, 2, 3])
    func `even the smallest batch comes to an end`(_ batch: Int) async throws {
        let service = try await Service { $0.cleanup.batch = batch }
        for id in ["a", "b"] {
            let stream = await service.send(
                .post, "/agent/messages/stream",
                body: Array("{\"session_id\": \"\(id)\", \"message\": \"ORD-10001?\"}".utf8))
            _ = try await stream.collectBody()
        }
        #expect(try await service.delete("/agent/sessions/a").status == 200)
        service.clock.advance(seconds: 48 * 3600 + 1)
        #expect(try await service.app.sweeper.sweep()["sessions"] == 1)
        #expect(try service.rows("SELECT count(*) FROM messages") == ["0"])
    }
}

extension Service {
    /// A session with messages whose removal was begun and then cut short by a crash.
    fileprivate static func withCutShortRemoval() async throws -> Service {
        let service = try await Service { $0.cleanup.batch = 50 }
        _ = try await service.create("s")
        try await service.fill("s", messages: 200)
        let (store, clock) = (service.app.sessions, service.clock)
        let key = Session.Key(tenant: .default, id: "s")
        try await service.app.database.write { connection in
            let session = try store.require(key, for: .anyone, in: connection)
            try SessionRemoval.mark(
                key, lastActivity: session.lastActivity, at: clock.now, in: connection)
        }
        return service
    }

    /// Creates a session as soon as the one that has the id is gone.
    fileprivate func untilCreated(_ id: String) async throws -> Answer {
        while true {
            let answer = try await create(id)
            if answer.status != 409 { return answer }
        }
    }
}
