import Crypto
import Foundation
import JSON
import SQLite

extension Command {
    /// `frontdesk backup`
    static let backup = Command(
        name: "backup", summary: "Copy the database to a file, also beside a running server.",
        usage: "backup PATH [--keep N] [--json]",
        details: [
            "PATH      a file that does not exist yet, or a folder, where it is named by the time",
            "--keep N  in a folder: remove all such copies but the newest N",
            "--json    print one JSON object",
        ],
        valued: ["keep"], switches: ["json"], operands: 1
    ) { arguments, console in
        guard let path = arguments.operands.first, !path.isEmpty else {
            throw Arguments.Misuse(text: "'backup' needs the path of a file or folder")
        }
        let kept = try arguments["keep"].map { text in
            guard let count = Int(text), (1...10_000).contains(count) else {
                throw Arguments.Misuse(text: "--keep takes a number from 1 to 10000, not '\(text)'")
            }
            return count
        }
        let configuration = try arguments.configuration(console).configuration
        let database = try Database(configuration.database, onlyToLook: true)
        defer { database.close() }
        let folder = BackupFolder(path: path, database: database.path)
        guard kept == nil || folder != nil else {
            throw Arguments.Misuse(text: "--keep goes with a folder, and '\(path)' is none")
        }
        let copy = try {
            defer { console.progress?("") }
            return try database.backup(to: folder?.newPath(at: Clock.system.now()) ?? path) {
                done, all in console.progress?("\(done) of \(all) pages")
            }
        }()
        let removed = try kept.flatMap { try folder?.removeAll(butNewest: $0) } ?? []
        let digest = try sha256(ofFile: copy.path)
        guard arguments.has("json") else {
            for line in copy.lines(sha256: digest, removed: removed) { console.out(line) }
            return
        }
        console.out(copy.json(sha256: digest, removed: removed).text)
    }

    /// `frontdesk restore`
    static let restore = Command(
        name: "restore", summary: "Put a copy in the place of the database, which is kept.",
        usage: "restore PATH [--json]",
        details: [
            "PATH    a copy that 'backup' made; it stays as it is",
            "--json  print one JSON object",
        ],
        switches: ["json"], operands: 1
    ) { arguments, console in
        guard let path = arguments.operands.first, !path.isEmpty else {
            throw Arguments.Misuse(text: "'restore' needs the path of a copy")
        }
        let configuration = try arguments.configuration(console).configuration
        let report = try Migrator.frontdesk.restore(configuration.database.path, from: path)
        if arguments.has("json") {
            let json: JSONValue = [
                "database": .string(report.database.path), "kept": JSONValue(report.kept),
                "pages": JSONValue(report.database.pages),
                "rows": report.database.rowsAsJSON,
                "pending_migrations": .array(report.pending.map { .string($0) }),
            ]
            return console.out(json.text)
        }
        console.out("database: \(report.database.path)")
        for line in report.database.rowLines { console.out(line) }
        if let kept = report.kept { console.note("kept what was there as \(kept)") }
        for name in report.pending { console.note("the next start applies \(name)") }
    }

    private static func sha256(ofFile path: String) throws -> String {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        let digest = try SHA256()
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            try piece.withUnsafeBytes { try digest.update($0) }
        }
        return try digest.finish()
    }
}

/// A folder of copies named by their time: `frontdesk-20261121T230405Z.db`.
private struct BackupFolder {
    private let folder: URL
    private let stem: String

    /// The folder at `path`, nil when there is none; copies are called after the database.
    init?(path: String, database: String) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else { return nil }
        folder = URL(fileURLWithPath: path, isDirectory: true)
        stem = URL(fileURLWithPath: database).deletingPathExtension().lastPathComponent
    }

    /// The path of a copy made at this time.
    func newPath(at time: Timestamp) -> String {
        let digits = time.text.prefix(19).filter { $0 != "-" && $0 != ":" }
        return folder.appending(path: "\(stem)-\(digits)Z.db").path
    }

    /// Removes all copies but the newest and returns their paths, oldest first.
    func removeAll(butNewest count: Int) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let old = names.filter(isCopy).sorted().dropLast(count)
        let paths = old.map { folder.appending(path: $0).path }
        for path in paths { try FileManager.default.removeItem(atPath: path) }
        return paths
    }

    private func isCopy(_ name: String) -> Bool {
        guard name.hasPrefix(stem + "-"), name.hasSuffix("Z.db") else { return false }
        let time = name.dropFirst(stem.count + 1).dropLast(4)
        let shape = time.map { $0.isASCII && $0.isNumber ? "0" : $0 }
        return String(shape) == "00000000T000000"
    }
}

extension Database.Backup {
    /// The rows of its tables.
    fileprivate var rowsAsJSON: JSONValue {
        var json = JSONObject()
        for (table, count) in rows.sorted(by: { $0.key < $1.key }) {
            json[table] = JSONValue(count)
        }
        return .object(json)
    }

    /// The same, a line each.
    fileprivate var rowLines: [String] {
        rows.sorted { $0.key < $1.key }.map { "rows in \($0.key): \($0.value)" }
    }

    fileprivate func json(sha256: String, removed: [String]) -> JSONValue {
        [
            "path": .string(path), "bytes": JSONValue(bytes), "pages": JSONValue(pages),
            "sha256": .string(sha256), "rows": rowsAsJSON,
            "removed": .array(removed.map { .string($0) }),
        ]
    }

    fileprivate func lines(sha256: String, removed: [String]) -> [String] {
        ["path: \(path)", "bytes: \(bytes)", "pages: \(pages)", "sha256: \(sha256)"]
            + rowLines + removed.map { "removed: \($0)" }
    }
}
