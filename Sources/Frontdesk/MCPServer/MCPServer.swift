import JSON

/// The tools of this server for other agents, as the Model Context Protocol offers them
/// (conversations.md, section 7).
struct MCPServer: Sendable {
    let toolbox: Toolbox
    let store: ToolCallStore
    let clock: Clock
    let log: Log
    let metrics: Metrics
    /// Whether callers must show who they are, so that what they see is theirs alone.
    let isPrivate: Bool
    /// Told when a call brought mail to be sent.
    let mailQueued: @Sendable () -> Void

    /// Who calls, on whose behalf, and which tools are in sight.
    struct Visit: Sendable {
        let tenant: Tenant
        let caller: Caller
        let requestID: String
        /// The W3C trace that the request belongs to, nil for none.
        var trace: String?
        /// The one category that the address names; nil for all.
        let category: Tool.Category?
        let version: MCPProtocol
    }

    /// How often a call whose rows somebody else changed meanwhile is made.
    private static let attempts = 3
    /// For how long a client may keep the list of tools, in milliseconds.
    private static let listLifetime = 300_000
    /// For how long a client may keep what `server/discover` says, in milliseconds.
    private static let discoveryLifetime = 3_600_000

    /// Answers every request but a tool's call; throws `RPCError`.
    func answer(_ request: RPCRequest, _ visit: Visit) throws -> JSONValue {
        switch (visit.version, request.method) {
        case (_, "tools/list"): return reply(to: request, try list(request, visit), visit)
        case (.legacy, "initialize"): return reply(to: request, try initialize(request), visit)
        case (.legacy, "ping"): return reply(to: request, JSONObject(), visit)
        case (.modern, "server/discover"): return reply(to: request, discover(), visit)
        case (.legacy, _):
            throw RPCError(
                .methodNotFound, "There is no method '\(request.method.prefix(64))'.",
                id: request.id, status: 200)
        case (.modern, _):
            throw RPCError(
                .methodNotFound, "There is no method '\(request.method.prefix(64))'.",
                id: request.id, status: 404)
        }
    }

    /// The tool that a call names; throws `RPCError` for one that is not in sight, and 403 for one
    /// that the caller has no right to.
    func tool(of request: RPCRequest, _ visit: Visit) throws -> Tool {
        guard let name = request.parameters["name"]?.string else {
            throw RPCError(.invalidParams, "'name' must be a text.", id: request.id)
        }
        switch request.parameters["arguments"] {
        case nil, .object: break
        default: throw RPCError(.invalidParams, "'arguments' must be an object.", id: request.id)
        }
        guard let tool = toolbox.tool(named: name), isInSight(tool, visit) else {
            throw RPCError(
                .invalidParams, "There is no tool '\(name.prefix(64))'.", id: request.id,
                status: visit.version == .modern ? 400 : 200)
        }
        guard visit.caller.scopes.contains(tool.scope) else {
            throw Failure.scopeMissing([tool.scope.rawValue])
        }
        return tool
    }

    /// Calls a tool, in one transaction with the row that tells of it.
    func call(
        _ tool: Tool, _ request: RPCRequest, _ visit: Visit, claim: IdempotencyClaim?
    ) async throws -> JSONValue {
        let arguments = request.parameters["arguments"] ?? .object(JSONObject())
        var attempt = 1
        while true {
            let stage = Stage()
            let startedAt = clock.now()
            let effect = Effect(
                id: store.ids.make("eff"), number: 1, tool: tool.name,
                server: tool.server ?? Effect.local, arguments: arguments.text, state: .started,
                startedAt: startedAt)
            let departure = Departure()
            var context = context(visit, stage, effect)
            // If the answer never comes, nobody can tell; a repeat must not do it twice.
            let doubt = reply(to: request, result(.cutShort(tool)), visit)
            context.sending = {
                try await store.begin(
                    effect, tenant: visit.tenant, requestID: visit.requestID, answer: doubt,
                    claim: tool.isRepeatable ? nil : claim)
                departure.note()
            }
            let outcome = await toolbox.outcome(of: tool.name, arguments, in: context)
            let answer = reply(to: request, result(outcome), visit)
            do {
                try await store.commit(
                    ToolCallStore.Call(
                        id: effect.id, tool: tool.name, server: effect.server,
                        arguments: effect.arguments, outcome: outcome,
                        state: outcome.state(wasSent: departure.hasBegun), startedAt: startedAt,
                        finishedAt: clock.now()),
                    stage, tenant: visit.tenant, requestID: visit.requestID,
                    answer: answer, isFinal: !outcome.mayGoWell(wasSent: departure.hasBegun),
                    claim: claim)
            } catch let failure as Failure where failure.code == .turnConflict {
                attempt += 1
                if attempt > Self.attempts { throw failure }
                continue
            }
            if !stage.emails.isEmpty { mailQueued() }
            note(outcome, visit)
            return answer
        }
    }
}

