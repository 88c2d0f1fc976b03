import JSON
import SQLite

extension Command {
    /// `frontdesk cleanup`
    static let cleanup = Command(
        name: "cleanup", summary: "Do the sweeper's work once, now.",
        usage: "cleanup [--dry-run] [--json]",
        details: [
            "--dry-run  only tell what would be done",
            "--json     print one JSON object",
        ],
        switches: ["dry-run", "json"]
    ) { arguments, console in
        try await withApp(arguments, console) { app in
            let isDry = arguments.has("dry-run")
            let report = isDry ? try app.sweeper.preview() : try await app.sweeper.sweep()
            if arguments.has("json") {
                return console.out(report.json(isDry: isDry).text)
            }
            for entry in report.entries {
                let verb =
                    switch (entry.chore.deed, isDry) {
                    case (.removes, false): "removed"
                    case (.removes, true): "would be removed"
                    case (.expires, false): "expired"
                    case (.expires, true): "would expire"
                    case (.cancels, false): "cancelled"
                    case (.cancels, true): "would be cancelled"
                    }
                console.out("\(entry.chore.name): \(entry.count) \(verb)")
            }
        }
    }

    /// `frontdesk demo-data`
    static let demoData = Command(
        name: "demo-data", summary: "Load the demo data; rows that exist stay.",
        usage: "demo-data [--reset] [--json]",
        details: [
            "--reset  restore demo rows that were changed",
            "--json   print one JSON object",
        ],
        switches: ["reset", "json"]
    ) { arguments, console in
        try await withApp(arguments, console) { app in
            let reset = arguments.has("reset")
            let settings = app.configuration.tickets
            let now = Clock.system.now()
            let counts = try await app.database.write { connection in
                try DemoData.load(in: connection, reset: reset, at: now, tickets: settings)
            }
            if arguments.has("json") {
                let json: JSONValue = [
                    "orders": JSONValue(counts.orders), "complaints": JSONValue(counts.complaints),
                    "customers": JSONValue(counts.customers), "tickets": JSONValue(counts.tickets),
                    "users": JSONValue(counts.users),
                ]
                return console.out(json.text)
            }
            console.out("orders: \(counts.orders)")
            console.out("complaints: \(counts.complaints)")
            console.out("customers: \(counts.customers)")
            console.out("tickets: \(counts.tickets)")
            console.out("users: \(counts.users)")
        }
    }

    /// `frontdesk emails release`
    static let emails = Command(
        name: "emails", summary: "Turn held e-mails into queued ones.",
        usage: "emails release [--tenant T] [--json]",
        details: [
            "--tenant T  only those of one tenant",
            "--json      print one JSON object",
        ],
        valued: ["tenant"], switches: ["json"], operands: 1
    ) { arguments, console in
        guard arguments.operands == ["release"] else {
            throw Arguments.Misuse(text: "'emails' needs the word 'release'")
        }
        let tenant = try arguments.tenant()
        try await withApp(arguments, console) { app in
            let email = app.configuration.email
            guard !email.smtpURL.isEmpty, !email.sender.isEmpty else {
                throw CommandFailure(
                    text: "outgoing mail is not configured: set 'email.smtp_url' and "
                        + "'email.sender' first")
            }
            let count = try await app.emails.release(tenant: tenant, at: Clock.system.now())
            let json: JSONValue = ["released": JSONValue(count)]
            console.out(arguments.has("json") ? json.text : "released: \(count)")
        }
    }

    /// Runs `body` on the product over the configured database, beside a server if there is one.
    static func withApp(
        _ arguments: Arguments, _ console: Console, _ body: (App) async throws -> Void
    ) async throws {
        let configuration = try arguments.configuration(console).configuration
        let log = Log(level: .warning, format: configuration.log.format)
        let database = try Database.shared(configuration.database, log: log)
        defer { database.close() }
        let app = try App(
            configuration, database: database, log: log,
            surroundings: App.Surroundings(environment: console.environment))
        try await body(app)
        log.flush()
    }
}

extension Sweeper.Report {
    fileprivate func json(isDry: Bool) -> JSONValue {
        var json: JSONObject = ["dry_run": .bool(isDry)]
        for entry in entries { json["\(entry.chore.label)"] = JSONValue(entry.count) }
        return .object(json)
    }
}
