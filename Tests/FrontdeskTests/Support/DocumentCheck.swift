import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Compares a table of routes with the document that is made of it; `Service` compares answers.
struct DocumentCheck: Sendable {
    private let routes: [Route]
    private let openAPI = DocumentationRoutes.openAPI(Configuration(), version: "0.1.0")

    /// A check of a router's table.
    init(_ router: Router) {
        routes = router.routes
    }

    /// What is wrong with the table: routes without words, answers without a schema, examples that
    /// do not pass, names that mean two things, routes and document that do not list the same.
    func problems() -> [String] {
        let document = openAPI.document(of: routes)
        return document.mistakes + routes.flatMap(problems) + differences(document.json)
    }

    private func problems(of route: Route) -> [String] {
        let operation = route.operation
        let place = "\(route.method) \(route.pattern)"
        var problems: [String] = []
        if operation.summary.isEmpty { problems.append("\(place) has no summary.") }
        if operation.tag.isEmpty { problems.append("\(place) has no tag.") }
        let successes = operation.responses.filter { (200..<300).contains($0.status.code) }
        if successes.isEmpty { problems.append("\(place) has no success.") }
        for answer in successes where answer.contentType == "application/json" {
            if answer.schema == nil { problems.append("\(place) has an answer without a schema.") }
        }
        return problems + openAPI.problemsOfExamples(in: route)
    }

    private func differences(_ document: JSONValue) -> [String] {
        let listed = Set(
            (document["paths"]?.object?.members ?? []).flatMap { path in
                (path.value.object?.keys ?? []).map { "\($0.uppercased()) \(path.key)" }
            })
        let served = Set(routes.map { "\($0.method) \($0.pattern)" })
        return served.subtracting(listed).sorted().map { "\($0) is not in the document." }
            + listed.subtracting(served).sorted().map { "\($0) is in the document only." }
    }
}
