import JSON
import RawHTTP
import Testing

/// What the log says about requests.
struct RequestLogTests {
    @Test(.timeLimit(.minutes(5)))
    func `the log tells whom a request was about`() async throws {
        let world = try World()
        let server = try await world.serve(["FRONTDESK_LOG_FORMAT": "json"])
        _ = try await server.post(
            "/agent/sessions", ["session_id": "a", "tenant_id": "shop"], id: "in-body")
        _ = try await server.post(
            "/agent/sessions?tenant_id=other", ["session_id": "a"], id: "in-query")
        _ = try await server.post(
            "/agent/sessions", ["session_id": "a", "tenant_id": "<script>"], id: "no-name")
        _ = try await server.post(
            "/agent/sessions?tenant_id=other", ["session_id": "a", "tenant_id": "shop"], id: "two")
        _ = try await server.post("/agent/sessions", ["session_id": "tenant_id"], id: "nowhere")
        #expect(await server.stop() == .exit(0))
        var tenants: [String: String] = [:]
        for line in try server.logged().split(separator: "\n") {
            let entry = try JSONValue(parsing: String(line))
            guard entry["event"] == "request.done" else { continue }
            tenants[entry["request_id"]?.string ?? ""] = entry["tenant"]?.string
        }
        #expect(
            tenants == [
                "in-body": "shop", "in-query": "other", "no-name": "-", "two": "-",
                "nowhere": "default",
            ])
    }
}
