import HTTP
import JSON
import Testing

@Suite struct OpenAPITests {
    private let session: JSONSchema = .named(
        "Session",
        .object([
            .required("id", .string(example: "sess_1")),
            .required("owner", .nullable(.string)),
        ]))

    /// A maker with everything that routes may have in common.
    private var openAPI: OpenAPI {
        var common = OpenAPI.Common()
        common.parameters = [.header("X-Request-ID", .string(maximum: 128), "Kept if given.")]
        common.headers = [Operation.Header("X-Request-ID", "The id of the request.")]
        common.errorForms = [
            OpenAPI.ErrorForm(.named("Error", .object([.required("error", .string)]))) {
                ["error": .string($0.reason)]
            },
            OpenAPI.ErrorForm(
                contentType: "application/problem+json",
                .named("Problem", .object([.required("title", .string)]))),
        ]
        common.errorHeaders = [
            Status(429): [Operation.Header("Retry-After", "Seconds.", schema: .integer(minimum: 0))]
        ]
        common.errors = [.internalError]
        common.bodyErrors = [.badRequest, .payloadTooLarge]
        return OpenAPI(
            info: OpenAPI.Info(
                title: "Sample", version: "1.2.3", description: "For tests.",
                contact: OpenAPI.Contact(name: "Support", email: "", url: "https://example.com/")),
            groups: [OpenAPI.Group("sessions", "Conversations."), OpenAPI.Group("unused", "")],
            common: common)
    }

    private var router: Router {
        var router = Router()
        router.get(
            "/health",
            Operation(
                "Tell whether it lives", tag: "service",
                responses: [
                    .json(.ok, "It does.", .object([.required("status", .constant("ok"))])),
                    .json(
                        .unavailable, "It does not.",
                        .object([.required("status", .constant("bad"))])),
                ])
        ) { _ in .json { $0.field("status", "ok") } }
        router.post(
            "/sessions",
            Operation(
                "Create a session", tag: "sessions", description: "Or **fail**.",
                parameters: [.header("Idempotency-Key", .string(maximum: 255), "Makes it once.")],
                body: .json(.object([.optional("id", .string(example: "sess_1"))]), optional: true),
                responses: [
                    .json(.created, "Created.", session).header("Location", "Where it is.")
                ], errors: [.conflict, .tooManyRequests])
        ) { _ in .json(["id": "a", "owner": nil] as JSONValue, status: .created) }
        router.get(
            "/sessions/{id}",
            Operation(
                "Read a session", tag: "sessions",
                parameters: [
                    .path("id", .string(example: "sess_1"), "The session's id."),
                    .query("limit", .integer(in: 1...100, default: 20), "How many."),
                ], responses: [.json(.ok, "It.", session)], errors: [.notFound])
        ) { _ in .json(["id": "a"] as JSONValue) }
        router.delete(
            "/sessions/{id}",
            Operation(
                "Delete a session", tag: "sessions", responses: [.empty(.noContent, "Gone.")])
        ) { _ in .empty() }
        router.get(
            "/events",
            Operation(
                "Follow", tag: "events",
                responses: [
                    .events("One after the other.", .object([.required("n", .integer)])),
                    .json(.ok, "All at once.", .array(of: .integer)),
                    .other(.ok, "As a page.", contentType: "text/html"),
                ])
        ) { _ in .text("x") }
        return router
    }

