import Foundation
import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct DocumentationRoutesTests {
    /// A router with one route of its own and the documentation.
    private func router(_ docs: Configuration.Docs = Configuration.Docs()) -> Router {
        var configuration = Configuration()
        configuration.docs = docs
        configuration.info.contactName = "Anna & <Bob>"
        var router = Router()
        router.post(
            "/agent/notes/{note_id}",
            Operation(
                "Write a <note>", tag: "Agent",
                description: "With `code` & **strength**.\n\nSecond.",
                parameters: [
                    .path("note_id", .string(example: "n'1"), "Which."),
                    .query("q", .string(example: "a é"), required: true, "What."),
                ],
                body: .json(
                    .named("Note", .object([.required("text", .string(example: "It's <b>"))]))),
                responses: [.json(.ok, "Written.", .object([.required("ok", .boolean)]))],
                errors: [.notFound])
        ) { _ in .json(["ok": true] as JSONValue) }
        DocumentationRoutes(configuration: configuration, version: "9.9.9").register(on: &router)
        return router
    }

    private func get(_ path: String, _ router: Router) async -> Response {
        await router.respond(to: Request(.get, path))
    }

    private func text(_ response: Response) -> String {
        guard case .bytes(let bytes) = response.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `the document lists every route, its own included`() async throws {
        let router = router()
        let response = await get("/openapi.json", router)
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == "application/json")
        let document = try response.jsonBody()
        #expect(document["openapi"] == "3.0.3")
        #expect(document["info"]?["version"] == "9.9.9")
        #expect(document["info"]?["contact"]?["name"] == "Anna & <Bob>")
        #expect(
            document["paths"]?.object?.keys == [
                "/agent/notes/{note_id}", "/openapi.json", "/docs", "/redoc",
                "/docs/assets/{folder}/{file}",
            ])
        #expect(DocumentCheck(router).problems() == [])
    }

    @Test(arguments: ["/docs", "/redoc", "/docs/"])
    func `a page holds the reference without any script`(_ path: String) async throws {
        let response = await get(path, router())
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == "text/html; charset=utf-8")
        let policy = try #require(response.headers["Content-Security-Policy"])
        #expect(policy.hasPrefix("default-src 'none'"))
        #expect(!policy.contains("script-src"))
        #expect(!policy.contains("unsafe"))
        let html = text(response)
        #expect(!html.contains("<script"))
        #expect(html.contains("<h3>Write a &lt;note&gt;</h3>"))
        #expect(
            html.contains(
                "<p>With <code>code</code> &amp; <strong>strength</strong>.</p><p>Second.</p>"))
        #expect(html.contains("Anna &amp; &lt;Bob&gt;"))
        #expect(html.contains("http://localhost:9080/agent/notes/n%271?q=a%20%C3%A9&#39;"))
        #expect(html.contains("id=\"schema-Note\""))
        #expect(html.contains("href=\"#schema-Note\""))
        #expect(html.contains("href=\"#response-NotFound\">404</a>"))
        #expect(html.contains("id=\"response-NotFound\""))
        #expect(html.contains("It&#39;\\&#39;&#39;s &lt;b&gt;"))
    }

    @Test func `every link inside a page leads somewhere`() async {
        let html = text(await get("/docs", router()))
        let targets = html.split(separator: " id=\"").dropFirst().compactMap {
            $0.split(separator: "\"").first
        }
        let links = html.split(separator: "href=\"#").dropFirst().compactMap {
            $0.split(separator: "\"").first
        }
        #expect(links.count > 10)
        #expect(Set(links).subtracting(targets) == [])
        #expect(Set(targets).count == targets.count)
    }

    @Test func `a remote base is allowed by the page's policy and nothing else`() async throws {
        var docs = Configuration.Docs()
        docs.swaggerUIBase = "https://cdn.example.com:8443/swagger-ui@5/"
        let response = await get("/docs", router(docs))
        let policy = try #require(response.headers["Content-Security-Policy"])
        #expect(policy.contains("script-src 'self' https://cdn.example.com:8443;"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(text(response).contains("data-base=\"https://cdn.example.com:8443/swagger-ui@5\""))
        #expect(!text(await get("/redoc", router(docs))).contains("<script"))
    }

    @Test func `a local folder is served by the server itself`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "viewer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("var Redoc".utf8).write(to: folder.appending(path: "redoc.standalone.js"))
        var docs = Configuration.Docs()
        docs.redocBase = folder.path
        let router = router(docs)
        let page = await get("/redoc", router)
        #expect(text(page).contains("data-viewer=\"redoc\" data-base=\"/docs/assets/redoc\""))
        #expect(page.headers["Content-Security-Policy"]?.contains("worker-src blob:") == true)
        let script = await get("/docs/assets/redoc/redoc.standalone.js", router)
        #expect(text(script) == "var Redoc")
        #expect(script.headers["Content-Type"] == "text/javascript; charset=utf-8")
        #expect(script.headers["X-Content-Type-Options"] == "nosniff")
    }

    @Test(arguments: [
        "/docs/assets/redoc/redoc.standalone.js", "/docs/assets/page/secret.js",
        "/docs/assets/page/..%2fviewer.js", "/docs/assets/..%2f..%2fetc/passwd.txt",
        "/docs/assets/unknown/viewer.js",
    ])
    func `what is no file of the pages is not found`(_ path: String) async {
        var router = router()
        router.onError = { error, _ in
            .text((error as? Failure)?.code.word ?? "\(error)", status: .notFound)
        }
        #expect(text(await get(path, router)) == "route_not_found")
    }

    @Test(arguments: ["viewer.js", "reference.css"])
    func `the pages' own files are part of the program`(_ name: String) async {
        let response = await get("/docs/assets/page/\(name)", router())
        #expect(response.status == .ok)
        #expect(text(response).count > 500)
    }

    @Test(arguments: ["/openapi.json", "/docs", "/redoc", "/docs/assets/page/viewer.js"])
    func `switched off, none of it is there`(_ path: String) async {
        var docs = Configuration.Docs()
        docs.enabled = false
        #expect(await get(path, router(docs)).status == .notFound)
    }

    @Test(arguments: [
        ("", ScriptBase.none), ("/srv/swagger/", .folder("/srv/swagger")), ("/", .folder("/")),
        ("./assets", .folder("./assets")),
        ("https://a.example", .remote(address: "https://a.example", origin: "https://a.example")),
        ("HTTP://a/b//", .remote(address: "HTTP://a/b", origin: "HTTP://a")),
        ("https://", .none), ("https://a b/", .none),
        ("https://a/;script-src *", .none), ("https://a/\"onload=", .none), ("https:///x", .none),
    ])
    func `a base is an address, a folder or nothing`(_ setting: String, _ expected: ScriptBase) {
        #expect(ScriptBase(setting) == expected)
    }
}
