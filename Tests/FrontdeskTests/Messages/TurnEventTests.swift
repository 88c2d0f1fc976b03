import HTTP
import JSON
import MailServer
import RawHTTP
import SQLite
import Testing

@testable import Frontdesk

/// Following a turn, also by those who lost their connection.
@Suite struct TurnEventTests {
    private func body(_ message: String, in session: String = "s") -> [UInt8] {
        JSONValue.object(["session_id": .string(session), "message": .string(message)]).bytes
    }

    /// The bytes of a stream from its beginning to its end.
    private func stream(
        _ service: Service, _ message: String, in session: String = "s", headers: Headers = [:]
    ) async throws -> [UInt8] {
        let response = await service.send(
            .post, "/agent/messages/stream", body: body(message, in: session), headers: headers)
        #expect(response.status.code == 200)
        return try await response.collectBody()
    }

    /// The events of the turn `r` after number `after`; none for 204.
    private func events(
        _ router: Router, after: Int = 0, _ headers: Headers = [:]
    ) async throws -> [StreamedEvent] {
        let request = Request(
            .get, "/agent/messages/r/events?after=\(after)", headers: headers)
        let response = await router.respond(to: request)
        #expect(response.status.code == 200 || response.status.code == 204)
        return response.status.code == 204 ? [] : try await response.events()
    }

    /// The same product on the same database, as after a restart.
    private func restarted(_ service: Service) async throws -> App {
        service.app.database.close()
        let log = Log(level: .error)
        let configuration = service.app.configuration
        let app = try App(
            configuration,
            database: try Database.prepared(configuration.database, log: log, migrates: true),
            log: log, surroundings: App.Surroundings(clock: service.clock.clock))
        _ = try await app.turns.environment.store.interruptPending()
        return app
    }

