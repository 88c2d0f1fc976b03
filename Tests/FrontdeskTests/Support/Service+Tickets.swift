import HTTP
import JSON
import Testing

@testable import Frontdesk

extension Service {
    /// A service on 2026-12-11, when the examples of the contract were made.
    static func december(
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws -> Service {
        try await Service(demo: false, clock: TestClock("2026-12-11T10:30:00Z"), change)
    }

    /// Enters a customer with this id and an address of the same name.
    func enterCustomer(
        _ id: String, tenant: String = "default", _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let body: JSONValue = [
            "customer_id": .string(id), "email": .string("\(id)@example.com"),
            "first_name": "Sarah", "last_name": "Johnson", "tenant_id": .string(tenant),
        ]
        let answer = try await post("/customers", body, location)
        #expect(answer.status == 201, "\(answer.body)", sourceLocation: location)
    }

    /// Enters a ticket whose id is its number in lower case.
    func enterTicket(
        _ number: String, of customer: String, _ type: TicketType = .general,
        on day: String = "2027-01-09", price: JSONValue = 50, status: String = "active",
        tenant: String = "default", _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let body: JSONValue = [
            "ticket_id": .string(number.lowercased()), "customer_id": .string(customer),
            "ticket_number": .string(number), "ticket_type": .string(type.rawValue),
            "original_price": price, "event_date": .string(day), "status": .string(status),
            "tenant_id": .string(tenant),
        ]
        let answer = try await post("/tickets", body, location)
        #expect(answer.status == 201, "\(answer.body)", sourceLocation: location)
    }

    /// Sends a request to the handler itself as somebody, whatever they may do.
    func ask(
        _ method: HTTP.Method, _ target: String, _ body: JSONValue? = nil, as caller: Caller
    ) async throws -> Answer {
        let headers: Headers = body == nil ? [:] : ["Content-Type": "application/json"]
        var request = Request(method, target, headers: headers, body: body?.bytes ?? [])
        request.caller = caller
        return try Answer(await app.router.respond(to: request))
    }
}

extension Caller {
    /// A caller who is a customer.
    static func customer(_ id: String?) -> Caller {
        Caller(
            credential: .local, subject: "usr_1", roles: [.customer],
            scopes: [.ticketsRead, .ticketsWrite], customerID: id)
    }
}
