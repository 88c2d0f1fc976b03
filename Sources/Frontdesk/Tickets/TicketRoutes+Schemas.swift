import HTTP
import JSON

// The forms of bodies and answers about tickets.
extension TicketRoutes {
    static let sampleTicket: JSONValue = [
        "ticket_id": "tkt_demo0000000000000101", "customer_id": "cus_demo0000000000000001",
        "ticket_number": "DEMO-1001", "ticket_type": "general", "original_price": 50,
        "currency": "USD", "purchase_date": nil, "event_date": "2027-01-09",
        "event_time": "19:00", "status": "active", "upgrade_tier": nil, "open_order_id": nil,
        "metadata": [:], "created_at": "2026-12-11T10:30:00.000000Z",
        "updated_at": "2026-12-11T10:30:00.000000Z",
    ]

    static let day = JSONSchema.string(
        format: .date, description: "A day at the venue, 2000 to 2100.", example: "2027-01-06")
    /// A tier's id.
    static let tier = JSONSchema.string(oneOf: UpgradeTier.allCases.map(\.rawValue))
    /// A type.
    static let type = JSONSchema.string(oneOf: TicketType.allCases.map(\.rawValue))
    /// An amount of money.
    static let money = JSONSchema.number(minimum: 0, decimals: 2)
    /// An amount of money that may be unknown.
    static let amount = JSONSchema.nullable(money)
    static let category = JSONSchema.string(oneOf: PriceCategory.allCases.map(\.rawValue))
    static let factor = JSONSchema.number(minimum: 0.0001, maximum: 100, decimals: 4)
    static let currency = JSONSchema.string(minimum: 3, maximum: 3, example: "USD")
    /// Everything that stands against an upgrade.
    static let reasons = JSONSchema.array(
        of: .object([
            .required("code", .string(oneOf: Eligibility.Code.allCases.map(\.rawValue))),
            .required("message", .string),
        ]), description: "Everything that stands against it, in a fixed order.")

    static let availability = JSONSchema.object([
        .required("date", day), .required("available", .boolean),
        .required(
            "reason", .nullable(.string(oneOf: Availability.Reason.allCases.map(\.rawValue)))),
        .required("message", .string),
    ])

    /// A ticket as answers show it.
    static let ticket = JSONSchema.named(
        "Ticket",
        .object([
            .required("ticket_id", .string), .required("customer_id", .string),
            .required("ticket_number", .string), .required("ticket_type", type),
            .required("original_price", money), .required("currency", currency),
            .required("purchase_date", .nullable(day)), .required("event_date", day),
            .required("event_time", .nullable(.string(description: "`19:00` at the venue."))),
            .required("status", .string(oneOf: Ticket.Status.allCases.map(\.rawValue))),
            .required("upgrade_tier", .nullable(tier, description: "What was bought for it.")),
            .required(
                "open_order_id", .nullable(.string, description: "The order that holds it.")),
            .required("metadata", .object([], additional: true)),
            .required("created_at", SessionRoutes.timestamp("When it was entered.")),
            .required("updated_at", SessionRoutes.timestamp("When it last changed.")),
        ]))

    /// The body of a creation.
    static let createBody = JSONSchema.named(
        "CreateTicketRequest",
        .object(
            [
                .optional("ticket_id", .string(description: "An id of your own.")),
                .required("customer_id", CustomerRoutes.customerID),
                .required(
                    "ticket_number",
                    .string(description: "5 to 50 of `A-Z 0-9 -`, unique in the tenant.")),
                .required("ticket_type", .string(description: "A type, in any case.")),
                .required(
                    "original_price", .number(minimum: 0, maximum: 10_000, decimals: 2)),
                .optional("purchase_date", .string(description: "A day.")),
                .optional(
                    "event_date", .string(description: "A day, or a timestamp; required.")),
                .optional("travel_date", .string(description: "Another name for `event_date`.")),
                .optional("event_time", .string(description: "`HH:MM` at the venue.")),
                .optional("status", .string(description: "`active` if left out.")),
                .optional(
                    "metadata", .object([], additional: true, description: "At most 8 KiB.")),
                .optional("tenant_id", SessionRoutes.tenantID),
            ], nullIsAbsent: true))