extension MCPServer {
    /// On whose behalf a call acts.
    private func context(_ visit: Visit, _ stage: Stage, _ effect: Effect) -> ToolContext {
        ToolContext(
            tenant: visit.tenant, sessionID: nil, requestID: visit.requestID,
            now: effect.startedAt, customerEmail: visit.caller.ownEmail, stage: stage,
            caller: visit.caller, trace: visit.trace)
    }
}

// MARK: - Answers

extension MCPServer {
    private func isInSight(_ tool: Tool, _ visit: Visit) -> Bool {
        visit.category == nil || visit.category == tool.category
    }

    private func list(_ request: RPCRequest, _ visit: Visit) throws -> JSONObject {
        guard request.parameters["cursor"] == nil else {
            throw RPCError(
                .invalidParams, "All tools stand on one page; no cursor was given out.",
                id: request.id, status: visit.version == .modern ? 400 : 200)
        }
        let tools = toolbox.tools.filter {
            isInSight($0, visit) && visit.caller.scopes.contains($0.scope)
        }
        return [
            "tools": .array(tools.map(\.definition)), "ttlMs": JSONValue(Self.listLifetime),
            "cacheScope": isPrivate ? "private" : "public",
        ]
    }

    private func initialize(_ request: RPCRequest) throws -> JSONObject {
        guard let asked = request.parameters["protocolVersion"]?.string else {
            throw RPCError(
                .invalidParams, "'protocolVersion' must be a text.", id: request.id, status: 200)
        }
        let versions = MCPProtocol.legacyVersions
        return [
            "protocolVersion": .string(versions.contains(asked) ? asked : versions[0]),
            "capabilities": ["tools": [:]], "serverInfo": Self.serverInfo,
        ]
    }

    private func discover() -> JSONObject {
        [
            "supportedVersions": .array(
                ([MCPProtocol.modernVersion] + MCPProtocol.legacyVersions).map { .string($0) }),
            "capabilities": ["tools": [:]], "ttlMs": JSONValue(Self.discoveryLifetime),
            "cacheScope": "public",
        ]
    }

    private func result(_ outcome: ToolOutcome) -> JSONObject {
        [
            "content": [["type": "text", "text": .string(outcome.result.text)]],
            "structuredContent": outcome.result, "isError": .bool(!outcome.succeeded),
        ]
    }

    private func reply(
        to request: RPCRequest, _ result: JSONObject, _ visit: Visit
    ) -> JSONValue {
        var result = result
        if visit.version == .modern {
            result["resultType"] = "complete"
            result["_meta"] = ["io.modelcontextprotocol/serverInfo": Self.serverInfo]
        }
        return ["jsonrpc": "2.0", "id": request.id ?? .null, "result": .object(result)]
    }

    private static let serverInfo: JSONValue = [
        "name": "frontdesk", "version": .string(Product.version),
    ]

    private func note(_ outcome: ToolOutcome, _ visit: Visit) {
        metrics.countToolCall(outcome, isKnown: true)
        log.debug(
            "tool.called",
            [
                ("tool", .text(outcome.tool)),
                ("error", .text(outcome.errorType?.rawValue ?? "-")),
                ("request_id", .text(visit.requestID)), ("tenant", .text(visit.tenant.name)),
            ])
    }
}

extension ToolOutcome {
    /// Whether the same call with the same key is to be tried again: what went wrong here, or did
    /// not reach the other server, may go well the next time.
    fileprivate func mayGoWell(wasSent: Bool) -> Bool {
        errorType == .toolUnavailable || errorType == .internalError && !wasSent
    }
}

extension Tool {
    /// The tool as a list of the Model Context Protocol shows it.
    var definition: JSONValue {
        [
            "name": .string(name), "description": .string(description),
            "inputSchema": inputSchema, "outputSchema": Self.result.jsonSchema,
            "annotations": [
                "readOnlyHint": .bool(isReadOnly),
                "destructiveHint": .bool(traits.contains(.destructive)),
                "idempotentHint": .bool(traits.contains(.idempotent)), "openWorldHint": false,
            ],
        ]
    }

    /// What every result says, whatever else it holds.
    private static let result = JSONSchema.object(
        [
            .required("status", .string(oneOf: ["success", "error"])),
            .optional("error", .string(description: "What went wrong, in a sentence")),
            .optional("error_type", .string(description: "What went wrong, in a word")),
        ], additional: true)

    /// The right that a call from outside of a conversation needs.
    var scope: Scope {
        switch category {
        case .order: .toolsOrder
        case .email: .toolsEmail
        case .complaint: .toolsComplaint
        case .ticket: isReadOnly ? .ticketsRead : .ticketsWrite
        case .mcp: .chatSend
        }
    }
}

extension Metrics {
    /// Counts a tool's call. An agent may make up any name, which must not become a figure.
    func countToolCall(_ outcome: ToolOutcome, isKnown: Bool) {
        count(
            "frontdesk_tool_calls_total", "Tools called.",
            labels: "tool=\"\(isKnown ? outcome.tool : "unknown")\","
                + "outcome=\"\(outcome.succeeded ? "done" : "failed")\"")
    }
}
