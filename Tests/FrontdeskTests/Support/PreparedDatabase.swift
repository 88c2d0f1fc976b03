import Foundation
import SQLite
import Synchronization

@testable import Frontdesk

/// Databases that are migrated already, with or without the demo data: made once, then copied.
enum PreparedDatabase {
    /// Puts a copy at `path`, whose folder is made.
    static func copy(to path: String, demo: Bool) async throws {
        let bytes = try await (demo ? withDemo : plain).value
        let file = URL(filePath: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
    }

    private static let plain = Task { try await make(demo: false) }
    private static let withDemo = Task { try await make(demo: true) }

    private static func make(demo: Bool) async throws -> Data {
        let folder = try TemporaryFolder()
        let path = folder.path + "/prepared.db"
        let database = try migratedDatabase(at: path)
        if demo {
            _ = try await database.loadDemo(reset: false)
        }
        // Closing folds the log in, so that the one file is everything.
        database.close()
        return try Data(contentsOf: URL(filePath: path))
    }
}

extension Database {
    /// Loads the demo data as of the day that test clocks show at first.
    func loadDemo(reset: Bool) async throws -> DemoData.Counts {
        let now = TestClock().now
        return try await write { try DemoData.load(in: $0, reset: reset, at: now) }
    }
}

/// Lets so many services live at once: a test process with thousands of open files helps nobody.
final class ServicePlace: Sendable {
    private struct State {
        var free = 32
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private static let state = Mutex(State())

    /// Returns when there is a place, which is given back with the object.
    init() async {
        await withCheckedContinuation { continuation in
            let isFree = Self.state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    deinit {
        let next: CheckedContinuation<Void, Never>? = Self.state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
