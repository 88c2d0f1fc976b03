import HTTP
import HTTPClient
import MCP

extension App {
    /// The ticket tools: our own, or what the remote ticket agent does in their place.
    static func ticketTools(
        _ ours: [Tool], _ remote: RemoteTickets?, _ configuration: Configuration,
        customers: CustomerStore
    ) -> [Tool] {
        guard let remote else { return ours }
        return RemoteTicketTools(
            remote: remote, settings: configuration.tickets, customers: customers
        ).tools(like: ours)
    }

    /// The remote ticket agent; nil when tickets are kept here.
    ///
    /// Throws `ConfigurationLoader.Invalid` when it cannot be asked.
    static func remoteTickets(
        _ configuration: Configuration, environment: [String: String], log: Log
    ) throws -> RemoteTickets? {
        guard configuration.tickets.source == .mcp else { return nil }
        var endpoint = try configuration.tickets.mcp.endpoint(
            named: "tickets.mcp", environment: environment)
        endpoint.allowsBareCalls = true
        let client = MCPClient(
            endpoint,
            identity: MCPClient.Identity(name: "frontdesk", version: Product.version),
            http: HTTPClient(),
            warn: {
                log.warning("mcp.odd", [("server", .text("tickets.mcp")), ("note", .text($0))])
            })
        return RemoteTickets(client: client, log: log)
    }
}
