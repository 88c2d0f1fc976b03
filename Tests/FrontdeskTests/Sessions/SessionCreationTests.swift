import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct SessionCreationTests {
    @Test func `a created session is on disk with what its creator sent`() async throws {
        let service = try await Service()
        let answer = try await service.post(
            "/agent/sessions",
            [
                "session_id": "shop-1", "tenant_id": "acme",
                "metadata": ["user_name": "John Doe", "score": 1.50],
            ], headers: ["X-Request-ID": "req-7"])
        #expect(answer.status == 201)
        #expect(answer.header("Location") == "/api/v1/sessions/shop-1")
        #expect(answer["status"] == "created")
        #expect(answer["metadata"]?.text == #"{"user_name":"John Doe","score":1.5}"#)
        #expect(
            try service.rows(
                "SELECT tenant_id, session_id, metadata, owner, request_id FROM sessions")
                == [#"acme|shop-1|{"user_name":"John Doe","score":1.5}|bot|req-7"#])
    }

    @Test func `metadata keeps the order of its names and the spelling of its numbers`()
        async throws
    {
        let service = try await Service()
        let metadata =
            #"{"z":1.50,"a":1e2,"m":[-0.0,12345678901234567890123,{"":null}],"#
            + #""é":"a\u0000b","n":{}}"#
        let response = await service.send(
            .post, "/agent/sessions",
            body: Array("{\"session_id\": \"s\", \"metadata\": \(metadata)}".utf8))
        #expect(try response.jsonBody()["metadata"]?.text == metadata)
        let read = try await service.get("/api/v1/sessions/s")
        #expect(read["metadata"]?.text == metadata)
        #expect(try service.rows("SELECT metadata FROM sessions") == [metadata])
    }

    @Test(arguments: ["", "{}", #"{"session_id":null,"tenant_id":null,"metadata":null}"#])
    func `without an id a session gets one, and without metadata an empty object`(
        _ body: String
    ) async throws {
        let service = try await Service()
        let response = await service.send(.post, "/agent/sessions", body: Array(body.utf8))
        let answer = try Answer(response)
        #expect(answer.status == 201)
        #expect(answer["metadata"] == .object([:]))
        let id = try #require(answer["session_id"]?.string)
        #expect(id.wholeMatch(of: /sess_[a-z0-9]{20,40}/) != nil)
        #expect(answer.header("Location") == "/api/v1/sessions/\(id)")
        #expect(try await service.get("/api/v1/sessions/\(id)").status == 200)
    }

    @Test func `generated ids differ and sort by their time`() async throws {
        let service = try await Service()
        var ids: [String] = []
        for _ in 1...50 {
            service.clock.advance(seconds: 1)
            let answer = try await service.post("/agent/sessions")
            ids.append(answer["session_id"]?.string ?? "")
        }
        #expect(Set(ids).count == 50)
        #expect(ids == ids.sorted())
    }

    @Test func `an id may use every allowed character and no other, up to a hundred`()
        async throws
    {
        let service = try await Service()
        let all = "ABCxyz019._:@-"
        #expect(try await service.create(all).status == 201)
        #expect(try await service.get("/api/v1/sessions/\(all)")["session_id"] == .string(all))
        #expect(try await service.create(String(repeating: "x", count: 100)).status == 201)
        let refused = [
            "", String(repeating: "x", count: 101), "a b", "a/b", "ü", ".", "..", "stats",
            "search", "a\u{0}",
        ]
        for id in refused {
            let answer = try await service.create(id)
            #expect(answer.status == 400, "\(id)")
            #expect(answer["fields"]?.array?.first?["field"] == "session_id", "\(id)")
        }
    }

    @Test func `metadata may be 16 KiB and 16 levels, not more`() async throws {
        let service = try await Service()
        func create(_ metadata: JSONValue) async throws -> Answer {
            try await service.post("/agent/sessions", ["metadata": metadata])
        }
        func nested(_ levels: Int) -> JSONValue {
            (1..<levels).reduce([:]) { inner, _ in ["a": inner] }
        }
        let filler = String(repeating: "x", count: 16_384 - #"{"a":""}"#.utf8.count)
        #expect(try await create(["a": .string(filler)]).status == 201)
        #expect(try await create(["a": .string(filler + "x")]).status == 400)
        #expect(try await create(nested(16)).status == 201)
        let deep = try await create(nested(17))
        #expect(deep.status == 400)
        #expect(deep["fields"]?.array?.first?["field"] == "metadata")
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["2"])
    }

    @Test func `of two simultaneous creations of an id one succeeds`() async throws {
        let service = try await Service()
        for round in 1...20 {
            async let first = service.create("s\(round)")
            async let second = service.create("s\(round)")
            let answers = try await [first, second]
            #expect(Set(answers.map(\.status)) == [201, 409])
            #expect(answers.compactMap(\.code) == ["session_exists"])
        }
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["20"])
        #expect(try service.miscounts() == [])
    }

    @Test func `one id in two tenants is two sessions`() async throws {
        let service = try await Service()
        for tenant in ["acme", "beta"] {
            let answer = try await service.post(
                "/agent/sessions?tenant_id=\(tenant)",
                ["session_id": "s", "metadata": ["of": .string(tenant)]])
            #expect(answer.status == 201)
        }
        let read = try await service.get("/api/v1/sessions/s?tenant_id=beta")
        #expect(read["metadata"]?.text == #"{"of":"beta"}"#)
        #expect(try await service.delete("/agent/sessions/s?tenant_id=acme").status == 200)
        #expect(try await service.get("/api/v1/sessions/s?tenant_id=beta").status == 200)
        #expect(try await service.get("/api/v1/sessions/s").status == 404)
    }

    @Test func `a single session tells when it will expire`() async throws {
        let service = try await Service()
        let created = try await service.create("s")
        let read = try await service.get("/api/v1/sessions/s")
        #expect(read.status == 200)
        #expect(
            read.body.object?.keys == [
                "session_id", "tenant_id", "message_count", "created_at", "last_activity",
                "metadata", "expires_at", "owner", "turns_waiting",
            ])
        #expect(read["created_at"] == created["created_at"])
        #expect(read["last_activity"] == created["created_at"])
        let time = try #require(created["created_at"]?.string).dropFirst(10)
        #expect(read["expires_at"] == .string("2026-02-21" + time))
        #expect(read["owner"] == "bot")
        #expect(read["turns_waiting"] == 0)
        #expect(read["message_count"] == 0)
    }
}
