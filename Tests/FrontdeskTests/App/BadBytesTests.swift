import HTTP
import JSON
import RawHTTP
import Testing

@testable import Frontdesk

/// Bad input that only a network can bring.
@Suite struct BadBytesTests {
    /// Sends bytes on a connection of their own and returns status and code of the answer.
    private func answer(_ bytes: String, port: Int) async throws -> String {
        let client = try RawClient(port: port)
        try await client.send(bytes)
        let response = try await client.receiveResponse()
        let code = (try? JSONValue(parsing: response.body))?["code"]?.string ?? "-"
        return "\(response.status) \(code)"
    }

    @Test func `a body over the limit is refused, announced or not`() async throws {
        let service = try await Service(demo: false)
        try await service.live { port in
            let megabytes = String(repeating: "x", count: 2_097_152)
            for path in ["/agent/messages", "/agent/sessions", "/nowhere"] {
                let client = try RawClient(port: port)
                let response = try await client.post(path, megabytes)
                #expect(response.status == 413)
                let body = try JSONValue(parsing: response.body)
                #expect(body["request_id"]?.string == response["X-Request-ID"])
                #expect(response["Access-Control-Allow-Origin"] == "*")
            }
            let chunk = "80000\r\n" + String(repeating: "x", count: 0x80000) + "\r\n"
            let chunked = try await answer(
                "POST /agent/messages HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk + chunk + chunk + "0\r\n\r\n", port: port)
            #expect(chunked == "413 payload_too_large")
            #expect(try await service.say("Hi").status == 200)
        }
    }

    @Test func `control characters in a header do not get far`() async throws {
        let service = try await Service(demo: false)
        try await service.live { port in
            let body = #"{"session_id":"s","message":"Hi"}"#
            for field in [
                "X-Tenant-ID: a\u{1}b", "X-Tenant-ID: a\tb", "Idempotency-Key: a\tb",
            ] {
                let answer = try await answer(
                    "POST /agent/messages HTTP/1.1\r\nHost: t\r\n\(field)\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)", port: port)
                #expect(answer.hasPrefix("400"), "\(field)")
            }
            let client = try RawClient(port: port)
            let response = try await client.get(
                "/info", headers: "X-Request-ID: a\u{1}b\r\nOrigin: \u{2}\r\n")
            #expect(response.status == 200 || response.status == 400)
            #expect(response["X-Request-ID"]?.contains("\u{1}") != true)
        }
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
    }

    @Test func `odd addresses are refused over the network as they are in the router`()
        async throws
    {
        let service = try await Service(demo: false)
        let cases = [
            ("/api/v1/sessions/a%2Fb", "400 validation_error"),
            ("/api/v1/sessions/..", "400 validation_error"),
            ("/api/v1/sessions/%zz", "400 malformed_url"),
            ("/api/v1/sessions/%00", "400 validation_error"),
            ("/api/v1/sessions/\u{FC}", "400 validation_error"),
            ("/agent/sessions?limit=+5", "400 validation_error"),
            ("/../../etc/passwd", "404 route_not_found"),
            ("/" + String(repeating: "a/", count: 2000), "404 route_not_found"),
        ]
        try await service.live { port in
            for (path, expected) in cases {
                let answer = try await answer(
                    "GET \(path) HTTP/1.1\r\nHost: t\r\n\r\n", port: port)
                #expect(answer == expected, "\(path.prefix(60))")
            }
            #expect(try await service.get("/health/live").status == 200)
        }
    }

    @Test func `HEAD answers as GET does, without a body`() async throws {
        let service = try await Service()
        _ = try await service.create("s")
        try await service.fill("s", messages: 300)
        try await service.live { port in
            for path in [
                "/", "/health", "/info/tools", "/agent/sessions", "/api/v1/sessions/s",
                "/api/v1/sessions/unknown", "/nowhere", "/metrics", "/docs",
                "/api/v1/sessions/s/history?limit=2", "/api/v1/sessions/s/history",
            ] {
                let client = try RawClient(port: port)
                let get = try await client.get(path)
                try await client.send("HEAD \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
                let head = try await client.receiveResponse(hasBody: false)
                #expect(head.status == get.status, "\(path)")
                #expect(head["Content-Type"] == get["Content-Type"], "\(path)")
                #expect(head["X-Request-ID"] != nil, "\(path)")
                if path == "/info/tools" {
                    #expect(head["Content-Length"] == get["Content-Length"])
                }
            }
        }
    }
}
