import JSON

/// The nine tools of the category `ticket`, which answer as the routes do (tickets.md, section 9).
struct TicketTools: Sendable {
    let tickets: TicketStore
    let customers: CustomerStore
    let orders: TicketOrderStore
    let pricing: Pricing
    /// Who words advice; nil leaves it out.
    let adviser: Adviser?
    let ids: IDMaker

    /// All in the order of the catalogue.
    var all: [Tool] {
        [
            validate, price, priceForDate, recommend, compare, calendar, createOrder, getCustomer,
            listTickets,
        ]
    }
}

// MARK: - Prices

extension TicketTools {
    private var validate: Tool {
        tool(
            "validate_ticket_eligibility", "Check whether a ticket can be upgraded",
            [.required("ticket_id", .ticketID)] + Self.optionalCustomer + Self.optionalTier
                + Self.optionalDay,
            read: { TicketQuestion(&$0, pricing.settings) },
            run: { question, desk in
                let ticket = try desk.ticket(of: question)
                return desk.board.validation(of: ticket, tier: question.tier, on: question.day)
            })
    }

    private var price: Tool {
        tool(
            "calculate_upgrade_pricing",
            "Price an upgrade and hold the price for \(pricing.settings.quoteText)",
            [.required("ticket_id", .ticketID), .required("upgrade_tier", .tier)]
                + Self.optionalDay,
            scope: .ticketsWrite, traits: [],
            read: { TicketQuestion(&$0, pricing.settings) },
            run: { question, desk in
                let subject = PriceSubject.ticket(try desk.ticket(of: question))
                return try desk.price(question, subject, holds: true)
            })
    }

    private var priceForDate: Tool {
        tool(
            "get_pricing_for_date", "Price an upgrade on a given day",
            Self.ticketOrType + [
                .required("upgrade_tier", .tier),
                .required("event_date", .day("The day to price")),
            ],
            read: { TicketQuestion(&$0, pricing.settings, orType: true) },
            run: { question, desk in
                try desk.price(question, desk.subject(of: question), holds: false)
            })
    }

    private var recommend: Tool {
        tool(
            "get_upgrade_recommendations", "Recommend the upgrade with the best value",
            [.required("ticket_id", .ticketID)] + Self.optionalCustomer + Self.optionalDay,
            read: { TicketQuestion(&$0, pricing.settings) },
            run: { question, desk in
                let ticket = try desk.ticket(of: question)
                return try await desk.recommendations(for: ticket, on: question.day)
            })
    }

    private var compare: Tool {
        tool(
            "get_upgrade_tier_comparison", "Compare all upgrade tiers on a day",
            Self.ticketOrType + Self.optionalDay,
            read: { TicketQuestion(&$0, pricing.settings, orType: true) },
            run: { question, desk in
                desk.board.comparison(for: try desk.subject(of: question), on: question.day)
            })
    }

    private var calendar: Tool {
        tool(
            "get_upgrade_calendar", "Show upgrade prices and availability day by day",
            Self.ticketOrType + [
                .optional(
                    "days", .integer(in: 1...90, default: 30, description: "How many days"))
            ] + Self.optionalTier,
            read: { reader in
                let days = reader.integer("days", default: 30)
                return (TicketQuestion(&reader, pricing.settings, orType: true), days)
            },
            run: { input, desk in
                let (question, days) = input
                return try desk.board.calendar(
                    for: desk.subject(of: question), days: days, tier: question.tier)
            })
    }
}

// MARK: - Customers

extension TicketTools {
    private var getCustomer: Tool {
        tool(
            "get_customer", "Get a customer's details",
            [
                .optional("customer_id", .customerID),
                .optional("email", .string(maximum: 254, description: "Their e-mail address")),
            ],
            read: { reader in
                reader.requireOne("customer_id", "email")
                return (id: reader.text("customer_id"), email: reader.text("email")?.lowercased())
            },
            run: { input, desk in
                let customer = try desk.customer(id: input.id, email: input.email)
                return ["customer": customer.json(forAdmin: false)]
            })
    }

    private var listTickets: Tool {
        tool(
            "get_tickets_for_customer", "List a customer's tickets",
            [
                .required("customer_id", .customerID),
                .optional(
                    "status",
                    .string(
                        oneOf: Ticket.Status.allCases.map(\.rawValue),
                        description: "Only tickets of this status")),
                .optional(
                    "limit", .integer(in: 1...100, default: 50, description: "How many at most")),
                .optional(
                    "offset", .integer(minimum: 0, default: 0, description: "How many to skip")),
            ],
            read: { reader in
                (
                    id: reader.requiredText("customer_id"),
                    status: reader.choice("status") as Ticket.Status?,
                    limit: reader.integer("limit", default: 50), offset: reader.integer("offset")
                )
            },
            run: { input, desk in
                let customer = try desk.customer(id: input.id, email: nil)
                let page = try tickets.list(
                    of: customer.id, status: input.status, limit: input.limit,
                    offset: input.offset, tenant: desk.context.tenant)
                return [
                    "tickets": .array(page.tickets.map(\.json)), "total": JSONValue(page.total),
                    "limit": JSONValue(input.limit), "offset": JSONValue(input.offset),
                ]
            })
    }
}

// MARK: - How a ticket tool is made

extension TicketTools {
    /// A tool that checks the caller's right, and whose refusals are those of the routes.
    func tool<Input: Sendable>(
        _ name: String, _ description: String, _ arguments: [JSONSchema.Property],
        scope: Scope = .ticketsRead, traits: Tool.Traits = .reading,
        read: @escaping @Sendable (inout ArgumentReader) -> Input,
        run: @escaping @Sendable (Input, TicketDesk) async throws -> JSONObject
    ) -> Tool {
        Tool(
            name: name, description: description, category: .ticket,
            parameters: .object(arguments, additional: false), traits: traits,
            read: read,
            run: { input, context in
                guard context.caller.scopes.contains(scope) else {
                    throw ToolError(
                        .scopeMissing, "This needs the right '\(scope.rawValue)'.")
                }
                do {
                    var result: JSONObject = ["status": "success"]
                    let desk = TicketDesk(tools: self, context: context)
                    for member in try await run(input, desk).members {
                        result[member.key] = member.value
                    }
                    return .object(result)
                } catch let failure as Failure {
                    throw try ToolError(failure, of: context.tenant)
                }
            })
    }

    private static let ticketOrType: [JSONSchema.Property] = [
        .optional("ticket_id", .ticketID),
        .optional(
            "ticket_type",
            .string(maximum: 20, description: "A type instead of a ticket: general, standard …")),
    ]
    private static let optionalCustomer: [JSONSchema.Property] = [
        .optional("customer_id", .customerID)
    ]
    private static let optionalTier: [JSONSchema.Property] = [.optional("upgrade_tier", .tier)]
    private static let optionalDay: [JSONSchema.Property] = [
        .optional("event_date", .day("The day asked about; the ticket's own if left out"))
    ]
}

extension JSONSchema {
    /// A ticket, by its id or its number.
    static let ticketID = JSONSchema.string(
        minimum: 1, maximum: 100, description: "The ticket's id or number, such as DEMO-1001")
    /// A customer's id.
    static let customerID = JSONSchema.string(
        minimum: 1, maximum: 100, description: "The customer's id")
    /// A tier, by its id or name.
    static let tier = JSONSchema.string(
        minimum: 1, maximum: 100, description: "standard, non-stop or double-fun")
}
