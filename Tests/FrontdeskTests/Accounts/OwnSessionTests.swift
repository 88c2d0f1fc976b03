import HTTP
import JSON
import Testing

@testable import Frontdesk

/// A customer's sessions are their own, and others' are not.
struct OwnSessionTests {
    /// Two customers and an agent of one tenant, signed in.
    private struct World {
        let service: Service
        let sarah: Headers
        let emma: Headers
        let agent: Headers

        init() async throws {
            service = try await Service { $0.auth.mode = .required }
            sarah = try await service.signedIn("sarah@example.com", role: .customer).headers
            emma = try await service.signedIn("emma@example.com", role: .customer).headers
            agent = try await service.signedIn("helper@example.com", role: .agent).headers
        }

        func create(_ id: String, _ headers: Headers) async throws -> Answer {
            try await service.post(
                "/agent/sessions", ["session_id": .string(id)], headers: headers)
        }

        func say(_ text: String, in id: String, _ headers: Headers) async throws -> Answer {
            try await service.post(
                "/agent/messages", ["session_id": .string(id), "message": .string(text)],
                headers: headers)
        }
    }

    @Test func `a customer lists, counts and searches only own sessions`() async throws {
        let world = try await World()
        for id in ["s1", "s2", "s3"] { _ = try await world.create(id, world.sarah) }
        _ = try await world.create("e1", world.emma)
        _ = try await world.create("a1", world.agent)
        for (headers, count) in [(world.sarah, 3), (world.emma, 1), (world.agent, 5)] {
            let list = try await world.service.get("/agent/sessions", headers: headers)
            #expect(list["sessions"]?.array?.count == count)
            #expect(list["total_count"] == JSONValue(count))
            let paged = try await world.service.get(
                "/api/v1/sessions?limit=1&offset=\(count - 1)", headers: headers)
            #expect(paged["sessions"]?.array?.count == 1)
            #expect(paged["total"] == JSONValue(count))
        }
        let first = try await world.service.get("/agent/sessions?limit=2", headers: world.sarah)
        let cursor = try #require(first["next_cursor"]?.string)
        let second = try await world.service.get(
            "/agent/sessions?limit=2&cursor=\(cursor)", headers: world.sarah)
        #expect(second["sessions"]?.array?.count == 1)
        _ = try await world.say("where is my turquoise lamp", in: "s1", world.sarah)
        for (headers, count) in [(world.sarah, 1), (world.emma, 0), (world.agent, 1)] {
            let found = try await world.service.get(
                "/api/v1/sessions/search?q=turquoise", headers: headers)
            #expect(found["results"]?.array?.count == count)
        }
    }

    @Test func `another customer's session is 403 on every route that names one`() async throws {
        let world = try await World()
        _ = try await world.create("s1", world.sarah)
        var said = world.sarah
        said["X-Request-ID"] = "req_sarah"
        _ = try await world.say("hello", in: "s1", said)
        for route in world.service.app.router.routes
        where route.parameterNames.contains("session_id")
            || route.parameterNames.contains("request_id")
        {
            let path = route.pattern.replacing("{session_id}", with: "s1")
                .replacing("{request_id}", with: "req_sarah")
            let body = (route.operation.body?.example ?? [:]).bytes
            let answer = try Answer(
                await world.service.send(
                    route.method, path, body: route.operation.body == nil ? [] : body,
                    headers: world.emma))
            #expect(answer.status == 403, "\(route.method) \(path)")
            #expect(
                answer.code == "not_owner" || answer.code == "scope_missing",
                "\(route.method) \(path)")
        }
        for path in ["/agent/messages", "/agent/messages/stream"] {
            let answer = try await world.service.post(
                path, ["session_id": "s1", "message": "hello"], headers: world.emma)
            #expect(answer.code == "not_owner", "\(path)")
        }
        #expect(try await world.create("s1", world.emma).code == "session_exists")
        let mine = try await world.service.get("/api/v1/sessions/s1/history", headers: world.sarah)
        #expect(mine["message_count"] == 2)
        #expect(
            try await world.service.get("/api/v1/sessions/s1", headers: world.agent).status == 200)
    }

    @Test func `a session that a customer's message creates is theirs`() async throws {
        let world = try await World()
        #expect(try await world.say("hello", in: "new", world.sarah).status == 200)
        #expect(try await world.say("hello", in: "new", world.sarah).status == 200)
        #expect(try await world.say("hello", in: "new", world.emma).code == "not_owner")
        #expect(try await world.say("hello", in: "new", world.agent).status == 200)
    }

    @Test func `another's expired session cannot be replaced`() async throws {
        let world = try await World()
        _ = try await world.create("s1", world.sarah)
        world.service.clock.advance(seconds: 86_400 + 60)
        let emma = try await world.service.signIn("emma@example.com").headers
        #expect(try await world.create("s1", emma).code == "not_owner")
        #expect(
            try await world.service.get("/api/v1/sessions/s1", headers: emma).code == "not_owner")
        let sarah = try await world.service.signIn("sarah@example.com").headers
        #expect(try await world.create("s1", sarah).status == 201)
    }

    @Test func `an idempotency key is its caller's, its method's and its path's`() async throws {
        let world = try await World()
        func create(_ headers: Headers) async throws -> Answer {
            var keyed = headers
            keyed["Idempotency-Key"] = "one"
            return try await world.service.post("/agent/sessions", [:], headers: keyed)
        }
        let first = try await create(world.sarah)
        #expect(first.status == 201)
        let second = try await create(world.emma)
        #expect(second.status == 201)
        #expect(second["session_id"] != first["session_id"])
        let again = try await create(world.sarah)
        #expect(again["session_id"] == first["session_id"])
        #expect(again.header("Idempotent-Replayed") == "true")
        var keyed = world.sarah
        keyed["Idempotency-Key"] = "one"
        let elsewhere = try await world.service.post(
            "/agent/messages", ["session_id": "s9", "message": "hello"], headers: keyed)
        #expect(elsewhere.status == 200)
    }

    @Test func `an outsider with a user's id as subject is somebody else`() async throws {
        let issuer = try await Issuer()
        let external = try ExternalIssuer(issuer, ["default_role": "customer"])
        let service = try await Service { configuration in
            configuration.auth.mode = .required
            configuration.auth.externalIssuers = [external]
        }
        let user = try await service.addUser("sarah@example.com", role: .customer)
        let sarah = try await service.signIn("sarah@example.com").headers
        _ = try await service.post("/agent/sessions", ["session_id": "s1"], headers: sarah)
        let token = try issuer.token(
            at: service.clock.now, ["sub": .string(user.id), "cognito:groups": nil])
        let answer = try await service.get("/api/v1/sessions/s1", headers: .bearer(token))
        #expect(answer.code == "not_owner")
    }

    @Test func `stats are of the credential's tenant only`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let acme = try await service.signedIn("a@acme.test", tenant: "acme").headers
        let beta = try await service.signedIn("b@beta.test", tenant: "beta").headers
        for headers in [acme, acme, beta] {
            _ = try await service.post("/agent/sessions", [:], headers: headers)
        }
        let stats = try await service.get("/api/v1/sessions/stats", headers: acme)
        #expect(stats["sessions_by_tenant"] == ["acme": 2])
        #expect(stats["total_sessions"] == 2)
    }
}
