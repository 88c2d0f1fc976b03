import JSON

/// Placing an order.
extension Intent {
    /// "I want to place an order", "Order 2 of SKU-…"
    static let place = Intent(
        name: "place", forms: [.place],
        trigger: { message in
            if let index = message.index(of: .place), message.orders().isEmpty { return index }
            guard message.mentions.isEmpty, let product = message.productCode,
                message.head < product.index,
                ["order", "buy", "purchase", "get", "reserve"].contains(
                    message.words[message.head].key)
                    || message.namesQuantityFirst
            else { return nil }
            return message.head
        },
        begin: { exchange in await exchange.fill(.place) })
}

extension Utterance {
    /// Whether it begins with a quantity, as in "2 of SKU-MOUSE-002, please".
    fileprivate var namesQuantityFirst: Bool {
        guard case .value = quantity(asked: false) else { return false }
        return !isQuestion && !has(any: Concepts(.list, .orders, .details))
    }
}

extension Form {
    /// A new order, placed after a yes.
    static let place: Form = Form(
        name: "place",
        slots: [
            .product, .quantity, .amount, .customer.asking("What name should the order be under?"),
            .address, .customerMail,
        ],
        introduction: "I can place an order for you.",
        finish: { exchange, values in
            exchange.confirm(
                .place, values, first: "Here is your order:\n" + Phrases.newOrder(values))
        },
        consent: Consent(
            question: { _ in "Shall I place this order?" },
            accept: { exchange, values in await exchange.place(values) },
            decline: { _ in "All right, nothing was placed." }),
        echo: Concepts(.place, .booking), isCorrectable: true,
        dropped: "All right, I've dropped that. Nothing was placed.")
}

extension Exchange {
    fileprivate func place(_ values: SlotValues) async -> AgentReply {
        switch await use("create_new_order", .object(values)) {
        case .failure(let sentence, _):
            return AgentReply("The order was not placed. " + sentence)
        case .success(let result):
            guard let order = result["order"].flatMap(OrderFacts.init) else {
                return AgentReply("The order was placed, but I can't read its number.")
            }
            let facts = [order.goods, order.amount].compactMap { $0 }.joined(separator: ", ")
            return AgentReply(
                "Your order \(order.id) is placed: \(facts). It is pending until we confirm it.",
                about: [order.id])
        }
    }
}

extension Phrases {
    /// What the customer is to agree to.
    fileprivate static func newOrder(_ values: SlotValues) -> String {
        let facts: [(String, String?)] = [
            ("Product", values["product_sku"]?.string),
            ("Quantity", values["quantity"]?.int.map(grouped)),
            ("Total", values["order_amount"].flatMap(amount)),
            ("Name", values["customer_name"]?.string),
            ("Address", values["billing_address"]?.string),
            ("E-mail", values["customer_email"]?.string),
        ]
        return list(facts.compactMap { name, value in value.map { "\(name): \($0)" } })
    }

    private static func amount(_ value: JSONValue) -> String? {
        guard case .number(let number) = value else { return nil }
        return amount(number)
    }
}
