import JSON
import MCP

/// The six complaint tools, done by a server that keeps complaints in place of this one.
///
/// Arguments are checked here first; orders stay here, and with them whose a complaint is.
struct RemoteComplaints: Sendable {
    let server: UpstreamServer
    let orders: OrderStore

    /// The tools as they are known, with that server's deeds.
    func tools(like ours: [Tool]) -> [Tool] {
        ours.map { tool in
            var remote = tool.by(server.name) { arguments, context in
                try await answer(tool, arguments, context)
            }
            remote.isAnnotatedRepeatable = { isAnnotated(tool.name) }
            return remote
        }
    }

    private func isAnnotated(_ name: String) -> Bool {
        server.client.knownTools?.first { $0.name == name }?.isRepeatable ?? false
    }

    private func answer(
        _ tool: Tool, _ arguments: JSONValue, _ context: ToolContext
    ) async throws -> JSONValue {
        let wish = try Wish(tool, arguments, context)
        let view = OrderView(store: orders, context: context)
        if let order = wish.order, tool.name == "register_complaint" { _ = try view.require(order) }
        if context.customerEmail != nil {
            if let order = wish.order, try view.find(order) == nil { return Self.nothing }
            if let id = wish.complaint, !tool.isReadOnly {
                // What might be somebody else's is not touched before that is known.
                let known = try await ask("get_complaint", ["complaint_id": JSONValue(id)], context)
                try check(known.complaint(id), view)
            }
        }
        let reply = try await ask(
            tool.name, wish.arguments, context,
            isRepeatable: tool.isReadOnly || isAnnotated(tool.name))
        guard tool.name != "search_complaints" else { return try list(reply, view) }
        let complaint = try reply.complaint(wish.complaint)
        try check(complaint, view)
        return [
            "status": "success", "message": .string(reply.message),
            "complaint": .object(complaint),
        ]
    }

    private func ask(
        _ tool: String, _ arguments: JSONObject, _ context: ToolContext, isRepeatable: Bool
    ) async throws -> ComplaintReply {
        let result = try await server.call(
            tool, arguments, isRepeatable: isRepeatable, context)
        do {
            try server.checkSize(result, isRepeatable: isRepeatable)
            return try ComplaintReply(result, isRepeatable: isRepeatable)
        } catch let error as ToolError {
            server.report(error.sentence, tool, context)
            throw error
        }
    }

    /// Asks beside the call itself, of which the ledger needs to know nothing.
    private func ask(
        _ tool: String, _ arguments: JSONObject, _ context: ToolContext
    ) async throws -> ComplaintReply {
        var context = context
        context.sending = context.leaving
        return try await ask(tool, arguments, context, isRepeatable: true)
    }
}

// MARK: - What is asked

extension RemoteComplaints {
    /// What a caller wants, checked as our own tools check it.
    private struct Wish {
        let arguments: JSONObject
        /// The order it is about, nil for none.
        let order: Order.ID?
        /// The complaint it is about, nil for none.
        let complaint: Int?

        /// Throws `ToolError` for what our own tools refuse.
        init(_ tool: Tool, _ arguments: JSONValue, _ context: ToolContext) throws {
            var reader = try ArgumentReader(
                arguments, schema: tool.parameters, inAnyCase: ["priority", "status"],
                now: context.now)
            var isEmpty = false
            switch tool.name {
            case "register_complaint": _ = NewComplaint(&reader)
            case "search_complaints": isEmpty = ComplaintSearch(&reader).isUnlimited
            case "update_complaint": isEmpty = ComplaintUpdate(&reader).isEmpty
            default: _ = reader.text("remarks")
            }
            let order = reader.orderID("order_number")
            try reader.check()
            if isEmpty {
                throw tool.isReadOnly ? ToolError.noCriteria : ToolError.noUpdates
            }
            var values = reader.values
            if let order { values["order_number"] = .string(order.text) }
            self.arguments = values
            self.order = order
            complaint = values["complaint_id"]?.int
        }
    }
}

// MARK: - What is answered

extension RemoteComplaints {
    /// What a search finds about orders that are out of sight.
    private static let nothing: JSONValue = [
        "status": "success", "message": "0 complaints found.", "count": 0, "complaints": [],
    ]

    /// Throws `ComplaintNotFound` for a complaint that this customer may not see.
    private func check(_ complaint: JSONObject, _ view: OrderView) throws {
        guard try isInSight(complaint, view) else {
            throw ToolError.noComplaint(complaint["complaint_id"]?.int ?? 0)
        }
    }

    private func isInSight(_ complaint: JSONObject, _ view: OrderView) throws -> Bool {
        guard view.context.customerEmail != nil else { return true }
        guard let order = complaint["order_number"]?.string.flatMap(Order.ID.init(parsing:)) else {
            return false
        }
        return try view.find(order) != nil
    }

    private func list(_ reply: ComplaintReply, _ view: OrderView) throws -> JSONValue {
        let found = try reply.complaints()
        let visible = try found.filter { try isInSight($0, view) }
        let isLimited = view.context.customerEmail != nil
        let count = isLimited ? visible.count : max(reply.count ?? 0, found.count)
        return [
            "status": "success",
            "message": .string("\(count) complaint\(count == 1 ? "" : "s") found."),
            "count": JSONValue(count),
            "complaints": .array(
                visible.prefix(ComplaintSearch.limit).map { JSONValue.object($0) }),
        ]
    }
}
