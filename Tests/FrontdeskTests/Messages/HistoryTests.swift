import HTTP
import JSON
import RawHTTP
import Testing

@testable import Frontdesk

@Suite struct HistoryTests {
    private let path = "/api/v1/sessions/s/history"

    /// A service with so many messages in session `s`.
    private func filled(_ count: Int) async throws -> Service {
        let service = try await Service(demo: false)
        _ = try await service.create("s")
        if count > 0 { try await service.fill("s", messages: count) }
        return service
    }

    private func sequence(_ answer: JSONValue) -> [Int] {
        answer["messages"]?.array?.compactMap { $0["seq"]?.int } ?? []
    }

    @Test func `a session without messages has an empty history`() async throws {
        let service = try await filled(0)
        let created = try await service.get("/api/v1/sessions/s")
        let history = try await service.get(path)
        #expect(
            history.body.object?.keys == [
                "session_id", "tenant_id", "message_count", "created_at", "last_activity",
                "messages",
            ])
        #expect(history["messages"] == [])
        #expect(history["message_count"] == 0)
        #expect(history["created_at"] == created["created_at"])
        #expect(history["last_activity"] == created["last_activity"])
    }

    @Test func `a message has the facts of its kind`() async throws {
        let service = try await Service()
        let answer = try await service.say("Status of ORD-10001", in: "s")
        let messages = try await service.get(path)["messages"]?.array ?? []
        try #require(messages.count == 2)
        #expect(
            messages[0].object?.keys == [
                "role", "content", "timestamp", "id", "seq", "request_id", "status",
            ])
        #expect(
            messages[1].object?.keys == [
                "role", "content", "timestamp", "tool_calls", "id", "seq", "request_id",
                "status",
            ])
        #expect(messages[1]["timestamp"] == answer["timestamp"])
        #expect(messages[1]["content"] == answer["response"])
        #expect(messages[1]["tool_calls"] == ["search_orders"])
        #expect(
            messages.map { $0["request_id"]?.string } == [
                answer.header("X-Request-ID"), answer.header("X-Request-ID"),
            ])
        let id = try #require(messages[0]["id"]?.string)
        #expect(id.wholeMatch(of: /msg_[a-z0-9]{20,40}/) != nil)
    }

    @Test func `pages go forward by after and backward by before`() async throws {
        let service = try await filled(25)
        var page = try await service.get(path + "?limit=10")
        #expect(sequence(page.body) == Array(1...10))
        #expect(page["has_more"] == true)
        #expect(page["next"] == 10)
        #expect(page["message_count"] == 25)
        page = try await service.get(path + "?limit=10&after=20")
        #expect(sequence(page.body) == Array(21...25))
        #expect(page["has_more"] == false)
        #expect(page["next"] == .null)
        page = try await service.get(path + "?limit=10&order=desc")
        #expect(sequence(page.body) == Array(16...25).reversed())
        #expect(page["next"] == 16)
        page = try await service.get(path + "?limit=10&order=desc&before=6")
        #expect(sequence(page.body) == [5, 4, 3, 2, 1])
        #expect(page["next"] == .null)
        page = try await service.get(path + "?limit=5&after=20&order=asc")
        #expect(page["has_more"] == false)
        page = try await service.get(path + "?limit=3&after=7&before=10")
        #expect(sequence(page.body) == [8, 9])
    }

    @Test func `without a limit a range is complete and has no page marks`() async throws {
        let service = try await filled(25)
        let range = try await service.get(path + "?after=3&before=9&order=desc")
        #expect(sequence(range.body) == [8, 7, 6, 5, 4])
        #expect(range["has_more"] == nil)
        #expect(range["next"] == nil)
        #expect(range["message_count"] == 25)
        #expect(sequence(try await service.get(path + "?after=25").body) == [])
    }

    @Test(arguments: [1, 199, 200, 201, 400, 401, 650])
    func `the complete history has every message once, however long`(_ count: Int) async throws {
        let service = try await filled(count)
        for order in ["asc", "desc"] {
            let response = await service.send(.get, "\(path)?order=\(order)")
            let history = try JSONValue(parsing: try await response.collectBody())
            let all = Array(1...count)
            #expect(sequence(history) == (order == "asc" ? all : all.reversed()))
            #expect(history["message_count"]?.int == count)
            #expect(history.object?.keys.last == "messages")
        }
    }

    @Test func `messages that come while a history is written are left to the next reader`()
        async throws
    {
        let service = try await filled(300)
        for order in ["asc", "desc"] {
            let response = await service.send(.get, "\(path)?order=\(order)&after=10")
            try await service.fill("s", messages: 7)
            let history = try JSONValue(parsing: try await response.collectBody())
            let count = try #require(history["message_count"]?.int)
            #expect(Set(sequence(history)) == Set(11...count))
        }
        #expect(try await service.get("/api/v1/sessions/s")["message_count"] == 314)
    }

    @Test func `a history whose session is deleted meanwhile does not end as if it were whole`()
        async throws
    {
        let service = try await filled(300)
        let response = await service.send(.get, path)
        #expect(try await service.delete("/agent/sessions/s").status == 200)
        await #expect(throws: Failure.self) { try await response.collectBody() }
    }

    @Test func `a thousand messages arrive over the network as one JSON document`() async throws {
        let service = try await filled(0)
        try await service.fill("s", messages: 1000) { "Message \($0) \"–\" \u{1F9E6}\n" }
        try await service.live { port in
            let client = try RawClient(port: port)
            let response = try await client.get(path)
            #expect(response.status == 200)
            #expect(response["Content-Type"] == "application/json")
            #expect(response["Transfer-Encoding"] == "chunked")
            let history = try JSONValue(parsing: response.body)
            #expect(sequence(history) == Array(1...1000))
            #expect(history["messages"]?[999]?["content"] == "Message 1000 \"–\" \u{1F9E6}\n")
            // The connection is still in step: another answer follows.
            #expect(try await client.get("/health/live").status == 200)
        }
    }

    @Test func `the document is checked against its schema piece by piece, too`() async throws {
        let service = try await filled(450)
        let response = await service.send(.get, path)
        let whole = Response(
            status: response.status, headers: response.headers,
            body: .bytes(try await response.collectBody()))
        let problems = DocumentationRoutes.openAPI(
            service.app.configuration, version: Product.version
        ).problems(
            with: whole,
            to: try #require(
                service.app.router.routes.first {
                    $0.method == .get && $0.pattern == "/api/v1/sessions/{session_id}/history"
                }))
        #expect(problems == [])
    }

    @Test(arguments: [
        "limit=0", "limit=1001", "limit=x", "after=-1", "before=1.5", "order=up", "after=",
    ])
    func `a range that makes no sense is refused`(_ query: String) async throws {
        let answer = try await filled(0).get("\(path)?\(query)")
        #expect(answer.status == 400)
        let field = query.split(separator: "=")[0]
        #expect(answer["fields"]?[0]?["field"] == .string(String(field)))
    }

    @Test func `a history belongs to one tenant`() async throws {
        let service = try await filled(3)
        #expect(try await service.get(path + "?tenant_id=acme").status == 404)
        _ = try await service.create("s", tenant: "acme")
        #expect(try await service.get(path + "?tenant_id=acme")["messages"] == [])
        let mine = try await service.get(path, headers: ["X-Tenant-ID": "default"])
        #expect(sequence(mine.body) == [1, 2, 3])
    }
}
