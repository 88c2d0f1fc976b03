import HTTP
import JSON

/// Customers, tickets and orders over HTTP, as a remote agent has them (tickets.md, section 10).
struct RemoteTicketRoutes: Sendable {
    let remote: RemoteTickets
    let settings: TicketSettings
    let idempotency: Idempotency

    /// Answers the routes of customers, tickets and orders that are there; what the agent has no
    /// tool for is refused.
    func takeOver(_ router: inout Router) {
        router.replace { route in
            guard Self.covers(route.pattern) else { return nil }
            let handler: Handler? =
                switch (route.method, route.pattern) {
                case (.get, "/customers/{customer_id}"): customer
                case (.get, "/customers/{customer_id}/tickets"): tickets
                case (.get, "/tickets/{ticket_id}"): show
                case (.post, "/tickets/{ticket_id}/validate"): validate
                case (.post, "/tickets/{ticket_id}/pricing"): price
                case (.get, "/tickets/{ticket_id}/tiers"): tiers
                case (.get, "/tickets/{ticket_id}/recommendations"): recommend
                case (.get, "/tickets/{ticket_id}/calendar"): calendar
                case (.post, "/orders"): order
                default: nil
                }
            guard let handler else { return (Self.refusing(route.operation), unsupported) }
            return (Self.answering(route.operation), handler)
        }
    }

    private typealias Handler = @Sendable (Request) async throws -> Response

    private static func covers(_ pattern: String) -> Bool {
        ["customers", "tickets", "orders"].contains(pattern.split(separator: "/").first ?? "")
    }

    /// handles everything that the agent has no tool for
    @Sendable private func unsupported(_ request: Request) async throws -> Response {
        throw Failure.sourceUnsupported()
    }

    /// handles `GET /customers/{customer_id}`
    @Sendable private func customer(_ request: Request) async throws -> Response {
        try await data(request, .customer, ["customer_id": .string(try request.id("customer_id"))])
    }

    /// handles `GET /customers/{customer_id}/tickets`
    @Sendable private func tickets(_ request: Request) async throws -> Response {
        var query = QueryReader(request)
        let status = query.choice("status", Ticket.Status.self)
        let limit = query.integer("limit", 1...100, default: 50)
        let offset = query.integer("offset", 0...Int.max, default: 0)
        try query.check()
        var known: JSONObject = [
            "customer_id": .string(try request.id("customer_id")), "limit": JSONValue(limit),
            "offset": JSONValue(offset),
        ]
        known["status"] = status.map { .string($0.rawValue) }
        return try await data(request, .tickets, known)
    }

    /// handles `GET /tickets/{ticket_id}`
    @Sendable private func show(_ request: Request) async throws -> Response {
        try await data(request, .validate, try request.ticket(day: nil))
    }

    /// handles `POST /tickets/{ticket_id}/validate`
    @Sendable private func validate(_ request: Request) async throws -> Response {
        let body = try request.json(allowsEmptyBody: true)
        _ = try request.tenant(body: body)
        return try await data(
            request, .validate, try request.wish(body, TicketRoutes.validateBody, settings))
    }

    /// handles `POST /tickets/{ticket_id}/pricing`
    @Sendable private func price(_ request: Request) async throws -> Response {
        let body = try request.json(allowsEmptyBody: true)
        let known = try request.wish(body, TicketRoutes.pricingBody, settings)
        return try await once(request, .price, known, tenant: try request.tenant(body: body))
    }

    /// handles `GET /tickets/{ticket_id}/tiers`
    @Sendable private func tiers(_ request: Request) async throws -> Response {
        var query = QueryReader(request)
        let day = query.day()
        try query.check()
        return try await data(request, .compare, try request.ticket(day: day))
    }

    /// handles `GET /tickets/{ticket_id}/recommendations`
    @Sendable private func recommend(_ request: Request) async throws -> Response {
        var query = QueryReader(request)
        let day = query.day()
        _ = query.text("customer_id") { isIdentifier($0) ? nil : "is no id" }
        try query.check()
        return try await data(request, .recommend, try request.ticket(day: day))
    }

    /// handles `GET /tickets/{ticket_id}/calendar`
    @Sendable private func calendar(_ request: Request) async throws -> Response {
        var query = QueryReader(request)
        let days = query.integer("days", 1...90, default: 30)
        let tier = query.tier(settings)
        try query.check()
        var known = try request.ticket(day: nil)
        known["days"] = JSONValue(days)
        known["upgrade_tier"] = tier.map { .string($0.rawValue) }
        return try await data(request, .calendar, known)
    }

