import Foundation
import JSON
import RawHTTP

/// A folder of its own for one test, with the database in it and what runs on it.
final class World: Sendable {
    let folder: URL

    /// An empty folder, gone with this object.
    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "frontdesk-world-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The path of a file in the folder.
    func file(_ name: String) -> String { folder.appending(path: name).path }

    /// The database's path.
    var database: String { file("frontdesk.db") }

    /// The bytes of a file in the folder, 0 when it is not there.
    func size(of name: String) -> Int {
        let facts = try? FileManager.default.attributesOfItem(atPath: file(name))
        return (facts?[.size] as? Int) ?? 0
    }

    /// What a command came to.
    struct Outcome {
        let end: Child.End
        let output: String
        let errors: String
    }

    /// Runs the program to its end.
    func run(
        _ words: String..., settings: [String: String] = [:], through prefix: [String] = []
    ) async throws -> Outcome {
        try await run(prefix + [Program.path] + words, settings)
    }

    private func run(_ words: [String], _ settings: [String: String]) async throws -> Outcome {
        let errors = folder.appending(path: "errors-\(UUID().uuidString)")
        let child = try await Child(
            words, environment: Program.environment(settings), errors: errors)
        let output = await child.output()
        return Outcome(
            end: await child.end(), output: output,
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// Starts a server on the database and returns when it listens.
    func serve(
        _ settings: [String: String] = [:], demo: Bool = false
    ) async throws -> RunningServer {
        var words = [Program.path, "serve", "--port", "0", "--database", database]
        if demo { words.append("--demo") }
        let errors = folder.appending(path: "log-\(UUID().uuidString)")
        let child = try await Child(
            words, environment: Program.environment(settings), errors: errors)
        let line = await child.line(beginningWith: "listening on http://")
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else {
            let log = try String(contentsOf: errors, encoding: .utf8)
            throw Child.Failure(text: "the server did not start: \(log)")
        }
        return RunningServer(child: child, port: port, log: errors)
    }

    /// What the sqlite3 CLI prints for `sql`, line by line, opened so that it can only read.
    func query(_ sql: String, line: Int = #line) async throws -> [String] {
        let outcome = try await run(
            ["sqlite3", "-readonly", "-cmd", ".timeout 5000", database, sql], [:])
        guard outcome.end == .exit(0) else {
            throw Child.Failure(text: "sqlite3 in line \(line): \(outcome.errors)")
        }
        return outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// Changes the database with the sqlite3 CLI, while no server uses it.
    func change(_ sql: String) async throws {
        let outcome = try await run(["sqlite3", database, sql], [:])
        guard outcome.end == .exit(0) else { throw Child.Failure(text: outcome.errors) }
    }
}

/// A server that serves.
struct RunningServer: Sendable {
    let child: Child
    let port: Int
    /// The file of its standard error.
    let log: URL

    /// Kills it as a power cut would, and returns when it is gone.
    func kill() async {
        child.send(SIGKILL)
        await child.end()
    }

    /// Asks it to stop, and returns how it ended.
    func stop() async -> Child.End {
        child.send(SIGTERM)
        return await child.end()
    }

    /// What it has logged so far.
    func logged() throws -> String {
        try String(contentsOf: log, encoding: .utf8)
    }

    /// A new connection.
    func connect() throws -> RawClient { try RawClient(port: port) }

    /// `GET`s JSON on a connection of its own.
    func get(_ path: String) async throws -> Answer { try await connect().call("GET", path) }

    /// `POST`s JSON on a connection of its own.
    func post(
        _ path: String, _ body: JSONValue, key: String? = nil, id: String? = nil
    ) async throws -> Answer {
        try await connect().call("POST", path, body, key: key, id: id)
    }

    /// Says something in a session.
    func say(
        _ message: String, in session: String = "sess_test", key: String? = nil,
        id: String? = nil
    ) async throws -> Answer {
        try await post(
            "/agent/messages", ["session_id": .string(session), "message": .string(message)],
            key: key, id: id)
    }
}

/// An answer with a JSON body.
struct Answer: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: JSONValue

    /// A field of the body.
    subscript(name: String) -> JSONValue? { body[name] }
}

extension RawClient {
    /// Sends a request, with a JSON body if there is one, and reads its JSON answer.
    func call(
        _ method: String, _ path: String, _ body: JSONValue? = nil, key: String? = nil,
        id: String? = nil
    ) async throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\n"
        if let key { head += "Idempotency-Key: \(key)\r\n" }
        if let id { head += "X-Request-ID: \(id)\r\n" }
        let text = body?.text ?? ""
        if body != nil {
            head += "Content-Type: application/json\r\nContent-Length: \(text.utf8.count)\r\n"
        }
        try await send(head + "\r\n" + text)
        let response = try await receiveResponse()
        return Answer(
            status: response.status, headers: response.headers,
            body: try JSONValue(parsing: Array(response.body.utf8)))
    }
}

/// Returns when `condition` holds; throws when it does not within a minute.
func wait(
    for what: String, until condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw Child.Failure(text: "waited in vain for \(what)")
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
