import JSON

/// The tools an agent can call, by name.
struct Toolbox: Sendable {
    /// All tools in catalogue order; the complaint tools one by one.
    let tools: [Tool]
    /// Servers that add tools of their own; nil for none.
    let servers: UpstreamServers?
    private let byName: [String: Tool]
    private let report: @Sendable (_ tool: String, _ context: ToolContext, any Error) -> Void

    /// A toolbox that tells `report` of every error that no tool foresaw.
    init(
        tools: [Tool], servers: UpstreamServers? = nil,
        report: @escaping @Sendable (_ tool: String, _ context: ToolContext, any Error) -> Void
    ) {
        self.tools = tools
        self.servers = servers
        self.report = report
        byName = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The same without the tools of a category.
    func without(_ category: Tool.Category) -> Toolbox {
        Toolbox(
            tools: tools.filter { $0.category != category }, servers: servers, report: report)
    }

    /// The same with what these servers add.
    func with(_ servers: UpstreamServers) -> Toolbox {
        Toolbox(tools: tools, servers: servers, report: report)
    }

    /// The tool named `name`, nil if there is none.
    func tool(named name: String) -> Tool? {
        byName[name] ?? servers?.tool(named: name)
    }

    /// The tools that a caller may use in a conversation, those of other servers last.
    func offered(to caller: Caller) async -> [Tool] {
        // Who may chat may use the tools of a conversation; tickets have rights of their own.
        tools.filter { $0.category != .ticket || caller.scopes.contains($0.scope) }
            + (await servers?.listed() ?? [])
    }

    /// Runs a tool and returns its result, which has `status` `success` or `error`.
    func call(_ name: String, _ arguments: JSONValue, in context: ToolContext) async -> JSONValue {
        await outcome(of: name, arguments, in: context).result
    }

    /// Runs a tool and returns its result with what a log and the table of effects need to know.
    func outcome(
        of name: String, _ arguments: JSONValue, in context: ToolContext
    ) async -> ToolOutcome {
        guard let tool = tool(named: name) else {
            let error = ToolError(.unknownTool, "There is no tool named '\(name.prefix(64))'.")
            return ToolOutcome(tool: name, error: error, isReadOnly: true)
        }
        do {
            let result = try await tool.run(arguments, context)
            return ToolOutcome(tool: name, result: result, isReadOnly: tool.isReadOnly)
        } catch var error as ToolError {
            if tool.category == .ticket { error.addCode() }
            return ToolOutcome(tool: name, error: error, isReadOnly: tool.isReadOnly)
        } catch {
            if !isStop(error) { report(name, context, error) }
            let told = ToolError(.internalError, "The tool failed for an internal reason.")
            return ToolOutcome(tool: name, error: told, isReadOnly: tool.isReadOnly)
        }
    }
}

/// Whether an error only says that the turn is over, which is no fault of the tool's.
private func isStop(_ error: any Error) -> Bool {
    if let failure = error as? Failure { return failure.code != .internal }
    return error is CancellationError
}

/// What a call came to.
struct ToolOutcome: Sendable {
    /// The name as called.
    let tool: String
    /// The JSON object that the agent sees.
    let result: JSONValue
    /// The kind of error, nil for a success.
    let errorType: ToolErrorType?
    /// Whether the tool changes nothing, so that there is no effect to record.
    let isReadOnly: Bool

    /// The outcome of a call that succeeded.
    init(tool: String, result: JSONValue, isReadOnly: Bool) {
        self.tool = tool
        self.result = result
        self.isReadOnly = isReadOnly
        errorType = nil
    }

    /// The outcome of a call that failed.
    init(tool: String, error: ToolError, isReadOnly: Bool) {
        self.tool = tool
        self.isReadOnly = isReadOnly
        result = error.result
        errorType = error.type
    }

    /// Whether the call did what it was asked.
    var succeeded: Bool { errorType == nil }
}

// MARK: - Catalogue

extension Toolbox {
    /// An entry of `/info/tools`.
    struct Entry: Equatable, Sendable {
        /// The tool's name, or `complaint_management` for the six complaint tools together.
        let name: String
        /// One sentence about what it does.
        let description: String
        /// The part of the catalogue it belongs to.
        let category: Tool.Category
        /// Whether it can be used now.
        let available: Bool
    }

    /// The whole catalogue; `available` says which categories can be used now.
    func catalogue(available: (Tool.Category) -> Bool) -> [Entry] {
        func entries(_ tools: [Tool]) -> [Entry] {
            tools.map {
                Entry(
                    name: $0.name, description: $0.description, category: $0.category,
                    available: available($0.category))
            }
        }
        let complaints = Entry(
            name: "complaint_management",
            description: "Manage customer complaints via MCP integration",
            category: .complaint, available: available(.complaint))
        return entries(tools.filter { $0.category == .order || $0.category == .email })
            + [complaints] + entries(tools.filter { $0.category == .ticket })
            + (servers?.extras ?? []).map { server in
                Entry(
                    name: "mcp_\(server.name)",
                    description: "Use the tools of the MCP server \(server.name)",
                    category: .mcp, available: server.isUp)
            }
    }
}
