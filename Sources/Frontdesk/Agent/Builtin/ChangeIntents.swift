import JSON

/// Changing orders: their address and notes; what cannot be changed here is said.
extension Intent {
    /// "Change the address of …", "Add a note to …", "Mark … as delivered"
    static let change = Intent(
        name: "change", forms: [.changeAddress, .addNote],
        trigger: { $0.changeIndex },
        begin: { exchange in await exchange.change() })
}

extension Utterance {
    private static let changeable = Concepts(
        .order, .orders, .orderNumber, .address, .note, .quantity, .amount, .product, .name, .it,
        .one)

    /// The word that asks for a change.
    fileprivate var changeIndex: Int? {
        let isAboutOrder = has(any: Utterance.changeable) || !orders().isEmpty
        if let set = index(of: .set), isAboutOrder, orderStatus != nil || has(.address) {
            return set
        }
        if let change = index(of: .change), isAboutOrder || words.count == change + 1 {
            return change
        }
        if has(.note), let verb = words.firstIndex(where: { $0.key == "add" || $0.key == "leave" })
        {
            return verb
        }
        return namesNewAddress ? head : nil
    }

    /// Whether it is like "Send ORD-10003 to 9 Oak Lane instead".
    private var namesNewAddress: Bool {
        guard !mentions.isEmpty, !isQuestion,
            words.contains(where: { Utterance.deliveryVerbs.contains($0.key) }),
            !words.contains(where: { $0.kind == .email }), case .value = newAddress()
        else { return false }
        return true
    }

    private static let deliveryVerbs = words("ship send deliver redirect move")

    /// What a note says: the text behind a colon, or behind the order's number.
    fileprivate var noteText: Reading {
        let colon = words.indices.first { words[$0].gap.contains(.colon) }
        guard let start = colon ?? mentions.first?.words.upperBound, start < words.count else {
            return .absent
        }
        let text = text(from: start).stripped()
        return text.isEmpty ? .absent : Utterance.note(text)
    }

    fileprivate static func note(_ text: String) -> Reading {
        guard text.length <= 1000 else {
            return .bad("A note can have at most 1,000 characters.")
        }
        return .value(.string(text))
    }
}

extension Slot {
    /// The address that an order is to have.
    fileprivate static let newAddress = Slot(
        name: address.name, question: "What is the new address?", isFreeText: true,
        concept: .address,
        read: { message, asked in asked ? message.askedAddress() : message.newAddress() },
        accepts: address.accepts)

    /// What is to be noted about an order.
    fileprivate static let note = Slot(
        name: "remarks", question: "What should the note say?", isFreeText: true,
        read: { message, asked in asked ? Utterance.note(message.text) : message.noteText },
        accepts: { $0.string.map { (1...1000).contains($0.length) } ?? false })
}

extension Form {
    /// Changing an order's address, after a yes.
    static let changeAddress: Form = Form(
        name: "change_address", slots: [.order, .newAddress],
        introduction: "I can change the address of an order.",
        finish: { exchange, values in
            await exchange.ifChangeable(values, .changeAddress, "address") { order in
                let old = order.address.map { "Current address: \($0)\n" } ?? ""
                return "Order \(order.id)\n\(old)New address: \(values.text(.newAddress))"
            }
        },
        consent: Consent(
            question: { "Shall I change the address of order \($0.text(.order))?" },
            accept: { exchange, values in
                let address = values.text(.newAddress)
                return await exchange.update(values, [Slot.newAddress.name: .string(address)]) {
                    "The address of order \($0) is changed to: \(address)"
                }
            },
            decline: { "All right, the address of order \($0.text(.order)) stays as it is." }),
        echo: Concepts(.change, .address), isCorrectable: true,
        dropped: "All right, I've dropped that. Nothing was changed.")

    /// Adding a note to an order, after a yes.
    static let addNote: Form = Form(
        name: "add_note", slots: [.order, .note], introduction: "I can add a note to an order.",
        finish: { exchange, values in
            await exchange.ifChangeable(values, .addNote, "notes") { order in
                "\(order.summary)\nNote: \(values.text(.note))"
            }
        },
        consent: Consent(
            question: { "Shall I add this note to order \($0.text(.order))?" },
            accept: { exchange, values in
                await exchange.update(values, [Slot.note.name: .string(values.text(.note))]) {
                    "The note is added to order \($0)."
                }
            },
            decline: { "All right, nothing was added to order \($0.text(.order))." }),
        echo: Concepts(.note),
        dropped: "All right, I've dropped that. Nothing was changed.")
}

extension Exchange {
    /// Shows what would change and asks for a yes, or says why the order cannot be changed any
    /// more.
    fileprivate func ifChangeable(
        _ values: SlotValues, _ form: Form, _ what: String, show: (OrderFacts) -> String
    ) async -> AgentReply {
        await withOrder(form, values) { order in
            guard order.isOpen else {
                let state = order.status == "SHIPPED" ? "has already been shipped" : order.phrase
                return AgentReply(
                    "Order \(order.id) \(state), so its \(what) can't be changed any more.",
                    about: [order.id])
            }
            return confirm(form, values, first: show(order))
        }
    }

    /// Begins the change that is meant, or says what cannot be changed here.
    fileprivate func change() async -> AgentReply {
        if message.has(.note) { return await fill(.addNote) }
        if message.has(.address) { return await fill(.changeAddress) }
        if message.orderStatus != nil || message.has(.status) {
            return AgentReply(
                "Only our staff can change the status of an order. "
                    + "I can cancel it or change its address.", about: orders)
        }
        if message.has(any: Concepts(.quantity, .product, .amount, .name)) {
            return AgentReply(
                "I can't change the product, quantity, price or name of an order. "
                    + "I can change its address, add a note to it, or cancel it.", about: orders)
        }
        if case .value = message.newAddress() { return await fill(.changeAddress) }
        return AgentReply(
            "I can change the address of an order, add a note to it, or cancel it. "
                + "Which of these would you like?", about: orders)
    }
}
