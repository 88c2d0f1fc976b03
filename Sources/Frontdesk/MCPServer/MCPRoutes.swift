import HTTP
import JSON

/// The Model Context Protocol over HTTP: `POST /mcp`, or one category of tools at `/mcp/order`.
struct MCPRoutes: Sendable {
    let server: MCPServer
    let idempotency: Idempotency
    /// The host that the server listens on, whose pages may call.
    let host: String
    /// The origins of other pages that may.
    let origins: [String]

    /// How long a call may take until its client is told that it goes on.
    private static let patience = Duration.seconds(1)

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/mcp", Self.serving, use: all)
        router.post("/mcp/{category}", Self.servingCategory, use: one)
    }

    /// handles `POST /mcp`
    @Sendable private func all(_ request: Request) async throws -> Response {
        try await answer(request, category: nil)
    }

    /// handles `POST /mcp/{category}`
    @Sendable private func one(_ request: Request) async throws -> Response {
        guard let category = Tool.Category(rawValue: request.parameters["category"]),
            category != .mcp
        else {
            throw Failure(.notFound, "There is no category of tools of this name.")
        }
        return try await answer(request, category: category)
    }

    private func answer(_ request: Request, category: Tool.Category?) async throws -> Response {
        try checkOrigin(request)
        try request.requireJSONType()
        let tenant = try request.tenant()
        do {
            let message = try RPCRequest(request.body)
            let version = try MCPProtocol(
                message,
                MCPProtocol.Header(
                    version: request.headers["MCP-Protocol-Version"],
                    method: request.headers["Mcp-Method"], name: request.headers["Mcp-Name"]))
            if message.isNotification { return .empty(.accepted) }
            let visit = MCPServer.Visit(
                tenant: tenant, caller: request.caller, requestID: request.id,
                trace: request.trace,
                category: category, version: version)
            guard message.method == "tools/call" else {
                return .json(try server.answer(message, visit))
            }
            let tool = try server.tool(of: message, visit)
            return try await call(tool, message, visit, request)
        } catch let error as RPCError {
            return .json(error.json, status: Status(error.status))
        }
    }

    private func call(
        _ tool: Tool, _ message: RPCRequest, _ visit: MCPServer.Visit, _ request: Request
    ) async throws -> Response {
        // An answer that may be repeated is stored whole, so it is given whole.
        if let token = message.meta["progressToken"], request.headers["Idempotency-Key"] == nil,
            request.headers["Accept"]?.contains("text/event-stream") ?? false
        {
            return try await follow(tool, message, visit, token)
        }
        // A repeat is another message, with a number of its own, that asks for the same.
        return try await idempotency.once(
            request, tenant: visit.tenant, asking: Self.wish(message, visit),
            again: { try .replay(Self.answer($0, to: message)) },
            answer: { .json(try await server.call(tool, message, visit, claim: $0)) })
    }

    /// What makes two calls the same.
    private static func wish(_ message: RPCRequest, _ visit: MCPServer.Visit) -> [UInt8] {
        let parameters = message.parameters
        let wish: JSONValue = [
            "modern": .bool(visit.version == .modern), "name": parameters["name"] ?? .null,
            "arguments": parameters["arguments"] ?? [:],
        ]
        return wish.bytes
    }

    /// A stored answer as the answer to another message.
    private static func answer(
        _ outcome: IdempotencyStore.Outcome, to message: RPCRequest
    ) throws -> IdempotencyStore.Outcome {
        guard var answer = try JSONValue(parsing: outcome.body).object else { return outcome }
        answer["id"] = message.id
        return IdempotencyStore.Outcome(
            status: outcome.status, body: JSONValue.object(answer).text)
    }

    /// Throws 403 for a page that a browser must not let call this server.
    ///
    /// What `Host` says proves nothing: a name that a stranger lets lead here stands in both.
    private func checkOrigin(_ request: Request) throws {
        guard let origin = request.headers["Origin"] else { return }
        let place = WebAuthority(origin)
        let isOwn = place.map { $0.isLoopback || $0.host == host } ?? false
        guard isOwn || origins.contains(origin) else {
            throw Failure(
                .originRefused,
                "Pages of '\(origin.prefix(100))' may not call this; name it in "
                    + "server.cors_origins to let them.")
        }
    }
}

// MARK: - Long calls

extension MCPRoutes {
    /// What happens while a call is followed.
    private enum Step: Sendable {
        /// Another while has passed.
        case waited
        case done(Result<JSONValue, any Error>)
    }

    /// Answers at once if the call is quick, else with events that tell that it goes on.
    private func follow(
        _ tool: Tool, _ message: RPCRequest, _ visit: MCPServer.Visit, _ token: JSONValue
    ) async throws -> Response {
        let steps = steps(tool, message, visit)
        for await step in steps {
            if case .done(let result) = step { return .json(try result.get()) }
            break
        }
        return .events { writer in
            var passed = 1
            try await writer.send(json: Self.progress(token, passed).bytes)
            for await step in steps {
                switch step {
                case .waited:
                    passed += 1
                    try await writer.send(json: Self.progress(token, passed).bytes)
                case .done(let result):
                    try await writer.send(json: Self.last(result, message).bytes)
                }
            }
        }
    }

    /// Begins the call, which goes on whether somebody listens or not.
    private func steps(
        _ tool: Tool, _ message: RPCRequest, _ visit: MCPServer.Visit
    ) -> AsyncStream<Step> {
        let (steps, source) = AsyncStream.makeStream(of: Step.self)
        let alarm = Task {
            while (try? await Task.sleep(for: Self.patience)) != nil { source.yield(.waited) }
        }
        Task {
            let result: Result<JSONValue, any Error>
            do {
                result = .success(try await server.call(tool, message, visit, claim: nil))
            } catch {
                result = .failure(error)
            }
            alarm.cancel()
            source.yield(.done(result))
            source.finish()
        }
        return steps
    }

    private static func progress(_ token: JSONValue, _ passed: Int) -> JSONValue {
        [
            "jsonrpc": "2.0", "method": "notifications/progress",
            "params": ["progressToken": token, "progress": JSONValue(passed)],
        ]
    }

    /// The last message of a stream, whose status can no longer tell of a failure.
    private static func last(
        _ result: Result<JSONValue, any Error>, _ message: RPCRequest
    ) -> JSONValue {
        switch result {
        case .success(let answer): return answer
        case .failure(let error):
            let failure = error as? Failure
            return RPCError(
                .internal, failure?.detail ?? "The call failed for an internal reason.",
                id: message.id, data: failure.map { ["code": .string($0.code.word)] }
            ).json
        }
    }
}
