import JSON

/// The ticket tools, done by a remote ticket agent (tickets.md, sections 9 and 10).
///
/// Names, arguments and rights are those of our own tools.
struct RemoteTicketTools: Sendable {
    let remote: RemoteTickets
    let settings: TicketSettings
    /// Those customers who can sign in, by whose address a session may be limited.
    let customers: CustomerStore

    /// The name by which the ledger knows the agent.
    private static let server = "tickets.mcp"

    /// The tools as they are known, with the agent's deeds.
    func tools(like ours: [Tool]) -> [Tool] {
        ours.map { tool in
            tool.by(Self.server) { arguments, context in
                try await answer(tool, arguments, context)
            }
        }
    }

    private func answer(
        _ tool: Tool, _ arguments: JSONValue, _ context: ToolContext
    ) async throws -> JSONValue {
        guard context.caller.scopes.contains(tool.scope) else {
            throw ToolError(.scopeMissing, "This needs the right '\(tool.scope.rawValue)'.")
        }
        let known = try known(tool, arguments, context)
        guard let kind = RemoteTool(rawValue: tool.name) else {
            throw try ToolError(remote: .sourceUnsupported(), kind: nil, wasSent: false)
        }
        let departure = Departure()
        var question = RemoteQuestion(tool: kind, known: known, requestID: context.requestID)
        question.trace = context.trace
        question.sending = {
            try await context.sending()
            departure.note()
        }
        do {
            let caller = try caller(context)
            // The agent's list of tools may have to be read before anything is asked.
            try await context.leaving()
            var result: JSONObject = ["status": "success"]
            for member in try await remote.answer(question, for: caller).members {
                result[member.key] = member.value
            }
            return .object(result)
        } catch let failure as Failure where failure.isTold {
            throw try ToolError(remote: failure, kind: kind, wasSent: departure.hasBegun)
        }
    }

    /// Who asks: in a session that is limited to somebody, nobody but they.
    private func caller(_ context: ToolContext) throws -> Caller {
        guard !context.caller.seesOnlyOwn, let email = context.customerEmail else {
            return context.caller
        }
        guard let own = try customers.find(email: email.lowercased(), tenant: context.tenant)
        else { throw Failure.notOwner("ticket") }
        var caller = context.caller
        caller.roles = [.customer]
        caller.customerID = own.id
        return caller
    }

    /// The arguments, checked as our own tools check them, in the routes' spelling.
    private func known(
        _ tool: Tool, _ arguments: JSONValue, _ context: ToolContext
    ) throws -> JSONObject {
        var reader = try ArgumentReader(arguments, schema: tool.parameters, now: context.now)
        let properties = tool.parameters.jsonSchema["properties"]
        let question = TicketQuestion(
            &reader, settings, orType: properties?["ticket_type"] != nil)
        if tool.name == RemoteTool.customer.rawValue {
            reader.requireOne("customer_id", "email")
            if context.customerEmail != nil, reader.values["email"] != nil {
                reader.note("email", "must not be given here")
            }
        }
        try reader.check()
        var known = reader.values
        if let tier = question.tier { known["upgrade_tier"] = .string(tier.rawValue) }
        if let day = question.day { known["event_date"] = .string(day.text) }
        if tool.name == RemoteTool.order.rawValue, known["payment_method"] == nil {
            known["payment_method"] = "credit_card"
        }
        return known
    }
}

extension Failure {
    /// Whether callers of a ticket tool are told of it; what ends a turn is none of theirs.
    fileprivate var isTold: Bool {
        extra["upstream"] != nil || [.notOwner].contains(code)
            || ["source_unsupported", "upstream_invalid"].contains(code.word)
    }
}

extension ToolError {
    /// What it means to a tool's caller that a remote ticket agent gave no result; rethrows what no
    /// caller may know.
    fileprivate init(remote failure: Failure, kind: RemoteTool?, wasSent: Bool) throws {
        let layer = failure.extra["upstream"]?["layer"]
        let code = failure.extra["upstream"]?["code"]
        let answered = layer == "tool" || layer == "jsonrpc" || code?.int.map { $0 < 500 } == true
        let inDoubt =
            wasSent && kind?.isRead == false && !answered && failure.code.word != "overloaded"
            && code != "credential"
        switch failure.code.word {
        case "upstream_timeout": self.init(.toolTimeout, failure.detail)
        case _ where inDoubt:
            self.init(
                .outcomeUnknown, failure.detail + " Whether this was done is not known.")
        case "not_owner" where kind == .customer || kind == .tickets:
            self.init(.customerNotFound, "There is no such customer.")
        case "not_owner": self.init(.ticketNotFound, "There is no such ticket.")
        case "overloaded", "source_unsupported": self.init(.toolUnavailable, failure.detail)
        case "upstream_failed" where layer == "transport":
            self.init(.toolUnavailable, failure.detail)
        case "upstream_failed", "upstream_invalid", "upstream_rejected":
            self.init(.internalError, failure.detail)
        default: try self.init(failure)
        }
        if let upstream = failure.extra["upstream"] { extra["upstream"] = upstream }
        if extra["code"] == nil { extra["code"] = .string(failure.code.word) }
    }
}