    private static let asked: [JSONSchema.Property] = [
        .optional("event_date", .string(description: "A day; the ticket's own if left out.")),
        .optional("travel_date", .string(description: "Another name for `event_date`.")),
        .optional("tenant_id", SessionRoutes.tenantID),
    ]

    static let validateBody = JSONSchema.named(
        "ValidateTicketRequest",
        .object(
            [.optional("upgrade_tier", .string(description: "A tier's id or name."))] + asked,
            nullIsAbsent: true))

    static let pricingBody = JSONSchema.named(
        "PriceUpgradeRequest",
        .object(
            [.required("upgrade_tier", .string(description: "A tier's id or name."))] + asked,
            nullIsAbsent: true))
}

// MARK: - Answers

extension TicketRoutes {
    static let validation: [JSONSchema.Property] = [
        .required("ticket", ticket), .required("upgrade_tier", .nullable(tier)),
        .required("event_date", .nullable(day)), .required("eligible", .boolean),
        .required("reasons", reasons), .required("available_upgrades", .array(of: tier)),
        .required("availability", availability),
    ]

    static let price: [JSONSchema.Property] = [
        .required("ticket_id", .nullable(.string)), .required("ticket_type", type),
        .required("upgrade_tier", tier), .required("tier_name", .string),
        .required("event_date", day), .required("category", category),
        .required("factor", factor), .required("base_price", money),
        .required("upgrade_price", money), .required("original_price", amount),
        .required("total_amount", amount), .required("savings_vs_peak", money),
        .required("currency", currency), .required("availability", availability),
        .required("eligible", .boolean), .required("reasons", reasons),
        .required("quote_id", .nullable(.string)),
        .required("quote_expires_at", .nullable(SessionRoutes.timestamp("When it ends."))),
    ]

    private static let row: [JSONSchema.Property] = [
        .required("tier", tier), .required("name", .string), .required("description", .string),
        .required("features", .array(of: .string)), .required("available", .boolean),
        .required("reasons", reasons), .required("base_price", amount),
        .required("upgrade_price", amount), .required("total_amount", amount),
        .required("savings_vs_peak", amount), .required("value_score", amount),
    ]

    static let comparison: [JSONSchema.Property] = [
        .required("ticket_id", .nullable(.string)), .required("ticket_type", type),
        .required("event_date", day), .required("category", category),
        .required("factor", factor), .required("currency", currency),
        .required("availability", availability),
        .required("tiers", .array(of: .object(row), count: 3...3)),
        .required("best_value", .nullable(tier)),
    ]

    static let recommendations: [JSONSchema.Property] = [
        .required("ticket_id", .string), .required("customer_id", .string),
        .required("event_date", day), .required("currency", currency),
        .required(
            "recommendations", .array(of: .object(row + [.required("best_value", .boolean)]))),
        .required("best_value", .nullable(tier)), .required("message", .string),
        .required("advice", .nullable(.string(maximum: 1000))),
        .required("advice_status", .string(oneOf: ["off", "ok", "timeout", "failed"])),
    ]

    static let calendar: [JSONSchema.Property] = [
        .required("ticket_id", .nullable(.string)), .required("ticket_type", type),
        .required("currency", currency), .required("eligible", .boolean),
        .required("reasons", reasons),
        .required(
            "days",
            .array(
                of: .object([
                    .required("date", day),
                    .required("weekday", .string(oneOf: Weekday.allCases.map(\.rawValue))),
                    .required("category", category), .required("factor", factor),
                    .required("available", .boolean),
                    .required("reason", .nullable(.string)),
                    .required(
                        "prices",
                        .array(
                            of: .object([
                                .required("tier", tier), .required("upgrade_price", money),
                            ]))),
                ]))),
        .required(
            "cheapest",
            .array(
                of: .object([
                    .required("tier", tier), .required("date", day),
                    .required("upgrade_price", money),
                ]))),
    ]
}
