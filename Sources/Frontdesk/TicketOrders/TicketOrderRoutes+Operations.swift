import HTTP
import JSON

// What the documents say about orders of upgrades.
extension TicketOrderRoutes {
    private static let tenancy = [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery]
    private static let one =
        tenancy + [
            .path("order_id", .string(minimum: 1, maximum: 100), "The order.")
        ]
    private static let paging: [Operation.Parameter] = [
        .query(
            "status", .string(oneOf: TicketOrder.Status.allCases.map(\.rawValue)),
            "Only orders of this status."),
        .query("limit", .integer(in: 1...100, default: 50), "Orders on a page."),
        .query("offset", .integer(minimum: 0, default: 0), "Orders to skip."),
    ]
    private static let replayed = Operation.Header(
        "Idempotent-Replayed", "`true` where nothing was done anew.", always: false)

    private static func answer(
        _ status: Status, _ description: String, _ name: String,
        _ members: [JSONSchema.Property], example: JSONValue
    ) -> Operation.Answer {
        .json(
            status, description, CustomerRoutes.envelope(name, members),
            example: ["success": true, "data": example])
    }

    private static let shown = answer(
        .ok, "The order.", "TicketOrderShown", [.required("order", order)],
        example: ["order": .sampleOrder])

    static let creating = Operation(
        "Order an upgrade", tag: "Orders",
        description: "It holds the ticket until it is paid, cancelled or expires. Amounts that "
            + "are named must be the computed ones.",
        parameters: tenancy + [SessionRoutes.key],
        body: .json(
            createBody,
            example: [
                "ticket_id": "DEMO-1001", "customer_id": "cus_demo0000000000000001",
                "upgrade_tier": "non-stop", "event_date": "2027-01-06",
                "quote_id": "quo_4k2m9x7c1v8b3n6q5w0z", "upgrade_price": 45,
            ]),
        responses: [
            answer(
                .created, "The order is placed.", "TicketOrderCreated",
                [.required("order", order)], example: ["order": .sampleOrder]
            ).header("Location", "Where the order is.", schema: .string, always: true)
        ],
        errors: [400, 403, 404, 409, 415, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.ticketsWrite))

    static let listing = Operation(
        "List orders of upgrades", tag: "Orders",
        description: "Newest first; customers see their own.",
        parameters: tenancy + paging + [
            .query("customer_id", CustomerRoutes.customerID, "Only this customer's."),
            .query("ticket_id", .string, "Only those for this ticket, by id or number."),
        ],
        responses: [
            answer(
                .ok, "A page of orders.", "TicketOrders", page,
                example: ["orders": [.sampleOrder], "total": 1, "limit": 50, "offset": 0])
        ],
        errors: [400, 403, 404, 429, 500, 503].map { Status($0) },
        access: .scope(.ticketsRead))

    static let listingOwn = Operation(
        "List a customer's orders", tag: "Customers", description: "Newest first.",
        parameters: tenancy + [CustomerRoutes.customerPath] + paging,
        responses: [
            answer(
                .ok, "A page of orders.", "TicketOrders", page,
                example: ["orders": [.sampleOrder], "total": 1, "limit": 50, "offset": 0])
        ],
        errors: [400, 403, 404, 429, 500, 503].map { Status($0) },
        access: .scope(.ticketsRead))

    static let showing = Operation(
        "Show an order", tag: "Orders", parameters: one, responses: [shown],
        errors: [400, 403, 404, 429, 500, 503].map { Status($0) },
        access: .scope(.ticketsRead))

    static let paying = Operation(
        "Pay an order", tag: "Orders",
        description: "Charges the upgrade price, once, whatever happens on the way. A refusal "
            + "holds `failure_reason`, `retryable`, `payment_id`, `attempts` and `order`. With "
            + "504 the payment may stay `processing`: it is settled within minutes.",
        parameters: one + [SessionRoutes.key],
        body: .json(
            payBody, example: ["payment_token": "tok_ok", "payment_method": "credit_card"]),
        responses: [
            answer(
                .ok, "The order is completed and the ticket upgraded.", "TicketOrderPaid", paid,
                example: .samplePaid
            ).header(
                replayed.name, replayed.description, schema: replayed.schema, always: false)
        ],
        errors: [400, 402, 403, 404, 409, 415, 422, 429, 500, 502, 503, 504].map { Status($0) },
        access: .scope(.ticketsWrite))

