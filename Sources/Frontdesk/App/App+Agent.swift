import HTTPClient
import SQLite

/// The agent as the configuration asks for it.
struct AgentPart: Sendable {
    /// Who writes the replies, nil when that could not be built.
    let provider: (any Provider)?
    /// What a tenant may use in a day; nil without a model.
    let budget: TokenBudget?
    /// Who words advice beside recommendations; nil without a model.
    let adviser: Adviser?
    private let client: HTTPClient?

    /// The part over a database; a provider that lacks something is logged, not thrown.
    init(
        _ configuration: Configuration.Agent, environment: [String: String], database: Database,
        pricing: Pricing, clock: Clock, log: Log, metrics: Metrics, adviceTime: Duration
    ) {
        guard configuration.provider != .builtin else {
            provider = BuiltinAgent(
                ticketTools: configuration.ticketTools,
                orderStatuses: configuration.orderStatuses,
                today: { pricing.today(at: clock.now()) })
            (budget, adviser, client) = (nil, nil, nil)
            return
        }
        let settings: ModelSettings
        do throws(ModelSettings.Missing) {
            settings = try ModelSettings(configuration, environment: environment)
        } catch {
            log.error("agent.not_built", [("problem", .text(error.sentence))])
            (provider, budget, adviser, client) = (nil, nil, nil, nil)
            return
        }
        let tokens = TokenStore(database: database, clock: clock)
        let budget = TokenBudget(store: tokens, daily: configuration.dailyTokensPerTenant)
        let client = App.modelClient(configuration)
        let dialect: any ModelDialect =
            configuration.provider == .anthropic
            ? AnthropicDialect()
            : OpenAIDialect(isOpenAI: WebAuthority(settings.baseURL)?.host == "api.openai.com")
        let agent = RemoteAgent(
            dialect: dialect, settings: settings, client: client, tokens: tokens, budget: budget,
            clock: clock, log: log, metrics: metrics)
        adviser = pricing.settings.advice ? Adviser(agent: agent, time: adviceTime) : nil
        (provider, self.budget, self.client) = (agent, budget, client)
    }

    /// Breaks off what is under way.
    func stop() {
        client?.shutdown()
    }
}

extension App {
    /// A client that lets all turns talk at once.
    fileprivate static func modelClient(_ configuration: Configuration.Agent) -> HTTPClient {
        var settings = HTTPClient.Configuration()
        settings.maxConnections = configuration.maxConcurrentTurns
        settings.maxConnectionsPerHost = configuration.maxConcurrentTurns
        settings.userAgent = "frontdesk/\(Product.version)"
        return HTTPClient(settings)
    }
}
