import Foundation
import JSON

extension Command {
    /// `frontdesk import`
    static let importing = Command(
        name: "import", summary: "Add customers or tickets from a CSV file, all or none.",
        usage: "import customers|tickets FILE.csv [--tenant T] [--update] [--dry-run] [--json]",
        details: [
            "--tenant T  whose rows they become; 'default' if left out",
            "--update    overwrite rows that exist instead of skipping them",
            "--dry-run   only tell what would be done",
            "--json      print one JSON object",
        ],
        valued: ["tenant"], switches: ["update", "dry-run", "json"], operands: 2
    ) { arguments, console in
        guard arguments.operands.count == 2,
            let kind = ImportKind(rawValue: arguments.operands[0])
        else { throw Arguments.Misuse(text: "'import' needs 'customers' or 'tickets' and a file") }
        let path = arguments.operands[1]
        let tenant = try arguments.tenant() ?? .default
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(text: "the file '\(path)' cannot be read")
        }
        try await withApp(arguments, console) { app in
            let store = app.importing(
                for: tenant, arguments,
                progress: { done in
                    console.progress?("\(done) rows")
                })
            do {
                let report = try await app.add([UInt8](data), kind, store)
                console.progress?("")
                console.out(report.text(asJSON: arguments.has("json"), isDry: store.isDry))
            } catch let bad as BadLines {
                console.progress?("")
                for line in bad.lines { console.note("line \(line.line) \(line.problem)") }
                let count = bad.lines.count == 1 ? "1 problem" : "\(bad.lines.count) problems"
                throw CommandFailure(text: "nothing was imported from '\(path)': \(count)")
            }
        }
    }
}

/// What a file can hold.
private enum ImportKind: String {
    case customers, tickets
}

extension App {
    /// Imports into a tenant as the options say.
    fileprivate func importing(
        for tenant: Tenant, _ arguments: Arguments, progress: @escaping @Sendable (Int) -> Void
    ) -> ImportStore {
        ImportStore(
            database: database, ids: IDMaker(clock: .system), clock: .system, tenant: tenant,
            updates: arguments.has("update"), isDry: arguments.has("dry-run"),
            progress: progress)
    }

    /// Imports a file's bytes. Throws `BadLines`.
    fileprivate func add(
        _ bytes: [UInt8], _ kind: ImportKind, _ store: ImportStore
    ) async throws -> ImportStore.Report {
        let settings = configuration.tickets
        return switch kind {
        case .customers: try await store.add(ImportFile(customers: bytes))
        case .tickets:
            try await store.add(
                ImportFile(tickets: bytes, zone: settings.zone), currency: settings.currency)
        }
    }
}

extension ImportStore.Report {
    /// What is printed.
    fileprivate func text(asJSON: Bool, isDry: Bool) -> String {
        if asJSON {
            let json: JSONValue = [
                "dry_run": .bool(isDry), "added": JSONValue(added), "updated": JSONValue(updated),
                "skipped": JSONValue(skipped),
            ]
            return json.text
        }
        let would = isDry ? "would be " : ""
        return "\(would)added: \(added)\n\(would)updated: \(updated)\n\(would)skipped: \(skipped)"
    }
}

extension Arguments {
    /// The tenant that `--tenant` names, nil without it. Throws `Misuse`.
    func tenant() throws -> Tenant? {
        guard let name = self["tenant"] else { return nil }
        guard let tenant = Tenant(name) else {
            throw Misuse(text: "--tenant '\(name)' is no tenant's name")
        }
        return tenant
    }
}