    static let cancelling = Operation(
        "Cancel an order", tag: "Orders",
        description: "Before it is paid. A charge that still succeeds is given back.",
        parameters: one + [SessionRoutes.key],
        body: .json(reasonBody, example: ["reason": "Changed my mind"], optional: true),
        responses: [shown],
        errors: [400, 403, 404, 409, 415, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.ticketsWrite))

    static let refunding = Operation(
        "Refund an order", tag: "Orders",
        description: "In full; the ticket gets its type and day back.",
        parameters: one + [SessionRoutes.key],
        body: .json(reasonBody, example: ["reason": "Event moved"], optional: true),
        responses: [
            answer(
                .ok, "The money is given back.", "TicketOrderRefunded", paid,
                example: .samplePaid)
        ],
        errors: [400, 403, 404, 409, 415, 422, 429, 500, 502, 503, 504].map { Status($0) },
        access: .scope(.ticketsRefund))
}

extension JSONValue {
    /// An order as a caller would see it.
    fileprivate static let sampleOrder: JSONValue = [
        "order_id": "ord_8f3k2m9x7c1v4b6n5q0z", "ticket_id": "tkt_demo0000000000000101",
        "ticket_number": "DEMO-1001", "customer_id": "cus_demo0000000000000001",
        "status": "pending", "confirmation_code": "CONFK7QX2MPA", "original_type": "general",
        "upgrade_tier": "non-stop", "tier_name": "Non-Stop Experience", "new_type": "vip",
        "original_event_date": "2027-01-09", "event_date": "2027-01-06", "category": "off_peak",
        "factor": 0.9, "base_price": 50, "upgrade_price": 45, "original_price": 50,
        "total_amount": 95, "currency": "USD", "payment_method": "credit_card",
        "payment_id": nil, "quote_id": "quo_4k2m9x7c1v8b3n6q5w0z", "failure_reason": nil,
        "cancel_reason": nil, "refund_reason": nil, "created_at": "2026-12-11T10:30:00.000000Z",
        "updated_at": "2026-12-11T10:30:00.000000Z", "expires_at": "2026-12-12T10:30:00.000000Z",
        "completed_at": nil, "cancelled_at": nil, "refunded_at": nil,
    ]

    /// An order that was paid, as a caller would see it.
    fileprivate static let samplePaid: JSONValue = {
        var order = sampleOrder.object ?? [:]
        order["status"] = "completed"
        order["payment_id"] = "pay_3k9x2m7c1v8b4n6q5w0z"
        order["completed_at"] = "2026-12-11T10:31:00.000000Z"
        var ticket = TicketRoutes.sampleTicket.object ?? [:]
        ticket["ticket_type"] = "vip"
        ticket["event_date"] = "2027-01-06"
        ticket["status"] = "upgraded"
        ticket["upgrade_tier"] = "non-stop"
        return [
            "order": .object(order),
            "payment": [
                "payment_id": "pay_3k9x2m7c1v8b4n6q5w0z",
                "order_id": "ord_8f3k2m9x7c1v4b6n5q0z", "amount": 45, "currency": "USD",
                "method": "credit_card", "provider": "test", "status": "completed",
                "failure_reason": nil, "retryable": false, "attempts": 1,
                "reference": "test_pay_3k9x2m7c1v8b4n6q5w0z",
                "created_at": "2026-12-11T10:31:00.000000Z",
                "updated_at": "2026-12-11T10:31:00.000000Z",
                "completed_at": "2026-12-11T10:31:00.000000Z", "refunded_at": nil,
            ],
            "ticket": .object(ticket),
        ]
    }()
}
