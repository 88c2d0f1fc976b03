import HTTP
import JSON

/// Customers over HTTP: entering and showing them, and listing their tickets.
struct CustomerRoutes: Sendable {
    let customers: CustomerStore
    let tickets: TicketStore
    let idempotency: Idempotency
    let clock: Clock
    let ids: IDMaker

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/customers", Self.creating, use: create)
        router.get("/customers/{customer_id}", Self.showing, use: show)
        router.get("/customers/{customer_id}/tickets", Self.listingTickets, use: tickets)
    }

    /// handles `POST /customers`
    @Sendable private func create(_ request: Request) async throws -> Response {
        let body = try request.json()
        var reader = try BodyReader(body, Self.createBody)
        var fields = FieldReader(reader.texts(of: CustomerDraft.fields))
        let draft = CustomerDraft(&fields)
        for problem in fields.problems { reader.refuse(problem.field, problem.problem) }
        try reader.check()
        guard let draft else { throw Failure.invalid("email", "is required") }
        let tenant = try request.tenant(body: body)
        let now = clock.now()
        let customer = draft.customer(id: ids.make("cus"), at: now)
        let isAdmin = request.caller.roles.contains(.admin)
        return try await idempotency.once(request, tenant: tenant) { claim in
            let data: JSONObject = ["customer": customer.json(forAdmin: isAdmin)]
            let location = "/customers/\(customer.id)"
            try await customers.insert(customer, tenant: tenant) { connection in
                try claim?.store(
                    Envelope(data: data), status: 201, location: location, at: now,
                    in: connection)
            }
            return .data(data, status: .created, location: location)
        }
    }

    /// handles `GET /customers/{customer_id}`
    @Sendable private func show(_ request: Request) throws -> Response {
        let customer = try request.customer(customers)
        let isAdmin = request.caller.roles.contains(.admin)
        return .data(["customer": customer.json(forAdmin: isAdmin)])
    }

    /// handles `GET /customers/{customer_id}/tickets`
    @Sendable private func tickets(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let status = query.choice("status", Ticket.Status.self)
        let limit = query.integer("limit", 1...100, default: 50)
        let offset = query.integer("offset", 0...Int.max, default: 0)
        try query.check()
        let customer = try request.customer(customers)
        let page = try tickets.list(
            of: customer.id, status: status, limit: limit, offset: offset,
            tenant: try request.tenant())
        return .data([
            "tickets": .array(page.tickets.map(\.json)), "total": JSONValue(page.total),
            "limit": JSONValue(limit), "offset": JSONValue(offset),
        ])
    }
}

extension Request {
    /// The customer that the path names, if the caller may see them.
    func customer(_ customers: CustomerStore) throws -> Customer {
        let id = parameters["customer_id"]
        if let problem = identifierProblem(id) { throw Failure.invalid("customer_id", problem) }
        let customer = try customers.require(id, tenant: try tenant())
        guard caller.owns(customer.id) else { throw Failure.otherCustomer }
        return customer
    }
}
