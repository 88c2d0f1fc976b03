import HTTP
import JSON

// What the documents say about tickets.
extension TicketRoutes {
    static let creating = Operation(
        "Enter a ticket", tag: "Tickets",
        description: "The currency is the server's. A timestamp as `event_date` is split into day "
            + "and time at the venue.",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, SessionRoutes.key],
        body: .json(
            createBody,
            example: [
                "customer_id": "cus_demo0000000000000001", "ticket_number": "DEMO-1009",
                "ticket_type": "general", "original_price": 50, "event_date": "2027-01-06",
                "event_time": "19:00",
            ]),
        responses: [
            .json(
                .created, "The ticket is stored.",
                CustomerRoutes.envelope("TicketCreated", [.required("ticket", ticket)]),
                example: ["success": true, "data": ["ticket": sampleTicket]]
            ).header("Location", "Where the ticket is.", schema: .string, always: true)
        ],
        errors: [400, 404, 409, 415, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.ticketsAdmin))

    static let showing = Operation(
        "Show a ticket", tag: "Tickets", parameters: named,
        responses: [
            .json(
                .ok, "The ticket.",
                CustomerRoutes.envelope("TicketShown", [.required("ticket", ticket)]),
                example: ["success": true, "data": ["ticket": sampleTicket]])
        ],
        errors: readErrors, access: .scope(.ticketsRead))

    static let validating = Operation(
        "Check whether a ticket can be upgraded", tag: "Tickets",
        description: "A refusal is an answer too: 200 with `eligible` false and every reason.",
        parameters: named,
        body: .json(
            validateBody, example: ["upgrade_tier": "non-stop", "event_date": "2027-01-06"],
            optional: true),
        responses: [
            .json(
                .ok, "What was found.",
                CustomerRoutes.envelope("TicketValidation", validation),
                example: ["success": true, "data": sampleValidation])
        ],
        errors: readErrors + [Status(415)], access: .scope(.ticketsRead))

    static let pricing = Operation(
        "Price an upgrade and hold the price", tag: "Tickets",
        description: "An eligible answer makes a quote, which locks price and day for one order.",
        parameters: named + [SessionRoutes.key],
        body: .json(
            pricingBody, example: ["upgrade_tier": "non-stop", "event_date": "2027-01-06"]),
        responses: [
            .json(
                .ok, "The price.", CustomerRoutes.envelope("UpgradePrice", price),
                example: ["success": true, "data": samplePrice])
        ],
        errors: readErrors + [409, 415, 422, 503].map { Status($0) },
        access: .scope(.ticketsWrite))

    static let comparing = Operation(
        "Compare all upgrade tiers on a day", tag: "Tickets", parameters: named + days,
        responses: [
            .json(
                .ok, "Always three tiers, cheapest first.",
                CustomerRoutes.envelope("TierComparison", comparison),
                example: ["success": true, "data": sampleComparison])
        ],
        errors: readErrors, access: .scope(.ticketsRead))

    static let recommending = Operation(
        "Recommend an upgrade", tag: "Tickets",
        description: """
            Rules choose; advice only puts it in words, by a model if one is configured. The \
            model learns type, tiers, prices and day, and has two seconds; `advice_status` is \
            `off` when none was asked.
            """,
        parameters: named + days + [
            .query(
                "customer_id", CustomerRoutes.customerID,
                "Whose ticket it is; another's is refused.")
        ],
        responses: [
            .json(
                .ok, "The tiers that are available.",
                CustomerRoutes.envelope("Recommendations", recommendations),
                example: ["success": true, "data": sampleRecommendations])
        ],
        errors: readErrors + [Status(422)], access: .scope(.ticketsRead))

    static let showingDays = Operation(
        "Show upgrade prices day by day", tag: "Tickets", description: "The first day is today.",
        parameters: named + [
            .query("days", .integer(in: 1...90, default: 30), "How many days."),
            .query("upgrade_tier", .string, "Only this tier, by id or name."),
        ],
        responses: [
            .json(
                .ok, "The days, and when each tier is cheapest.",
                CustomerRoutes.envelope("UpgradeCalendar", calendar),
                example: ["success": true, "data": sampleCalendar])
        ],
        errors: readErrors + [Status(422)], access: .scope(.ticketsRead))

    private static let readErrors = [400, 403, 404, 429, 500].map { Status($0) }

    private static let named = [
        SessionRoutes.tenantHeader, SessionRoutes.tenantQuery,
        Operation.Parameter.path(
            "ticket_id", .string(minimum: 1, maximum: 100, example: "DEMO-1001"),
            "The ticket, by its id or its number in any case."),
    ]

    private static let days: [Operation.Parameter] = [
        .query("event_date", day, "The day asked about; the ticket's own if none is named."),
        .query("travel_date", day, "Another name for `event_date`."),
        .query("date", day, "Another name for `event_date`."),
    ]
}
