import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Requests with several things wrong, all of which are told at once.
@Suite struct EveryProblemTests {
    private func fields(_ answer: Answer) -> [String] {
        #expect(answer.status == 400)
        return answer["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
    }

    @Test func `a body's ids are checked with the rest of it`() async throws {
        let service = try await Service(demo: false)
        let message = try await service.post(
            "/agent/messages", ["session_id": "a b", "message": "", "tenant_id": "x y"])
        #expect(fields(message) == ["session_id", "message", "tenant_id"])
        #expect(
            message["fields"]?[0]?["problem"]
                == "must be 1 to 100 characters of A-Z, a-z, 0-9 and . _ : @ -")
        let session = try await service.post(
            "/agent/sessions", ["session_id": "ä", "tenant_id": "", "metadata": 1])
        #expect(fields(session) == ["session_id", "tenant_id", "metadata"])
    }

    @Test(arguments: [
        ("/api/v1/sessions?tenant_id=a%20b&limit=0&offset=-1", ["tenant_id", "limit", "offset"]),
        ("/agent/sessions?tenant_id=a%20b&limit=0&cursor=x", ["tenant_id", "limit", "cursor"]),
        ("/api/v1/sessions/search?q=a%00b&tenant_id=%20&limit=0", ["tenant_id", "q", "limit"]),
        ("/api/v1/sessions/search?limit=x", ["q", "limit"]),
    ])
    func `a query's tenant is checked with the rest of it`(
        _ target: String, _ wrong: [String]
    ) async throws {
        let answer = try await Service(demo: false).get(target)
        #expect(fields(answer) == wrong)
    }
}
