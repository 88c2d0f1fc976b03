import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct DocumentCheckTests {
    @Test func `routes that say too little are named`() {
        var router = Router()
        router.get("/a", Operation("", tag: "")) { _ in .empty() }
        router.get(
            "/b",
            Operation(
                "Do", tag: "b",
                responses: [
                    .json(.ok, "", .object([.required("a", .integer)]), example: ["a": "x"])
                ])
        ) { _ in .empty() }
        #expect(
            DocumentCheck(router).problems() == [
                "GET /a has no summary.", "GET /a has no tag.", "GET /a has no success.",
                "GET /b, example of 200: a must be an integer.",
            ])
    }

    @Test func `the examples of all refusals pass`() {
        var router = Router()
        let statuses = (400...599).map { Status($0) }
        router.get(
            "/a", Operation("Do", tag: "a", responses: [.empty(.noContent, "")], errors: statuses)
        ) {
            _ in .empty()
        }
        #expect(DocumentCheck(router).problems() == [])
    }
}
