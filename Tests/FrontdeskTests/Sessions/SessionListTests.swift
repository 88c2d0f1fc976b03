import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct SessionListTests {
    @Test func `the newest activity comes first, then the id`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        for id in ["b", "c", "a"] { _ = try await service.create(id) }
        service.clock.advance(seconds: 1)
        _ = try await service.create("z")
        let lists = ["/agent/sessions", "/api/v1/sessions"]
        for list in lists {
            #expect(try await service.get(list).ids == ["z", "a", "b", "c"])
        }
        service.clock.advance(seconds: 1)
        _ = try await service.say("Hi", in: "b")
        for list in lists {
            #expect(try await service.get(list).ids == ["b", "z", "a", "c"])
        }
    }

    @Test func `an entry has the facts of its session`() async throws {
        let service = try await Service()
        let created = try await service.create("s")
        service.clock.advance(seconds: 60)
        let reply = try await service.say("Hi", in: "s")
        let entry = try await service.get("/api/v1/sessions")["sessions"]?.array?.first
        #expect(entry?["session_id"] == "s")
        #expect(entry?["tenant_id"] == "default")
        #expect(entry?["message_count"] == 2)
        #expect(entry?["created_at"] == created["created_at"])
        #expect(entry?["last_activity"] == reply["timestamp"])
    }

    @Test func `reading a session does not move it`() async throws {
        let service = try await Service()
        for id in ["a", "b"] { _ = try await service.create(id) }
        for path in ["", "/history"] {
            #expect(try await service.get("/api/v1/sessions/a\(path)").status == 200)
        }
        #expect(try await service.get("/agent/sessions").ids == ["b", "a"])
    }

    @Test func `pages by cursor have no gaps and no doubles while sessions are added`()
        async throws
    {
        let service = try await Service(demo: false, clock: TestClock(step: 0))
        for number in 1...250 {
            // Five sessions each share an instant, so that ids must break the ties.
            if number % 5 == 1 { service.clock.advance(microseconds: 1) }
            _ = try await service.create("s\(number)")
        }
        var seen: [String] = []
        var cursor: String?
        var added = 0
        repeat {
            let query = cursor.map { "&cursor=\($0)" } ?? ""
            let page = try await service.get("/agent/sessions?limit=23\(query)")
            #expect(page["total_count"]?.int == 250 + added)
            #expect(page.ids.count <= 23)
            seen += page.ids
            cursor = page["next_cursor"]?.string
            service.clock.advance(seconds: 1)
            _ = try await service.create("new\(added)")
            added += 1
        } while cursor != nil
        #expect(seen.count == 250)
        #expect(Set(seen) == Set((1...250).map { "s\($0)" }))
        #expect(added == 11)
    }

    @Test func `the last page by cursor says so even when it is full`() async throws {
        let service = try await Service(demo: false)
        for number in 1...4 { _ = try await service.create("s\(number)") }
        let first = try await service.get("/agent/sessions?limit=2")
        let cursor = try #require(first["next_cursor"]?.string)
        #expect(cursor.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil)
        let second = try await service.get("/agent/sessions?limit=2&cursor=\(cursor)")
        #expect(second.ids == ["s2", "s1"])
        #expect(second["next_cursor"] == .null)
    }

    @Test func `pages by offset tile the list`() async throws {
        let service = try await Service(demo: false)
        for number in 1...25 { _ = try await service.create("s\(number)") }
        var seen: [String] = []
        for offset in stride(from: 0, to: 30, by: 10) {
            let page = try await service.get("/api/v1/sessions?limit=10&offset=\(offset)")
            #expect(page["total"] == 25)
            #expect(page["limit"] == 10)
            #expect(page["offset"]?.int == offset)
            seen += page.ids
        }
        #expect(seen == (1...25).reversed().map { "s\($0)" })
        let beyond = try await service.get("/api/v1/sessions?offset=1000000")
        #expect(beyond.status == 200)
        #expect(beyond.ids == [])
        #expect(beyond["total"] == 25)
    }

    @Test(arguments: [
        "/agent/sessions?limit=0", "/agent/sessions?limit=1001", "/agent/sessions?limit=-1",
        "/agent/sessions?cursor=!", "/agent/sessions?cursor=", "/api/v1/sessions?limit=0",
        "/api/v1/sessions?limit=101", "/api/v1/sessions?offset=-1",
    ])
    func `a limit outside is refused, not clamped`(_ path: String) async throws {
        let answer = try await Service(demo: false).get(path)
        #expect(answer.status == 400)
        #expect(answer.code == "validation_error")
        let field = path.split(separator: "?")[1].split(separator: "=")[0]
        #expect(answer["fields"]?.array?.first?["field"] == .string(String(field)))
    }

    @Test func `without limits a hundred and fifty are shown`() async throws {
        let service = try await Service(demo: false)
        for number in 1...101 { _ = try await service.create("s\(number)") }
        #expect(try await service.get("/agent/sessions").ids.count == 100)
        #expect(try await service.get("/agent/sessions?limit=1000").ids.count == 101)
        let paged = try await service.get("/api/v1/sessions")
        #expect(paged.ids.count == 50)
        #expect(paged["limit"] == 50)
        #expect(paged["offset"] == 0)
    }

    @Test func `the total is what paging yields, in one tenant only`() async throws {
        let service = try await Service(demo: false)
        for number in 1...30 {
            service.clock.advance(seconds: 3600)
            _ = try await service.create("s\(number)", tenant: number % 3 == 0 ? "b" : "a")
        }
        for tenant in ["a", "b"] {
            let list = try await service.get("/agent/sessions?limit=1000&tenant_id=\(tenant)")
            let expected = (7...30).filter { ($0 % 3 == 0) == (tenant == "b") }.count
            #expect(list.ids.count == expected)
            #expect(list["total_count"]?.int == expected)
            let paged = try await service.get("/api/v1/sessions?limit=100&tenant_id=\(tenant)")
            #expect(paged.ids == list.ids)
            #expect(paged["total"]?.int == expected)
            #expect(paged["tenant_id"] == .string(tenant))
        }
        let none = try await service.get("/agent/sessions?tenant_id=nobody")
        #expect(none.ids == [])
        #expect(none["total_count"] == 0)
    }
}
