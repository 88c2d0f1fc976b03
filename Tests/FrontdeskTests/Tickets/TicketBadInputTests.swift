import HTTP
import JSON
import Testing

@testable import Frontdesk

/// What customers, tickets and prices refuse, with the field that is at fault.
@Suite struct TicketBadInputTests {
    /// A good body with one member replaced.
    private static func body(_ good: JSONObject, _ name: String, _ value: JSONValue?) -> String {
        var object = good
        object[name] = value
        return JSONValue.object(object).text
    }

    private static let customer: JSONObject = [
        "email": "a@b.example", "first_name": "A", "last_name": "B",
    ]
    private static let ticket: JSONObject = [
        "customer_id": "c1", "ticket_number": "AAA-9", "ticket_type": "vip",
        "original_price": 10, "event_date": "2027-01-09",
    ]

    private static let customers: [(String, JSONValue?)] = [
        ("email", nil), ("email", .null), ("email", ""), ("email", "nobody"), ("email", 5),
        ("email", "a@b@c.example"), ("email", .string(String(repeating: "a", count: 250) + "@b.c")),
        ("first_name", nil), ("first_name", " "), ("first_name", "a\nb"), ("first_name", ["a"]),
        ("last_name", .string(String(repeating: "x", count: 101))), ("last_name", "a\u{7F}"),
        ("phone", "1234"), ("phone", "call me"), ("phone", "++12345"), ("phone", 12345),
        ("phone", "123456789012345678901"), ("customer_id", "a b"), ("customer_id", ""),
        ("customer_id", ".."), ("auth_subject", ""), ("auth_subject", 7),
    ]

    private static let tickets: [(String, JSONValue?)] = [
        ("customer_id", nil), ("customer_id", 5), ("customer_id", "a/b"), ("ticket_id", "é"),
        ("ticket_number", nil), ("ticket_number", "A-1"), ("ticket_number", "AAAA_1"),
        ("ticket_number", "straße"), ("ticket_number", .string(String(repeating: "A", count: 51))),
        ("ticket_type", nil), ("ticket_type", "gold"), ("ticket_type", 1),
        ("original_price", nil), ("original_price", "10"), ("original_price", -0.01),
        ("original_price", 10_000.01), ("original_price", 0.001), ("original_price", 1e300),
        ("event_date", nil), ("event_date", "2027-02-29"), ("event_date", "1999-12-31"),
        ("event_date", "2101-01-01"), ("event_date", "tomorrow"), ("event_date", 20270109),
        ("travel_date", "2027-01-10"), ("event_time", "24:00"), ("event_time", "7:00"),
        ("event_time", "19:00:00"), ("purchase_date", "2027-13-01"), ("status", "upgraded"),
        ("status", "sold"), ("metadata", "{}"), ("metadata", []),
        ("metadata", ["a": .string(String(repeating: "x", count: 8192))]),
    ]

    private static let requests: [BadRequest] =
        customers.map { .post("/customers", body(customer, $0, $1), $0) }
        + tickets.map { .post("/tickets", body(ticket, $0, $1), $0) }
        + ["pricing", "validate"].flatMap { action -> [BadRequest] in
            let path = "/tickets/aaa-1/\(action)"
            return [
                .post(path, #"{"upgrade_tier": "gold"}"#, "upgrade_tier"),
                .post(path, #"{"upgrade_tier": ["standard"]}"#, "upgrade_tier"),
                .post(path, #"{"upgrade_tier": ""}"#, "upgrade_tier"),
                .post(
                    path, #"{"upgrade_tier": "standard", "event_date": "2027-02-30"}"#,
                    "event_date"),
                .post(
                    path, #"{"upgrade_tier": "standard", "travel_date": "soon"}"#, "travel_date"),
                .post(
                    path,
                    #"{"upgrade_tier": "vip", "event_date": "2027-01-01", "travel_date": "x"}"#),
                .post(path, "[]"),
                .post(path, "{", code: "malformed_json"),
            ]
        } + [
            .post("/tickets/aaa-1/pricing", "{}", "upgrade_tier"),
            .post("/tickets/aaa-1/pricing", "", "upgrade_tier"),
            .post("/customers", "", code: "malformed_json"),
            .get("/customers/a%20b", "customer_id"), .get("/tickets/%C3%A9", "ticket_id"),
            .get("/customers/c1/tickets?status=gone", "status"),
            .get("/customers/c1/tickets?limit=0", "limit"),
            .get("/customers/c1/tickets?limit=101", "limit"),
            .get("/customers/c1/tickets?offset=-1", "offset"),
            .get("/tickets/aaa-1/tiers?date=2027-02-30", "date"),
            .get("/tickets/aaa-1/tiers?date=2027-01-01&event_date=2027-01-02", "date"),
            .get("/tickets/aaa-1/tiers?travel_date=2027-1-1", "travel_date"),
            .get("/tickets/aaa-1/recommendations?customer_id=a%20b", "customer_id"),
            .get("/tickets/aaa-1/calendar?days=0", "days"),
            .get("/tickets/aaa-1/calendar?days=91", "days"),
            .get("/tickets/aaa-1/calendar?upgrade_tier=gold", "upgrade_tier"),
            .get("/customers/c9", status: 404, code: "customer_not_found"),
            .get("/tickets/none", status: 404, code: "ticket_not_found"),
            .get("/tickets/aaa-1/seats", status: 404, code: "route_not_found"),
            .other("DELETE", "/tickets/aaa-1"), .other("PUT", "/customers/c1"),
            .other("POST", "/tickets/aaa-1/tiers"),
        ]

    @Test func `what makes no sense is refused with its field`() async throws {
        #expect(Self.requests.count >= 60)
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        try await service.enterTicket("AAA-1", of: "c1")
        for bad in Self.requests {
            let answer = try Answer(
                await service.send(
                    bad.method, bad.target, body: bad.body, headers: bad.headers))
            let place = Comment(rawValue: "\(bad.testDescription) \(answer.body)")
            #expect(answer.status == bad.status, place)
            #expect(answer.code == bad.code, place)
            #expect(answer["success"] == false, place)
            if let field = bad.field {
                let named = answer["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
                #expect(named.contains { $0 == field || $0.hasPrefix(field + ".") }, place)
            }
        }
        let counts = """
            SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM tickets),
                (SELECT count(*) FROM price_quotes)
            """
        #expect(try service.rows(counts) == ["1|1|0"])
    }

    @Test func `all that is wrong with a ticket is told at once`() async throws {
        let service = try await Service.december()
        let answer = try await service.post(
            "/tickets",
            ["ticket_type": 5, "ticket_number": "x", "original_price": "1", "event_time": "25:00"])
        let fields = answer["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(
            Set(fields) == [
                "customer_id", "ticket_type", "ticket_number", "original_price", "event_time",
                "event_date",
            ])
    }
}
