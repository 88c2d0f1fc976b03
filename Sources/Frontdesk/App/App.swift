import HTTP
import JSON
import MCP
import SQLite

/// The whole product, put together from a configuration: the one place where parts meet.
final class App: Sendable {
    let configuration: Configuration
    let database: Database
    let log: Log
    let metrics: Metrics
    let sessions: SessionStore
    let idempotency: Idempotency
    let agent: AgentPart
    let turns: Turns
    let toolbox: Toolbox
    let servers: UpstreamServers
    let emails: EmailStore
    let emailWorker: EmailWorker
    let parts: RouterParts
    let sweeper: Sweeper
    let readiness: ReadinessStore
    let tickets: TicketsPart
    let remoteTickets: RemoteTickets?
    let accounts: Accounts
    let ticketOrders: TicketOrdersPart
    let router: Router

    /// What tests set and the program takes from its surroundings.
    struct Surroundings: Sendable {
        var clock = Clock.system
        /// The environment, where secrets are looked up.
        var environment: [String: String] = [:]
        /// Who moves the money; nil takes the one that the configuration names.
        var payments: (any PaymentProvider)?
        /// How to wait before a payment is tried again.
        var pause: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
        /// How long a model may take to word advice.
        var adviceTime = Duration.seconds(2)
    }

    /// Puts the product together over an open, migrated database.
    ///
    /// Throws `ConfigurationLoader.Invalid` when a part cannot be built.
    init(
        _ configuration: Configuration, database: Database, log: Log,
        surroundings: Surroundings = Surroundings()
    ) throws {
        let clock = surroundings.clock
        let ids = IDMaker(clock: clock)
        let metrics = Metrics()
        let lanes = Lanes(limits: Lanes.Limits(configuration))
        let sessions = SessionStore(
            database: database, clock: clock, ids: ids,
            lifetime: SessionLifetime(configuration.sessions), batch: configuration.cleanup.batch,
            isBusy: { lanes.isBusy($0) })
        let idempotency = Idempotency(store: IdempotencyStore(database: database, clock: clock))
        let settings = try EmailSettings(
            configuration.email, environment: surroundings.environment)
        let emails = EmailStore(database: database)
        let emailWorker = EmailWorker(
            store: emails, settings: settings, clock: clock, log: log, metrics: metrics)
        tickets = TicketsPart(configuration, database: database, clock: clock)
        ticketOrders = TicketOrdersPart(
            configuration, database: database, ids: ids, emails: settings,
            emailWorker: emailWorker, log: log, metrics: metrics, surroundings: surroundings)
        servers = try UpstreamServers(
            configuration.mcp.servers, environment: surroundings.environment, log: log)
        remoteTickets = try App.remoteTickets(
            configuration, environment: surroundings.environment, log: log)
        let agent = AgentPart(
            configuration.agent, environment: surroundings.environment, database: database,
            pricing: tickets.pricing, clock: clock, log: log, metrics: metrics,
            adviceTime: surroundings.adviceTime)
        let toolbox = App.toolbox(
            configuration, database: database, emails: settings, servers: servers,
            tickets: App.ticketTools(
                tickets.tools(
                    orders: ticketOrders.checkout.store, adviser: agent.adviser, ids: ids),
                remoteTickets, configuration, customers: tickets.customers),
            ids: ids, log: log)
        let agentTools =
            (configuration.agent.ticketTools ? toolbox : toolbox.without(.ticket)).with(servers)
        let turnStore = TurnStore(
            sessions: sessions, ids: ids, autoCreate: configuration.sessions.autoCreate)
        let turns = Turns(
            Turns.Environment(
                store: turnStore, lanes: lanes, provider: agent.provider, budget: agent.budget,
                journal: EventJournal(
                    store: turnStore, interval: .milliseconds(configuration.agent.streamFlushMS),
                    log: log),
                toolbox: agentTools, clock: clock, ids: ids,
                log: log, metrics: metrics, idempotency: idempotency,
                timeout: configuration.agent.timeoutSeconds,
                bindsCustomer: configuration.agent.bindCustomer,
                mailQueued: { emailWorker.wake() }))
        parts = RouterParts(
            configuration, database: database, clock: clock, ids: ids, log: log,
            metrics: metrics, environment: surroundings.environment)
        accounts = App.accounts(
            configuration, database: database, clock: clock, ids: ids, log: log)
        self.configuration = configuration
        self.database = database
        self.log = log
        self.metrics = metrics
        self.sessions = sessions
        self.idempotency = idempotency
        self.toolbox = toolbox
        self.agent = agent
        self.turns = turns
        self.emails = emails
        self.emailWorker = emailWorker
        let toolCalls = ToolCallStore(database: database, ids: ids)
        sweeper = Sweeper(
            App.chores(
                sessions: sessions, idempotency: idempotency.store, router: parts,
                tickets: tickets, toolCalls: toolCalls)
                + ticketOrders.chores + App.chores(of: accounts),
            batch: configuration.cleanup.batch,
            interval: configuration.cleanup.intervalSeconds, log: log, metrics: metrics)
        readiness = ReadinessStore(
            database: database, clock: clock, hasAgent: agent.provider != nil,
            servers: servers.all)
        var router = Router()
        App.use(configuration, clock: clock, log: log, metrics: metrics, on: &router)
        SessionRoutes(sessions: sessions, turns: turns, idempotency: idempotency)
            .register(on: &router)
        let streams = TurnEventRoutes(turns: turns)
        MessageRoutes(turns: turns, idempotency: idempotency, streams: streams)
            .register(on: &router)
        TurnRoutes(turns: turns).register(on: &router)
        streams.register(on: &router)
        HistoryRoutes(
            messages: MessageStore(sessions: sessions), search: MessageSearch(sessions: sessions)
        ).register(on: &router)
        parts.register(
            on: &router, configuration, idempotency: idempotency, log: log, metrics: metrics)
        AboutRoutes(
            configuration: configuration, readiness: readiness, toolbox: agentTools,
            remoteTickets: remoteTickets, metrics: metrics, clock: clock, startedAt: clock.now()
        ).register(on: &router)
        tickets.register(
            on: &router, adviser: agent.adviser, idempotency: idempotency, clock: clock, ids: ids)
        AccountRoutes(
            signIn: accounts.signIn, keys: accounts.signingKeys,
            address: ClientAddress(configuration)
        ).register(on: &router)
        MCPServer(
            toolbox: toolbox, store: toolCalls, clock: clock, log: log,
            metrics: metrics, isPrivate: configuration.auth.mode == .required,
            mailQueued: { emailWorker.wake() }
        ).register(on: &router, configuration, idempotency: idempotency)
        ticketOrders.register(on: &router, tickets: tickets, idempotency: idempotency, log: log)
        if let remoteTickets {
            RemoteTicketRoutes(
                remote: remoteTickets, settings: configuration.tickets, idempotency: idempotency
            ).takeOver(&router)
        }
        // Last, because the document lists what is there by then.
        DocumentationRoutes(configuration: configuration, version: Product.version)
            .register(on: &router)
        App.guardRoutes(&router, configuration, accounts: accounts, clock: clock)
        self.router = router
        addGauges()
        addRouterGauges()
    }

