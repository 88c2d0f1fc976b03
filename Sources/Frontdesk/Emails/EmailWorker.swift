import HTTPClient
import Synchronization

/// Sends what is due in the outbox, a few messages side by side, and writes what became of them.
final class EmailWorker: Sendable {
    /// Messages that are sent at once.
    static let width = 4
    /// Seconds for which a message belongs to the one who sends it; more than sending may take.
    static let lease = 300.0

    private struct State {
        var isStopped = false
        /// Whether a message may have become due that the running tasks have not looked for.
        var isCalled = false
        var tasks = TaskList()
    }

    private let store: EmailStore
    private let delivery: EmailDelivery?
    private let clock: Clock
    private let log: Log
    private let metrics: Metrics
    private let timer = IntervalTimer()
    private let state = Mutex(State())

    /// A worker that sends nothing before `start`, `wake` or `deliverDue`, and nothing at all
    /// when no mail server is configured.
    init(
        store: EmailStore, settings: EmailSettings, clock: Clock, log: Log, metrics: Metrics
    ) {
        self.store = store
        self.clock = clock
        self.log = log
        self.metrics = metrics
        delivery = EmailDelivery(settings: settings, width: Self.width)
    }

    /// Looks every second for what is due: new tries, and messages that another process released.
    func start(every seconds: Double = 1) {
        guard delivery != nil else { return }
        timer.start(every: seconds, atOnce: true) { [weak self] in self?.look() }
    }

    /// Says that new messages are committed, which are then sent at once.
    func wake() {
        guard delivery != nil else { return }
        state.withLock { state in
            guard !state.isStopped else { return }
            guard state.tasks.count < Self.width else {
                state.isCalled = true
                return
            }
            state.tasks.start { await self.work(as: $0) }
        }
    }

    /// Sends what is due now and returns when nothing more is.
    func deliverDue() async {
        wake()
        while let task = state.withLock({ $0.tasks.first }) { await task.value }
    }

    /// Takes no more messages, waits for those on their way, and breaks off what takes longer
    /// than `seconds`; a message broken off is tried again when its lease runs out.
    func stop(within seconds: Double) async {
        timer.stop()
        let tasks = state.withLock { state in
            state.isStopped = true
            return state.tasks.all
        }
        await tasks.finish(within: seconds)
    }

    private func look() {
        do {
            if try store.isAnyDue(at: clock.now()) { wake() }
        } catch {
            log.error("email.look_failed", [("error", .text("\(error)"))])
        }
    }
}

// MARK: - One task

extension EmailWorker {
    /// Sends one message after the other until none is due.
    private func work(as number: Int) async {
        while true {
            do {
                while let lease = try await next() {
                    // There may be more than this one, and there may be room for another task.
                    wake()
                    await send(lease)
                }
                if isDone(number) { return }
            } catch {
                log.error("email.look_failed", [("error", .text("\(error)"))])
                state.withLock { $0.tasks.remove(number) }
                return
            }
        }
    }

    private func next() async throws -> EmailStore.Lease? {
        guard !state.withLock(\.isStopped) else { return nil }
        let now = clock.now()
        guard try store.isAnyDue(at: now) else { return nil }
        return try await store.lease(at: now, until: now.adding(seconds: Self.lease))
    }

    /// Whether nothing came in since this task looked; then it is taken off the list.
    private func isDone(_ number: Int) -> Bool {
        state.withLock { state in
            if state.isCalled, !state.isStopped {
                state.isCalled = false
                return false
            }
            state.tasks.remove(number)
            return true
        }
    }

    private func send(_ lease: EmailStore.Lease) async {
        guard let delivery else { return }
        do {
            let outcome = try await delivery.attempt(lease.email)
            try await write(outcome, of: lease)
        } catch is CancellationError {
            log.warning("email.broken_off", fields(lease.email))
        } catch {
            // The lease runs out, and then the message is tried again.
            log.error("email.outcome_lost", fields(lease.email) + [("error", .text("\(error)"))])
        }
    }

    private func write(_ outcome: EmailDelivery.Outcome, of lease: EmailStore.Lease) async throws {
        let now = clock.now()
        let email = lease.email
        let isOurs: Bool
        switch outcome {
        case .sent:
            isOurs = try await store.markSent(lease, at: now)
            log.info("email.sent", fields(email))
        case .retry(let seconds, let error):
            isOurs = try await store.retry(lease, at: now.adding(seconds: seconds), error: error)
            log.warning("email.delayed", fields(email) + [("error", .text(error))])
        case .failed(let error):
            isOurs = try await store.markFailed(lease, error: error)
            log.error("email.failed", fields(email) + [("error", .text(error))])
        }
        if !isOurs { log.warning("email.lease_lost", fields(email)) }
        metrics.count(
            "frontdesk_email_attempts_total", "Attempts to send an e-mail.",
            labels: "outcome=\"\(outcome.word)\"")
    }

    private func fields(_ email: Email) -> [(StaticString, Log.Value)] {
        [
            ("email_id", .text(email.id)), ("tenant", .text(email.tenant.name)),
            ("kind", .text(email.kind)), ("attempt", .integer(email.attempts)),
            ("request_id", .text(email.requestID)),
        ]
    }
}
