import Glibc
import HTTP
import JSON
import RawHTTP
import Testing

@Suite struct HandlerTests {
    /// Handlers as slices write them: methods, passed by name.
    private struct Routes: Sendable {
        @Sendable func quick(_ request: Request) -> Response { .text("quick") }

        @Sendable func quickOrNot(_ request: Request) throws -> Response {
            guard request.query["fail"] == nil else { throw HandlerTests.Broken() }
            return .text("quick")
        }

        @Sendable func slow(_ request: Request) async -> Response {
            await Task.yield()
            return .text("slow")
        }

        @Sendable func slowOrNot(_ request: Request) async throws -> Response {
            await Task.yield()
            guard request.query["fail"] == nil else { throw HandlerTests.Broken() }
            return .text("slow")
        }

        @Sendable func either(_ request: Request) throws -> Reply {
            if request.query["now"] != nil { return .now(.text("now")) }
            return .later {
                await Task.yield()
                guard request.query["fail"] == nil else { throw HandlerTests.Broken() }
                return .text("later")
            }
        }
    }

    private struct Broken: Error {}

    private static let router: Router = {
        let routes = Routes()
        var router = Router()
        router.get("/1", undocumented, use: routes.quick)
        router.get("/2", undocumented, use: routes.quickOrNot)
        router.get("/3", undocumented, use: routes.slow)
        router.get("/4", undocumented, use: routes.slowOrNot)
        router.get("/5", undocumented, use: routes.either)
        router.get("/6", undocumented) { _ in .text("quick") }
        router.get("/7", undocumented) { _ in
            await Task.yield()
            return .text("slow")
        }
        router.get("/8", undocumented) { request in
            let name = request.query["name"] ?? "nobody"
            return .json { $0.field("name", name) }
        }
        router.get("/9", undocumented) { _ in
            .later { .text("later") }
        }
        router.get("/10", undocumented) { request in
            .waiting {
                await Task.yield()
                if request.query["fail"] != nil { throw HandlerTests.Broken() }
                return .text("waited")
            }
        }
        router.onError = { error, request in
            .text("\(type(of: error)) at \(request.route ?? "-")", status: .internalError)
        }
        return router
    }()

    private func get(_ path: String) async throws -> String {
        let response = await Self.router.respond(to: Request(.get, path))
        return String(decoding: try await response.collectBody(), as: UTF8.self)
    }

    @Test(arguments: [
        ("/1", "quick"), ("/2", "quick"), ("/3", "slow"), ("/4", "slow"), ("/5", "later"),
        ("/5?now", "now"), ("/6", "quick"), ("/7", "slow"), ("/8?name=Ada", #"{"name":"Ada"}"#),
        ("/9", "later"), ("/10", "waited"),
    ])
    func `a handler may be quick, slow or either`(_ path: String, _ body: String) async throws {
        #expect(try await get(path) == body)
    }

    @Test(arguments: ["/2", "/4", "/5", "/10"])
    func `what a handler throws becomes an answer`(_ path: String) async throws {
        #expect(try await get("\(path)?fail") == "Broken at \(path)")
    }

    @Test func `a quick handler runs without leaving its thread`() async throws {
        // Each of these would be ambiguous or slow if a quick handler counted as a slow one.
        try await withServer({ router in
            router.get("/depth", undocumented) { _ in
                .text(withUnsafeCurrentTask { $0 == nil } ? "in place" : "in a task")
            }
            router.get("/task", undocumented) { _ async in
                .text(withUnsafeCurrentTask { $0 == nil } ? "in place" : "in a task")
            }
        }) { port, _ in
            let client = try RawClient(port: port)
            #expect(try await client.get("/depth").body == "in place")
            #expect(try await client.get("/task").body == "in a task")
        }
    }

    @Test func `work that soon waits begins on the thread of its request`() async throws {
        try await withServer({ router in
            router.get("/begin", undocumented) { request in
                let network = pthread_self()
                return .waiting {
                    let isThere = pthread_equal(network, pthread_self()) != 0
                    guard request.query["wait"] != nil else { return .text("at once \(isThere)") }
                    await Task.yield()
                    return .text("waited \(isThere)")
                }
            }
        }) { port, _ in
            let client = try RawClient(port: port)
            for _ in 0..<20 {
                #expect(try await client.get("/begin").body == "at once true")
                #expect(try await client.get("/begin?wait").body == "waited true")
            }
        }
    }
}
