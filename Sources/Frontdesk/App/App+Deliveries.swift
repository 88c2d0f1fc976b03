import HTTPClient

extension Dispatcher {
    /// The deliverer of this server, as configured.
    convenience init(
        _ configuration: Configuration.Router, store: InboxStore, mappings: MappingStore,
        secrets: WebhookSecretStore, environment: [String: String], log: Log, metrics: Metrics
    ) {
        var options = HTTPClient.Configuration()
        options.userAgent = "Frontdesk/\(Product.version)"
        // Eight to each of many receivers; those that hang are soon kept to one.
        options.maxConnections = 512
        let client = HTTPClient(options)
        let webhooks = WebhookDelivery(
            client: client, secrets: secrets, clock: store.clock,
            allowsPrivate: configuration.webhookAllowPrivate)
        let topics = TopicDelivery(
            configuration, environment: environment, client: client, clock: store.clock)
        self.init(
            Environment(
                store: store, mappings: mappings, deliveries: [webhooks, topics],
                clock: store.clock, log: log, metrics: metrics,
                breaker: Breaker.Limits(
                    failures: configuration.breakerFailures,
                    seconds: Double(configuration.breakerSeconds))))
    }
}
