import Foundation
import JSON
import Migrations
import SQLite

extension Command {
    /// `frontdesk config`
    static let config = Command(
        name: "config", summary: "Print the effective configuration and where it came from.",
        usage: "config [--json]", details: ["--json  print one JSON object"], switches: ["json"]
    ) { arguments, console in
        let loader = try arguments.configuration(console)
        if arguments.has("json") { return console.out(loader.json.text) }
        for setting in Setting.all {
            let source = loader.sources[setting.name] ?? .default
            let value = setting.read(loader.configuration).text
            console.out("\(setting.name) = \(value)  # \(source.rawValue)")
        }
    }

    /// `frontdesk openapi`
    static let openapi = Command(
        name: "openapi", summary: "Print the OpenAPI document.", usage: "openapi"
    ) { arguments, console in
        let configuration = try arguments.configuration(console).configuration
        // The routes know their stores, so they need a database, if only an empty one.
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("frontdesk-openapi-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try Database(path: folder.appendingPathComponent("empty.db").path)
        defer { database.close() }
        let app = try App(configuration, database: database, log: Log(level: .error))
        console.out(app.document.text)
    }

    /// `frontdesk version`
    static let version = Command(
        name: "version", summary: "Print the versions of the program and what it stands on.",
        usage: "version [--json]", details: ["--json  print one JSON object"], switches: ["json"]
    ) { arguments, console in
        let facts = [
            ("frontdesk", Product.version), ("swift", Versions.swift),
            ("sqlite", Versions.sqlite), ("libmicrohttpd", Versions.libmicrohttpd),
            ("schema", MigrationFiles.all.last?.name ?? "-"),
        ]
        if arguments.has("json") {
            var object = JSONObject()
            for (name, value) in facts { object[name] = .string(value) }
            return console.out(JSONValue.object(object).text)
        }
        for (name, value) in facts { console.out("\(name) \(value)") }
    }
}

extension ConfigurationLoader {
    /// The configuration as the file would hold it.
    var json: JSONValue {
        var sections = JSONObject()
        for setting in Setting.all {
            let parts = setting.name.split(separator: ".").map(String.init)
            var section = sections[parts[0]]?.object ?? JSONObject()
            section[parts[1]] = setting.read(configuration)
            sections[parts[0]] = .object(section)
        }
        return .object(sections)
    }
}
