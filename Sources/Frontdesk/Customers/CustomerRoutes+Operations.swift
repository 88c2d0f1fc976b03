import HTTP
import JSON

// What the documents say about customers.
extension CustomerRoutes {
    /// The form of every answer of the tickets part.
    static func envelope(_ name: String, _ members: [JSONSchema.Property]) -> JSONSchema {
        .named(
            name,
            .object([
                .required("success", .constant(true)), .required("data", .object(members)),
            ]))
    }

    static let customerID = JSONSchema.string(
        minimum: 1, maximum: 100, description: "The customer.",
        example: "cus_demo0000000000000001")
    static let customerPath = Operation.Parameter.path(
        "customer_id", customerID, "The customer.")

    private static let ownID = JSONSchema.string(
        minimum: 1, maximum: 100,
        description: "An id of your own: 1 to 100 characters of `[A-Za-z0-9._:@-]`.",
        example: "cus_4711")

    private static let sampleCustomer: JSONValue = [
        "customer_id": "cus_demo0000000000000001", "email": "sarah.johnson@example.com",
        "first_name": "Sarah", "last_name": "Johnson", "phone": "+15550100",
        "auth_subject": nil, "created_at": "2026-02-20T10:30:00.123456Z",
        "updated_at": "2026-02-20T10:30:00.123456Z",
    ]

    /// A customer as answers show it.
    static let customer = JSONSchema.named(
        "Customer",
        .object([
            .required("customer_id", customerID),
            .required("email", .string(description: "In lower case.")),
            .required("first_name", .string), .required("last_name", .string),
            .required("phone", .nullable(.string)),
            .optional(
                "auth_subject",
                .nullable(
                    .string, description: "The subject at an outside issuer; admins see it.")),
            .required("created_at", SessionRoutes.timestamp("When it was entered.")),
            .required("updated_at", SessionRoutes.timestamp("When it last changed.")),
        ]))

    /// The body of a creation.
    static let createBody = JSONSchema.named(
        "CreateCustomerRequest",
        .object(
            [
                .optional("customer_id", ownID),
                .required("email", .string(description: "Unique in the tenant.")),
                .required("first_name", .string(description: "1 to 100 characters.")),
                .required("last_name", .string(description: "1 to 100 characters.")),
                .optional("phone", .string(description: "5 to 20 digits, perhaps after a `+`.")),
                .optional(
                    "auth_subject", .string(description: "The subject at an outside issuer.")),
                .optional("tenant_id", SessionRoutes.tenantID),
            ], nullIsAbsent: true))

    static let creating = Operation(
        "Enter a customer", tag: "Customers",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, SessionRoutes.key],
        body: .json(
            createBody,
            example: [
                "email": "sarah.johnson@example.com", "first_name": "Sarah",
                "last_name": "Johnson", "phone": "+1 (555) 0100",
            ]),
        responses: [
            .json(
                .created, "The customer is stored.",
                envelope("CustomerCreated", [.required("customer", customer)]),
                example: ["success": true, "data": ["customer": sampleCustomer]]
            ).header("Location", "Where the customer is.", schema: .string, always: true)
        ],
        errors: [400, 409, 415, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.ticketsAdmin))

    static let showing = Operation(
        "Show a customer", tag: "Customers",
        parameters: [SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, customerPath],
        responses: [
            .json(
                .ok, "The customer.", envelope("CustomerShown", [.required("customer", customer)]),
                example: ["success": true, "data": ["customer": sampleCustomer]])
        ],
        errors: [400, 403, 404, 429, 500].map { Status($0) }, access: .scope(.ticketsRead))

    static let listingTickets = Operation(
        "List a customer's tickets", tag: "Customers", description: "Latest event first.",
        parameters: [
            SessionRoutes.tenantHeader, SessionRoutes.tenantQuery, customerPath,
            .query(
                "status", .string(oneOf: Ticket.Status.allCases.map(\.rawValue)),
                "Only tickets of this status."),
            .query("limit", .integer(in: 1...100, default: 50), "Tickets on a page."),
            .query("offset", .integer(minimum: 0, default: 0), "Tickets to skip."),
        ],
        responses: [
            .json(
                .ok, "A page of tickets.",
                envelope(
                    "CustomerTickets",
                    [
                        .required("tickets", .array(of: TicketRoutes.ticket)),
                        .required("total", .integer(minimum: 0)),
                        .required("limit", .integer(in: 1...100)),
                        .required("offset", .integer(minimum: 0)),
                    ]),
                example: [
                    "success": true,
                    "data": [
                        "tickets": [TicketRoutes.sampleTicket], "total": 1, "limit": 50,
                        "offset": 0,
                    ],
                ])
        ],
        errors: [400, 403, 404, 429, 500].map { Status($0) }, access: .scope(.ticketsRead))
}
