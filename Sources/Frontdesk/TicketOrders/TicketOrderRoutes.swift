import HTTP
import JSON

/// Orders of upgrades over HTTP: placing, showing, paying, cancelling and refunding them.
struct TicketOrderRoutes: Sendable {
    let checkout: Checkout
    let tickets: TicketStore
    let customers: CustomerStore
    let idempotency: Idempotency
    let log: Log

    private var orders: TicketOrderStore { checkout.store }
    private var settings: TicketSettings { orders.pricing.settings }

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/orders", Self.creating, use: create)
        router.get("/orders", Self.listing, use: index)
        router.get("/orders/{order_id}", Self.showing, use: show)
        router.get("/customers/{customer_id}/orders", Self.listingOwn, use: indexOfCustomer)
        router.post("/orders/{order_id}/pay", Self.paying, use: pay)
        router.post("/orders/{order_id}/cancel", Self.cancelling, use: cancel)
        router.post("/orders/{order_id}/refund", Self.refunding, use: refund)
    }

    /// handles `POST /orders`
    @Sendable private func create(_ request: Request) async throws -> Response {
        let body = try request.json()
        let wish = try request.orderWish(body, settings)
        let tenant = try request.tenant(body: body)
        return try await idempotency.once(request, tenant: tenant) { claim in
            let settings = settings
            let order = try await orders.place(
                wish, by: request.caller, tenant: tenant, requestID: request.id
            ) { order, connection in
                try claim?.store(
                    Envelope(data: order.data(settings)), status: 201, location: order.location,
                    at: order.createdAt, in: connection)
            }
            report("order.placed", order, request, tenant)
            return .data(order.data(settings), status: .created, location: order.location)
        }
    }

    /// handles `GET /orders`
    @Sendable private func index(_ request: Request) async throws -> Response {
        var query = QueryReader(request)
        let page = Page(&query)
        let customer = query.text("customer_id", check: identifierProblem)
        let ticket = query.text("ticket_id", check: identifierProblem)
        try query.check()
        let tenant = try request.tenant()
        let caller = request.caller
        var filter = TicketOrderStore.Filter(status: page.status)
        // Nobody has the empty id: a customer without records of their own finds none.
        filter.customerID = caller.seesOnlyOwn ? caller.customerID ?? "" : nil
        if let customer {
            filter.customerID = try customers.require(customer, tenant: tenant).id
        }
        if let ticket {
            let ticket = try tickets.require(ticket, tenant: tenant)
            guard caller.owns(ticket.customerID) else { throw Failure.notOwner("ticket") }
            filter.ticketID = ticket.id
        }
        return try await list(filter, page, tenant)
    }

    /// handles `GET /customers/{customer_id}/orders`
    @Sendable private func indexOfCustomer(_ request: Request) async throws -> Response {
        var query = QueryReader(request)
        let page = Page(&query)
        try query.check()
        let customer = try request.customer(customers)
        let filter = TicketOrderStore.Filter(status: page.status, customerID: customer.id)
        return try await list(filter, page, try request.tenant())
    }

    private func list(
        _ filter: TicketOrderStore.Filter, _ page: Page, _ tenant: Tenant
    ) async throws -> Response {
        let found = try await orders.list(
            filter, limit: page.limit, offset: page.offset, tenant: tenant)
        return .data([
            "orders": .array(found.orders.map { $0.json(settings) }),
            "total": JSONValue(found.total), "limit": JSONValue(page.limit),
            "offset": JSONValue(page.offset),
        ])
    }

    /// handles `GET /orders/{order_id}`
    @Sendable private func show(_ request: Request) async throws -> Response {
        let id = try request.orderID()
        let order = try await orders.require(
            id, by: request.caller, tenant: try request.tenant())
        return .data(order.data(settings))
    }

    /// handles `POST /orders/{order_id}/pay`
    @Sendable private func pay(_ request: Request) async throws -> Response {
        let id = try request.orderID()
        let body = try request.body(Self.payBody)
        let tenant = try request.tenant(body: body)
        let method = body["payment_method"]?.string.flatMap(PaymentMethod.init)
        return try await idempotency.once(request, tenant: tenant) { claim in
            let receipt = try await checkout.pay(
                id, token: body["payment_token"]?.string ?? "", method: method,
                by: request.caller, tenant: tenant, requestID: request.id, claim: claim)
            var response = Response.data(receipt.paid.data(settings))
            if receipt.isRepeated { response.headers["Idempotent-Replayed"] = "true" }
            return response
        }
    }

    /// handles `POST /orders/{order_id}/cancel`
    @Sendable private func cancel(_ request: Request) async throws -> Response {
        let id = try request.orderID()
        let body = try request.body(Self.reasonBody, allowsEmpty: true)
        let tenant = try request.tenant(body: body)
        return try await idempotency.once(request, tenant: tenant) { claim in
            let settings = settings
            let order = try await orders.cancel(
                id, reason: body.reason, requestID: request.id, by: request.caller,
                tenant: tenant
            ) { order, connection in
                try claim?.store(
                    Envelope(data: order.data(settings)), status: 200, at: order.updatedAt,
                    in: connection)
            }
            report("order.cancelled", order, request, tenant)
            return .data(order.data(settings))
        }
    }

    /// handles `POST /orders/{order_id}/refund`
    @Sendable private func refund(_ request: Request) async throws -> Response {
        let id = try request.orderID()
        let body = try request.body(Self.reasonBody, allowsEmpty: true)
        let tenant = try request.tenant(body: body)
        return try await idempotency.once(request, tenant: tenant) { claim in
            let paid = try await checkout.refund(
                id, RefundWish(reason: body.reason, requestID: request.id, claim: claim),
                by: request.caller, tenant: tenant)
            return .data(paid.data(settings))
        }
    }

    private func report(
        _ event: StaticString, _ order: TicketOrder, _ request: Request, _ tenant: Tenant
    ) {
        checkout.mailQueued()
        log.info(
            event,
            [
                ("tenant", .text(tenant.name)), ("order_id", .text(order.id)),
                ("ticket_id", .text(order.ticketID)), ("request_id", .text(request.id)),
            ])
    }
}

