import HTTP
import JSON

/// Tickets over HTTP: entering and showing them, and what their upgrades cost.
struct TicketRoutes: Sendable {
    let tickets: TicketStore
    let customers: CustomerStore
    let pricing: Pricing
    /// Who words advice; nil leaves it out.
    let adviser: Adviser?
    let idempotency: Idempotency
    let clock: Clock
    let ids: IDMaker

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/tickets", Self.creating, use: create)
        router.get("/tickets/{ticket_id}", Self.showing, use: show)
        router.post("/tickets/{ticket_id}/validate", Self.validating, use: validate)
        router.post("/tickets/{ticket_id}/pricing", Self.pricing, use: price)
        router.get("/tickets/{ticket_id}/tiers", Self.comparing, use: tiers)
        let path = "/tickets/{ticket_id}/recommendations"
        if adviser == nil {
            // Nobody is asked, so the answer is made in place.
            router.get(path, Self.recommending, use: recommend)
        } else {
            router.get(path, Self.recommending, use: advise)
        }
        router.get("/tickets/{ticket_id}/calendar", Self.showingDays, use: calendar)
    }

    /// handles `POST /tickets`
    @Sendable private func create(_ request: Request) async throws -> Response {
        let (body, draft, owner) = try request.ticketDraft(
            Self.createBody, zone: pricing.settings.zone)
        let tenant = try request.tenant(body: body)
        let now = clock.now()
        let ticket = draft.ticket(
            id: ids.make("tkt"), of: owner, currency: pricing.settings.currency, at: now)
        return try await idempotency.once(request, tenant: tenant) { claim in
            let data: JSONObject = ["ticket": ticket.json]
            let location = "/tickets/\(ticket.id)"
            try await tickets.insert(ticket, tenant: tenant) { connection in
                try claim?.store(
                    Envelope(data: data), status: 201, location: location, at: now,
                    in: connection)
            }
            return .data(data, status: .created, location: location)
        }
    }

    /// handles `GET /tickets/{ticket_id}`
    @Sendable private func show(_ request: Request) throws -> Response {
        .data(["ticket": try ticket(request).json])
    }

    /// handles `POST /tickets/{ticket_id}/validate`
    @Sendable private func validate(_ request: Request) throws -> Response {
        let body = try request.json(allowsEmptyBody: true)
        let (tier, day) = try request.question(body, Self.validateBody, pricing.settings)
        let ticket = try ticket(request, body)
        return .data(board.validation(of: ticket, tier: tier, on: day))
    }

    /// handles `POST /tickets/{ticket_id}/pricing`
    @Sendable private func price(_ request: Request) async throws -> Response {
        let body = try request.json(allowsEmptyBody: true)
        let (tier, asked) = try request.question(body, Self.pricingBody, pricing.settings)
        guard let tier else { throw Failure.invalid("upgrade_tier", "is required") }
        let tenant = try request.tenant(body: body)
        return try await idempotency.once(request, tenant: tenant) { claim in
            let ticket = try ticket(request, body)
            let board = board
            let day = board.day(asked, for: .ticket(ticket))
            let price = try board.price(tier, for: .ticket(ticket), on: day)
            let now = clock.now()
            let quoting = Quoting(
                tenant: tenant, ticketID: ticket.id, price: price, board: board,
                quoteID: ids.make("quo"), now: now)
            let data = try await tickets.quote(quoting) { data, connection in
                try claim?.store(Envelope(data: data), status: 200, at: now, in: connection)
            }
            return .data(data)
        }
    }

    /// handles `GET /tickets/{ticket_id}/tiers`
    @Sendable private func tiers(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let day = query.day()
        try query.check()
        return .data(board.comparison(for: .ticket(try ticket(request)), on: day))
    }

    /// handles `GET /tickets/{ticket_id}/recommendations`
    @Sendable private func recommend(_ request: Request) throws -> Response {
        .data(try recommendations(request).data)
    }

    /// handles the same, with the words of a model
    @Sendable private func advise(_ request: Request) async throws -> Response {
        let (ticket, data) = try recommendations(request)
        let advice = await adviser?.advice(
            on: data, for: ticket.type, of: try request.tenant())
        return .data(data.with(advice ?? .off))
    }

    private func recommendations(
        _ request: Request
    ) throws -> (ticket: Ticket, data: JSONObject) {
        var query = QueryReader(request)
        let day = query.day()
        let customer = query.text("customer_id") { isIdentifier($0) ? nil : "is no id" }
        try query.check()
        let ticket = try ticket(request)
        if let customer, customer != ticket.customerID {
            _ = try customers.require(customer, tenant: try request.tenant())
            throw Failure.mismatch(customer, ticket)
        }
        return (ticket, board.recommendations(for: ticket, on: day))
    }

    /// handles `GET /tickets/{ticket_id}/calendar`
    @Sendable private func calendar(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let days = query.integer("days", 1...90, default: 30)
        let tier = query.tier(pricing.settings)
        try query.check()
        let ticket = try ticket(request)
        return .data(try board.calendar(for: .ticket(ticket), days: days, tier: tier))
    }

    /// The rules as they are today.
    private var board: PriceBoard {
        PriceBoard(pricing: pricing, today: pricing.today(at: clock.now()))
    }

    /// The ticket that the path names by id or number, if the caller may see it.
    private func ticket(_ request: Request, _ body: JSONValue? = nil) throws -> Ticket {
        let name = request.parameters["ticket_id"]
        if let problem = identifierProblem(name) { throw Failure.invalid("ticket_id", problem) }
        let ticket = try tickets.require(name, tenant: try request.tenant(body: body))
        guard request.caller.owns(ticket.customerID) else { throw Failure.notOwner("ticket") }
        return ticket
    }
}

