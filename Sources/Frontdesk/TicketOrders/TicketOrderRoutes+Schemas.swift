import HTTP
import JSON

// The forms of bodies and answers about orders of upgrades.
extension TicketOrderRoutes {
    private static let id = JSONSchema.string(minimum: 1, maximum: 100)
    /// What can be paid with.
    private static let method = JSONSchema.string(oneOf: PaymentMethod.allCases.map(\.rawValue))
    private static let status = JSONSchema.string(
        oneOf: TicketOrder.Status.allCases.map(\.rawValue))
    /// An amount that a caller has seen somewhere.
    private static let named = JSONSchema.number(minimum: 0, maximum: 1_000_000, decimals: 2)

    private static func instant(_ description: String) -> JSONSchema {
        .nullable(SessionRoutes.timestamp(description))
    }

    /// An order as answers show it.
    static let order = JSONSchema.named(
        "TicketOrder",
        .object([
            .required("order_id", id), .required("ticket_id", id),
            .required("ticket_number", .string), .required("customer_id", id),
            .required("status", status),
            .required("confirmation_code", .string(minimum: 12, maximum: 12)),
            .required("original_type", TicketRoutes.type),
            .required("upgrade_tier", TicketRoutes.tier), .required("tier_name", .string),
            .required("new_type", TicketRoutes.type),
            .required("original_event_date", TicketRoutes.day),
            .required("event_date", TicketRoutes.day),
            .required("category", TicketRoutes.category),
            .required("factor", TicketRoutes.factor),
            .required("base_price", TicketRoutes.money),
            .required(
                "upgrade_price", .number(minimum: 0, decimals: 2, description: "The charge.")),
            .required("original_price", TicketRoutes.money),
            .required(
                "total_amount",
                .number(minimum: 0, decimals: 2, description: "The ticket's new value.")),
            .required("currency", TicketRoutes.currency), .required("payment_method", method),
            .required("payment_id", .nullable(id, description: "What completed it.")),
            .required("quote_id", .nullable(id)),
            .required("failure_reason", .nullable(.string)),
            .required(
                "cancel_reason",
                .nullable(.string, description: "`expired` where nobody paid in time.")),
            .required("refund_reason", .nullable(.string)),
            .required("created_at", SessionRoutes.timestamp("When it was placed.")),
            .required("updated_at", SessionRoutes.timestamp("When it last changed.")),
            .required("expires_at", SessionRoutes.timestamp("Until when it can be paid.")),
            .required("completed_at", instant("When it was paid.")),
            .required("cancelled_at", instant("When it was cancelled.")),
            .required("refunded_at", instant("When it was refunded.")),
        ]))

    /// A payment as answers show it.
    static let payment = JSONSchema.named(
        "Payment",
        .object([
            .required("payment_id", id), .required("order_id", id),
            .required("amount", TicketRoutes.money), .required("currency", TicketRoutes.currency),
            .required("method", method), .required("provider", .string),
            .required("status", .string(oneOf: Payment.Status.allCases.map(\.rawValue))),
            .required(
                "failure_reason",
                .nullable(.string(oneOf: PaymentFailure.allCases.map(\.rawValue)))),
            .required("retryable", .boolean),
            .required("attempts", .integer(minimum: 0)),
            .required("reference", .nullable(.string, description: "The provider's.")),
            .required("created_at", SessionRoutes.timestamp("When it was begun.")),
            .required("updated_at", SessionRoutes.timestamp("When it last changed.")),
            .required("completed_at", instant("When the money was taken.")),
            .required("refunded_at", instant("When it was given back.")),
        ]))

    /// The body of an order.
    static let createBody = JSONSchema.named(
        "CreateTicketOrderRequest",
        .object(
            [
                .required("ticket_id", .string(description: "The ticket's id or number.")),
                .required("upgrade_tier", .string(description: "A tier's id or name.")),
                .optional("event_date", .string(description: "A day; required.")),
                .optional("travel_date", .string(description: "Another name for `event_date`.")),
                .optional(
                    "customer_id",
                    .string(description: "The ticket's owner; customers may leave it out.")),
                .optional("quote_id", .string(description: "A held price.")),
                .optional("total_amount", named), .optional("upgrade_price", named),
                .optional("payment_method", method),
                .optional("tenant_id", SessionRoutes.tenantID),
            ], nullIsAbsent: true))

    /// The body of a payment.
    static let payBody = JSONSchema.named(
        "PayTicketOrderRequest",
        .object(
            [
                .required(
                    "payment_token",
                    .string(
                        minimum: 1, maximum: 255,
                        description: "What the payment provider gave; it is never kept.")),
                .optional("payment_method", method),
                .optional("tenant_id", SessionRoutes.tenantID),
            ], nullIsAbsent: true))

    /// The body of an end.
    static let reasonBody = JSONSchema.named(
        "EndTicketOrderRequest",
        .object(
            [
                .optional("reason", .string(maximum: 500, description: "For the records.")),
                .optional("tenant_id", SessionRoutes.tenantID),
            ], nullIsAbsent: true))

    static let page: [JSONSchema.Property] = [
        .required("orders", .array(of: order)), .required("total", .integer(minimum: 0)),
        .required("limit", .integer(in: 1...100)), .required("offset", .integer(minimum: 0)),
    ]

    static let paid: [JSONSchema.Property] = [
        .required("order", order), .required("payment", payment),
        .required("ticket", TicketRoutes.ticket),
    ]

    /// What refusals of this part hold beside the fields of all.
    static let refusal: [JSONSchema.Property] = [
        .optional("current_status", status),
        .optional("order_id", .string(description: "The order that is in the way.")),
        .optional(
            "current",
            .object(
                [
                    .required("upgrade_price", TicketRoutes.money),
                    .required("total_amount", TicketRoutes.money),
                    .required("currency", TicketRoutes.currency),
                ], description: "What it costs now, where another amount was named.")),
        .optional(
            "failure_reason", .string(oneOf: PaymentFailure.allCases.map(\.rawValue))),
        .optional("retryable", .boolean(description: "Whether another try may work.")),
        .optional("payment_id", id),
        .optional("attempts", .integer(minimum: 1)),
        .optional(
            "order",
            .object(
                [.required("order_id", id), .required("status", status)],
                description: "Where the order stands that was to be paid.")),
    ]
}
