import Foundation
@testable import SQLite

/// A folder for one test, removed with all it holds when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("sqlite-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The library names files without symbolic links; so do the tests.
        path = folder.resolvingSymlinksInPath().path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in the folder.
    func file(_ name: String) -> String { path + "/" + name }

    /// The names of the files in the folder, sorted.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    /// Opens `test.db` in the folder.
    func database(_ change: (inout Database.Options) -> Void = { _ in }) throws -> Database {
        var options = Database.Options()
        change(&options)
        return try Database(path: file("test.db"), options: options)
    }

    /// Opens `test.db` with an empty table `notes (id, text)`.
    func notes(_ change: (inout Database.Options) -> Void = { _ in }) async throws -> Database {
        let database = try database(change)
        try await database.write {
            try $0.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT")
        }
        return database
    }
}

extension Database {
    /// All texts of the table `notes`, in the order of their ids.
    func texts() throws -> [String] {
        try read { try $0.all("SELECT text FROM notes ORDER BY id") { try $0.text(0) } }
    }

    /// Adds a row to the table `notes`.
    func add(_ text: String) async throws {
        try await write { try $0.execute("INSERT INTO notes (text) VALUES (\(text))") }
    }
}

/// Returns the `DatabaseError` that `body` throws, or nil.
func failure<T>(of body: () async throws -> T) async throws -> DatabaseError? {
    do {
        _ = try await body()
        return nil
    } catch let error as DatabaseError {
        return error
    }
}
