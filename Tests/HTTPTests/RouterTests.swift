import HTTP
import JSON
import Testing

@Suite struct RouterTests {
    private static let operation = Operation("Test", tag: "tests")

    @Test func `an escaped segment reaches the handler decoded, its slash included`() async throws {
        var router = Router()
        router.get("/notes/{name}", Self.operation) { .text($0.parameters["name"]) }
        let response = await router.respond(to: Request(.get, "/notes/caf%C3%A9%2Fbar/"))
        #expect(response.status == .ok)
        guard case .bytes(let body) = response.body else {
            Issue.record("no body")
            return
        }
        #expect(String(decoding: body, as: UTF8.self) == "café/bar")
    }
}
