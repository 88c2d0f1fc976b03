import JSON
import SQLite

extension Command {
    /// `frontdesk verify`
    static let verify = Command(
        name: "verify", summary: "Look through the whole database for damage and contradictions.",
        usage: "verify [--json]", details: ["--json  print one JSON object"], switches: ["json"]
    ) { arguments, console in
        let configuration = try arguments.configuration(console).configuration
        let database = try Database(configuration.database, onlyToLook: true)
        defer { database.close() }
        let problems = try problems(of: database)
        if arguments.has("json") {
            let json: JSONValue = [
                "ok": .bool(problems.isEmpty), "problems": .array(problems.map { .string($0) }),
            ]
            console.out(json.text)
        } else {
            console.out(problems.isEmpty ? "ok" : problems.joined(separator: "\n"))
        }
        guard problems.isEmpty else {
            let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
            throw CommandFailure(text: "\(database.path) has \(count)")
        }
    }

    private static func problems(of database: Database) throws -> [String] {
        let damage = try database.integrityCheck()
        do {
            try Migrator.frontdesk.verify(database)
        } catch let error as DatabaseError where !error.isCorrupt {
            return damage + [error.message]
        }
        // What a damaged file says of itself is worth nothing.
        guard damage.isEmpty else { return damage }
        return try database.scan { try Contradictions.find(in: $0) }
    }
}
