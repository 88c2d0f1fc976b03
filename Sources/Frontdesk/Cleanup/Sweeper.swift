import Synchronization

/// Removes what is past its time, at an interval and on demand, giving way to other writers.
final class Sweeper: Sendable {
    private let chores: [Chore]
    /// How many rows a batch may hold.
    private let batch: Int
    private let interval: Int
    private let log: Log
    private let metrics: Metrics
    private let isStopped = Atomic<Bool>(false)
    private let timer = IntervalTimer()

    /// A sweeper that rests until `start`; `interval` is in seconds.
    init(_ chores: [Chore], batch: Int, interval: Int, log: Log, metrics: Metrics) {
        self.chores = chores
        self.batch = batch
        self.interval = interval
        self.log = log
        self.metrics = metrics
    }

    /// Sweeps every interval from now on.
    func start() {
        timer.start(every: Double(interval)) { [weak self] in await self?.sweepAndReport() }
    }

    /// Ends a running sweep after its present batch and begins no other.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        timer.stop()
    }

    /// Does all chores, one after the other.
    func sweep() async throws -> Report {
        var report = Report()
        for chore in chores where !isStopped.load(ordering: .relaxed) {
            report.add(chore, try await chore.work(self))
        }
        return report
    }

    /// What a sweep would do now.
    func preview() throws -> Report {
        var report = Report()
        for chore in chores { report.add(chore, try chore.countDue()) }
        return report
    }

    /// Works batch by batch until one is not full, and returns how many rows it was.
    func work(_ batch: (_ limit: Int) async throws -> Int) async throws -> Int {
        try await work { limit in
            let count = try await batch(limit)
            return (count, more: count >= limit)
        }
    }

    /// Works batch by batch until there is no more, and returns how many rows it was.
    func work(
        _ batch: (_ limit: Int) async throws -> (count: Int, more: Bool)
    ) async throws -> Int {
        var total = 0
        while !isStopped.load(ordering: .relaxed) {
            let begun = ContinuousClock.now
            let (count, more) = try await batch(self.batch)
            total += count
            if !more { break }
            await giveWay(since: begun)
        }
        return total
    }

    private func sweepAndReport() async {
        guard !isStopped.load(ordering: .relaxed) else { return }
        let begun = ContinuousClock.now
        do {
            let report = try await sweep()
            let duration = ContinuousClock.now - begun
            metrics.count("frontdesk_sweeps_total", "Sweeps done.")
            for entry in report.entries where entry.count > 0 {
                metrics.count(
                    "frontdesk_swept_total", "Rows that sweeps removed or let expire.",
                    labels: "what=\"\(entry.chore.name)\"", by: entry.count)
            }
            guard !report.isEmpty else { return }
            let ms: (StaticString, Log.Value) = ("ms", .decimal(duration.milliseconds))
            let sessions = report["sessions"]
            if sessions > 0 { log.info("session.purged", [("count", .integer(sessions)), ms]) }
            log.info(
                "sweep.done",
                report.entries.map { ($0.chore.label, .integer($0.count)) } + [ms])
        } catch {
            log.warning("sweep.failed", [("error", .text("\(error)"))])
        }
    }

    /// Pauses for twice as long as the batch took, so that sweeping never fills the writer's time.
    private func giveWay(since begun: ContinuousClock.Instant) async {
        try? await Task.sleep(for: (ContinuousClock.now - begun) * 2)
    }
}

extension Duration {
    /// The duration in milliseconds.
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}
