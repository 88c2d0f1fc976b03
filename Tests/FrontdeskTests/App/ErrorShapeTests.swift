import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct ErrorShapeTests {
    @Test func `an error has the same six fields everywhere`() async throws {
        let service = try await Service()
        let answers = [
            try await service.get("/nowhere?x=1"), try await service.get("/api/v1/sessions/x"),
            try await service.post("/info"),
        ]
        for answer in answers {
            #expect(
                answer.body.object?.keys == [
                    "error", "code", "detail", "timestamp", "path", "request_id",
                ])
            #expect(answer.header("Content-Type") == "application/json")
        }
        #expect(answers.map { $0["path"] } == ["/nowhere", "/api/v1/sessions/x", "/info"])
        #expect(
            answers.map { $0["error"] } == [
                "Resource Not Found", "Session Not Found", "Method Not Allowed",
            ])
        #expect(answers[1]["timestamp"]?.string?.hasPrefix("2026-02-20T12:00:00.") == true)
    }

    @Test func `a validation error names its fields`() async throws {
        let answer = try await Service(demo: false).post("/agent/messages", ["message": 5])
        #expect(answer["detail"]?.string?.contains("'session_id' is required") == true)
        #expect(answer["fields"]?[0]?.text == #"{"field":"session_id","problem":"is required"}"#)
        #expect(answer["fields"]?.array?.count == 2)
    }

    @Test func `the same facts come as RFC 9457 to those who ask`() async throws {
        let service = try await Service()
        for accept in ["application/problem+json", "text/html, application/problem+json;q=0.9"] {
            let response = await service.send(
                .get, "/api/v1/sessions/x", headers: ["Accept": accept])
            #expect(response.headers["Content-Type"] == "application/problem+json")
            let answer = try Answer(response)
            #expect(
                answer.body.object?.keys == [
                    "type", "title", "status", "instance", "code", "detail", "timestamp",
                    "request_id",
                ])
            #expect(answer["type"] == "about:blank")
            #expect(answer["title"] == "Session Not Found")
            #expect(answer["status"] == 404)
            #expect(answer["instance"] == "/api/v1/sessions/x")
            #expect(answer.code == "session_not_found")
        }
        let invalid = try await service.post(
            "/agent/messages", [:], headers: ["Accept": "application/problem+json"])
        #expect(invalid["fields"]?.array?.count == 2)
        let fine = await service.send(
            .get, "/info", headers: ["Accept": "application/problem+json"])
        #expect(fine.headers["Content-Type"] == "application/json")
    }

    @Test func `what goes wrong inside is not told`() async throws {
        let service = try await Service()
        let response = try await service.brokenAnswer()
        let answer = try Answer(response)
        #expect(answer.status == 500)
        #expect(answer.code == "internal")
        #expect(answer["error"] == "Internal Server Error")
        let text = answer.body.text.lowercased()
        for word in ["sql", "session_counts", "insert", "table", ".db", "/", "error:"] {
            let told = text.replacing("/agent/sessions", with: "").contains(word)
            #expect(!told, "\(word)")
        }
        #expect(try await service.get("/health/live").status == 200)
    }

    @Test func `an answer that cannot be given leaves nothing behind`() async throws {
        let service = try await Service()
        _ = try await service.brokenAnswer(headers: ["Idempotency-Key": "key-1"])
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
        #expect(try service.rows("SELECT count(*) FROM idempotency_keys") == ["0"])
    }
}

extension Service {
    /// The answer to a creation that the database cannot carry out, because a table is missing.
    func brokenAnswer(headers: Headers = [:]) async throws -> Response {
        _ = try await app.database.write { connection in
            try connection.execute("ALTER TABLE session_counts RENAME TO lost_counts")
        }
        let response = await send(.post, "/agent/sessions", headers: headers)
        _ = try await app.database.write { connection in
            try connection.execute("ALTER TABLE lost_counts RENAME TO session_counts")
        }
        return response
    }
}
