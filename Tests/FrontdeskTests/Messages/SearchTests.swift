import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct SearchTests {
    /// A service whose session `s` holds these messages, the first the oldest.
    private func holding(_ texts: String..., tenant: String = "default") async throws -> Service {
        let service = try await Service(demo: false)
        _ = try await service.create("s", tenant: tenant)
        try await service.fill("s", tenant: tenant, messages: texts.count) { texts[$0 - 1] }
        return service
    }

    /// The sequence numbers found by a search.
    private func found(_ search: String, in service: Service) async throws -> [Int] {
        let answer = try await service.search(search)
        #expect(answer.status == 200, "\(search)")
        return answer["results"]?.array?.compactMap { $0["seq"]?.int } ?? []
    }

    @Test func `all words must be there, in any order`() async throws {
        let service = try await holding(
            "my refund for the laptop", "a refund", "the laptop", "Laptop! Refund?")
        #expect(try await found("refund laptop", in: service) == [4, 1])
        #expect(try await found("refund", in: service) == [4, 2, 1])
        #expect(try await found("refund keyboard", in: service) == [])
    }

    @Test func `a phrase keeps its words together`() async throws {
        let service = try await holding("a broken mouse came", "the mouse came broken")
        #expect(try await found("\"broken mouse\"", in: service) == [1])
        #expect(try await found("\"mouse came\" broken", in: service) == [2, 1])
        #expect(try await found("\"mouse came broken", in: service) == [2])
    }

    @Test func `a star finds beginnings`() async throws {
        let service = try await holding("delivery", "delivered", "deli", "undelivered")
        #expect(try await found("deliv*", in: service) == [2, 1])
        #expect(try await found("deli", in: service) == [3])
        #expect(try await found("d*", in: service) == [3, 2, 1])
    }

    @Test func `case and accents do not matter`() async throws {
        let service = try await holding("Café für José", "CAFE FUR JOSE", "ΣΊΣΥΦΟΣ", "cafés")
        #expect(try await found("cafe", in: service) == [2, 1])
        #expect(try await found("CAFÉ jose", in: service) == [2, 1])
        #expect(try await found("e\u{301}", in: service) == [])
        #expect(try await found("Cafe\u{301}", in: service) == [2, 1])
        #expect(try await found("σίσυφος", in: service).isEmpty == false)
    }

    @Test func `a quote under an accent ends a word, as in the index`() async throws {
        let service = try await holding("a\"\u{301}b", "ab")
        #expect(try await found("a\"\u{301}b", in: service) == [1])
    }

    @Test func `operators are plain text`() async throws {
        let service = try await holding(
            "refund or laptop", "refund not laptop", "near the laptop", "content refund")
        #expect(try await found("refund OR laptop", in: service) == [1])
        #expect(try await found("refund NOT laptop", in: service) == [2])
        #expect(try await found("NEAR(laptop)", in: service) == [])
        #expect(try await found("NEAR laptop", in: service) == [3])
        #expect(try await found("content:refund", in: service) == [4])
        #expect(try await found("-refund ^laptop", in: service) == [2, 1])
    }

    @Test(arguments: [
        "a\"b", "\"", "(", ")", "a)(", "{a}", "a + b", "a - b", "^a", "a:b", ":", "a AND", "AND",
        "OR OR", "NOT", "NEAR/3", "a* *", "**a", "\"a\"\"b\"", "';DROP TABLE messages;--", "a\\b",
        "tenant_key:t61", "\u{1F9E6} a", "a\u{1}b", "٣", "a\u{FFFF}", "日本語", "%00",
    ])
    func `no character makes a search fail`(_ search: String) async throws {
        let service = try await holding("a b c")
        let answer = try await service.search(search)
        #expect(answer.status == 200 || answer.status == 400)
        if answer.status == 400 {
            #expect(answer["fields"]?[0]?["field"] == "q")
            let hasWord = search.unicodeScalars.contains { $0.properties.isAlphabetic }
            #expect(!hasWord, "a search with a word must work")
        }
    }

    @Test func `a search needs a word of at most two hundred characters`() async throws {
        let service = try await holding("a")
        for search in ["", " ", "?!", "\"\"", "*", String(repeating: "x", count: 201)] {
            let answer = try await service.search(search)
            #expect(answer.status == 400, "\(search)")
            #expect(answer["fields"]?[0]?["field"] == "q", "\(search)")
        }
        #expect(try await service.search(String(repeating: "x", count: 200)).status == 200)
        #expect(try await service.get("/api/v1/sessions/search").status == 400)
    }

    @Test func `a snippet is safe to show`() async throws {
        let service = try await holding(
            "<script>alert('x')</script> refund & <mark>\"more\"</mark>")
        let hit = try await service.search("refund")["results"]?[0]
        #expect(
            hit?["snippet"]
                == .string(
                    "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; <mark>refund</mark> &amp; "
                        + "&lt;mark&gt;&quot;more&quot;&lt;/mark&gt;"))
    }

    @Test func `a message cannot mark words by itself`() async throws {
        let service = try await holding("\u{1}walrus\u{2} refund \u{1}mark\u{1}seal\u{2}")
        let hit = try await service.search("refund")["results"]?[0]
        #expect(
            hit?["snippet"]
                == "\u{1}walrus\u{2} <mark>refund</mark> \u{1}mark\u{1}seal\u{2}")
    }

    @Test func `a snippet is safe under accents, too`() async throws {
        let service = try await holding("refund <\u{338}b>")
        let hit = try await service.search("refund")["results"]?[0]
        #expect(hit?["snippet"] == "<mark>refund</mark> &lt;\u{338}b&gt;")
    }

    @Test func `a snippet of a long message is its surroundings of the word`() async throws {
        let filler = String(repeating: "lorem ipsum ", count: 300)
        let service = try await holding("\(filler)refund \(filler)")
        let hit = try await service.search("refund")["results"]?[0]
        let snippet = try #require(hit?["snippet"]?.string)
        #expect(snippet.contains("<mark>refund</mark>"))
        let text = snippet.replacing("<mark>", with: "").replacing("</mark>", with: "")
        #expect(text.unicodeScalars.count <= 160)
        #expect(text.contains("ipsum refund lorem"))
    }

    @Test func `a result tells where its message is`() async throws {
        let service = try await Service()
        let answer = try await service.say("Where is the walrus?", in: "s")
        let search = try await service.search("walrus&role=user&session_id=s")
        #expect(
            search.body.object?.keys == ["query", "tenant_id", "results", "limit", "next_cursor"])
        #expect(search["query"] == "walrus")
        #expect(search["limit"] == 20)
        let hit = try #require(search["results"]?[0])
        #expect(hit["session_id"] == "s")
        #expect(hit["seq"] == 1)
        #expect(hit["role"] == "user")
        #expect(hit["snippet"] == "Where is the <mark>walrus</mark>?")
        let message = try await service.get("/api/v1/sessions/s/history")["messages"]?[0]
        #expect(hit["message_id"] == message?["id"])
        #expect(hit["timestamp"] == message?["timestamp"])
        #expect(answer.status == 200)
    }

    @Test func `role and session narrow a search`() async throws {
        let service = try await holding("walrus one", "walrus two", "walrus three")
        _ = try await service.create("other")
        try await service.fill("other", messages: 1) { _ in "walrus four" }
        #expect(try await found("walrus&role=user", in: service) == [1, 3, 1])
        #expect(try await found("walrus&role=assistant", in: service) == [2])
        #expect(try await found("walrus&role=system", in: service) == [])
        #expect(try await found("walrus&session_id=s", in: service) == [3, 2, 1])
        #expect(try await found("walrus&session_id=nowhere", in: service) == [])
        for query in ["role=robot", "session_id=a%20b", "limit=101", "cursor=x", "cursor=-1"] {
            #expect(try await service.search("walrus&\(query)").status == 400, "\(query)")
        }
    }

    @Test func `pages by cursor hold every hit once, newest first`() async throws {
        let service = try await Service(demo: false)
        _ = try await service.create("s")
        try await service.fill("s", messages: 60) { $0 % 2 == 0 ? "walrus \($0)" : "seal" }
        var seen: [Int] = []
        var cursor = ""
        var pages = 0
        while pages < 20 {
            let page = try await service.search("walrus&limit=7\(cursor)")
            seen += page["results"]?.array?.compactMap { $0["seq"]?.int } ?? []
            pages += 1
            guard let next = page["next_cursor"]?.string else { break }
            cursor = "&cursor=\(next)"
            _ = try await service.fill("s", messages: 1) { _ in "a newer walrus" }
        }
        #expect(seen == Array(stride(from: 60, to: 0, by: -2)))
        #expect(pages == 5)
    }

    @Test func `a cursor tells nothing of other tenants, and is of no use to them`() async throws {
        let service = try await holding("walrus", "walrus", "walrus")
        _ = try await service.create("s", tenant: "acme")
        try await service.fill("s", tenant: "acme", messages: 1) { _ in "walrus" }
        let page = try await service.search("walrus&limit=2")
        let cursor = try #require(page["next_cursor"]?.string)
        let bytes = try #require([UInt8](base64URL: cursor))
        let plain = String(decoding: bytes, as: UTF8.self)
        #expect(page["results"]?[1]?["message_id"] == .string(plain))
        #expect(try await found("walrus&cursor=\(cursor)", in: service) == [1])
        for refused in [cursor + "&tenant_id=acme", "2", "", plain, cursor + "="] {
            let answer = try await service.search("walrus&cursor=\(refused)")
            #expect(answer["fields"]?[0]?["field"] == "cursor", "\(refused)")
        }
    }

    @Test func `other tenants are never found`() async throws {
        let service = try await holding("the secret walrus", tenant: "acme")
        _ = try await service.create("s")
        try await service.fill("s", messages: 1) { _ in "t61636d65 my own walrus" }
        let search = try await service.search("walrus")
        #expect(search["results"]?.array?.count == 1)
        #expect(search["tenant_id"] == "default")
        for attempt in ["secret", "t61636d65 secret", "tenant_key:t61636d65", "t61636d65*"] {
            let hits = try await service.search(attempt)["results"]?.array ?? []
            #expect(!hits.contains { $0["snippet"]?.string?.contains("secret") == true })
        }
        let theirs = try await service.search("walrus&tenant_id=acme")
        #expect(theirs["results"]?[0]?["snippet"] == "the secret <mark>walrus</mark>")
    }
}

extension Service {
    /// Searches messages; further parameters may follow an ampersand.
    fileprivate func search(_ search: String) async throws -> Answer {
        let parts = search.split(separator: "&", omittingEmptySubsequences: false)
        let isPlain = !parts.dropFirst().contains { $0.contains("=") }
        let text = isPlain ? search : String(parts[0])
        let rest = isPlain ? "" : parts.dropFirst().map { "&" + $0 }.joined()
        let encoded = text.utf8.map { byte in
            "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return try await get("/api/v1/sessions/search?q=\(encoded)\(rest)")
    }
}
