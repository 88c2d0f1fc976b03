import HTTP
import SQLite

extension MCPServer {
    /// The tools of a server as its parts make them.
    init(
        database: Database, toolbox: Toolbox, ids: IDMaker,
        clock: Clock, log: Log, metrics: Metrics, mailQueued: @escaping @Sendable () -> Void
    ) {
        self.init(
            toolbox: toolbox, store: ToolCallStore(database: database, ids: ids), clock: clock,
            log: log, metrics: metrics, isPrivate: false, mailQueued: mailQueued)
    }

    /// Adds the routes, if the configuration wants the tools to be offered.
    func register(
        on router: inout Router, _ configuration: Configuration, idempotency: Idempotency
    ) {
        guard configuration.mcp.serve else { return }
        MCPRoutes(
            server: self, idempotency: idempotency, origins: configuration.server.corsOrigins
        ).register(on: &router)
    }
}
