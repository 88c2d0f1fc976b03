import JSON

/// The six tools of the category `order`.
struct OrderTools: Sendable {
    let store: OrderStore
    let counters: CounterStore
    /// The states into which a conversation may bring an order.
    let allowed: Set<Order.Status>

    /// The order tools of a database; `allowed` is the setting `agent.order_statuses`.
    init(
        store: OrderStore, counters: CounterStore,
        allowed: Set<Order.Status> = [.confirmed, .shipped, .delivered, .cancelled]
    ) {
        self.store = store
        self.counters = counters
        self.allowed = allowed
    }

    /// All six in the order of the catalogue.
    var all: [Tool] {
        [create, get, search, ofCustomer, update, track]
    }

    /// What a turn sees of the orders.
    func view(_ context: ToolContext) -> OrderView {
        OrderView(store: store, context: context)
    }
}

// MARK: - Looking up

extension OrderTools {
    private var get: Tool {
        Tool(
            name: "get_order", description: "Get detailed information about a specific order",
            category: .order,
            parameters: .object([.required("order_id", .orderID)], additional: false),
            traits: .reading,
            read: { $0.requiredOrderID("order_id") },
            run: { id, context in
                ["status": "success", "order": try view(context).require(id).json]
            })
    }

    private var search: Tool {
        Tool(
            name: "search_orders",
            description:
                "Search orders by number, customer, product, address, status or date",
            category: .order,
            parameters: .object(
                [
                    .optional("order_id", .orderID),
                    .optional("customer_name", .partOfName),
                    .optional("product_sku", .sku.described("The SKU or a part of it")),
                    .optional("billing_address", .address.described("A part of the address")),
                    .optional("order_status", .orderStatus),
                    .optional("placed_from", .day("Placed on this day or later")),
                    .optional("placed_to", .day("Placed on this day or earlier")),
                    .optional("limit", .limit),
                ], additional: false),
            traits: .reading, inAnyCase: ["order_status"],
            read: { OrderSearch(&$0) },
            run: { search, context in
                let matches = try view(context).search(search)
                return [
                    "status": "success", "match_count": JSONValue(matches.count),
                    "search_criteria": search.json,
                    "orders": .array(matches.orders.map(\.json)),
                    "truncated": .bool(matches.count > matches.orders.count),
                ]
            })
    }

    private var ofCustomer: Tool {
        Tool(
            name: "get_customer_orders", description: "List the orders of a customer",
            category: .order,
            parameters: .object(
                [.required("customer_name", .partOfName), .optional("limit", .limit)],
                additional: false),
            traits: .reading,
            read: { reader in
                OrderSearch(
                    customerName: reader.partOfName("customer_name"),
                    limit: reader.integer("limit", default: 20))
            },
            run: { search, context in
                let matches = try view(context).search(search)
                return [
                    "status": "success", "customer_name": JSONValue(search.customerName),
                    "order_count": JSONValue(matches.count),
                    "orders": .array(matches.orders.map(\.json)),
                ]
            })
    }

    private var track: Tool {
        Tool(
            name: "track_order",
            description: "Get shipping and delivery progress of an order", category: .order,
            parameters: .object([.required("order_id", .orderID)], additional: false),
            traits: .reading,
            read: { $0.requiredOrderID("order_id") },
            run: { id, context in
                let view = view(context)
                let order = try view.require(id)
                return [
                    "status": "success", "order_id": .string(order.id.text),
                    "order_status": .string(order.status.rawValue),
                    "carrier": JSONValue(order.carrier),
                    "tracking_number": JSONValue(order.trackingNumber),
                    "estimated_delivery": JSONValue(order.estimatedDelivery),
                    "events": .array(try view.events(of: id).map(\.json)),
                ]
            })
    }
}

extension OrderSearch {
    fileprivate init(_ reader: inout ArgumentReader) {
        id = reader.orderID("order_id")
        customerName = reader.part("customer_name")
        productSKU = reader.part("product_sku")
        billingAddress = reader.part("billing_address")
        status = reader.choice("order_status")
        placedFrom = reader.day("placed_from")?.text
        placedTo = reader.day("placed_to")?.text
        limit = reader.integer("limit", default: 20)
    }

    /// The criteria that were given.
    fileprivate var json: JSONValue {
        var criteria = JSONObject()
        criteria["order_id"] = id.map { .string($0.text) }
        criteria["customer_name"] = customerName.map { .string($0) }
        criteria["product_sku"] = productSKU.map { .string($0) }
        criteria["billing_address"] = billingAddress.map { .string($0) }
        criteria["order_status"] = status.map { .string($0.rawValue) }
        criteria["placed_from"] = placedFrom.map { .string($0) }
        criteria["placed_to"] = placedTo.map { .string($0) }
        return .object(criteria)
    }
}