    @Test func `the document says what the routes say`() {
        let document = openAPI.document(of: router.routes)
        #expect(document.mistakes == [])
        let json = document.json
        #expect(json["openapi"] == "3.0.3")
        #expect(
            json["info"] == [
                "title": "Sample", "version": "1.2.3", "description": "For tests.",
                "contact": ["name": "Support", "url": "https://example.com/"],
            ])
        #expect(
            json["tags"] == [
                ["name": "sessions", "description": "Conversations."], ["name": "service"],
                ["name": "events"],
            ])
        #expect(
            json["paths"]?.object?.keys == ["/health", "/sessions", "/sessions/{id}", "/events"])
        #expect(json["paths"]?["/sessions/{id}"]?.object?.keys == ["get", "delete"])
        let create = json["paths"]?["/sessions"]?["post"]
        #expect(create?["summary"] == "Create a session")
        #expect(create?["description"] == "Or **fail**.")
        #expect(create?["operationId"] == "postSessions")
        #expect(create?["requestBody"]?["required"] == false)
        #expect(
            create?["requestBody"]?["content"]?["application/json"]?["example"] == ["id": "sess_1"])
        #expect(
            create?["responses"]?.object?.keys == ["201", "400", "409", "413", "429", "500"])
        #expect(create?["responses"]?["409"] == ["$ref": "#/components/responses/Conflict"])
        let created = create?["responses"]?["201"]
        #expect(created?["headers"]?.object?.keys == ["X-Request-ID", "Location"])
        #expect(
            created?["content"]?["application/json"] == [
                "schema": ["$ref": "#/components/schemas/Session"],
                "example": ["id": "sess_1", "owner": "text"],
            ])
    }

    @Test func `parameters are those of the pattern, the operation and every route`() {
        let paths = openAPI.document(of: router.routes).json["paths"]
        let shared: JSONValue = ["$ref": "#/components/parameters/X-Request-ID"]
        #expect(
            paths?["/sessions/{id}"]?["get"]?["parameters"] == [
                [
                    "name": "id", "in": "path", "description": "The session's id.",
                    "required": true, "schema": ["type": "string", "example": "sess_1"],
                ],
                [
                    "name": "limit", "in": "query", "description": "How many.",
                    "schema": ["type": "integer", "minimum": 1, "maximum": 100, "default": 20],
                ], shared,
            ])
        #expect(
            paths?["/sessions/{id}"]?["delete"]?["parameters"] == [
                ["name": "id", "in": "path", "required": true, "schema": ["type": "string"]],
                shared,
            ])
    }

    @Test func `answers of one status are told apart by their type`() {
        let document = openAPI.document(of: router.routes).json
        let answer = document["paths"]?["/events"]?["get"]?["responses"]?["200"]
        #expect(
            answer?["content"]?.object?.keys
                == ["text/event-stream", "application/json", "text/html"])
        #expect(answer?["description"] == "One after the other.\n\nAll at once.\n\nAs a page.")
        #expect(answer?["content"]?["text/html"]?["schema"] == ["type": "string"])
    }

    @Test func `every reference leads somewhere`() {
        let document = openAPI.document(of: router.routes).json
        var references: Set<String> = []
        func collect(_ value: JSONValue) {
            switch value {
            case .array(let elements): elements.forEach(collect)
            case .object(let object):
                if let reference = object["$ref"]?.string { references.insert(reference) }
                object.members.forEach { collect($0.value) }
            default: break
            }
        }
        collect(document)
        #expect(references.count > 8)
        for reference in references {
            let target = reference.split(separator: "/").dropFirst().reduce(document as JSONValue?)
            {
                $0?[String($1)]
            }
            #expect(target != nil, "\(reference)")
        }
    }

    @Test func `the document is the same every time`() {
        let first = openAPI.document(of: router.routes).json.bytes
        #expect(openAPI.document(of: router.routes).json.bytes == first)
    }

    @Test func `mistakes in the table are named`() {
        var router = Router()
        let plain = Operation("Do", tag: "a")
        router.get("/a/{id}", plain) { _ in .empty() }
        router.delete("/a/{name}", plain) { _ in .empty() }
        router.get("/a/{id}", plain) { _ in .empty() }
        router.get(
            "/a-b",
            Operation(
                "Do", tag: "a", parameters: [.path("x", .string, "")],
                responses: [
                    .json(.ok, "", .named("N", .string)),
                    .json(.created, "", .named("N", .integer)),
                ])
        ) { _ in .empty() }
        router.get("/a/b", plain) { _ in .empty() }
        let document = openAPI.document(of: router.routes)
        #expect(
            document.mistakes == [
                "'/a/{id}' and '/a/{name}' are one path with two names.",
                "GET /a/{id} is there twice.",
                "GET /a-b has no '{x}'.",
                "The name 'N' stands for two different schemas.",
            ])
        #expect(document.json["paths"]?["/a-b"]?["get"]?["operationId"] == "getAB")
        #expect(document.json["paths"]?["/a/b"]?["get"]?["operationId"] == "getAB2")
    }

    /// What is said of an answer to the route at `index`.
    private func problems(_ index: Int, _ response: Response) -> [String] {
        var response = response
        response.headers["X-Request-ID"] = "r"
        return openAPI.problems(with: response, to: router.routes[index])
    }

    @Test func `a real answer is compared with its route`() {
        #expect(problems(0, .json(["status": "ok"] as JSONValue)) == [])
        #expect(problems(0, .json(["status": "bad"] as JSONValue, status: .unavailable)) == [])
        let problem = Response.bytes(
            Array(#"{"title":"x"}"#.utf8), contentType: "application/problem+json",
            status: .notFound)
        #expect(problems(2, problem) == [])
        #expect(problems(2, .json(["error": "x"] as JSONValue, status: .notFound)) == [])
        #expect(problems(3, .empty()) == [])
        #expect(problems(4, .html("x")) == [])
        #expect(
            problems(0, .json(["status": "bad", "more": 1] as JSONValue))
                == [
                    "GET /health → 200: status must be 'ok'.",
                    "GET /health → 200: more is not a known field.",
                ])
        #expect(
            problems(2, .json(["id": "a"] as JSONValue))
                == ["GET /sessions/{id} → 200: owner is required."])
        #expect(
            problems(0, .text("ok"))
                == ["GET /health → 200 has the undocumented type 'text/plain'."])
        #expect(problems(0, .empty(.ok)) == ["GET /health → 200 has the undocumented type 'none'."])
        #expect(problems(0, .empty(.noContent)) == ["GET /health → 204 is not documented."])
        #expect(problems(2, .json(bytes: Array("{".utf8))).count == 1)
        #expect(
            problems(1, .json(["id": "a", "owner": nil] as JSONValue, status: .created))
                == ["POST /sessions → 201 has no header 'Location'."])
        #expect(
            problems(1, .json(["error": "x"] as JSONValue, status: .tooManyRequests))
                == ["POST /sessions → 429 has no header 'Retry-After'."])
    }

    @Test func `examples must pass their own schemas`() {
        for route in router.routes { #expect(openAPI.problemsOfExamples(in: route) == []) }
        var router = Router()
        router.get(
            "/a",
            Operation(
                "Do", tag: "a",
                responses: [
                    .json(.ok, "", session, example: ["id": 1])
                ])
        ) { _ in .empty() }
        #expect(
            openAPI.problemsOfExamples(in: router.routes[0]) == [
                "GET /a, example of 200: id must be a string.",
                "GET /a, example of 200: owner is required.",
            ])
    }
}