    @Test func `a stream cut at any byte can be taken up, before and after a restart`()
        async throws
    {
        let model = try await ModelService()
        try model.script(
            .calls(("get_order", #"{"order_id": "ORD-10001"}"#), saying: ["Ein ", "Mo\u{0301}"]),
            .says("Grüße, ", "👩‍👩‍👧", "\n\nund Ende."))
        let service = model.service
        let bytes = try await stream(service, "Hi", headers: ["X-Request-ID": "r"])
        let reply = try #require(
            try await service.get("/agent/messages/r")["response"]?.string)
        let whole = try StreamedEvent.all(in: String(decoding: bytes, as: UTF8.self))
        #expect(whole.count > 6)
        func check(_ router: Router) async throws {
            for cut in 0...bytes.count {
                // What a client has is what came with its empty line.
                let text = String(decoding: bytes[..<cut], as: UTF8.self)
                let end = text.ranges(of: "\n\n").last?.upperBound ?? text.startIndex
                let before = try StreamedEvent.all(in: String(text[..<end]))
                let after = try await events(router, after: before.last?.id ?? 0)
                #expect(before + after == whole)
                let chunks = (before + after).compactMap { $0.data["content"]?.string }
                #expect(Array(chunks.joined().utf8) == Array(reply.utf8))
            }
        }
        try await check(service.app.router)
        let again = try await restarted(service)
        try await check(again.router)
        again.database.close()
    }

    @Test func `who has heard the end finds the turn ended and the session free`() async throws {
        let service = try await Service { $0.sessions.admission = .reject }
        // The server's own threads answer, as they do in earnest.
        try await service.live { port in
            for number in 1...200 {
                let headers = "X-Request-ID: r\(number)\r\nIdempotency-Key: k\(number)\r\n"
                let client = try RawClient(port: port)
                let stream = try await client.post(
                    "/agent/messages/stream", String(decoding: body("Hi"), as: UTF8.self),
                    headers: headers)
                let last = try #require(try StreamedEvent.all(in: stream.body).last)
                #expect(last.type == "end", "\(stream.body)")
                let path = "/agent/messages/r\(number)"
                let turn = try await service.get(path)
                #expect(turn["status"] == "complete")
                let rest = await service.send(.get, path + "/events?after=\(last.id)")
                #expect(rest.status.code == 204)
                let next = try await service.say("Hi", in: "s")
                #expect(next.status == 200)
            }
        }
    }

    @Test func `a turn that runs can be followed by many`() async throws {
        let model = try await ModelService()
        let service = model.service
        try model.script(["text": ["One ", "two ", "three."], "hold": 1])
        let first = Task { try await model.stream("Hi", headers: ["X-Request-ID": "r"]) }
        try await eventually { try service.rows("SELECT data FROM stream_events").count == 2 }
        let second = Task { try await events(service.app.router) }
        let third = Task { try await events(service.app.router, after: 1) }
        try model.go()
        let all = try await first.value
        #expect(all.last?.type == "end")
        #expect(try await second.value == all)
        #expect(try await third.value == Array(all.dropFirst()))
        #expect(try await events(service.app.router, after: all.count) == [])
    }

    @Test func `a turn can be followed while it waits, and by who never asked for a stream`()
        async throws
    {
        let model = try await ModelService()
        let service = model.service
        try model.script(["text": ["One."], "hold": 1], .says("Two."))
        let first = Task { try await model.say("Hi") }
        try await eventually { try model.diary.requests.count == 1 }
        let second = try await service.waiting(1, in: "s") {
            try await model.say("Ho", headers: ["X-Request-ID": "r"])
        }
        let followed = Task { try await events(service.app.router) }
        try model.go()
        #expect(try await first.value.status == 200)
        let answer = try await second.value
        let told = try await followed.value
        #expect(told.map(\.type) == ["start", "chunk", "end"])
        #expect(told[1].data["content"] == answer["response"])
        #expect(told[2].data["metadata"] == answer["metadata"])
    }

    @Test func `a turn that was not streamed has the events that it would have had`() async throws {
        let service = try await Service()
        for (message, session) in [("ORD-10001 and ORD-99999?", "a"), ("Resolve complaint 3", "b")]
        {
            let streamed = try StreamedEvent.all(
                in: String(
                    decoding: try await stream(service, message, in: session), as: UTF8.self))
            _ = try await service.post(
                "/agent/messages",
                ["session_id": .string(session + "2"), "message": .string(message)],
                headers: ["X-Request-ID": "r"])
            let derived = try await events(service.app.router)
            #expect(derived.map(\.type) == streamed.map(\.type))
            #expect(derived[1..<derived.count - 1] == streamed[1..<streamed.count - 1])
            #expect(try await events(service.app.router, after: 2) == Array(derived.dropFirst(2)))
        }
    }

    @Test func `a crash ends the stream, and the key takes it up again`() async throws {
        let model = try await ModelService()
        let service = model.service
        try model.script(["text": ["Half ", "never"], "hold": 1], .says("Whole."))
        let headers: Headers = ["X-Request-ID": "r", "Idempotency-Key": "k"]
        let lost = Task { try await model.stream("Hi", headers: headers) }
        try await eventually { try service.rows("SELECT data FROM stream_events").count == 2 }
        let app = try await restarted(service)
        defer { app.database.close() }
        let broken = try await events(app.router)
        #expect(broken.map(\.type) == ["start", "chunk", "error"])
        #expect(broken.last?.data["code"] == "turn_interrupted")
        #expect(try await events(app.router, after: 3) == [])
        var again: Headers = ["Idempotency-Key": "k"]
        again["Content-Type"] = "application/json"
        let request = Request(
            .post, "/agent/messages/stream", headers: again, body: body("Hi"))
        let repeated = try await app.router.respond(to: request).events()
        #expect(repeated.map(\.id) == [4, 5, 6])
        #expect(repeated.map(\.type) == ["start", "chunk", "end"])
        #expect(repeated[1].data["content"] == "Whole.")
        #expect(repeated[2].data["metadata"]?["request_id"] == "r")
        #expect(try await events(app.router) == broken + repeated)
        // Another repeat is told everything from the beginning, without a model.
        let replayed = await app.router.respond(to: request)
        #expect(replayed.headers["Idempotent-Replayed"] == "true")
        #expect(try await replayed.events() == broken + repeated)
        #expect(try model.diary.requests.count == 2)
        try model.go()
        _ = await lost.result
    }

    @Test func `what cannot be followed is refused`() async throws {
        let service = try await Service()
        _ = try await stream(service, "Hi", headers: ["X-Request-ID": "r"])
        let path = "/agent/messages/r/events"
        for text in ["-1", "x", "1.5", "", "%2B1"] {
            #expect(try await service.get(path + "?after=\(text)").status == 400, "\(text)")
        }
        let bad = try await service.get(path, headers: ["Last-Event-ID": "a"])
        #expect(bad["fields"]?[0]?["field"] == "Last-Event-ID")
        let headers: Headers = ["Last-Event-ID": "2"]
        let rest = await service.send(.get, path, headers: headers)
        #expect(try await rest.events().map(\.id) == [3])
        // The query wins.
        let none = await service.send(.get, path + "?after=3", headers: headers)
        #expect(none.status.code == 204)
        let huge = "99999999999999999999"
        #expect(await service.send(.get, path + "?after=\(huge)").status.code == 204)
        #expect(try await service.get("/agent/messages/none/events").code == "turn_not_found")
        let foreign = try await service.get(path, headers: ["X-Tenant-ID": "acme"])
        #expect(foreign.code == "turn_not_found")
        service.clock.advance(seconds: 25 * 3600)
        #expect(try await service.get(path).code == "session_expired")
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        #expect(try await service.get(path).status == 404)
    }

    @Test func `all streams share their commits`() async throws {
        let service = try await Service { $0.agent.streamFlushMS = 100 }
        let turns = service.app.turns
        let store = turns.environment.store
        var queues: [EventQueue] = []
        for number in 1...8 {
            let turn = Frontdesk.Turn(
                session: Session.Key(tenant: .default, id: "s\(number)"), requestID: "r",
                message: "Hi", id: "msg_\(number)", journal: turns.environment.journal,
                caller: .unrestricted)
            try turn.start(at: service.clock.now)
            let context = try store.context(of: turn, arrivedAt: service.clock.now)
            try await store.begin(turn, in: context, claim: nil)
            queues.append(try #require(turn.events))
        }
        let commits = service.app.database.statistics.batches
        let began = ContinuousClock.now
        for number in 1...100 {
            for queue in queues { queue.say("\(number) ", joins: false) }
            try await Task.sleep(for: .milliseconds(5))
        }
        let count = "SELECT count(*) FROM stream_events"
        try await eventually { try service.rows(count) == ["800"] }
        let passed = (ContinuousClock.now - began) / .milliseconds(100)
        let used = service.app.database.statistics.batches - commits
        #expect(used >= 2)
        #expect(Double(used) <= passed + 2)
        let texts = try service.rows(
            "SELECT group_concat(json_extract(data, '$.content'), '') FROM "
                + "(SELECT * FROM stream_events ORDER BY turn_id, event_no) GROUP BY turn_id")
        let whole = (1...100).map { "\($0) " }.joined()
        #expect(texts == Array(repeating: whole, count: 8))
    }
}
