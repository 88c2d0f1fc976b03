import JSON
import Testing

@testable import Frontdesk

struct SessionCreationTests {
    @Test func `a created session is on disk with what its creator sent`() async throws {
        let service = try await Service()
        let answer = try await service.post(
            "/agent/sessions",
            [
                "session_id": "shop-1", "tenant_id": "acme",
                "metadata": ["user_name": "John Doe", "score": 1.50],
            ])
        #expect(answer.status == 201)
        #expect(answer.header("Location") == "/api/v1/sessions/shop-1")
        #expect(answer["status"] == "created")
        #expect(answer["metadata"]?.text == #"{"user_name":"John Doe","score":1.5}"#)
        #expect(
            try service.rows("SELECT tenant_id, session_id, metadata FROM sessions")
                == [#"acme|shop-1|{"user_name":"John Doe","score":1.5}"#])
    }
}
