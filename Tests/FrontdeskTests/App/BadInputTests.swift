import HTTP
import JSON
import RawHTTP
import Testing

@testable import Frontdesk

@Suite struct BadInputTests {
    /// Sends every request to one server and says what was wrong with the answers.
    private func refuse(_ requests: [BadRequest]) async throws {
        let service = try await Service(demo: false)
        for bad in requests {
            let response = await service.send(
                bad.method, bad.target, body: bad.body, headers: bad.headers)
            let answer = try Answer(response)
            let place = Comment(rawValue: bad.testDescription)
            #expect(answer.status == bad.status, place)
            #expect(answer.code == bad.code, place)
            if let field = bad.field {
                #expect(answer["fields"]?[0]?["field"] == .string(field), place)
            }
            if bad.status == 405 { #expect(answer.header("Allow") != nil, place) }
            #expect(problems(with: answer) == [], place)
        }
        let stored = try service.rows(
            "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM messages)")
        #expect(stored == ["0"])
        #expect(try await service.say("Hi").status == 200)
    }

    /// What a refusal lacks, or tells that nobody may know.
    private func problems(with answer: Answer) -> [String] {
        let names = ["error", "code", "detail", "timestamp", "path", "request_id"]
        var problems = names.filter { answer[$0]?.string?.isEmpty != false }
        let text = answer.body.text.lowercased()
        for word in ["select ", "insert ", "sqlite", "swift", "/tmp", "/work", ".db"]
        where text.contains(word) {
            problems.append("tells of \(word)")
        }
        if answer["detail"]?.string?.hasSuffix(".") != true { problems.append("no sentence") }
        if answer["request_id"]?.string != answer.header("X-Request-ID") {
            problems.append("another request id")
        }
        return problems
    }

    @Test func `a body that is no JSON object is refused`() async throws {
        #expect(BadRequest.malformed.count >= 70)
        try await refuse(BadRequest.malformed)
    }

    @Test func `a field that is wrong is named`() async throws {
        #expect(BadRequest.fields.count >= 70)
        try await refuse(BadRequest.fields)
    }

    @Test func `an id that nobody may have is refused`() async throws {
        try await refuse(BadRequest.ids)
    }

    @Test func `a query that makes no sense is refused`() async throws {
        #expect(BadRequest.queries.count >= 70)
        try await refuse(BadRequest.queries)
    }

    @Test func `a tenant that is malformed or named twice is refused`() async throws {
        try await refuse(BadRequest.tenants)
    }

    @Test func `an address or a method that leads nowhere is refused`() async throws {
        try await refuse(BadRequest.routes)
    }

    @Test func `all problems are named at once`() async throws {
        let answer = try await Service(demo: false).post(
            "/agent/messages", ["session_id": 5, "message": "", "stream": "yes"])
        #expect(
            answer["fields"]?.array?.map { $0["field"] } == ["session_id", "message", "stream"])
        let query = try await Service(demo: false).get(
            "/api/v1/sessions/a/history?limit=x&after=y&order=z")
        #expect(query["fields"]?.array?.map { $0["field"] } == ["limit", "after", "order"])
    }

    @Test func `ten thousand characters are enough, whatever they are`() async throws {
        let service = try await Service(demo: false)
        for text in ["x", "\u{1F9E6}", "é"] {
            let answer = try await service.say(String(repeating: text, count: 10_000))
            #expect(answer.status == 200)
        }
        #expect(
            try service.rows("SELECT length(content) FROM messages WHERE role = 'user'")
                == ["10000", "10000", "10000"])
    }

    @Test func `what is not known in a body is ignored`() async throws {
        let service = try await Service(demo: false)
        let answer = try await service.post(
            "/agent/sessions", ["session_id": "s", "color": "blue", "deep": [[[]]]])
        #expect(answer.status == 201)
        let typed = try Answer(
            await service.send(
                .post, "/agent/messages?unknown=1",
                body: Array(#"{"session_id": "s", "message": "Hi", "x": null}"#.utf8),
                headers: ["Content-Type": "Application/JSON; charset=utf-8"]))
        #expect(typed.status == 200)
    }

    @Test func `the same tenant may be named in all three places`() async throws {
        let service = try await Service(demo: false)
        let answer = try await service.post(
            "/agent/sessions?tenant_id=acme", ["session_id": "s", "tenant_id": "acme"],
            headers: ["X-Tenant-ID": "acme"])
        #expect(answer.status == 201)
        #expect(try service.rows("SELECT tenant_id FROM sessions") == ["acme"])
    }
}
