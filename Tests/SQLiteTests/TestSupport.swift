import Dispatch
import Foundation
import Synchronization

@testable import SQLite

/// Holds a `write` or `read` inside its body until the test lets it go on.
final class Gate: Sendable {
    private let entrance = Atomic<Bool>(false)
    private let opening = DispatchSemaphore(value: 0)

    /// Whether somebody waits inside.
    var isEntered: Bool { entrance.load(ordering: .acquiring) }

    /// Waits inside a body.
    func pass() {
        entrance.store(true, ordering: .releasing)
        opening.wait()
    }

    /// Lets one body go on.
    func open() {
        opening.signal()
    }
}

/// Something that happens once, seen by other tasks.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() {
        value.store(true, ordering: .releasing)
    }
}

/// Gives way until `condition` holds; the test's time limit ends a wait in vain.
func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}

/// Runs blocking `body` on a thread of its own, so that the tasks' few threads stay free.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Foundation.Thread {
            continuation.resume(with: Result { try body() })
        }.start()
    }
}

extension Database {
    /// Keeps the writer busy with one write until the gate opens; returns once it is inside.
    func hold(_ gate: Gate) async -> Task<Void, any Error> {
        let task = Task { try await self.write { _ in gate.pass() } }
        await until { gate.isEntered }
        return task
    }

    /// Queues `body` behind everything that waits already, and returns at once.
    func queue<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Connection) throws -> T
    ) async -> Task<T, any Error> {
        let before = statistics.queueDepth
        let task = Task { try await self.write(body) }
        await until { self.statistics.queueDepth > before }
        return task
    }
}
