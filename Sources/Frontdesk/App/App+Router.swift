import HTTP
import SQLite

/// The parts that look after agents, their health and their messages.
struct RouterParts: Sendable {
    let mappings: MappingStore
    let health: HealthStore
    let watch: HealthWatch
    let inboxes: Inboxes
    let secrets: WebhookSecretStore
    let dispatcher: Dispatcher

    /// Puts the parts together.
    init(
        _ configuration: Configuration, database: Database, clock: Clock, ids: IDMaker, log: Log,
        metrics: Metrics, environment: [String: String]
    ) {
        secrets = WebhookSecretStore(database: database, clock: clock)
        var mappings = MappingStore(
            database: database, clock: clock, batch: configuration.cleanup.batch,
            follow: { try RouterParts.follow($0, in: $1) },
            announce: { RouterParts.note($0, log: log, metrics: metrics) })
        let store = InboxStore(
            database: database, clock: clock, ids: ids,
            limits: InboxStore.Limits(configuration.router))
        let dispatcher = Dispatcher(
            configuration.router, store: store, mappings: mappings, secrets: secrets,
            environment: environment, log: log, metrics: metrics)
        let inboxes = Inboxes(
            store: store, log: log, metrics: metrics, readied: { dispatcher.wake($0) })
        mappings.announce = { change in
            RouterParts.note(change, log: log, metrics: metrics)
            if change.changesDelivery { inboxes.ring(change.after.key) }
        }
        self.mappings = mappings
        self.inboxes = inboxes
        self.dispatcher = dispatcher
        health = HealthStore(
            mappings: mappings, ids: ids, rules: HealthRules(configuration.router))
        watch = HealthWatch(
            store: health, interval: configuration.router.healthSweepSeconds, log: log)
    }

    /// Adds the routes of all parts.
    func register(
        on router: inout Router, _ configuration: Configuration, idempotency: Idempotency,
        log: Log, metrics: Metrics
    ) {
        MappingRoutes(
            mappings: mappings, secrets: secrets, idempotency: idempotency,
            isSecure: !configuration.server.tlsCertificate.isEmpty, log: log
        ).register(on: &router)
        HealthRoutes(health: health, idempotency: idempotency, log: log, metrics: metrics)
            .register(on: &router)
        InboxMessageRoutes(inboxes: inboxes, idempotency: idempotency).register(on: &router)
        InboxRoutes(inboxes: inboxes).register(on: &router)
    }

    /// What follows a change of a mapping, in its transaction.
    static func follow(_ change: MappingChange, in connection: borrowing Connection) throws {
        try WebhookSecretStore.follow(change, in: connection)
        try InboxStore.follow(change, in: connection)
    }

    /// Writes down that an agent became active or inactive.
    private static func note(_ change: MappingChange, log: Log, metrics: Metrics) {
        guard change.before.status != change.after.status else { return }
        let mapping = change.after
        let reason = mapping.reason?.rawValue ?? "none"
        metrics.count(
            "frontdesk_agent_changes_total", "Agents that became active or inactive.",
            labels: "status=\"\(mapping.status.rawValue)\",reason=\"\(reason)\"")
        log.info(
            mapping.status == .active ? "agent.activated" : "agent.deactivated",
            [
                ("tenant", .text(mapping.key.tenant.name)),
                ("agent", .text(mapping.key.address)), ("reason", .text(reason)),
                ("updated_by", .text(mapping.updatedBy)),
                ("request_id", .text(change.requestID ?? "")),
            ])
    }
}

extension App {
    /// Names the figures of agents that are read when a scraper asks.
    func addRouterGauges() {
        metrics.add(
            Metrics.Gauge(
                name: "frontdesk_agents", help: "Agents by status.", kind: .gauge,
                read: { [weak self] in
                    let counts = (try? self?.parts.mappings.counts()) ?? [:]
                    return Mapping.Status.allCases.map { status in
                        ("status=\"\(status.rawValue)\"", Double(counts[status.rawValue] ?? 0))
                    }
                }))
        addInboxGauges()
    }

    private func addInboxGauges() {
        metrics.add(
            Metrics.Gauge(
                name: "frontdesk_inbox_messages", help: "Messages of all inboxes by state.",
                kind: .gauge,
                read: { [weak self] in
                    guard let depth = try? self?.parts.inboxes.store.totals() else { return [] }
                    return [
                        ("state=\"ready\"", Double(depth.ready)),
                        ("state=\"delayed\"", Double(depth.delayed)),
                        ("state=\"held\"", Double(depth.held)),
                        ("state=\"in_flight\"", Double(depth.leased)),
                        ("state=\"dead\"", Double(depth.dead)),
                    ]
                }))
        metrics.add(
            Metrics.Gauge(
                name: "frontdesk_inbox_oldest_seconds",
                help: "Age of the oldest message that is ready to be delivered.", kind: .gauge,
                read: { [weak self] in
                    guard let store = self?.parts.inboxes.store else { return [] }
                    let oldest = try? store.oldestReady()
                    let age = oldest.map { store.clock.now().seconds(since: $0) }
                    return [("", max(0, age ?? 0))]
                }))
    }
}

extension InboxStore.Limits {
    /// The limits of a configuration.
    init(_ configuration: Configuration.Router) {
        parksInactive = configuration.parkInactive
        depth = configuration.maxInboxDepth
        pulls = configuration.maxDeliveryAttempts
        messageDays = configuration.messageRetentionDays
        deadLetterDays = configuration.deadLetterRetentionDays
    }
}
