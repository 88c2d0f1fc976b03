import HTTP
import JSON
import Synchronization
import Testing

@Suite struct RouterTests {
    /// Routes that answer with their own pattern and what their parameters matched.
    private static let router: Router = {
        var router = Router()
        for pattern in [
            "/", "/sessions", "/sessions/{id}", "/sessions/stats", "/sessions/{id}/history",
            "/sessions/{id}/cleanup", "/a/{x}/b/{y}", "/a/b/c",
        ] {
            router.get(pattern, undocumented) { request in
                .text(([request.route ?? "-"] + request.parameters.values).joined(separator: " "))
            }
        }
        router.post("/sessions", undocumented) { _ in .empty(.created) }
        router.delete("/sessions/{key}", undocumented) { .text($0.parameters["key"]) }
        return router
    }()

    private func get(_ path: String) async throws -> String {
        let response = await Self.router.respond(to: Request(.get, path))
        guard response.status == .ok else { return String(response.status.code) }
        return String(decoding: try await response.collectBody(), as: UTF8.self)
    }

    @Test(arguments: [
        ("/", "/"), ("/sessions", "/sessions"), ("/sessions/", "/sessions"),
        ("/sessions/stats", "/sessions/stats"), ("/sessions/stats/", "/sessions/stats"),
        ("/sessions/s%74ats", "/sessions/stats"),
        ("/sessions/42", "/sessions/{id} 42"),
        ("/sessions/stats/history", "/sessions/{id}/history stats"),
        ("/sessions/42/history/", "/sessions/{id}/history 42"),
        ("/a/b/c", "/a/b/c"), ("/a/b/b/z", "/a/{x}/b/{y} b z"),
        ("/sessions/a%20b", "/sessions/{id} a b"), ("/sessions/a+b", "/sessions/{id} a+b"),
        ("/sessions/caf%C3%A9%2Fx", "/sessions/{id} café/x"),
        ("/sessions/%25", "/sessions/{id} %"), ("/sessions/..", "/sessions/{id} .."),
        ("/sessions/x?limit=3", "/sessions/{id} x"),
    ])
    func `a path leads to its route`(_ path: String, _ found: String) async throws {
        #expect(try await get(path) == found)
    }

    @Test(arguments: [
        ("/nothing", "404"), ("/sessions/42/nothing", "404"), ("/sessions//history", "404"),
        ("//sessions", "404"), ("/sessions/42/history//", "404"), ("sessions", "404"), ("", "404"),
        ("/a%2Fb%2Fc", "404"), ("/sessions/%ff", "400"), ("/sessions/%C3", "400"),
        ("/sessions/%2", "400"), ("/sessions/%zz/history", "400"), ("/nothing/%ff", "404"),
        ("/sessions?limit=%", "400"),
    ])
    func `a path without a route is refused`(_ path: String, _ status: String) async throws {
        #expect(try await get(path) == status)
    }

    @Test func `refusals carry stable codes`() async throws {
        let cases: [(Request, Status, String)] = [
            (Request(.get, "/nothing"), .notFound, "route_not_found"),
            (Request(.put, "/sessions"), .methodNotAllowed, "method_not_allowed"),
            (Request(.get, "/sessions/%ff"), .badRequest, "malformed_url"),
            (Request(.get, "/sessions?q=%ff"), .badRequest, "malformed_url"),
        ]
        for (request, status, code) in cases {
            let response = await Self.router.respond(to: request)
            #expect(response.status == status)
            #expect(try response.jsonBody()["code"]?.string == code)
        }
    }

    @Test func `another method is refused with those that are possible`() async {
        let refused = await Self.router.respond(to: Request(.patch, "/sessions/42"))
        #expect(refused.status == .methodNotAllowed)
        #expect(refused.headers["Allow"] == "GET, HEAD, DELETE, OPTIONS")
        let literal = await Self.router.respond(to: Request(.delete, "/sessions/stats"))
        #expect(literal.headers["Allow"] == "GET, HEAD, OPTIONS")
        let unknown = await Self.router.respond(to: Request(Method("BREW"), "/sessions"))
        #expect(unknown.headers["Allow"] == "GET, HEAD, POST, OPTIONS")
    }

    @Test func `OPTIONS tells what is possible`() async {
        let one = await Self.router.respond(to: Request(.options, "/sessions"))
        #expect(one.status == .noContent)
        #expect(one.headers["Allow"] == "GET, HEAD, POST, OPTIONS")
        let all = await Self.router.respond(to: Request(.options, "*"))
        #expect(all.headers["Allow"] == "GET, HEAD, POST, DELETE, OPTIONS")
        let nothing = await Self.router.respond(to: Request(.options, "/nothing"))
        #expect(nothing.status == .notFound)
    }

    @Test func `HEAD is answered wherever GET is, a parameter's name is the route's own`() async {
        let head = await Self.router.respond(to: Request(.head, "/sessions/42"))
        #expect(head.status == .ok)
        let delete = await Self.router.respond(to: Request(.delete, "/sessions/42"))
        #expect(delete.status == .ok)
        let refused = await Self.router.respond(to: Request(.head, "/sessions/42/nothing"))
        #expect(refused.status == .notFound)
    }

    @Test func `the table of routes can be read`() {
        let rows = Self.router.routes.map { "\($0.method) \($0.pattern)" }
        #expect(rows.count == 10)
        #expect(rows.first == "GET /")
        #expect(rows.last == "DELETE /sessions/{key}")
        #expect(Self.router.routes.last?.parameterNames == ["key"])
        #expect(Self.router.routes.last?.operation.summary == "Test")
    }
}
