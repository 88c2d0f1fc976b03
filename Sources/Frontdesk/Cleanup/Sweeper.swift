import Dispatch
import Synchronization

/// Removes what is past its time, at an interval and on demand, giving way to other writers.
final class Sweeper: Sendable {
    /// What one sweep removed.
    struct Report: Sendable, Equatable {
        var sessions = 0
        var idempotencyKeys = 0
        var healthChecks = 0
        /// Active tickets that became expired; nothing of them is removed.
        var ticketsExpired = 0
        var priceQuotes = 0
        var inboxMessages = 0
    }

    private let sessions: SessionStore
    private let idempotency: IdempotencyStore
    private let health: HealthStore
    private let tickets: TicketsPart
    private let inboxes: Inboxes
    private let interval: Int
    private let log: Log
    private let metrics: Metrics
    private let isSweeping = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)
    private let timer = Mutex<(any DispatchSourceTimer)?>(nil)

    /// A sweeper that rests until `start`; `interval` is in seconds.
    init(
        sessions: SessionStore, idempotency: IdempotencyStore, health: HealthStore,
        tickets: TicketsPart, inboxes: Inboxes, interval: Int, log: Log, metrics: Metrics
    ) {
        self.sessions = sessions
        self.idempotency = idempotency
        self.health = health
        self.tickets = tickets
        self.inboxes = inboxes
        self.interval = interval
        self.log = log
        self.metrics = metrics
    }

    /// Sweeps every interval from now on.
    func start() {
        timer.withLock { timer in
            let source = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
            source.setEventHandler { [weak self] in
                guard let self else { return }
                Task { await self.sweepAndReport() }
            }
            source.schedule(
                deadline: .now() + .seconds(interval), repeating: .seconds(interval),
                leeway: .seconds(1))
            source.activate()
            timer = source
        }
    }

    /// Ends a running sweep after its present batch and begins no other.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        timer.withLock { timer in
            timer?.cancel()
            timer = nil
        }
    }

    /// Removes everything due, oldest first; `progress` is told of each batch.
    func sweep() async throws -> Report {
        var report = Report()
        let instant = sessions.lifetime.purge(at: sessions.clock.now())
        for tenant in try sessions.tenantsDue(before: instant) {
            while !isStopped.load(ordering: .relaxed) {
                let begun = ContinuousClock.now
                let (count, more) = try await sessions.removeBatch(of: tenant, before: instant)
                report.sessions += count
                if !more { break }
                await giveWay(since: begun)
            }
        }
        report.idempotencyKeys = try await removeBatches(idempotency.removeBatch)
        report.healthChecks = try await removeBatches(health.removeBatch)
        for inbox in try inboxes.store.inboxes() {
            report.inboxMessages += try await removeBatches { limit in
                try await inboxes.removeBatch(of: inbox, atMost: limit)
            }
        }
        for key in try health.mappings.removalsUnderWay() {
            if isStopped.load(ordering: .relaxed) { break }
            try await health.mappings.finishRemoval(of: key)
        }
        let today = tickets.pricing.today(at: sessions.clock.now())
        report.ticketsExpired = try await removeBatches { [tickets] in
            try await tickets.tickets.expireBatch(before: today, atMost: $0)
        }
        report.priceQuotes = try await removeBatches(tickets.quotes.removeBatch)
        return report
    }

    /// Removes rows batch by batch until a batch is not full, and returns how many.
    private func removeBatches(_ remove: (Int) async throws -> Int) async throws -> Int {
        var total = 0
        while !isStopped.load(ordering: .relaxed) {
            let begun = ContinuousClock.now
            let count = try await remove(sessions.batch)
            total += count
            if count < sessions.batch { break }
            await giveWay(since: begun)
        }
        return total
    }

    /// What a sweep would remove now.
    func preview() throws -> Report {
        let instant = sessions.lifetime.purge(at: sessions.clock.now())
        var report = Report()
        for tenant in try sessions.tenantsDue(before: instant) {
            report.sessions += try sessions.countDue(of: tenant, before: instant)
        }
        report.idempotencyKeys = try idempotency.countDue()
        report.healthChecks = try health.countDue()
        let today = tickets.pricing.today(at: sessions.clock.now())
        report.ticketsExpired = try tickets.tickets.countExpiring(before: today)
        report.priceQuotes = try tickets.quotes.countDue()
        for inbox in try inboxes.store.inboxes() {
            report.inboxMessages += try inboxes.store.countDue(of: inbox)
        }
        return report
    }

    private func sweepAndReport() async {
        let (begins, _) = isSweeping.compareExchange(
            expected: false, desired: true, ordering: .acquiringAndReleasing)
        guard begins, !isStopped.load(ordering: .relaxed) else { return }
        defer { isSweeping.store(false, ordering: .releasing) }
        let begun = ContinuousClock.now
        do {
            let report = try await sweep()
            let duration = ContinuousClock.now - begun
            metrics.count("frontdesk_sweeps_total", "Sweeps done.")
            metrics.count(
                "frontdesk_swept_sessions_total", "Sessions removed by sweeps.",
                by: report.sessions)
            guard report != Report() else { return }
            log.info(
                "session.purged",
                [
                    ("count", .integer(report.sessions)),
                    ("idempotency_keys", .integer(report.idempotencyKeys)),
                    ("agent_health_checks", .integer(report.healthChecks)),
                    ("tickets_expired", .integer(report.ticketsExpired)),
                    ("price_quotes", .integer(report.priceQuotes)),
                    ("inbox_messages", .integer(report.inboxMessages)),
                    ("ms", .decimal(duration.milliseconds)),
                ])
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
