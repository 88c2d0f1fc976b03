import HTTP

extension MCPServer {
    /// Adds the routes, if the configuration wants the tools to be offered.
    func register(
        on router: inout Router, _ configuration: Configuration, idempotency: Idempotency
    ) {
        guard configuration.mcp.serve else { return }
        MCPRoutes(
            server: self, idempotency: idempotency, host: configuration.server.host.lowercased(),
            origins: configuration.server.corsOrigins
        ).register(on: &router)
    }
}
