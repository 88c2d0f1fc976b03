import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct RequestJournalTests {
    @Test(arguments: [
        "a", "req_1", "0123-abc:DEF.x_y", String(repeating: "x", count: 128),
        "6f1c2b7e-8e0e-4d0b-9a44-0d4b1c7f3f11",
    ])
    func `a sound id of the caller is kept`(_ id: String) async throws {
        let service = try await Service(demo: false)
        let answer = try await service.get("/nowhere", headers: ["X-Request-ID": id])
        #expect(answer.header("X-Request-ID") == id)
        #expect(answer["request_id"] == .string(id))
    }

    @Test(arguments: [
        "", " ", "a b", "a/b", "é", "a\"b", "<script>", String(repeating: "x", count: 129), "a,b",
        "stream", ".", "..",
    ])
    func `any other is replaced by a UUID`(_ id: String) async throws {
        let service = try await Service(demo: false)
        let answer = try await service.get("/nowhere", headers: ["X-Request-ID": id])
        let made = try #require(answer.header("X-Request-ID"))
        #expect(
            made.wholeMatch(
                of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(answer["request_id"] == .string(made))
    }

    @Test(arguments: [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
        ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
        ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-ever", true),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what", false),
        ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
        ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false),
        ("00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01", false),
        (String(repeating: "z", count: 55), false), ("", false), ("----", false),
    ])
    func `a trace is one of W3C Trace Context, or none`(_ text: String, _ isOne: Bool) {
        #expect(isTraceparent(text) == isOne)
    }

    @Test func `ids that are made differ`() async throws {
        let service = try await Service(demo: false)
        var ids: Set<String> = []
        for _ in 1...100 {
            ids.insert(await service.send(.get, "/health/live").headers["X-Request-ID"] ?? "")
        }
        #expect(ids.count == 100)
    }

    @Test func `the id is in every row that the request wrote`() async throws {
        let service = try await Service()
        _ = try await service.post(
            "/agent/messages", ["session_id": "s", "message": "Status of ORD-10001"],
            headers: ["X-Request-ID": "req-7", "Idempotency-Key": "key"])
        for table in ["sessions", "messages", "tool_effects", "idempotency_keys"] {
            #expect(
                try service.rows("SELECT DISTINCT request_id FROM \(table)") == ["req-7"],
                "\(table)")
        }
    }

    @Test func `every answer tells how long it took`() async throws {
        let service = try await Service()
        for (method, path) in [
            (HTTP.Method.get, "/"), (.get, "/nowhere"), (.options, "/info"), (.head, "/health"),
            (.put, "/info"), (.post, "/agent/messages"), (.post, "/agent/sessions"),
        ] {
            let response = await service.send(method, path)
            let time = try #require(response.headers["X-Response-Time"])
            #expect(time.wholeMatch(of: /\d+\.\d\dms/) != nil, "\(time)")
        }
    }

    @Test(arguments: [
        (0, "0.00ms"), (4, "0.00ms"), (5, "0.01ms"), (12_340, "12.34ms"), (12_345, "12.35ms"),
        (999_996, "1000.00ms"), (60_000_050, "60000.05ms"),
    ])
    func `times are written in milliseconds with two digits`(
        _ microseconds: Int, _ text: String
    ) {
        #expect(RequestJournal.milliseconds(microseconds) == text)
    }

    @Test(arguments: [
        "/health/", "/health/ready/", "/health/live/", "/info/", "/info/tools/",
        "/agent/sessions/", "/api/v1/sessions/", "/api/v1/sessions/stats/",
        "/api/v1/sessions/s/", "/api/v1/sessions/s/history/", "/openapi.json/", "/docs/",
        "/metrics/", "/api/v1/sessions/search/?q=x", "/api/v1/sessions/?limit=1",
    ])
    func `a slash at the end makes no difference`(_ path: String) async throws {
        let service = try await Service(demo: false)
        _ = try await service.create("s")
        let answer = await service.send(.get, path)
        #expect(answer.status.code == 200)
        #expect(answer.headers["Location"] == nil)
    }

    @Test func `routes that change take a slash at the end, too`() async throws {
        let service = try await Service()
        #expect(try await service.post("/agent/sessions/", ["session_id": "s"]).status == 201)
        let hello: JSONValue = ["session_id": "s", "message": "Hi"]
        #expect(try await service.post("/agent/messages/", hello).status == 200)
        #expect(
            await service.send(.post, "/agent/messages/stream/", body: hello.bytes).status.code
                == 200)
        #expect(try await service.post("/api/v1/sessions/s/cleanup/").status == 200)
        #expect(try await service.delete("/agent/sessions/s/").status == 200)
    }
}
