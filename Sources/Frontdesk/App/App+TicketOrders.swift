import HTTP
import SQLite

/// Orders of upgrades and their payments, put together.
struct TicketOrdersPart: Sendable {
    let checkout: Checkout
    /// Whether others than this machine may believe that money moves.
    private let pretends: Bool

    /// The part over a database.
    init(
        _ configuration: Configuration, database: Database, ids: IDMaker, emails: EmailSettings,
        emailWorker: EmailWorker, log: Log, metrics: Metrics, surroundings: App.Surroundings
    ) {
        let clock = surroundings.clock
        let mail = TicketOrderMail(
            settings: configuration.tickets, ids: ids,
            sends: { emails.isConfigured && emails.allows($0) })
        let settings = configuration.payments
        let provider =
            surroundings.payments
            ?? TestGateway(charges: TestChargeStore(database: database, clock: clock))
        let cashier = Cashier(
            provider: provider, timeout: .seconds(settings.timeoutSeconds),
            maximumRetries: settings.maxRetries,
            retryBase: .milliseconds(settings.retryBaseMS), pause: surroundings.pause)
        checkout = Checkout(
            store: TicketOrderStore(
                database: database, clock: clock, ids: ids,
                pricing: Pricing(settings: configuration.tickets), mail: mail),
            cashier: cashier, log: log, metrics: metrics, mailQueued: { emailWorker.wake() })
        pretends = settings.provider == .test && !configuration.isLoopbackOnly
        let store = checkout.store
        metrics.add(
            Metrics.Gauge(
                name: "frontdesk_ticket_orders", help: "Orders of upgrades by status.",
                kind: .gauge,
                read: {
                    let counts = (try? store.counts()) ?? [:]
                    return TicketOrder.Status.allCases.map { status in
                        ("status=\"\(status.rawValue)\"", Double(counts[status] ?? 0))
                    }
                }))
    }

    /// Begins to settle what a crash left behind.
    func start(log: Log) {
        if pretends {
            log.warning("payments.test", [("effect", .text("no payment moves any money"))])
        }
        checkout.start()
    }

    /// What the sweeper does about orders that nobody has paid in time.
    var chores: [Chore] {
        let checkout = checkout
        return [
            Chore(
                "ticket_orders_lapsed", .cancels, of: "ticket_orders",
                batch: { limit in
                    let count = try await checkout.store.lapseBatch(atMost: limit)
                    if count > 0 { checkout.mailQueued() }
                    return count
                }, countDue: { try checkout.store.countDue() })
        ]
    }

    /// Adds the part's routes.
    func register(
        on router: inout Router, tickets: TicketsPart, idempotency: Idempotency, log: Log
    ) {
        TicketOrderRoutes(
            checkout: checkout, tickets: tickets.tickets, customers: tickets.customers,
            idempotency: idempotency, log: log
        ).register(on: &router)
    }
}
