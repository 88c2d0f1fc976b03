import HTTP
import JSON
import RawHTTP
import Synchronization
import Testing

@Suite struct MiddlewareTests {
    /// Adds its name to a header on the way out, and to the request's id on the way in.
    private final class Mark: Middleware {
        let name: String

        init(_ name: String) {
            self.name = name
        }

        func before(_ request: inout Request) throws -> Response? {
            request.id += name
            return nil
        }

        func after(_ request: Request, _ response: inout Response) {
            response.headers.add("X-Passed", "\(name):\(request.id):\(request.route ?? "-")")
        }
    }

    /// Answers or throws instead of the handler where a header says so.
    private final class Guardian: Middleware {
        func before(_ request: inout Request) throws -> Response? {
            switch request.headers["X-Guard"] {
            case "answer": return .text("guarded", status: .forbidden)
            case "throw": throw HTTPError(.unauthorized, code: "who", detail: "Who are you?")
            default: return nil
            }
        }
    }

    private enum Tenant: RequestKey {
        static let defaultValue = "nobody"
    }

    /// Hands a value on to the handler.
    private final class Naming: Middleware {
        func before(_ request: inout Request) throws -> Response? {
            if let name = request.headers["X-Tenant"] { request.values[Tenant.self] = name }
            return nil
        }
    }

    private struct Broken: Error {}

    private static func fill(_ router: inout Router) {
        router.middleware = [Mark("a"), Guardian(), Naming(), Mark("b")]
        router.get("/tenant", undocumented) { .text($0.values[Tenant.self]) }
        router.get("/broken", undocumented) { _ -> Response in throw Broken() }
        router.post("/slow", undocumented) { _ async throws -> Response in throw Broken() }
        router.get("/stream", undocumented) { _ in
            .stream(contentType: "text/plain") { try await $0.write("x") }
        }
    }

    @Test(arguments: [
        ("GET", "/tenant", 200, "/tenant"), ("GET", "/nothing", 404, "-"),
        ("POST", "/tenant", 405, "/tenant"), ("OPTIONS", "/tenant", 204, "/tenant"),
        ("GET", "/broken", 500, "/broken"), ("POST", "/slow", 500, "/slow"),
        ("GET", "/stream", 200, "/stream"), ("GET", "/tenant?q=%", 400, "/tenant"),
    ])
    func `every answer passes all steps backwards`(
        _ method: String, _ path: String, _ status: Int, _ route: String
    ) async {
        var router = Router()
        Self.fill(&router)
        let response = await router.respond(to: Request(Method(method), path))
        #expect(response.status.code == status)
        #expect(response.headers.all("X-Passed") == ["b:ab:\(route)", "a:ab:\(route)"])
    }

    @Test(arguments: [("answer", 403), ("throw", 401)])
    func `a step that answers or throws stands in for the handler`(
        _ word: String, _ status: Int
    ) async {
        var router = Router()
        Self.fill(&router)
        let response = await router.respond(
            to: Request(.get, "/tenant", headers: ["x-guard": word]))
        #expect(response.status.code == status)
        #expect(response.headers.all("X-Passed") == ["b:a:/tenant", "a:a:/tenant"])
    }

    @Test func `a step hands values on to the handler`() async throws {
        var router = Router()
        Self.fill(&router)
        let named = await router.respond(
            to: Request(.get, "/tenant", headers: ["X-Tenant": "acme"]))
        #expect(try await named.collectBody() == Array("acme".utf8))
        let unnamed = await router.respond(to: Request(.get, "/tenant"))
        #expect(try await unnamed.collectBody() == Array("nobody".utf8))
    }

    @Test func `the refusal of a large body passes the steps too`() async throws {
        try await withServer(Self.fill, settings: { $0.maximumBodyBytes = 10 }) { port, _ in
            let client = try RawClient(port: port)
            let answer = try await client.post("/slow", "12345678901")
            #expect(answer.status == 413)
            #expect(answer["X-Passed"] == "b:ab:/slow")
        }
    }
}
