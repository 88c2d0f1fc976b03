import SQLite
import Synchronization
import Testing

@testable import Frontdesk

@Suite struct ManyPullersTests {
    /// What all pullers together hold and have done.
    private final class Ledger: Sendable {
        private struct State {
            var held: Set<Int> = []
            var done: Set<Int> = []
            var newest: [String: Int] = [:]
            var mistakes: [String] = []
        }

        private let state = Mutex(State())

        /// Notes what a puller was given.
        func take(_ leases: [InboxLease]) {
            state.withLock { state in
                for lease in leases {
                    let row = lease.message.row
                    if !state.held.insert(row).inserted || state.done.contains(row) {
                        state.mistakes.append("\(row) was handed out twice")
                    }
                    guard let key = lease.message.orderingKey else { continue }
                    if let newest = state.newest[key], newest >= row {
                        state.mistakes.append("\(row) came after \(newest) of '\(key)'")
                    }
                    state.newest[key] = row
                }
            }
        }

        /// Notes what a puller is done with; returns how many are done in all.
        func finish(_ leases: [InboxLease], _ outcomes: [LeaseOutcome]) -> Int {
            state.withLock { state in
                for (lease, outcome) in zip(leases, outcomes) {
                    if outcome != .acked {
                        state.mistakes.append("\(lease.message.row) was \(outcome)")
                    }
                    state.held.remove(lease.message.row)
                    state.done.insert(lease.message.row)
                }
                return state.done.count
            }
        }

        var mistakes: [String] { state.withLock(\.mistakes) }
        var count: Int { state.withLock(\.done.count) }
    }

    @Test func `a hundred pullers get a hundred thousand messages, each once and in order`()
        async throws
    {
        let total = 100_000
        let world = try await InboxWorld(limits: InboxStore.Limits(depth: 1_000_000))
        let key = try await world.register()
        try await world.fill(key, total, keys: 400)
        #expect(try world.mistakes() == [])
        let inboxes = Inboxes(store: world.store, log: Log(level: .error), metrics: Metrics())
        let ledger = Ledger()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...100 {
                group.addTask {
                    while !inboxes.line.isStopped {
                        let leases = try await inboxes.pull(
                            key, LeaseOrder(count: 100, seconds: 600), wait: 20, isGone: { false })
                        ledger.take(leases)
                        let outcomes = try await inboxes.ack(key, leases.map(\.ackID))
                            .map(\.outcome)
                        if ledger.finish(leases, outcomes) == total { inboxes.beginStopping() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(ledger.count == total)
        #expect(ledger.mistakes == [])
        #expect(try world.mistakes() == [])
        let depth = try world.store.totals()
        #expect(depth == InboxDepth())
    }
}
