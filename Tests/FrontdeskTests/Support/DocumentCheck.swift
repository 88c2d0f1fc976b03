import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Compares routes and real answers with the document that is made of them.
struct DocumentCheck: Sendable {
    private let routes: [Route]
    private let openAPI = DocumentationRoutes.openAPI(Configuration(), version: "0.1.0")

    /// A check of a router's table.
    init(_ router: Router) {
        routes = router.routes
    }

    /// Records an issue for everything in a real answer that the document does not say: its
    /// status, its type, its header, and every field of its body.
    func validate(
        _ response: Response, _ method: HTTP.Method, _ pattern: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for problem in problems(response, method, pattern) {
            Issue.record(Comment(rawValue: problem), sourceLocation: sourceLocation)
        }
    }

    /// What is wrong with a real answer.
    func problems(_ response: Response, _ method: HTTP.Method, _ pattern: String) -> [String] {
        let route = routes.first { $0.method == method && $0.pattern == pattern }
        guard let route else { return ["\(method) \(pattern) is no route."] }
        return openAPI.problems(with: response, to: route)
    }

    /// What is wrong with the table: routes without words, answers without a schema, examples that
    /// do not pass, names that mean two things, routes and document that do not list the same.
    func problemsOfTable() -> [String] {
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
