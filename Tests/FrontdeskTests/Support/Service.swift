import Foundation
import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// The real product on a database of its own, with a clock that the test moves.
///
/// Requests go straight into the router. Every answer is checked against the OpenAPI document.
final class Service: Sendable {
    let app: App
    let clock: TestClock
    let folder: URL
    private let place: ServicePlace
    private let document: OpenAPI

    /// The product as `change` configures it, with the demo data when `demo`; nobody waits in it.
    init(
        demo: Bool = true, clock: TestClock = TestClock(), environment: [String: String] = [:],
        surroundings: App.Surroundings = App.Surroundings(pause: { _ in }),
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws {
        place = await ServicePlace()
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("frontdesk-service-\(UUID().uuidString)")
        var configuration = Configuration()
        configuration.database.path = folder.appendingPathComponent("test.db").path
        configuration.database.readers = 2
        configuration.auth.passwordCost = 1
        change(&configuration)
        try await PreparedDatabase.copy(to: configuration.database.path, demo: demo)
        let log = Log(level: .error)
        let database = try Database.prepared(configuration.database, log: log, migrates: true)
        self.clock = clock
        document = DocumentationRoutes.openAPI(configuration, version: Product.version)
        var surroundings = surroundings
        surroundings.clock = clock.clock
        surroundings.environment.merge(environment) { $1 }
        app = try App(
            configuration, database: database, log: log, surroundings: surroundings)
    }

    deinit {
        app.database.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Sends a request and returns the answer, which must be one that the document describes.
    func send(
        _ method: HTTP.Method, _ target: String, body: [UInt8] = [], headers: Headers = [:],
        peer: String = "127.0.0.1", _ location: SourceLocation = #_sourceLocation
    ) async -> Response {
        var headers = headers
        if !body.isEmpty && !headers.contains("Content-Type") {
            headers["Content-Type"] = "application/json"
        }
        let request = Request(method, target, headers: headers, body: body, peer: peer)
        let response = await app.router.respond(to: request)
        checkAgainstDocument(request, response, location)
        return response
    }

    /// `GET`s JSON.
    func get(
        _ target: String, headers: Headers = [:], _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try Answer(await send(.get, target, headers: headers, location))
    }

    /// `POST`s JSON and gets JSON.
    func post(
        _ target: String, _ body: JSONValue? = nil, headers: Headers = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try Answer(
            await send(
                .post, target, body: body?.bytes ?? [], headers: headers, location))
    }

    /// `DELETE`s and gets JSON.
    func delete(
        _ target: String, headers: Headers = [:], _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try Answer(await send(.delete, target, headers: headers, location))
    }

    /// Says something in a session and returns the agent's answer.
    func say(
        _ message: String, in session: String = "sess_test",
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await post(
            "/agent/messages", ["session_id": .string(session), "message": .string(message)],
            location)
    }

    /// The rows of a query, each with its columns joined by "|".
    func rows(_ sql: String) throws -> [String] {
        try app.database.read { connection in
            try connection.all(SQL(stringLiteral: sql)) { row in
                try (0..<row.count).map { column in
                    switch try row.value(column) {
                    case .null: "∅"
                    case .integer(let value): String(value)
                    case .real(let value): String(value)
                    case .text(let value): value
                    }
                }.joined(separator: "|")
            }
        }
    }

    private func checkAgainstDocument(
        _ request: Request, _ response: Response, _ location: SourceLocation
    ) {
        let path = request.path
        let candidates = app.router.routes.filter { $0.pattern.matches(path) }
        // As in the router, a fixed segment wins over a parameter, whatever its method.
        let fewest = candidates.map(\.parameterNames.count).min()
        guard
            let route = candidates.first(where: {
                $0.parameterNames.count == fewest && $0.method == request.method
            })
        else { return }
        for problem in document.problems(with: response, to: route) {
            Issue.record("\(problem)", sourceLocation: location)
        }
    }
}

/// An answer whose body is JSON.
struct Answer: Sendable {
    let status: Int
    let headers: Headers
    let body: JSONValue

    init(_ response: Response) throws {
        status = response.status.code
        headers = response.headers
        body = try response.jsonBody()
    }

    /// The body's `code`, of an error.
    var code: String? { body["code"]?.string }

    /// A header field.
    func header(_ name: String) -> String? { headers[name] }

    /// A field of the body.
    subscript(name: String) -> JSONValue? { body[name] }
}

extension String {
    /// Whether a route pattern such as `/a/{id}` takes a path.
    fileprivate func matches(_ path: String) -> Bool {
        let mine = split(separator: "/")
        var theirs = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if theirs.last?.isEmpty == true { theirs.removeLast() }
        return mine.count == theirs.count
            && zip(mine, theirs).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
    }
}