    /// What every request passes on its way in and every answer on its way out.
    private static func use(
        _ configuration: Configuration, clock: Clock, log: Log, metrics: Metrics,
        on router: inout Router
    ) {
        let errors = ErrorAnswer(clock: clock, log: log)
        router.onError = { errors.response(to: $0, $1) }
        router.middleware = [
            RequestJournal(clock: clock, log: log, metrics: metrics),
            CORS(origins: configuration.server.corsOrigins),
        ]
    }

    private static func toolbox(
        _ configuration: Configuration, database: Database, emails: EmailSettings,
        servers: UpstreamServers, tickets: [Tool], ids: IDMaker, log: Log
    ) -> Toolbox {
        let orders = OrderStore(database: database)
        let counters = CounterStore(database: database)
        let allowed = Set(configuration.agent.orderStatuses.compactMap(Order.Status.init))
        let emailTools = EmailTools(
            settings: emails, ids: ids,
            report: { context, error in
                log.warning(
                    "email.unreachable",
                    [("error", .text("\(error)")), ("request_id", .text(context.requestID))])
            })
        let embedded = ComplaintTools(
            store: ComplaintStore(database: database), orders: orders, counters: counters
        ).all
        let complaints =
            servers.complaint.map { server in
                RemoteComplaints(server: server, orders: orders).tools(like: embedded)
            } ?? embedded
        return Toolbox(
            tools: OrderTools(store: orders, counters: counters, allowed: allowed).all
                + emailTools.all + complaints + tickets,
            report: { tool, context, error in
                log.error(
                    "tool.failed",
                    [
                        ("tool", .text(tool)), ("error", .text("\(error)")),
                        ("request_id", .text(context.requestID)),
                    ])
            })
    }
}

extension Lanes.Limits {
    /// The limits of a configuration.
    init(_ configuration: Configuration) {
        depth = configuration.sessions.laneDepth
        admission = configuration.sessions.admission
        running = configuration.agent.maxConcurrentTurns
    }
}

extension App {
    /// The OpenAPI document of all routes.
    var document: JSONValue {
        DocumentationRoutes(configuration: configuration, version: Product.version)
            .document(of: router.routes).json
    }

    /// Starts what runs beside the requests.
    func start() {
        if configuration.cleanup.enabled { sweeper.start() }
        emailWorker.start()
        parts.watch.start()
        parts.dispatcher.start()
        ticketOrders.start(log: log)
        remoteTickets?.client.startWatching()
        servers.start()
    }

    /// Refuses new turns and reports the server as not ready, from now on.
    func beginStopping() {
        readiness.beginStopping()
        turns.beginStopping()
        parts.inboxes.beginStopping()
    }

    /// Stops what runs beside the requests and closes the database.
    func stop() async {
        sweeper.stop()
        parts.watch.stop()
        agent.stop()
        await parts.dispatcher.stop(within: 5)
        ticketOrders.checkout.stop()
        remoteTickets?.client.stopWatching()
        servers.stop()
        await emailWorker.stop(within: 5)
        database.close()
    }
}