    /// handles `POST /orders`
    @Sendable private func order(_ request: Request) async throws -> Response {
        let body = try request.json()
        let known = try request.order(body, settings)
        return try await once(request, .order, known, tenant: try request.tenant(body: body))
    }
}

// MARK: - Asking

extension RemoteTicketRoutes {
    private func ask(
        _ request: Request, _ tool: RemoteTool, _ known: JSONObject
    ) async throws -> JSONObject {
        var question = RemoteQuestion(tool: tool, known: known)
        question.requestID = request.id
        question.trace = request.trace
        return try await remote.answer(question, for: request.caller)
    }

    private func data(
        _ request: Request, _ tool: RemoteTool, _ known: JSONObject
    ) async throws -> Response {
        // The agent knows no tenants, but a wrong one is still refused.
        _ = try request.tenant()
        return .data(try await ask(request, tool, known))
    }

    /// Asks once for all requests with the same key.
    private func once(
        _ request: Request, _ tool: RemoteTool, _ known: JSONObject, tenant: Tenant
    ) async throws -> Response {
        try await idempotency.once(request, tenant: tenant) { claim in
            let data = try await ask(request, tool, known)
            let status = tool == .order ? 201 : 200
            let location = tool == .order ? Self.location(data) : nil
            if let claim {
                do {
                    try await idempotency.store.keep(
                        Envelope(data: data), status: status, location: location, of: claim)
                } catch {
                    // What the agent has done is done, and the caller should know of it.
                    remote.log.error(
                        "idempotency.lost",
                        [("error", .text("\(error)")), ("request_id", .text(request.id))])
                }
            }
            return .data(data, status: Status(status), location: location)
        }
    }

    /// Where the order is that a payload tells of.
    private static func location(_ data: JSONObject) -> String? {
        let holders = [data["order"], data["upgrade_order"]]
        let ids = [data["order_id"]] + holders.flatMap { [$0?["order_id"], $0?["id"]] }
        return ids.compactMap { $0?.string }.first(where: isIdentifier).map { "/orders/\($0)" }
    }
}

// MARK: - Reading

extension Request {
    /// The id in the path.
    fileprivate func id(_ name: String) throws -> String {
        let id = parameters[name]
        if let problem = identifierProblem(id) { throw Failure.invalid(name, problem) }
        return id
    }

    /// What is known of a ticket from path and query.
    fileprivate func ticket(day: CalendarDay?) throws -> JSONObject {
        var known: JSONObject = ["ticket_id": .string(try id("ticket_id"))]
        known["event_date"] = day.map { .string($0.text) }
        known["customer_id"] = try namedCustomer(query["customer_id"])
        return known
    }

    /// What is known of a ticket from path and body.
    fileprivate func wish(
        _ body: JSONValue, _ schema: JSONSchema, _ settings: TicketSettings
    ) throws -> JSONObject {
        let (tier, day) = try question(body, schema, settings)
        var known = try ticket(day: day)
        known["upgrade_tier"] = tier.map { .string($0.rawValue) }
        if let customer = try namedCustomer(body["customer_id"]?.string) {
            known["customer_id"] = customer
        }
        return known
    }

    private func namedCustomer(_ id: String?) throws -> JSONValue? {
        guard let id else { return nil }
        guard isIdentifier(id) else { throw Failure.invalid("customer_id", "is no id") }
        return .string(id)
    }

    /// What is known of an order from the body.
    fileprivate func order(_ body: JSONValue, _ settings: TicketSettings) throws -> JSONObject {
        var reader = try BodyReader(body, TicketOrderRoutes.createBody)
        var known = JSONObject()
        for name in ["ticket_id", "customer_id", "quote_id"] {
            guard let id = reader.text(name) else { continue }
            if !isIdentifier(id) { reader.refuse(name, "is no id") }
            known[name] = .string(id)
        }
        if known["customer_id"] == nil, !caller.seesOnlyOwn {
            reader.refuse("customer_id", "is required")
        }
        if let text = reader.text("upgrade_tier") {
            let tier = settings.tier(parsing: text)
            if tier == nil { reader.refuse("upgrade_tier", settings.tierProblem) }
            known["upgrade_tier"] = tier.map { .string($0.rawValue) }
        }
        if let day = reader.day() {
            known["event_date"] = .string(day.text)
        } else {
            reader.refuse("event_date", "is required")
        }
        try reader.check()
        for name in ["total_amount", "upgrade_price"] {
            if let amount = body[name], !amount.isNull { known[name] = amount }
        }
        known["payment_method"] = .string(reader.text("payment_method") ?? "credit_card")
        return known
    }
}
