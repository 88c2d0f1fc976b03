import JSON
import MCP

/// One MCP server whose tools the agent may use.
struct UpstreamServer: Sendable {
    /// What the operator says of it.
    let settings: Upstream
    let client: MCPClient
    let log: Log

    /// The name by which its tools are known.
    var name: String { settings.name }

    /// Whether the newest look at it found it well.
    var isUp: Bool { client.isUp == true }

    /// More bytes than these are no result that anybody could use.
    private static let largestResult = 262_144

    /// Calls a tool; throws `ToolError`.
    ///
    /// A call that is not repeatable leaves once; when nobody can tell what became of it, the error
    /// is `OutcomeUnknown` or `ToolTimeout`.
    func call(
        _ tool: String, _ arguments: JSONObject, isRepeatable: Bool, _ context: ToolContext
    ) async throws -> CallResult {
        let departure = Departure()
        var options = MCPClient.Options()
        options.isRepeatable = isRepeatable
        options.headers = [
            ("X-Request-ID", context.requestID), ("X-Tenant-ID", context.tenant.name),
        ]
        if let trace = context.trace { options.headers.append(("traceparent", trace)) }
        options.beforeSending = {
            try await context.sending()
            departure.note()
        }
        do {
            return try await client.call(tool, arguments, options)
        } catch let error as MCPError {
            report(error.description, tool, context)
            // A call that was given up is in doubt, whatever it does.
            let matters = !isRepeatable || error.kind == .cancelled
            throw ToolError(
                error, inDoubt: error.leavesDoubt && departure.hasBegun && matters)
        }
    }

    /// What a result says in the form of our own tools; throws what is wrong with it.
    func read(_ result: CallResult, isRepeatable: Bool) throws -> JSONValue {
        try checkSize(result, isRepeatable: isRepeatable)
        let text = result.texts.joined(separator: "\n")
        if result.isError {
            let said = result.payload?["error"]?.string ?? text
            throw ToolError(
                .internalError,
                said.isBlank ? "'\(name)' could not do this." : said.plain(limit: 1000))
        }
        let payload = result.result["structuredContent"] ?? result.payload.map { .object($0) }
        return ["status": "success", "result": payload ?? .string(text)]
    }

    /// Throws what is said of a result that is too large to be used.
    func checkSize(_ result: CallResult, isRepeatable: Bool) throws {
        let size = JSONValue.object(result.result).text.utf8.count
        guard size <= Self.largestResult else {
            throw ToolError.unreadable(
                "'\(name)' answered more than can be used.", isRepeatable: isRepeatable)
        }
    }

    /// Notes what went wrong, for the operator only: it may be in the server's own words.
    func report(_ problem: String, _ tool: String, _ context: ToolContext) {
        log.warning(
            "tool.remote_failed",
            [
                ("server", .text(name)), ("tool", .text(tool)), ("error", .text(problem)),
                ("request_id", .text(context.requestID)),
            ])
    }
}

extension ToolError {
    private static let doubt = " Whether it did what it was asked is not known."

    /// What is said of an answer that is of no use: what was done is done, if it was.
    static func unreadable(_ sentence: String, isRepeatable: Bool) -> ToolError {
        isRepeatable
            ? ToolError(.internalError, sentence) : ToolError(.outcomeUnknown, sentence + doubt)
    }

    /// What it means to a caller that a server gave no result; `inDoubt` when it may have acted.
    init(_ error: MCPError, inDoubt: Bool) {
        let unsure = inDoubt ? Self.doubt : ""
        switch error.kind {
        case .timeout:
            self.init(.toolTimeout, "The server that does this did not answer in time." + unsure)
        case _ where inDoubt:
            self.init(
                .outcomeUnknown,
                "The answer of the server that does this was lost." + unsure)
        case .unknownTool:
            self.init(.unknownTool, "The server that did this has no such tool any more.")
        case .inputRequired:
            self.init(.internalError, "The server that does this asks for more than it was given.")
        case .rpc(-32602):
            self.init(.validationError, "The server that does this refused the arguments.")
        case .rpc:
            self.init(.internalError, "The server that does this could not do it.")
        default:
            self.init(
                .toolUnavailable,
                "The server that does this cannot be reached just now; try again later.")
        }
    }
}
