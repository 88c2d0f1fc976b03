import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct RateLimitTests {
    /// A service that allows sixty requests a minute, three at once, on a clock that stands still.
    private func limited(
        _ change: @escaping (inout Configuration) -> Void = { _ in }
    ) async throws -> Service {
        try await Service(demo: false, clock: TestClock(step: 0)) {
            $0.rateLimit.enabled = true
            $0.rateLimit.requestsPerMinute = 60
            $0.rateLimit.burst = 3
            change(&$0)
        }
    }

    @Test func `answers count down what is left`() async throws {
        let service = try await limited()
        var remaining: [String?] = []
        for path in ["/info", "/nowhere", "/agent/sessions?limit=0"] {
            let answer = try await service.get(path)
            remaining.append(answer.header("X-RateLimit-Remaining"))
            #expect(answer.header("X-RateLimit-Limit") == "60")
            #expect(answer.header("RateLimit-Policy") == "\"default\";q=60;w=60")
        }
        #expect(remaining == ["2", "1", "0"])
    }

    @Test func `one request too many is told when to come again`() async throws {
        let service = try await limited()
        for _ in 1...3 { #expect(try await service.get("/info").status == 200) }
        let answer = try await service.get("/info")
        #expect(answer.status == 429)
        #expect(answer["error"] == "Rate Limit Exceeded")
        #expect(answer.code == "rate_limited")
        #expect(answer["detail"] == "Too many requests. Try again in 1 seconds.")
        #expect(answer["retry_after"] == 1)
        #expect(answer.header("Retry-After") == "1")
        #expect(answer.header("X-RateLimit-Remaining") == "0")
        // 2026-02-20T12:00:00Z and the three seconds until the bucket is full.
        #expect(answer.header("X-RateLimit-Reset") == "1771588803")
        #expect(answer.header("RateLimit") == "\"default\";r=0;t=3")
        #expect(answer.header("Access-Control-Allow-Origin") == "*")
        #expect(answer.header("X-Request-ID") != nil)
        let problem = try await service.get(
            "/info", headers: ["Accept": "application/problem+json"])
        #expect(problem["status"] == 429)
        #expect(problem["retry_after"] == 1)
    }

    @Test func `time brings requests back, to no more than the limit`() async throws {
        let service = try await limited()
        for _ in 1...3 { _ = try await service.get("/info") }
        #expect(try await service.get("/info").status == 429)
        service.clock.advance(seconds: 0.999)
        #expect(try await service.get("/info").status == 429)
        service.clock.advance(seconds: 0.002)
        #expect(try await service.get("/info").status == 200)
        #expect(try await service.get("/info").status == 429)
        service.clock.advance(seconds: 3600)
        #expect(try await service.get("/info").header("X-RateLimit-Remaining") == "2")
    }

    @Test func `without a burst a minute's requests may come at once`() async throws {
        let service = try await limited {
            $0.rateLimit.requestsPerMinute = 5
            $0.rateLimit.burst = 0
        }
        for _ in 1...5 { #expect(try await service.get("/info").status == 200) }
        let answer = try await service.get("/info")
        #expect(answer.status == 429)
        #expect(answer.header("Retry-After") == "12")
        #expect(answer["detail"] == "Too many requests. Try again in 12 seconds.")
    }

    @Test func `a page's question before its request is not limited`() async throws {
        let service = try await limited()
        for path in ["/agent/messages", "/info", "/nowhere", "/agent/messages"] {
            let answer = await service.send(
                .options, path, headers: ["Origin": "https://shop.example"])
            #expect(answer.status.code == (path == "/nowhere" ? 404 : 204))
            #expect(answer.headers["X-RateLimit-Remaining"] == nil)
        }
        #expect(try await service.get("/info").header("X-RateLimit-Remaining") == "2")
    }

    @Test func `health, figures and documents are not limited`() async throws {
        let service = try await limited()
        for path in [
            "/health", "/health/ready", "/health/live", "/health/", "/metrics", "/openapi.json",
            "/docs", "/redoc",
        ] {
            for _ in 1...5 {
                let answer = await service.send(.get, path)
                #expect(answer.status.code == 200, "\(path)")
                #expect(answer.headers["X-RateLimit-Limit"] == nil)
            }
        }
        #expect(try await service.get("/info").header("X-RateLimit-Remaining") == "2")
    }

    @Test func `a refused message does nothing`() async throws {
        let service = try await limited()
        for _ in 1...3 { _ = try await service.get("/info") }
        #expect(try await service.say("Hi", in: "s").status == 429)
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
    }

    @Test func `each address has its own requests`() async throws {
        let service = try await limited()
        for _ in 1...3 { _ = await service.send(.get, "/info", peer: "192.0.2.1") }
        #expect(await service.send(.get, "/info", peer: "192.0.2.1").status.code == 429)
        #expect(await service.send(.get, "/info", peer: "192.0.2.2").status.code == 200)
    }

    @Test func `an address in a header counts only from a trusted proxy`() async throws {
        let service = try await limited { $0.server.trustedProxies = ["10.0.0.1", "10.0.0.2"] }
        func status(_ forwarded: String, peer: String) async -> Int {
            await service.send(
                .get, "/info", headers: ["X-Forwarded-For": forwarded], peer: peer
            ).status.code
        }
        // A stranger cannot take another address.
        for number in 1...3 { _ = await status("192.0.2.\(number)", peer: "203.0.113.9") }
        #expect(await status("192.0.2.4", peer: "203.0.113.9") == 429)
        // Behind the proxies each client counts by itself, whatever it claims in front.
        for number in 1...3 { _ = await status("9.9.9.\(number), 198.51.100.7", peer: "10.0.0.1") }
        #expect(await status("1.1.1.1, 198.51.100.7, 10.0.0.2", peer: "10.0.0.1") == 429)
        #expect(await status("198.51.100.8", peer: "10.0.0.1") == 200)
        #expect(await status("", peer: "10.0.0.1") == 200)
    }

    @Test func `a proxy may write the address in a line of its own`() async throws {
        let service = try await limited { $0.server.trustedProxies = ["10.0.0.1"] }
        for number in 1...4 {
            var headers: Headers = ["X-Forwarded-For": "9.9.9.\(number)"]
            headers.add("X-Forwarded-For", "198.51.100.7")
            let response = await service.send(.get, "/info", headers: headers, peer: "10.0.0.1")
            #expect(response.status.code == (number < 4 ? 200 : 429))
        }
        let empty = await service.send(
            .get, "/info", headers: ["X-Forwarded-For": "198.51.100.7, "], peer: "10.0.0.1")
        #expect(empty.status.code == 429)
    }

    @Test func `very many addresses do not slow the limit down`() async throws {
        let service = try await limited()
        let limit = try #require(RateLimit(service.app.configuration, clock: service.clock.clock))
        for number in 0..<250_000 {
            var request = Request(.get, "/info", peer: "\(number)")
            #expect(throws: Never.self) { _ = try limit.before(&request) }
        }
    }

    @Test func `the root tells the limit, and answers without one have no such headers`()
        async throws
    {
        let limited = try await limited().get("/")
        #expect(
            limited["rate_limiting"]?.text == #"{"enabled":true,"requests_per_minute":60}"#)
        let free = try await Service(demo: false).get("/")
        #expect(
            free["rate_limiting"]?.text == #"{"enabled":false,"requests_per_minute":null}"#)
        for name in ["X-RateLimit-Limit", "X-RateLimit-Reset", "RateLimit", "RateLimit-Policy"] {
            #expect(free.header(name) == nil)
        }
    }
}
