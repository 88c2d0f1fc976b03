import HTTP
import JSON
import Synchronization
import Testing

@testable import Frontdesk

/// A service with a customer and a ticket, on 11 December 2026, and what is done with orders there.
struct OrderWorld: Sendable {
    let service: Service
    /// How long was waited between the attempts of payments.
    let pauses = Pauses()

    /// The pauses that were asked for, none of which was taken.
    final class Pauses: Sendable {
        private let list = Mutex<[Duration]>([])

        /// All of them, in order.
        var all: [Duration] { list.withLock { $0 } }

        /// Notes one.
        func add(_ duration: Duration) { list.withLock { $0.append(duration) } }
    }

    /// Sarah with the general ticket WEB-1001 for 50.00, as `change` configures the server.
    init(
        payments: (any PaymentProvider)? = nil,
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws {
        let pauses = pauses
        service = try await Service(
            demo: false, clock: TestClock("2026-12-11T10:30:00Z"),
            surroundings: App.Surroundings(payments: payments, pause: { pauses.add($0) }), change)
        try await addCustomer("cus_sarah", "Sarah", "Johnson")
        try await addTicket("tkt_1", "WEB-1001", of: "cus_sarah")
    }

    /// Enters a customer.
    func addCustomer(
        _ id: String, _ first: String, _ last: String, tenant: String = "default",
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await service.post(
            "/customers",
            [
                "customer_id": .string(id), "first_name": .string(first),
                "last_name": .string(last), "tenant_id": .string(tenant),
                "email": .string("\(first.lowercased())@example.com"),
            ], location)
        #expect(answer.status == 201, sourceLocation: location)
    }

    /// Enters a ticket for 9 January 2027 unless told otherwise.
    func addTicket(
        _ id: String, _ number: String, of customer: String, type: String = "general",
        price: Int = 50, day: String = "2027-01-09", tenant: String = "default",
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await service.post(
            "/tickets",
            [
                "ticket_id": .string(id), "ticket_number": .string(number),
                "customer_id": .string(customer), "ticket_type": .string(type),
                "original_price": JSONValue(price), "event_date": .string(day),
                "event_time": "19:00", "tenant_id": .string(tenant),
            ], location)
        #expect(answer.status == 201, sourceLocation: location)
    }

    /// A body that orders the non-stop upgrade for 6 January (45.00), with other `fields`.
    static func body(_ fields: JSONObject = [:]) -> JSONValue {
        var body: JSONObject = [
            "ticket_id": "tkt_1", "customer_id": "cus_sarah", "upgrade_tier": "non-stop",
            "event_date": "2027-01-06",
        ]
        for member in fields.members { body[member.key] = member.value }
        return .object(body)
    }

    /// Sends an order.
    func place(
        _ fields: JSONObject = [:], headers: Headers = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await service.post("/orders", Self.body(fields), headers: headers, location)
    }

    /// Places an order and returns its id.
    func order(
        _ fields: JSONObject = [:], _ location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let answer = try await place(fields, location)
        #expect(answer.status == 201, "\(answer.body)", sourceLocation: location)
        return try #require(
            answer["data"]?["order"]?["order_id"]?.string, sourceLocation: location)
    }

    /// Holds the price of an upgrade and returns the quote's id.
    func quote(
        ticket: String = "tkt_1", tier: String = "non-stop", day: String = "2027-01-06",
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let answer = try await service.post(
            "/tickets/\(ticket)/pricing",
            ["upgrade_tier": .string(tier), "event_date": .string(day)], location)
        return try #require(answer["data"]?["quote_id"]?.string, sourceLocation: location)
    }

    /// Pays an order.
    func pay(
        _ order: String, _ token: String = "tok_ok", method: String? = nil,
        headers: Headers = [:], _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        var body: JSONObject = ["payment_token": .string(token)]
        if let method { body["payment_method"] = .string(method) }
        return try await service.post(
            "/orders/\(order)/pay", .object(body), headers: headers, location)
    }

    /// Cancels or refunds an order: `verb` is the last word of the path.
    func end(
        _ order: String, _ verb: String, reason: String? = nil, headers: Headers = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let body: JSONValue? = reason.map { ["reason": .string($0)] }
        return try await service.post(
            "/orders/\(order)/\(verb)", body, headers: headers, location)
    }

    /// The order as it is now.
    func show(
        _ order: String, _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let answer = try await service.get("/orders/\(order)", location)
        return try #require(answer["data"]?["order"], sourceLocation: location)
    }

    /// Where the order stands.
    func status(
        _ order: String, _ location: SourceLocation = #_sourceLocation
    ) async throws -> String? {
        try await show(order, location)["status"]?.string
    }

    /// The ticket as it is now.
    func ticket(
        _ id: String = "tkt_1", _ location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let answer = try await service.get("/tickets/\(id)", location)
        return try #require(answer["data"]?["ticket"], sourceLocation: location)
    }

    /// The kinds of mail in the outbox, in the order in which they were written.
    func mail() throws -> [String] {
        try service.rows("SELECT kind FROM emails ORDER BY created_at, kind DESC")
    }

    /// The order's charges that were not given back, and those that were.
    func charges() throws -> [String] {
        try service.rows(
            "SELECT iif(refunded_at IS NULL, 'taken', 'returned') FROM test_charges ORDER BY 1")
    }
}

extension Answer {
    /// The order of a success.
    var order: JSONValue? { self["data"]?["order"] }
    /// The payment of a success.
    var payment: JSONValue? { self["data"]?["payment"] }
}
