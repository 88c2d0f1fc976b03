import JSON

// MARK: - Placing

extension OrderTools {
    var create: Tool {
        Tool(
            name: "create_new_order", description: "Create a new order for a customer",
            category: .order,
            parameters: .object(
                [
                    .required("customer_name", .personName),
                    .required("billing_address", .address),
                    .required("product_sku", .sku),
                    .required(
                        "quantity",
                        .integer(in: 1...1_000_000, description: "How many pieces")),
                    .required(
                        "order_amount",
                        .number(
                            minimum: 0.01, maximum: 10_000_000, decimals: 2,
                            description: "The total in USD, at most two decimals")),
                    .optional(
                        "customer_email",
                        .string(format: .email, description: "The customer's e-mail address")),
                    .optional(
                        "order_date",
                        .day("The day it is placed, not in the future; today by default")),
                    .optional("remarks", .note(1000, "Notes on the order")),
                ], additional: false),
            read: { NewOrder(&$0) },
            run: { order, context in
                let number = try await counters.take(.order, for: context.tenant)
                let placed = Order(order, id: Order.ID(number: number), context)
                context.stage.insert(
                    placed,
                    event: OrderEvent(
                        status: .placed, description: Order.Status.pending.sentence,
                        happenedAt: context.now.text))
                return ["status": "success", "order": placed.json]
            })
    }
}

/// What a customer orders.
private struct NewOrder: Sendable {
    let customerName: String
    let billingAddress: String
    let productSKU: String
    let quantity: Int
    let amountCents: Int
    let customerEmail: String?
    let orderDate: String
    let remarks: String?

    init(_ reader: inout ArgumentReader) {
        customerName = reader.name("customer_name")
        billingAddress = reader.requiredText("billing_address")
        productSKU = reader.requiredText("product_sku")
        quantity = reader.integer("quantity")
        amountCents = reader.cents("order_amount")
        customerEmail = reader.text("customer_email")
        if let problem = customerEmail.flatMap(EmailAddress.problem) {
            reader.note("customer_email", problem)
        }
        let today = reader.now.date
        orderDate = reader.day("order_date")?.text ?? today
        if orderDate > today { reader.note("order_date", "must not be in the future") }
        remarks = reader.text("remarks")
    }
}

extension Order {
    /// A new order; one that is placed in a customer's own conversation belongs to that customer.
    fileprivate init(_ new: NewOrder, id: ID, _ context: ToolContext) {
        self.id = id
        orderDate = new.orderDate
        customerName = new.customerName
        // Who has no address must not share the orders of others without one.
        let email = context.customerEmail ?? new.customerEmail
        customerEmail = email?.isEmpty == true ? nil : email
        billingAddress = new.billingAddress
        productSKU = new.productSKU
        quantity = new.quantity
        amountCents = new.amountCents
        currency = "USD"
        remarks = new.remarks
        status = .pending
        statusSince = context.now.text
        version = 1
        createdAt = context.now.text
        updatedAt = context.now.text
    }
}

// MARK: - Changing

extension OrderTools {
    var update: Tool {
        Tool(
            name: "update_order", description: "Change the status or details of an order",
            category: .order,
            parameters: .object(
                [
                    .required("order_id", .orderID),
                    .optional("new_status", .orderStatus),
                    .optional(
                        "billing_address",
                        .address.described("The new address, while PENDING or CONFIRMED")),
                    .optional(
                        "remarks", .note(1000, "A note to be added, while PENDING or CONFIRMED")),
                    .optional("carrier", .note(50, "Who carries it, once SHIPPED")),
                    .optional("tracking_number", .note(100, "The carrier's number, once SHIPPED")),
                    .optional("estimated_delivery", .day("The day it is expected, once SHIPPED")),
                    .optional("location", .note(200, "Where it is on its way, while SHIPPED")),
                ], additional: false),
            traits: .destructive, inAnyCase: ["new_status"],
            read: { OrderUpdate(&$0) },
            run: { update, context in
                guard !update.isEmpty else {
                    throw ToolError(.noUpdates, "Name at least one thing to change of the order.")
                }
                var order = try view(context).require(update.id)
                let previous = order.status
                let events = try order.apply(update, allowed: allowed, now: context.now)
                context.stage.update(order, events: events)
                return [
                    "status": "success", "order": order.json,
                    "previous_status": .string(previous.rawValue),
                ]
            })
    }
}

extension OrderUpdate {
    fileprivate init(_ reader: inout ArgumentReader) {
        id = reader.requiredOrderID("order_id")
        status = reader.choice("new_status")
        billingAddress = reader.text("billing_address")
        remarks = reader.text("remarks")
        carrier = reader.text("carrier")
        trackingNumber = reader.text("tracking_number")
        estimatedDelivery = reader.day("estimated_delivery")?.text
        location = reader.text("location")
    }
}
