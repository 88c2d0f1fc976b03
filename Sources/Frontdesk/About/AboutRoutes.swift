import HTTP
import JSON

/// What the server says about itself: its name, its health, its tools and its figures.
struct AboutRoutes: Sendable {
    let configuration: Configuration
    let readiness: ReadinessStore
    let toolbox: Toolbox
    /// The remote ticket agent; nil when tickets are kept here.
    let remoteTickets: RemoteTickets?
    let metrics: Metrics
    let clock: Clock
    let startedAt: Timestamp

    /// Adds the routes.
    func register(on router: inout Router) {
        router.get("/", Self.naming, use: root)
        router.get("/health", Self.checking, use: health)
        router.get("/health/ready", Self.asking, use: ready)
        router.get("/health/live", Self.living, use: live)
        router.get("/info", Self.introducing, use: info)
        router.get("/info/tools", Self.listingTools, use: tools)
        router.get("/metrics", Self.measuring, use: figures)
    }

    /// handles `GET /`
    @Sendable private func root(_ request: Request) throws -> Response {
        let limit = configuration.rateLimit
        return .json { json in
            json.field("name", Product.name)
            json.field("version", Product.version)
            json.field("status", "operational")
            json.field("documentation", "/docs")
            json.field("health", "/health")
            json.field("openapi", "/openapi.json")
            json.object("rate_limiting") { json in
                json.field("enabled", limit.enabled)
                json.field("requests_per_minute", limit.enabled ? limit.requestsPerMinute : nil)
            }
        }
    }

    /// handles `GET /health`
    @Sendable private func health(_ request: Request) throws -> Response {
        let checks = readiness.checks()
        let now = clock.now()
        return .json { json in
            json.field("status", checks.status)
            json.field("timestamp", now.text)
            json.field("version", Product.version)
            json.field("uptime_seconds", uptime(at: now))
            json.object("checks") { write(checks, to: &$0) }
            if configuration.database.synchronous != .full {
                json.field("durability", configuration.database.synchronous.rawValue)
            }
        }
    }

    /// handles `GET /health/ready`
    @Sendable private func ready(_ request: Request) throws -> Response {
        let checks = readiness.checks()
        let isReady = checks.isReady
        return .json(status: isReady ? .ok : .unavailable) { json in
            json.field("ready", isReady)
            json.field("status", isReady ? "ready" : "not_ready")
            json.field("timestamp", clock.now().text)
            json.object("components") { write(checks, to: &$0) }
        }
    }

    /// handles `GET /health/live`
    @Sendable private func live(_ request: Request) throws -> Response {
        .json { json in
            json.field("status", "alive")
            json.field("timestamp", clock.now().text)
        }
    }

    /// handles `GET /info`
    @Sendable private func info(_ request: Request) throws -> Response {
        .json { json in
            json.field("name", Product.name)
            json.field("version", Product.version)
            json.field("description", Product.description)
            json.field("documentation_url", "/docs")
            json.object("contact") { json in
                json.field("name", configuration.info.contactName)
                json.field("email", configuration.info.contactEmail)
                json.field("url", configuration.info.contactURL)
            }
        }
    }

    /// handles `GET /info/tools`
    @Sendable private func tools(_ request: Request) throws -> Response {
        let checks = readiness.checks()
        let catalogue = toolbox.catalogue { isAvailable($0, checks) }
        var categories: [String] = []
        for entry in catalogue where !categories.contains(entry.category.rawValue) {
            categories.append(entry.category.rawValue)
        }
        return .json { json in
            json.array("tools") { json in
                for entry in catalogue {
                    json.object { json in
                        json.field("name", entry.name)
                        json.field("description", entry.description)
                        json.field("category", entry.category.rawValue)
                        json.field("available", entry.available)
                    }
                }
            }
            json.field("total_count", catalogue.count)
            json.array("categories") { json in
                for category in categories { json.string(category) }
            }
        }
    }

    /// Whether the tools of a category can be used now: those that stay here if the database can,
    /// others if the newest look at their server found it well.
    private func isAvailable(_ category: Tool.Category, _ checks: ReadinessStore.Checks) -> Bool {
        switch category {
        case .complaint: toolbox.servers?.complaint?.isUp ?? checks.database
        case .ticket: remoteTickets.map(\.isUp) ?? checks.database
        case .order, .email, .mcp: checks.database
        }
    }

    /// handles `GET /metrics`
    @Sendable private func figures(_ request: Request) async throws -> Response {
        .bytes(Array(metrics.text.utf8), contentType: "text/plain; version=0.0.4; charset=utf-8")
    }

    private func write(_ checks: ReadinessStore.Checks, to json: inout JSONWriter) {
        json.field("agent_manager", checks.agentManager)
        json.field("database", checks.database)
        json.field("mcp_server", checks.mcpServer)
    }

    /// Seconds since the start, to the millisecond.
    private func uptime(at now: Timestamp) -> Double {
        (now.seconds(since: startedAt) * 1000).rounded() / 1000
    }
}

/// The program's names, as its callers see them.
enum Product {
    static let name = "Customer Service Agent API"
    static let version = "0.1.0"
    static let description =
        "REST API for AI-powered customer service agent with order management, email "
        + "communication, and complaint tracking capabilities."
}