// MARK: - Reading

extension QueryReader {
    /// The day asked about, by any of its names; nil when it is not there.
    mutating func day() -> CalendarDay? {
        var found: String?
        for name in ["event_date", "travel_date", "date"] {
            guard let text = text(name) else { continue }
            if let found, found != text { refuse(name, "names another day than before") }
            found = text
            if CalendarDay.sellable(text) == nil { refuse(name, CalendarDay.problem) }
        }
        return found.flatMap { CalendarDay.sellable($0) }
    }

    /// The tier asked about; nil when it is not there.
    mutating func tier(_ settings: TicketSettings) -> UpgradeTier? {
        guard let text = text("upgrade_tier") else { return nil }
        let tier = settings.tier(parsing: text)
        if tier == nil { refuse("upgrade_tier", settings.tierProblem) }
        return tier
    }
}

extension TicketSettings {
    /// What is wrong with a text that is no tier.
    var tierProblem: String { "must be 'standard', 'non-stop' or 'double-fun'" }
}

extension Request {
    /// The tier and the day that a body asks about; throws every problem that `schema` finds too.
    func question(
        _ body: JSONValue, _ schema: JSONSchema, _ settings: TicketSettings
    ) throws -> (tier: UpgradeTier?, day: CalendarDay?) {
        var reader = try BodyReader(body, schema)
        let tier = reader.text("upgrade_tier").flatMap { settings.tier(parsing: $0) }
        if tier == nil, reader.text("upgrade_tier") != nil {
            reader.refuse("upgrade_tier", settings.tierProblem)
        }
        let day = reader.day()
        try reader.check()
        return (tier, day)
    }

    /// The ticket that a body describes, and whose it is.
    fileprivate func ticketDraft(
        _ schema: JSONSchema, zone: VenueZone
    ) throws -> (body: JSONValue, draft: TicketDraft, owner: String) {
        let body = try json()
        var reader = try BodyReader(body, schema)
        var texts = reader.texts(of: TicketDraft.fields)
        texts["event_date"] = reader.dayText()
        var fields = FieldReader(texts)
        let draft = TicketDraft(&fields, zone: zone)
        let owner = reader.text("customer_id") ?? ""
        if reader.text("customer_id") != nil, !isIdentifier(owner) {
            reader.refuse("customer_id", "is no id")
        }
        for problem in fields.problems { reader.refuse(problem.field, problem.problem) }
        try reader.check()
        guard let draft else { throw Failure.invalid("ticket_number", "is required") }
        return (body, draft, owner)
    }
}
