import JSON

/// Finding orders by customer, product or state.
extension Intent {
    /// "Show me the orders of …", "Any pending orders?", "Which orders contain SKU-…?"
    static let search = Intent(
        name: "search", forms: [.search],
        trigger: { message in
            guard message.orders().isEmpty else { return nil }
            if message.has(.orders) {
                return message.index(ofAny: Concepts(.list, .details, .question, .orders))
            }
            if message.productCode != nil {
                return message.index(ofAny: Concepts(.list, .details, .question))
            }
            guard message.has(.order), message.isSearch else { return nil }
            return message.index(ofAny: Concepts(.list, .order, .question))
        },
        begin: { exchange in await exchange.search() })
}

extension Utterance {
    /// Whether a single "order" is searched for by a customer's name.
    fileprivate var isSearch: Bool {
        nameBeforeOrders != nil || name(after: ["of", "by", "from", "for"]) != nil
    }

    /// The customer whose orders are asked for.
    fileprivate var searchedName: String? {
        let name =
            name(after: ["for", "of", "by", "from", "under"]) ?? nameBeforeOrders
            ?? name(after: ["customer", "client", "does", "did", "has", "have"])
        return name.flatMap { $0.length <= 100 ? $0 : nil }
    }
}

extension Slot {
    /// Whose orders are looked for; an order's number instead is a request of its own.
    fileprivate static let searchedCustomer = Slot(
        name: customer.name, question: "Which customer name is it under?", isFreeText: true,
        read: { message, asked in
            guard message.orders().isEmpty else { return .absent }
            return asked ? message.askedName() : .absent
        },
        accepts: customer.accepts)
}

extension Form {
    /// The orders of one customer.
    static let search = Form(
        name: "search", slots: [.searchedCustomer], introduction: "I can look up orders."
    ) { exchange, values in
        await exchange.ordersOfCustomer(values.text(.customer))
    }
}

extension Exchange {
    /// Searches with what the message names; without any criterion it asks for the name.
    func search() async -> AgentReply {
        let name = message.searchedName
        let status = message.orderStatus
        let product = message.productCode?.code
        if let name, status == nil, product == nil { return await ordersOfCustomer(name) }
        guard status != nil || product != nil else { return await fill(.search) }
        var criteria = JSONObject()
        criteria["customer_name"] = name.map(JSONValue.string)
        criteria["product_sku"] = product.map(JSONValue.string)
        criteria["order_status"] = status.map(JSONValue.string)
        let what = Phrases.criteria(name: name, status: status, product: product)
        switch await use("search_orders", .object(criteria)) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            return found(
                result, count: result["match_count"]?.int, what: what,
                none: "I found no \(what).")
        }
    }

    /// Lists a customer's orders; without any it asks for an order number.
    fileprivate func ordersOfCustomer(_ name: String) async -> AgentReply {
        switch await use("get_customer_orders", ["customer_name": .string(name)]) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            return found(
                result, count: result["order_count"]?.int, what: "orders for \(name)",
                none: "I couldn't find any orders under the name \(name).")
        }
    }

    private func found(
        _ result: JSONValue, count: Int?, what: String, none: String
    ) -> AgentReply {
        let orders = (result["orders"]?.array ?? []).compactMap(OrderFacts.init)
        guard !orders.isEmpty else {
            return AgentReply(
                none + " Could you give me an order number instead?",
                open: Dialogue(.status, [:], .slot(Slot.orders.name)))
        }
        let shown = orders.prefix(Exchange.largestLookUp)
        let customers = Set(orders.compactMap(\.customer))
        let isMixed = customers.count > 1
        let lines = shown.map { order in
            isMixed ? "\(order.line) (\(order.customer ?? ""))" : order.line
        }
        let rest = max(count ?? 0, orders.count) - shown.count
        let more = rest > 0 ? "\nand \(rest) more" : ""
        let owner = !isMixed ? customers.first.map { " of \($0)" } ?? "" : ""
        let total = Phrases.count(max(count ?? 0, orders.count), "order")
        return AgentReply(
            "I found \(total)\(owner):\n" + Phrases.list(lines) + more, about: shown.map(\.id))
    }
}

extension Phrases {
    /// "pending orders for Chen with SKU-DESK-003"
    fileprivate static func criteria(name: String?, status: String?, product: String?) -> String {
        var text = "orders"
        if let status { text = status.lowercased() + " " + text }
        if let name { text += " for \(name)" }
        if let product { text += " with \(product)" }
        return text
    }
}
