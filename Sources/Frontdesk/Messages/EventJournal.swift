import Synchronization

/// Brings the events of all running turns to disk together, at most once per interval.
final class EventJournal: Sendable {
    private struct State {
        /// The queues that hold something.
        var waiting: [ObjectIdentifier: EventQueue] = [:]
        var isRunning = false
        var flushedAt: ContinuousClock.Instant?
    }

    private let store: TurnStore
    private let interval: Duration
    private let log: Log
    private let state = Mutex(State())

    /// A journal that commits at most once per `interval`.
    init(store: TurnStore, interval: Duration, log: Log) {
        self.store = store
        self.interval = interval
        self.log = log
    }

    /// Says that a queue holds events, which go with the next commit.
    func note(_ queue: EventQueue) {
        let starts = state.withLock { state in
            state.waiting[ObjectIdentifier(queue)] = queue
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts { Task { await run() } }
    }

    /// Commits what a queue holds at once.
    func flush(_ queue: EventQueue) async {
        await commit([queue])
    }

    /// Commits until nothing waits.
    private func run() async {
        while true {
            if let flushedAt = state.withLock({ $0.flushedAt }) {
                let rest = interval - (ContinuousClock.now - flushedAt)
                if rest > .zero { try? await Task.sleep(for: rest) }
            }
            let queues = state.withLock { state in
                defer { state.waiting = [:] }
                if state.waiting.isEmpty { state.isRunning = false }
                state.flushedAt = ContinuousClock.now
                return Array(state.waiting.values)
            }
            if queues.isEmpty { return }
            await commit(queues)
        }
    }

    private func commit(_ queues: [EventQueue]) async {
        let batches = queues.compactMap { queue in
            queue.take().map { TurnStore.Batch(queue: queue, events: $0) }
        }
        guard !batches.isEmpty else { return }
        do {
            try await store.append(batches)
            for batch in batches { batch.queue.markCommitted() }
        } catch {
            // The end of each turn brings its events once more.
            for batch in batches { batch.queue.giveBack() }
            log.error("journal.failed", [("error", .text("\(error)"))])
        }
    }
}
