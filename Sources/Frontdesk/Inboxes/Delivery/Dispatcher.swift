import Synchronization

/// Hands messages over to webhooks and topics: the one deliverer of this server.
///
/// Every mapping has a lane of its own, with a few attempts under way and a breaker, so that a slow
/// or broken place delays nobody else. What is to be done is in the database alone: a message that
/// was in the hands of a server that died is tried again when its lease has ended.
final class Dispatcher: Sendable {
    /// What a dispatcher works with.
    struct Environment: Sendable {
        let store: InboxStore
        let mappings: MappingStore
        let deliveries: [any Delivery]
        let clock: Clock
        let log: Log
        let metrics: Metrics
        var ladder = RetryLadder()
        var breaker = Breaker.Limits()
    }

    private struct Lane {
        var running = 0
        /// Whether somebody looks for messages of this mapping.
        var isLooking = false
        /// Whether there may be messages that the one who looks has not seen.
        var isCalled = false
        /// The place that the breaker knows.
        var route: InboxStore.Route?
        var breaker: Breaker
    }

    private struct State {
        var lanes: [Mapping.Key: Lane] = [:]
        var tasks = TaskList()
        /// Whether it was started: before that nothing leaves this server.
        var isStarted = false
        var isStopped = false
    }

    let environment: Environment
    private let deliveries: [Mapping.DestinationType: any Delivery]
    private let timer = IntervalTimer()
    private let state = Mutex(State())

    /// A dispatcher that rests before `start`.
    init(_ environment: Environment) {
        self.environment = environment
        deliveries = Dictionary(
            environment.deliveries.map { ($0.destination, $0) }, uniquingKeysWith: { $1 })
    }

    /// Delivers from now on, and looks every second for what time has made due: new tries, leases
    /// of the dead, delays; without `seconds` it delivers only what it is called for.
    func start(every seconds: Double? = 1) {
        state.withLock { $0.isStarted = true }
        guard let seconds else { return }
        timer.start(every: seconds, atOnce: true) { [weak self] in self?.look() }
    }

    /// Says that messages of a mapping are committed or may go another way than before.
    func wake(_ key: Mapping.Key) {
        state.withLock { state in
            guard state.isStarted, !state.isStopped else { return }
            let fresh = Lane(breaker: Breaker(environment.breaker))
            let isLooking = state.lanes[key, default: fresh].isLooking
            state.lanes[key, default: fresh].isCalled = true
            guard !isLooking else { return }
            state.lanes[key]?.isLooking = true
            start(in: &state) { await self.look(for: key) }
        }
    }

    /// Delivers what is due now and returns when nothing is under way any more.
    func deliverDue() async {
        look()
        while let task = state.withLock({ $0.tasks.first }) { await task.value }
    }

    /// Takes no more messages, waits for those under way, and breaks off what takes longer than
    /// `seconds`; what is broken off is tried again by the next server.
    func stop(within seconds: Double) async {
        timer.stop()
        let tasks = state.withLock { state in
            state.isStopped = true
            return state.tasks.all
        }
        await tasks.finish(within: seconds)
        // Those that were begun by others while these ended.
        while let task = state.withLock({ $0.tasks.first }) { await task.value }
    }

    private func look() {
        do {
            for destination in deliveries.keys {
                for key in try environment.store.due(for: destination) { wake(key) }
            }
        } catch {
            environment.log.error("delivery.look_failed", [("error", .text("\(error)"))])
        }
    }

    private func start(in state: inout State, _ work: @escaping @Sendable () async -> Void) {
        state.tasks.start { number in
            await work()
            self.state.withLock { $0.tasks.remove(number) }
        }
    }
}

// MARK: - Looking

extension Dispatcher {
    /// Takes messages of a mapping while there are some and there is room for them.
    private func look(for key: Mapping.Key) async {
        repeat {
            state.withLock { $0.lanes[key]?.isCalled = false }
            do {
                while try await take(from: key) {}
            } catch is Failure {
                // The agent was removed meanwhile, and its messages with it.
            } catch {
                environment.log.error(
                    "delivery.look_failed",
                    [("agent", .text(key.address)), ("error", .text("\(error)"))])
            }
        } while isCalled(key)
    }

    /// Whether to look once more; else nobody looks any more.
    private func isCalled(_ key: Mapping.Key) -> Bool {
        state.withLock { state in
            guard var lane = state.lanes[key] else { return false }
            if lane.isCalled, !state.isStopped { return true }
            lane.isLooking = false
            let isIdle = lane.running == 0 && lane.breaker.isFresh
            state.lanes[key] = isIdle ? nil : lane
            return false
        }
    }

    /// Takes as many messages as there is room for; whether there may be more.
    private func take(from key: Mapping.Key) async throws -> Bool {
        guard let route = try environment.store.route(key),
            let delivery = deliveries[route.destination]
        else { return false }
        let room = room(key, route, width: delivery.width)
        guard room > 0 else { return false }
        let order = LeaseOrder(count: room * delivery.batch, seconds: delivery.lease)
        let leases = try await environment.store.lease(key, order, along: route)
        for begin in stride(from: 0, to: leases.count, by: delivery.batch) {
            let some = Array(leases[begin..<min(begin + delivery.batch, leases.count)])
            state.withLock { state in
                state.lanes[key]?.running += 1
                start(in: &state) { await self.handOver(some, key, route, by: delivery) }
            }
        }
        return leases.count == order.count
    }

