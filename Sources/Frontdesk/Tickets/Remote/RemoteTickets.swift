import JSON
import MCP

/// Asks a remote ticket agent, and lets customers see only what is theirs.
struct RemoteTickets: Sendable {
    let client: MCPClient
    let log: Log

    /// Whether the newest look at the agent found it well.
    var isUp: Bool { client.isUp == true }

    /// What the agent answers to a question of this caller.
    func answer(_ question: RemoteQuestion, for caller: Caller) async throws -> JSONObject {
        var question = question
        var isOwn = !caller.seesOnlyOwn
        if !isOwn { question.known["customer_id"] = .string(try owner(caller, question)) }
        let schema = try await schema(of: question)
        if question.known["ticket_id"] != nil, question.tool != .validate,
            !isOwn || question.needsFacts(for: schema)
        {
            if let validation = try await validate(question, isOptional: !isOwn) {
                question.learn(from: validation)
                isOwn = try isOwn || owns(caller, validation)
            }
        }
        // What might belong to anybody is not changed.
        guard isOwn || question.tool.isRead else { throw Failure.notOwner("ticket") }
        let payload = try await ask(question)
        let isShown = try !caller.seesOnlyOwn || owns(caller, payload) || isOwn
        guard isShown || payload["tickets"]?.array?.isEmpty == true else {
            throw Failure.notOwner("record")
        }
        return Self.data(payload)
    }

    /// A payload as our own routes answer it.
    private static func data(_ payload: JSONObject) -> JSONObject {
        var data = payload
        data["success"] = nil
        if data["status"]?.string == "success" { data["status"] = nil }
        data["source"] = "mcp"
        return data
    }

    private func schema(of question: RemoteQuestion) async throws -> JSONObject? {
        do {
            return try await client.tools()?.first { $0.name == question.tool.rawValue }?
                .inputSchema
        } catch let error as MCPError {
            throw failure(error, question)
        }
    }

    /// The agent's opinion of the ticket; nil when it has none and `isOptional`.
    private func validate(
        _ question: RemoteQuestion, isOptional: Bool
    ) async throws -> JSONObject? {
        let validation = RemoteQuestion(
            tool: .validate, known: question.known, requestID: question.requestID,
            trace: question.trace)
        do {
            return try await ask(validation)
        } catch let failure as Failure
            where isOptional && failure.code.word == "source_unsupported"
        {
            return nil
        }
    }

    private func ask(_ question: RemoteQuestion) async throws -> JSONObject {
        var options = MCPClient.Options()
        options.headers = [("X-Request-ID", question.requestID)]
        if let trace = question.trace { options.headers.append(("traceparent", trace)) }
        options.isRepeatable = question.tool.isRead
        options.beforeSending = question.sending
        let result: CallResult
        do {
            result = try await client.call(question.tool.rawValue, options) { tool in
                try question.arguments(for: tool?.inputSchema)
            }
        } catch let error as MCPError {
            throw failure(error, question)
        }
        do {
            return try RemoteReading(question.tool, result).payload()
        } catch {
            report(excerpt(result), question)
            throw error
        }
    }
}

// MARK: - Whose it is

extension RemoteTickets {
    /// The customer that a customer asks about: nobody else.
    private func owner(_ caller: Caller, _ question: RemoteQuestion) throws -> String {
        guard let own = caller.customerID else { throw Failure.notOwner("ticket") }
        if let named = question.known["customer_id"]?.string, named != own {
            throw Failure.otherCustomer
        }
        return own
    }

    /// Whether a payload names the caller as the customer it is about; throws when it names
    /// somebody else.
    private func owns(_ caller: Caller, _ payload: JSONObject) throws -> Bool {
        let holders = ["ticket", "customer", "order", "upgrade_order", "pricing"]
        let values =
            [JSONValue.object(payload)] + holders.compactMap { payload[$0] }
            + (payload["tickets"]?.array ?? [])
        let ids = values.compactMap { $0["customer_id"]?.string }
        guard ids.allSatisfy({ $0 == caller.customerID }) else {
            throw Failure.notOwner("record")
        }
        return !ids.isEmpty
    }
}

// MARK: - In the log

extension RemoteTickets {
    private func failure(_ error: MCPError, _ question: RemoteQuestion) -> Failure {
        report(error.description, question)
        return Failure(remote: error)
    }

    private func report(_ error: String, _ question: RemoteQuestion) {
        log.warning(
            "tickets.remote_failed",
            [
                ("tool", .text(question.tool.rawValue)), ("error", .text(error)),
                ("request_id", .text(question.requestID)),
            ])
    }

    /// The beginning of a result, which may hold what is not for callers.
    private func excerpt(_ result: CallResult) -> String {
        String(JSONValue.object(result.result).text.prefix(500))
    }
}
