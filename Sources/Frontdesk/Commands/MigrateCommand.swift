import JSON
import Migrations
import SQLite

extension Command {
    /// `frontdesk migrate`
    static let migrate = Command(
        name: "migrate", summary: "Apply, list or check the schema's migrations.",
        usage: "migrate [up|status|verify] [--to NAME] [--dry-run] [--database PATH] [--json]",
        details: [
            "up               apply what is pending (the default)",
            "status           list every migration: name, applied at, state",
            "verify           check that the database has exactly what the program knows",
            "--to NAME        with up: stop after this migration",
            "--dry-run        with up: try it and take it back",
            "--database PATH  the database file (database.path)",
            "--json           print one JSON object",
        ],
        valued: ["to", "database"], switches: ["dry-run", "json"], operands: 1
    ) { arguments, console in
        let word = arguments.operands.first ?? "up"
        guard ["up", "status", "verify"].contains(word) else {
            throw Arguments.Misuse(text: "'migrate' takes up, status or verify, not '\(word)'")
        }
        for option in ["to", "dry-run"] where word != "up" && arguments.has(option) {
            throw Arguments.Misuse(text: "--\(option) goes with 'migrate up'")
        }
        if let last = arguments["to"], !MigrationFiles.all.contains(where: { $0.name == last }) {
            let hint = Spelling.suggestion(for: last, among: MigrationFiles.all.map(\.name))
            throw Arguments.Misuse(text: "there is no migration '\(last)'\(hint)")
        }
        let configuration = try arguments.configuration(
            console, flags: ["database": "database.path"]
        ).configuration
        let database = try Database(configuration.database, onlyToLook: word != "up")
        defer { database.close() }
        switch word {
        case "status": try status(of: database, arguments, console)
        case "verify":
            try Migrator.frontdesk.verify(database)
            console.out(arguments.has("json") ? #"{"ok":true}"# : "ok")
        default: try up(database, arguments, console)
        }
    }

    private static func status(
        of database: Database, _ arguments: Arguments, _ console: Console
    ) throws {
        let statuses = try Migrator.frontdesk.status(of: database)
        if arguments.has("json") {
            let list = statuses.map { status -> JSONValue in
                [
                    "name": .string(status.name), "applied_at": JSONValue(status.appliedAt),
                    "state": .string(status.state.rawValue),
                ]
            }
            return console.out(JSONValue.object(["migrations": .array(list)]).text)
        }
        for status in statuses {
            console.out("\(status.name)  \(status.appliedAt ?? "-")  \(status.state.rawValue)")
        }
    }

    private static func up(
        _ database: Database, _ arguments: Arguments, _ console: Console
    ) throws {
        let isDry = arguments.has("dry-run")
        let report =
            isDry
            ? try Migrator.frontdesk.dryRun(database, to: arguments["to"])
            : try Migrator.frontdesk.up(database, to: arguments["to"])
        if arguments.has("json") {
            let json: JSONValue = [
                "applied": .array(report.applied.map { .string($0) }),
                "copy": JSONValue(report.copy), "dry_run": .bool(isDry),
            ]
            return console.out(json.text)
        }
        if let copy = report.copy { console.note("copied the database to \(copy)") }
        for name in report.applied { console.out("\(isDry ? "would apply" : "applied") \(name)") }
        if report.applied.isEmpty { console.out("nothing to apply") }
    }
}