    /// How many attempts may begin; what another place did before is not held against this one.
    private func room(_ key: Mapping.Key, _ route: InboxStore.Route, width: Int) -> Int {
        let now = environment.clock.now()
        return state.withLock { state in
            guard !state.isStopped, var lane = state.lanes[key] else { return 0 }
            if lane.route != route { lane.breaker = Breaker(environment.breaker) }
            lane.route = route
            state.lanes[key] = lane
            return lane.breaker.room(at: now, width: width) - lane.running
        }
    }
}

// MARK: - One attempt

extension Dispatcher {
    private func handOver(
        _ leases: [InboxLease], _ key: Mapping.Key, _ route: InboxStore.Route,
        by delivery: any Delivery
    ) async {
        let begun = ContinuousClock.now
        let outcomes = await delivery.attempt(leases, to: route.name)
        environment.metrics.observe(
            "frontdesk_delivery_seconds", "Time of attempts to deliver messages.",
            labels: "type=\"\(route.destination.rawValue)\"",
            seconds: (ContinuousClock.now - begun) / .seconds(1))
        do {
            try await write(Array(zip(leases, outcomes)), key, route)
        } catch {
            // The leases run out, and then the messages are tried again.
            environment.log.error(
                "delivery.outcome_lost",
                [("agent", .text(key.address)), ("error", .text("\(error)"))])
        }
        note(outcomes, key, route)
        wake(key)
    }

    /// Tells the breaker, and ends the attempt.
    private func note(
        _ outcomes: [DeliveryOutcome], _ key: Mapping.Key, _ route: InboxStore.Route
    ) {
        let now = environment.clock.now()
        let opens = state.withLock { state in
            guard var lane = state.lanes[key] else { return false }
            lane.running -= 1
            var opens = false
            if lane.route != route {
                // It says nothing of the place that messages go to now.
            } else if outcomes.contains(.delivered) {
                lane.breaker.succeed()
            } else if outcomes.contains(where: \.isFailure) {
                opens = lane.breaker.fail(at: now)
            }
            state.lanes[key] = lane
            return opens
        }
        if opens {
            environment.log.warning(
                "delivery.paused",
                [
                    ("tenant", .text(key.tenant.name)), ("agent", .text(key.address)),
                    ("seconds", .decimal(environment.breaker.seconds)),
                ])
        }
    }

    private func write(
        _ results: [(lease: InboxLease, outcome: DeliveryOutcome)], _ key: Mapping.Key,
        _ route: InboxStore.Route
    ) async throws {
        let store = environment.store
        let delivered = results.filter { $0.outcome == .delivered }.map(\.lease)
        if !delivered.isEmpty {
            _ = try await store.complete(delivered)
            count(delivered.count, "delivered", route)
        }
        let broken = results.filter { $0.outcome == .brokenOff }.map(\.lease)
        if !broken.isEmpty {
            _ = try await store.park(broken)
            count(broken.count, "broken_off", route)
        }
        for (lease, outcome) in results {
            switch outcome {
            case .failed(let error, let asked): try await retry(lease, error, asked, route)
            case .gone(let error): try await close(lease, key, error, route)
            case .delivered, .brokenOff: break
            }
        }
    }

    /// Writes when to try again, or that the message is dead.
    private func retry(
        _ lease: InboxLease, _ error: String, _ asked: Double?, _ route: InboxStore.Route
    ) async throws {
        let delay = environment.ladder.delay(after: lease.attempt, asked: asked)
        let next = delay.map { environment.clock.now().adding(seconds: $0) }
        _ = try await environment.store.fail([lease], error: error, retryAt: next)
        count(1, next == nil ? "dead" : "failed", route)
        log(lease, error, next: next, route)
    }

    /// Makes the mapping inactive, whose messages wait from now on; unless it has changed since.
    private func close(
        _ lease: InboxLease, _ key: Mapping.Key, _ error: String, _ route: InboxStore.Route
    ) async throws {
        let isMeant = try await environment.mappings.close(key, route)
        guard isMeant else { return try await retry(lease, error, nil, route) }
        _ = try await environment.store.park([lease])
        count(1, "gone", route)
        log(lease, error, next: nil, route)
    }

    private func count(_ amount: Int, _ outcome: String, _ route: InboxStore.Route) {
        environment.metrics.count(
            "frontdesk_deliveries_total", "Attempts to deliver messages.",
            labels: "type=\"\(route.destination.rawValue)\",outcome=\"\(outcome)\"", by: amount)
    }

    private func log(
        _ lease: InboxLease, _ error: String, next: Timestamp?, _ route: InboxStore.Route
    ) {
        let message = lease.message
        var fields: [(StaticString, Log.Value)] = [
            ("message_id", .text(message.id)), ("tenant", .text(message.inbox.tenant.name)),
            ("agent", .text(message.inbox.address)), ("type", .text(route.destination.rawValue)),
            ("attempt", .integer(lease.attempt)), ("error", .text(error)),
            ("request_id", .text(message.requestID)),
        ]
        if let next { fields.append(("next", .text(next.text))) }
        environment.log.warning("delivery.failed", fields)
    }
}

extension DeliveryOutcome {
    /// Whether the place could not or would not take the message now.
    fileprivate var isFailure: Bool {
        if case .failed = self { true } else { false }
    }
}
