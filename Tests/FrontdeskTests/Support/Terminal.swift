import Foundation
import SQLite
import Synchronization

@testable import Frontdesk

/// Where a test runs commands as a person would: a folder, an environment, and what was printed.
final class Terminal: Sendable {
    /// What a command came to.
    struct Outcome: Equatable {
        let code: Int32
        /// Standard output.
        var output = ""
        /// Standard error.
        var notes = ""
    }

    let folder: URL

    /// An empty folder, gone with this object.
    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "frontdesk-terminal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The path of a file in the folder.
    func file(_ name: String) -> String { folder.appending(path: name).path }

    /// Writes a file into the folder and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
        return file(name)
    }

    /// The database that commands use unless told otherwise.
    var database: String { file("frontdesk.db") }

    /// Runs a command line in this process.
    func run(_ words: String..., environment: [String: String] = [:]) async -> Outcome {
        await run(words, environment: environment)
    }

    /// Runs a command line in this process.
    ///
    /// `input` is what standard input holds, and `progress` is shown how far the work is.
    func run(
        _ words: [String], environment: [String: String] = [:], input: String? = nil,
        progress: (@Sendable (String) -> Void)? = nil
    ) async -> Outcome {
        let lines = Mutex(Outcome(code: 0))
        let own = ["FRONTDESK_DATABASE_PATH": database]
        let console = Console(
            out: { line in lines.withLock { $0.output += line + "\n" } },
            note: { line in lines.withLock { $0.notes += line + "\n" } },
            environment: own.merging(environment) { $1 }, progress: progress, input: { input })
        let code = await Main.run(words, console)
        return lines.withLock { Outcome(code: code, output: $0.output, notes: $0.notes) }
    }

    /// Opens the database for the length of `body`, when no command uses it.
    func withDatabase(_ body: (Database) async throws -> Void) async throws {
        let database = try migratedDatabase(at: database)
        defer { database.close() }
        try await body(database)
    }
}
