import HTTPClient
import JSON
import MCP

/// The MCP servers that an operator has added (conversations.md, section 7).
struct UpstreamServers: Sendable {
    /// All of them, in the operator's order.
    let all: [UpstreamServer]

    /// How long a turn waits for a list of tools that was never read or is too old.
    private static let patience = Duration.seconds(3)

    /// The servers of a configuration; none is asked for anything yet.
    ///
    /// Throws `ConfigurationLoader.Invalid` with everything that is wrong.
    init(_ settings: [Upstream], environment: [String: String], log: Log) throws {
        let http = HTTPClient()
        var problems: [String] = []
        var servers: [UpstreamServer] = []
        for (index, upstream) in settings.enumerated() {
            let key = "mcp.servers[\(index)]"
            if settings[..<index].contains(where: { $0.name == upstream.name }) {
                problems.append("'\(key).name' is that of another server: '\(upstream.name)'")
            }
            if upstream.role == .complaint,
                settings[..<index].contains(where: { $0.role == .complaint })
            {
                problems.append("'\(key).role' is 'complaint', which another server is already")
            }
            do {
                let endpoint = try upstream.endpoint(named: key, environment: environment)
                servers.append(Self.server(upstream, endpoint, http, log))
            } catch let error as ConfigurationLoader.Invalid {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw ConfigurationLoader.Invalid(problems: problems) }
        all = servers
    }

    private static func server(
        _ upstream: Upstream, _ endpoint: MCPEndpoint, _ http: HTTPClient, _ log: Log
    ) -> UpstreamServer {
        let client = MCPClient(
            endpoint,
            identity: MCPClient.Identity(name: "frontdesk", version: Product.version), http: http,
            warn: {
                log.warning("mcp.odd", [("server", .text(upstream.name)), ("note", .text($0))])
            })
        return UpstreamServer(settings: upstream, client: client, log: log)
    }

    /// The server that keeps complaints, nil when they are kept here.
    var complaint: UpstreamServer? { all.first { $0.settings.role == .complaint } }

    /// The servers that add tools.
    var extras: [UpstreamServer] { all.filter { $0.settings.role == .extra } }

    /// Looks at all servers from now on.
    func start() {
        var pace = MCPClient.Pace()
        pace.readsTools = true
        for server in all { server.client.startWatching(pace) }
    }

    /// Looks at them no more.
    func stop() {
        for server in all { server.client.stopWatching() }
    }
}

// MARK: - Their tools

extension UpstreamServers {
    /// The tool that models know by this name, nil if there is none.
    func tool(named name: String) -> Tool? {
        for server in extras where name.hasPrefix(server.name + "__") {
            if let found = server.client.knownTools?.first(where: { server.shown($0) == name }) {
                return server.tool(found)
            }
        }
        return nil
    }

    /// The tools of all servers that can be reached, each name once.
    ///
    /// A list that is missing or too old is read now, if that does not take long.
    func listed() async -> [Tool] {
        await withTaskGroup { group in
            for server in extras where !server.client.isDown && !server.client.hasCurrentTools {
                group.addTask { await server.readTools(within: Self.patience) }
            }
        }
        var names: Set<String> = []
        return extras.filter { !$0.client.isDown }.flatMap { server in
            (server.client.knownTools ?? []).compactMap { tool in
                guard let name = server.shown(tool), names.insert(name).inserted else { return nil }
                return server.tool(tool)
            }
        }
    }
}

extension UpstreamServer {
    /// What models can call a tool; nil for a name that they could not spell.
    fileprivate func shown(_ tool: MCP.Tool) -> String? {
        let signs = tool.name.unicodeScalars.map { scalar -> Character in
            let isKept =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || scalar == "_" || scalar == "-")
            return isKept ? Character(scalar) : "_"
        }
        let shown = name + "__" + String(signs)
        return shown.utf8.count <= 64 ? shown : nil
    }

    /// The tool as the agent has it.
    fileprivate func tool(_ tool: MCP.Tool) -> Tool {
        var declaration = tool.inputSchema
        // Models' servers refuse a schema that leaves these out.
        if declaration["type"] == nil { declaration["type"] = "object" }
        if declaration["properties"] == nil { declaration["properties"] = [:] }
        return Tool(
            name: shown(tool) ?? tool.name, description: String(tool.description.prefix(1024)),
            declaration: .object(declaration), server: name,
            traits: Tool.Traits(annotations: tool.annotations)
        ) { arguments, context in
            let result = try await call(
                tool.name, arguments, isRepeatable: tool.isRepeatable, context)
            return try read(result, isRepeatable: tool.isRepeatable)
        }
    }

    /// Reads the list of tools anew, and leaves it at what is known when that takes too long.
    fileprivate func readTools(within patience: Duration) async {
        await withTaskGroup { group in
            group.addTask { _ = try? await client.tools() }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }
}

extension Tool.Traits {
    /// What a server says of its tool; what it is silent about is taken for the worse.
    fileprivate init(annotations: JSONObject) {
        self = []
        if annotations["readOnlyHint"]?.bool == true { insert(.readOnly) }
        if annotations["idempotentHint"]?.bool == true { insert(.idempotent) }
        if annotations["destructiveHint"]?.bool ?? !contains(.readOnly) { insert(.destructive) }
    }
}
