import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct CORSTests {
    private let origin: Headers = ["Origin": "https://shop.example.com"]

    /// One answer of every kind.
    private func answers(_ service: Service, _ headers: Headers) async throws -> [Response] {
        let body = Array(#"{"session_id": "s", "message": "Hi"}"#.utf8)
        var text = headers
        text["Content-Type"] = "text/plain"
        return [
            await service.send(.get, "/info", headers: headers),
            await service.send(.post, "/agent/messages", body: body, headers: headers),
            await service.send(.post, "/agent/messages/stream", body: body, headers: headers),
            await service.send(.post, "/agent/messages", headers: headers),
            await service.send(.get, "/api/v1/sessions/x", headers: headers),
            await service.send(.get, "/nowhere", headers: headers),
            await service.send(.get, "/agent/sessions?limit=%zz", headers: headers),
            await service.send(.put, "/info", headers: headers),
            await service.send(.post, "/agent/messages", body: body, headers: text),
            await service.send(.head, "/health", headers: headers),
            await service.send(.options, "/agent/messages", headers: headers),
        ]
    }

    @Test func `every answer may be read by pages of every origin`() async throws {
        let service = try await Service()
        for headers: Headers in [origin, [:]] {
            let answers = try await answers(service, headers)
            #expect(
                answers.map(\.status.code)
                    == [200, 200, 200, 400, 404, 404, 400, 405, 415, 200, 204])
            for answer in answers {
                #expect(answer.headers.all("Access-Control-Allow-Origin") == ["*"])
                #expect(answer.headers.all("Access-Control-Expose-Headers") == ["*"])
            }
        }
    }

    @Test func `a failure of the server and a full server are no exception`() async throws {
        let service = try await Service {
            $0.rateLimit.enabled = true
            $0.rateLimit.burst = 2
        }
        service.app.beginStopping()
        let body = Array(#"{"session_id": "s", "message": "Hi"}"#.utf8)
        let unavailable = await service.send(
            .post, "/agent/messages", body: body, headers: origin)
        #expect(unavailable.status.code == 503)
        let internalError = try await service.brokenAnswer(headers: origin)
        #expect(internalError.status.code == 500)
        let limited = await service.send(.get, "/info", headers: origin)
        #expect(limited.status.code == 429)
        for answer in [unavailable, internalError, limited] {
            #expect(answer.headers["Access-Control-Allow-Origin"] == "*")
        }
    }

    @Test func `a page asks first and learns what it may send`() async throws {
        let service = try await Service()
        let answer = await service.send(
            .options, "/api/v1/sessions/s",
            headers: [
                "Origin": "https://shop.example.com", "Access-Control-Request-Method": "DELETE",
                "Access-Control-Request-Headers": "x-tenant-id, idempotency-key",
            ])
        #expect(answer.status.code == 204)
        #expect(try await answer.collectBody() == [])
        #expect(answer.headers["Allow"] == "GET, HEAD, DELETE, OPTIONS")
        #expect(answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, DELETE, OPTIONS")
        #expect(
            answer.headers["Access-Control-Allow-Headers"] == "x-tenant-id, idempotency-key")
        #expect(answer.headers["Access-Control-Max-Age"] == "600")
        let plain = await service.send(.options, "/agent/messages")
        let accepted = plain.headers["Access-Control-Allow-Headers"] ?? ""
        for name in ["Content-Type", "X-Tenant-ID", "Idempotency-Key", "Last-Event-ID"] {
            #expect(accepted.contains(name))
        }
    }

    @Test func `only the origins that are configured may`() async throws {
        let service = try await Service {
            $0.server.corsOrigins = ["https://shop.example.com", "http://localhost:3000"]
        }
        for answer in try await answers(service, origin) {
            #expect(
                answer.headers["Access-Control-Allow-Origin"] == "https://shop.example.com")
            #expect(answer.headers["Vary"] == "Origin")
            let exposed = answer.headers["Access-Control-Expose-Headers"] ?? ""
            for name in ["X-Request-ID", "X-Response-Time", "X-RateLimit-Remaining"] {
                #expect(exposed.contains(name))
            }
        }
        let others: [Headers] = [
            ["Origin": "https://evil.example.com"], ["Origin": "null"], [:],
            ["Origin": "https://shop.example.com.evil.com"], ["Origin": "https://shop.example.co"],
        ]
        for headers in others {
            for answer in try await answers(service, headers) {
                #expect(answer.headers["Access-Control-Allow-Origin"] == nil)
                #expect(answer.headers["Access-Control-Allow-Methods"] == nil)
                #expect(answer.headers["Vary"] == "Origin")
            }
        }
    }
}