// MARK: - Reading

/// The part of a list that is asked for.
private struct Page {
    let status: TicketOrder.Status?
    let limit: Int
    let offset: Int

    init(_ query: inout QueryReader) {
        status = query.choice("status", TicketOrder.Status.self)
        limit = query.integer("limit", 1...100, default: 50)
        offset = query.integer("offset", 0...Int.max, default: 0)
    }
}

extension Request {
    /// The order that the path names.
    fileprivate func orderID() throws -> String {
        let id = parameters["order_id"]
        if let problem = identifierProblem(id) { throw Failure.invalid("order_id", problem) }
        return id
    }

    /// The order that a body describes; throws every problem at once.
    fileprivate func orderWish(
        _ body: JSONValue, _ settings: TicketSettings
    ) throws -> OrderWish {
        var reader = try BodyReader(body, TicketOrderRoutes.createBody)
        for name in ["ticket_id", "customer_id", "quote_id"] {
            guard let problem = reader.text(name).flatMap(identifierProblem) else { continue }
            reader.refuse(name, problem)
        }
        let tier = reader.text("upgrade_tier").flatMap { settings.tier(parsing: $0) }
        if tier == nil, reader.text("upgrade_tier") != nil {
            reader.refuse("upgrade_tier", settings.tierProblem)
        }
        let day = reader.day()
        if day == nil { reader.refuse("event_date", "is required") }
        let customer = reader.text("customer_id")
        if customer == nil, caller.customerID == nil {
            reader.refuse("customer_id", "is required")
        }
        try reader.check()
        guard let tier, let day, let ticket = reader.text("ticket_id") else {
            throw Failure.invalid("ticket_id", "is required")
        }
        return OrderWish(
            ticket: ticket, tier: tier, day: day, customerID: customer,
            quoteID: reader.text("quote_id"), totalCents: body["total_amount"]?.cents,
            upgradeCents: body["upgrade_price"]?.cents,
            method: reader.text("payment_method").flatMap(PaymentMethod.init) ?? .creditCard)
    }
}

extension JSONValue {
    /// The reason that a body gives, nil if it gives none.
    fileprivate var reason: String? {
        guard let text = self["reason"]?.string?.trimmed, !text.isEmpty else { return nil }
        return text
    }
}

extension TicketOrder {
    fileprivate var location: String { "/orders/\(id)" }

    fileprivate func data(_ settings: TicketSettings) -> JSONObject {
        ["order": json(settings)]
    }
}
