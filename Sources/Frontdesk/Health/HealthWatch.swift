import Synchronization

/// Looks at an interval for agents that have fallen silent.
final class HealthWatch: Sendable {
    /// Agents made stale in one write.
    private static let batch = 100

    private let store: HealthStore
    private let interval: Int
    private let log: Log
    /// While the server was away nobody could report, so silence counts from here at the least.
    private let startedAt: Timestamp
    private let isStopped = Atomic<Bool>(false)
    private let timer = IntervalTimer()

    /// A watch that rests until `start`; `interval` is in seconds.
    init(store: HealthStore, interval: Int, log: Log) {
        self.store = store
        self.interval = interval
        self.log = log
        startedAt = store.mappings.clock.now()
    }

    /// Looks every interval from now on, if silence means anything.
    func start() {
        guard store.rules.staleAfter != nil else { return }
        timer.start(every: Double(interval)) { [weak self] in await self?.lookAndReport() }
    }

    /// Looks no more.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        timer.stop()
    }

    /// Makes everyone stale who has been silent for long enough, and returns how many.
    @discardableResult
    func look() async throws -> Int {
        guard let staleAfter = store.rules.staleAfter else { return 0 }
        let instant = store.mappings.clock.now().adding(seconds: -staleAfter)
        guard startedAt <= instant else { return 0 }
        var count = 0
        while try !isStopped.load(ordering: .relaxed) && store.isAnySilent(since: instant) {
            count += try await store.markSilent(since: instant, atMost: Self.batch)
        }
        return count
    }

    private func lookAndReport() async {
        do {
            try await look()
        } catch {
            log.error("health.look_failed", [("error", .text("\(error)"))])
        }
    }
}
