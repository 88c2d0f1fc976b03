import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct OpenAPITests {
    @Test func `routes and document list the same, with words, schemas and true examples`()
        async throws
    {
        let service = try await Service(demo: false)
        #expect(DocumentCheck(service.app.router).problems() == [])
    }

    @Test func `the document served is the one the command prints`() async throws {
        let service = try await Service(demo: false)
        let answer = try await service.get("/openapi.json")
        #expect(answer.status == 200)
        #expect(answer.body == service.app.document)
        #expect(answer["info"]?["version"] == .string(Product.version))
    }

    @Test func `routes switched off are missing from the document too`() async throws {
        let service = try await Service(demo: false) { $0.docs.enabled = false }
        #expect(try await service.get("/openapi.json").code == "route_not_found")
        #expect(service.app.document["paths"]?["/docs"] == nil)
        #expect(service.app.document["paths"]?["/health"] != nil)
    }

    @Test func `every reference of the document leads somewhere`() async throws {
        let document = try await Service(demo: false).app.document
        var references: Set<String> = []
        func collect(_ value: JSONValue) {
            if let reference = value["$ref"]?.string { references.insert(reference) }
            value.array?.forEach(collect)
            value.object?.members.forEach { collect($0.value) }
        }
        collect(document)
        #expect(references.count > 20)
        for reference in references.sorted() {
            let isThere = document.resolved(["$ref": .string(reference)])["$ref"] == nil
            #expect(isThere, "\(reference)")
        }
    }

    @Test(arguments: ["/docs", "/redoc"])
    func `the pages describe every operation`(_ path: String) async throws {
        let service = try await Service(demo: false)
        let response = await service.send(.get, path)
        guard case .bytes(let bytes) = response.body else {
            Issue.record("no body")
            return
        }
        let html = String(decoding: bytes, as: UTF8.self)
        let operations = service.app.document["paths"]?.object?.members.flatMap {
            $0.value.object?.members.map(\.value) ?? []
        }
        for operation in try #require(operations) {
            let id = try #require(operation["operationId"]?.string)
            #expect(html.contains("<article id=\"\(id)\">"))
            #expect(html.contains("href=\"#\(id)\""))
        }
    }

    @Test(arguments: ["/docs/assets/page/viewer.js", "/docs/assets/page/reference.css"])
    func `files of the pages are served as the document says`(_ path: String) async throws {
        let service = try await Service(demo: false)
        #expect(await service.send(.get, path).status == .ok)
        let missing = try await service.get("/docs/assets/swagger-ui/swagger-ui.css")
        #expect(missing.status == 404)
        #expect(missing.code == "route_not_found")
    }

    @Test func `a refusal looks as documented in both of its forms`() async throws {
        let service = try await Service(demo: false)
        let plain = try await service.post("/agent/messages", [:])
        #expect(plain.status == 400)
        #expect(plain["fields"]?[0]?["problem"] == "is required")
        let problem = try await service.post(
            "/agent/messages", [:], headers: ["Accept": "application/problem+json"])
        #expect(problem.header("Content-Type") == "application/problem+json")
        #expect(problem["title"] == "Validation Error")
    }
}
