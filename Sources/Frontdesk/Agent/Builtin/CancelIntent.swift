import JSON

/// Cancelling orders.
extension Intent {
    /// "Cancel order …"
    static let cancel = Intent(
        name: "cancel", forms: [.cancel],
        trigger: { $0.index(of: .cancel) },
        begin: { exchange in
            guard exchange.agent.orderStatuses.contains("CANCELLED") else {
                return exchange.offerComplaint(
                    "I can't cancel orders here.", about: exchange.orders.first)
            }
            return await exchange.fill(.cancel)
        })
}

extension Form {
    /// Cancelling an order, after a yes.
    static let cancel: Form = Form(
        name: "cancel", slots: [.order], introduction: "I can cancel an order for you.",
        finish: { exchange, values in
            await exchange.withOrder(.cancel, values) { order in
                order.isOpen
                    ? exchange.confirm(.cancel, values, first: order.summary)
                    : exchange.offerComplaint(order.whyNotCancelled, about: order.id)
            }
        },
        consent: Consent(
            question: { "Shall I cancel order \($0.text(.order))?" },
            accept: { exchange, values in
                await exchange.update(values, ["new_status": "CANCELLED"]) { order in
                    "Order \(order) is cancelled."
                }
            },
            decline: { "All right, order \($0.text(.order)) stays as it is." }),
        echo: Concepts(.cancel, .cancelWish),
        dropped: "All right, I've dropped that. Nothing was cancelled.")
}

extension OrderFacts {
    /// Why it cannot be cancelled any more.
    fileprivate var whyNotCancelled: String {
        switch status {
        case "CANCELLED": "Order \(id) \(phrase), so there is nothing left to cancel."
        case "DELIVERED": "Order \(id) \(phrase), so it can't be cancelled any more."
        default: "Order \(id) has already been shipped, so it can't be cancelled any more."
        }
    }
}

extension Exchange {
    /// Says what cannot be done, and offers to register a complaint.
    func offerComplaint(_ first: String, about order: String? = nil) -> AgentReply {
        var values = SlotValues()
        values[Slot.order.name] = order.map(JSONValue.string)
        return AgentReply(
            first + " Would you like me to register a complaint?",
            open: Dialogue(.complaint, values, .offer))
    }

    /// Changes the form's order, and says so with the number that the tool gave.
    func update(
        _ values: SlotValues, _ changes: SlotValues, done: (_ order: String) -> String
    ) async -> AgentReply {
        var arguments: JSONObject = ["order_id": values[Slot.order.name] ?? .null]
        for change in changes.members { arguments[change.key] = change.value }
        switch await use("update_order", .object(arguments)) {
        case .failure(let sentence, _):
            return AgentReply(sentence, about: [values.text(.order)])
        case .success(let result):
            let order = result["order"].flatMap(OrderFacts.init)?.id ?? values.text(.order)
            return AgentReply(done(order), about: [order])
        }
    }
}

extension SlotValues {
    /// The text of a slot, empty without one.
    func text(_ slot: Slot) -> String {
        self[slot.name]?.string ?? ""
    }
}
