import Foundation
import JSON
import Migrations
import SQLite

extension Command {
    /// `frontdesk config`
    static let config = Command(
        name: "config", summary: "Print the effective configuration and where it came from.",
        usage: "config [--json]",
        details: ["--json  print one JSON object, with the sources of what is not a default"],
        switches: ["json"]
    ) { arguments, console in
        let loader = try arguments.configuration(console)
        if arguments.has("json") { return console.out(loader.json.text) }
        for setting in Setting.all {
            let source = loader.sources[setting.name] ?? .default
            let value = setting.read(loader.configuration).masked.text
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
    /// The configuration as a file would hold it, secrets masked; beside it, as files may have
    /// remarks, where its values came from.
    var json: JSONValue {
        var sections = JSONObject()
        for setting in Setting.all {
            let parts = setting.name.split(separator: ".").map(String.init)
            var section = sections[parts[0]]?.object ?? JSONObject()
            section[parts[1]] = setting.read(configuration).masked
            sections[parts[0]] = .object(section)
        }
        var places = JSONObject()
        for setting in Setting.all {
            places[setting.name] = sources[setting.name].map { .string($0.rawValue) }
        }
        sections["// sources"] = .object(places)
        return .object(sections)
    }
}

extension JSONValue {
    /// The value without what may be a secret: the values of header fields, and users, passwords
    /// and query values in addresses.
    fileprivate var masked: JSONValue {
        switch self {
        case .object(let object):
            var masked = JSONObject()
            for member in object.members {
                masked[member.key] =
                    member.key == "headers" ? member.value.hidden : member.value.masked
            }
            return .object(masked)
        case .array(let items): return .array(items.map(\.masked))
        case .string(let text): return .string(text.contains("://") ? text.maskedAddress : text)
        default: return self
        }
    }

    private var hidden: JSONValue {
        var hidden = JSONObject()
        for member in object?.members ?? [] { hidden[member.key] = "***" }
        return .object(hidden)
    }
}

extension String {
    fileprivate var maskedAddress: String {
        guard let scheme = firstRange(of: "://") else { return self }
        let parts = self[scheme.upperBound...].split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts[0]
        let end = place.firstIndex(of: "/") ?? place.endIndex
        let start = place[..<end].lastIndex(of: "@").map { place.index(after: $0) }
        return self[..<scheme.upperBound] + (start == nil ? "" : "***@")
            + place[(start ?? place.startIndex)...] + (parts.count == 1 ? "" : "?***")
    }
}
