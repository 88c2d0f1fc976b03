import JSON

/// The values a dialogue has collected, by slot.
typealias SlotValues = JSONObject

/// One value that a dialogue needs from the customer.
struct Slot: Sendable {
    /// Its key among the values; where a tool takes the value, the tool's name for the argument.
    let name: String
    /// What the agent says to get it.
    var question: String
    /// Whether it is asked for; others are taken when they are said.
    var isRequired = true
    /// Whether any text can be its value.
    var isFreeText = false
    /// A word that names it when the customer corrects a summary.
    var concept: Concept?
    /// What a message says about it; the flag tells whether it was asked for.
    let read: @Sendable (Utterance, _ asked: Bool) -> Reading
    /// Whether a value that was kept between two turns can be one.
    let accepts: @Sendable (JSONValue) -> Bool

    /// Whether it holds order numbers, for which a search by name can stand in.
    var isOrder: Bool { name == Slot.order.name || name == Slot.orders.name }

    /// The same slot with another question.
    func asking(_ question: String) -> Slot {
        var slot = self
        slot.question = question
        return slot
    }

    /// The same slot, taken only when it is said.
    var optional: Slot {
        var slot = self
        slot.isRequired = false
        return slot
    }
}

extension Slot {
    private static func isText(_ lengths: ClosedRange<Int>) -> @Sendable (JSONValue) -> Bool {
        { value in value.string.map { lengths.contains($0.length) } ?? false }
    }

    private static func isInteger(_ range: ClosedRange<Int>) -> @Sendable (JSONValue) -> Bool {
        { value in value.int.map(range.contains) ?? false }
    }

    /// One order's number.
    static let order = Slot(
        name: "order_id", question: "Could you please provide your order number?",
        read: { message, asked in
            if let order = message.orders(isTopic: asked).first { return .value(.string(order)) }
            guard asked, let number = message.words.first(where: { $0.kind == .number }) else {
                return .absent
            }
            return .bad("\(number.key.prefix(20)) is no order number: it has at least five digits.")
        },
        accepts: { $0.string.map { Order.ID(parsing: $0) != nil } ?? false })

    /// The numbers of one or several orders, at most five.
    static let orders = Slot(
        name: "order_ids", question: order.question,
        read: { message, asked in
            let orders = message.orders(isTopic: asked)
            if orders.isEmpty { return order.read(message, asked) }
            return .value(.array(orders.map(JSONValue.string)))
        },
        accepts: { value in
            value.array.map { $0.count <= 20 && $0.allSatisfy(order.accepts) } ?? false
        })

    /// A product's code.
    static let product = Slot(
        name: "product_sku",
        question: "Which product would you like? Please give me its product code (SKU).",
        concept: .product,
        read: { message, asked in message.product(asked: asked) }, accepts: isText(1...100))

    /// How many pieces.
    static let quantity = Slot(
        name: "quantity", question: "How many would you like?", concept: .quantity,
        read: { message, asked in message.quantity(asked: asked) },
        accepts: isInteger(1...1_000_000))

    /// The total in dollars.
    static let amount = Slot(
        name: "order_amount", question: "What is the total amount in US dollars?",
        concept: .amount,
        read: { message, asked in message.amount(asked: asked) },
        accepts: { value in
            guard case .number(let number) = value else { return false }
            return Money.cents(of: number.text).map { (1...1_000_000_000).contains($0) } ?? false
        })

    /// Whose order it is.
    static let customer = Slot(
        name: "customer_name", question: "What name should it be under?", isFreeText: true,
        concept: .name,
        read: { message, asked in
            if asked { return message.askedName() }
            let anchors: Set<String> =
                message.has(.name) ? ["is", "be", "to", "for", "under"] : ["for", "under"]
            guard let name = message.name(after: anchors), name.length <= 100 else {
                return .absent
            }
            return .value(.string(name))
        },
        accepts: isText(1...100))

    /// Where a new order goes.
    static let address = Slot(
        name: "billing_address", question: "What address should it go to?", isFreeText: true,
        concept: .address,
        read: { message, asked in asked ? message.askedAddress() : message.deliveryAddress() },
        accepts: isText(1...500))

    /// The customer's own address, taken only when it is said.
    static let customerMail = Slot(
        name: "customer_email", question: "Which e-mail address should I add?",
        isRequired: false, concept: .email,
        read: { message, _ in message.mailAddress() }, accepts: isText(3...254))

    /// Where an e-mail goes.
    static let recipient = Slot(
        name: "recipient", question: "Which e-mail address should I send it to?",
        read: { message, asked in
            let reading = message.mailAddress()
            guard asked, case .absent = reading, !message.has(.unsure) else { return reading }
            return .bad("I need a complete e-mail address, with an @ in it.")
        },
        accepts: isText(3...254))

    /// A complaint's number.
    static let complaint = Slot(
        name: "complaint_id", question: "Could you please give me the number of the complaint?",
        read: { message, asked in message.complaintNumber(asked: asked) },
        accepts: isInteger(1...1_000_000_000))
}
