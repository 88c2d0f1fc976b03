import HTTP
import JSON
import Synchronization
import Testing

@testable import Frontdesk

/// Placing orders: what they hold, and in which order refusals come.
struct PlacingTests {
    @Test func `an order holds what it was placed with`() async throws {
        let world = try await OrderWorld()
        let quote = try await world.quote()
        let answer = try await world.place([
            "quote_id": .string(quote), "total_amount": 95, "upgrade_price": 45,
            "payment_method": "apple_pay",
        ])
        #expect(answer.status == 201)
        #expect(answer["success"] == true)
        var order = try #require(answer.order?.object)
        let id = try #require(order["order_id"]?.string)
        #expect(answer.header("Location") == "/orders/\(id)")
        #expect(try await world.show(id) == .object(order))
        let code = try #require(order["confirmation_code"]?.string)
        let letters = Set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        #expect(code.hasPrefix("CONF") && code.count == 12)
        #expect(code.dropFirst(4).allSatisfy(letters.contains))
        for key in ["order_id", "confirmation_code", "created_at", "updated_at", "expires_at"] {
            order[key] = nil
        }
        #expect(
            .object(order) == [
                "ticket_id": "tkt_1", "ticket_number": "WEB-1001", "customer_id": "cus_sarah",
                "status": "pending", "original_type": "general", "upgrade_tier": "non-stop",
                "tier_name": "Non-Stop Experience", "new_type": "vip",
                "original_event_date": "2027-01-09", "event_date": "2027-01-06",
                "category": "off_peak", "factor": 0.9, "base_price": 50, "upgrade_price": 45,
                "original_price": 50, "total_amount": 95, "currency": "USD",
                "payment_method": "apple_pay", "payment_id": nil, "quote_id": .string(quote),
                "failure_reason": nil, "cancel_reason": nil, "refund_reason": nil,
                "completed_at": nil, "cancelled_at": nil, "refunded_at": nil,
            ])
        let ticket = try await world.ticket()
        #expect(ticket["open_order_id"] == .string(id))
        #expect(ticket["status"] == "active" && ticket["ticket_type"] == "general")
    }

    @Test func `ticket, tier and day may be spelt in other ways`() async throws {
        let world = try await OrderWorld()
        let answer = try await world.service.post(
            "/orders",
            [
                "ticket_id": "web-1001", "customer_id": "cus_sarah",
                "upgrade_tier": "Non Stop_EXPERIENCE", "travel_date": "2027-01-06",
            ])
        #expect(answer.status == 201)
        #expect(answer.order?["ticket_id"] == "tkt_1")
        #expect(answer.order?["upgrade_tier"] == "non-stop")
    }

    /// A body that cannot be, and the field that is named.
    struct Bad: Sendable {
        let fields: JSONObject
        let field: String
    }

    static let bad: [Bad] = [
        Bad(fields: ["ticket_id": nil], field: "ticket_id"),
        Bad(fields: ["ticket_id": ""], field: "ticket_id"),
        Bad(fields: ["ticket_id": 7], field: "ticket_id"),
        Bad(fields: ["ticket_id": "tkt 1"], field: "ticket_id"),
        Bad(fields: ["customer_id": nil], field: "customer_id"),
        Bad(fields: ["customer_id": ["cus_sarah"]], field: "customer_id"),
        Bad(fields: ["customer_id": "cus/sarah"], field: "customer_id"),
        Bad(fields: ["upgrade_tier": nil], field: "upgrade_tier"),
        Bad(fields: ["upgrade_tier": "gold"], field: "upgrade_tier"),
        Bad(fields: ["upgrade_tier": ""], field: "upgrade_tier"),
        Bad(fields: ["upgrade_tier": true], field: "upgrade_tier"),
        Bad(fields: ["event_date": nil], field: "event_date"),
        Bad(fields: ["event_date": "2027-02-29"], field: "event_date"),
        Bad(fields: ["event_date": "06.01.2027"], field: "event_date"),
        Bad(fields: ["event_date": "1999-12-31"], field: "event_date"),
        Bad(fields: ["event_date": "2101-01-01"], field: "event_date"),
        Bad(fields: ["event_date": 20_270_106], field: "event_date"),
        Bad(fields: ["travel_date": "2027-01-07"], field: "travel_date"),
        Bad(fields: ["quote_id": "not a quote"], field: "quote_id"),
        Bad(fields: ["quote_id": 1], field: "quote_id"),
        Bad(fields: ["total_amount": "95"], field: "total_amount"),
        Bad(fields: ["total_amount": -1], field: "total_amount"),
        Bad(fields: ["total_amount": 95.001], field: "total_amount"),
        Bad(fields: ["total_amount": 2_000_000], field: "total_amount"),
        Bad(fields: ["upgrade_price": true], field: "upgrade_price"),
        Bad(fields: ["upgrade_price": -0.01], field: "upgrade_price"),
        Bad(fields: ["upgrade_price": 45.005], field: "upgrade_price"),
        Bad(fields: ["payment_method": "cash"], field: "payment_method"),
        Bad(fields: ["payment_method": ""], field: "payment_method"),
        Bad(fields: ["payment_method": 1], field: "payment_method"),
        Bad(fields: ["tenant_id": "two words"], field: "tenant_id"),
    ]

    @Test func `bad input is refused by the name of its field`() async throws {
        let world = try await OrderWorld()
        for bad in Self.bad {
            let answer = try await world.place(bad.fields)
            #expect(answer.status == 400 && answer.code == "validation_error", "\(bad)")
            let fields = answer["fields"]?.array?.compactMap { $0["field"]?.string }
            #expect(fields == [bad.field], "\(bad) \(answer.body)")
            #expect(answer["success"] == false)
        }
        #expect(try world.service.rows("SELECT count(*) FROM ticket_orders") == ["0"])
        let empty = try await world.service.post("/orders", [:])
        let fields = empty["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(
            Set(fields) == ["ticket_id", "upgrade_tier", "event_date", "customer_id"])
    }

    @Test(arguments: ["", "[]", "{", "\"text\"", "{\"ticket_id\": }"])
    func `what is no JSON object is refused`(_ text: String) async throws {
        let world = try await OrderWorld()
        let response = await world.service.send(.post, "/orders", body: Array(text.utf8))
        #expect(response.status.code == 400)
    }

    /// A change of the world or the body, and the refusal that comes first.
    struct Refusal: Sendable {
        let fields: JSONObject
        let status: Int
        let code: String
    }

    static let refusals: [Refusal] = [
        Refusal(fields: ["ticket_id": "tkt_9"], status: 404, code: "ticket_not_found"),
        Refusal(fields: ["customer_id": "cus_9"], status: 404, code: "customer_not_found"),
        // Ids come before the owner.
        Refusal(
            fields: ["customer_id": "cus_michael", "quote_id": "quo_9"], status: 404,
            code: "quote_not_found"),
        Refusal(fields: ["customer_id": "cus_michael"], status: 422, code: "customer_mismatch"),
        Refusal(
            fields: ["customer_id": "cus_michael", "ticket_id": "tkt_premium"], status: 422,
            code: "type_not_upgradeable"),
        Refusal(
            fields: ["customer_id": "cus_michael", "ticket_id": "tkt_vip"], status: 422,
            code: "tier_not_offered"),
        Refusal(fields: ["event_date": "2027-01-15"], status: 422, code: "date_unavailable"),
        Refusal(fields: ["event_date": "2026-12-12"], status: 422, code: "date_unavailable"),
        Refusal(fields: ["ticket_id": "tkt_soon"], status: 422, code: "event_too_soon"),
        // Eligibility comes before the price.
        Refusal(
            fields: ["event_date": "2027-01-15", "total_amount": 1], status: 422,
            code: "date_unavailable"),
        Refusal(fields: ["total_amount": 94.99], status: 409, code: "price_changed"),
        Refusal(fields: ["upgrade_price": 45.01], status: 409, code: "price_changed"),
        Refusal(
            fields: ["upgrade_price": 45, "total_amount": 45], status: 409,
            code: "price_changed"),
    ]

    @Test func `refusals come in their order`() async throws {
        let world = try await OrderWorld()
        try await world.addCustomer("cus_michael", "Michael", "Chen")
        try await world.addTicket(
            "tkt_premium", "WEB-2002", of: "cus_michael", type: "premium", price: 150)
        try await world.addTicket("tkt_vip", "WEB-2001", of: "cus_michael", type: "vip")
        try await world.addTicket("tkt_soon", "WEB-4001", of: "cus_sarah", day: "2026-12-12")
        for refusal in Self.refusals {
            let answer = try await world.place(refusal.fields)
            #expect(answer.status == refusal.status, "\(refusal)")
            #expect(answer.code == refusal.code, "\(refusal)")
            if refusal.code == "price_changed" {
                #expect(
                    answer["current"] == [
                        "upgrade_price": 45, "total_amount": 95, "currency": "USD",
                    ])
            }
            if refusal.status == 422, refusal.code != "customer_mismatch" {
                #expect(answer["reasons"]?[0]?["code"]?.string == refusal.code)
            }
        }
        #expect(try world.service.rows("SELECT count(*) FROM ticket_orders") == ["0"])
    }

    @Test func `of two hundred orders for one ticket one is placed`() async throws {
        let world = try await OrderWorld()
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 1...200 { group.addTask { try await world.place() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let placed = answers.filter { $0.status == 201 }
        #expect(placed.count == 1)
        let id = placed.first?.order?["order_id"]
        let refused = answers.filter { $0.status == 409 && $0.code == "order_open" }
        #expect(refused.count == 199)
        #expect(refused.allSatisfy { $0["order_id"] == id })
        #expect(try world.service.rows("SELECT count(*) FROM ticket_orders") == ["1"])
    }

    @Test func `a confirmation code that is taken is drawn again`() async throws {
        let world = try await OrderWorld()
        try await world.addTicket("tkt_2", "WEB-1002", of: "cus_sarah")
        let numbers = Counter()
        var store = world.service.app.ticketOrders.checkout.store
        store.random = { numbers.next() < 3 ? 0 : 31 }
        var codes: [String] = []
        for ticket in ["tkt_1", "tkt_2"] {
            let wish = OrderWish(
                ticket: ticket, tier: .nonStop, day: try #require(CalendarDay(2027, 1, 6)),
                customerID: "cus_sarah", quoteID: nil, totalCents: nil, upgradeCents: nil,
                method: .paypal)
            codes.append(
                try await store.place(
                    wish, by: .unrestricted, tenant: .default, requestID: "req_1"
                ) { _, _ in }.confirmationCode)
        }
        #expect(codes == ["CONFAAAAAAAA", "CONF9AAAAAAA"])
    }

    @Test func `a repeat with the same key places nothing anew`() async throws {
        let world = try await OrderWorld()
        let key: Headers = ["Idempotency-Key": "once"]
        let first = try await world.place(headers: key)
        let again = try await world.place(headers: key)
        #expect(first.status == 201 && again.status == 201)
        #expect(again.body == first.body)
        #expect(again.header("Idempotent-Replayed") == "true")
        #expect(again.header("Location") == first.header("Location"))
        #expect(try await world.place(["total_amount": 95], headers: key).status == 422)
    }
}

/// Counts calls.
private final class Counter: Sendable {
    private let value = Mutex(0)

    /// How often it was asked, this time included.
    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
