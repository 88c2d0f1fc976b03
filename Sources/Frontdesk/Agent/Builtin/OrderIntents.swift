import JSON

/// What customers ask about orders: status, whereabouts, details.
extension Intent {
    /// "What's the status of …?", "Has … shipped yet?"
    static let status = Intent(
        name: "status", forms: [.status],
        trigger: { message in
            guard message.has(any: Concepts(.status, .progress)) else { return nil }
            let hasOrder = !message.orders().isEmpty
            guard hasOrder || !message.asksForSeveralOrders else { return nil }
            let isAbout = hasOrder || message.has(any: Concepts(.order, .it, .them, .one, .orders))
            guard isAbout || message.isOnly(Utterance.statusWords) else { return nil }
            return message.index(ofAny: Concepts(.status, .progress, .question))
        },
        begin: { exchange in await exchange.fill(.status) })

    /// "Where is …?", "Track …"
    static let track = Intent(
        name: "track", forms: [.track],
        trigger: { message in
            if let index = message.index(of: .track) { return index }
            guard let index = message.index(of: .whereabouts) else { return nil }
            let isAbout = message.has(
                any: Concepts(.order, .orders, .orderNumber, .it, .them, .one))
            return isAbout || !message.orders().isEmpty ? index : nil
        },
        begin: { exchange in await exchange.fill(.track) })

    /// "Give me the details of …", "What did I order in …?"
    static let details = Intent(
        name: "details", forms: [.details],
        trigger: { message in
            guard
                let index = message.index(
                    ofAny: Concepts(.details, .product, .address, .amount, .quantity))
            else { return nil }
            let isAbout = message.has(any: Concepts(.order, .orderNumber, .it, .them, .one))
            return isAbout || !message.orders().isEmpty ? index : nil
        },
        begin: { exchange in await exchange.fill(.details) })

    /// Order numbers, or a product code, and nothing else that is understood.
    static let bareNumbers = Intent(
        name: "bare numbers", isWeak: true,
        trigger: { message in
            message.orders().isEmpty
                ? message.productCode?.index : message.mentions.first?.words.lowerBound
        },
        begin: { exchange in
            exchange.message.orders().isEmpty
                ? await exchange.search() : await exchange.fill(.status)
        })

    /// "I need help with my order"
    static let orderHelp = Intent(
        name: "order help", isWeak: true,
        trigger: { message in message.index(ofAny: Concepts(.order, .orders, .orderNumber)) },
        begin: { exchange in
            var reply = await exchange.fill(.status)
            if exchange.message.has(.greeting) { reply.text = "Hello! " + reply.text }
            return reply
        })
}

extension Utterance {
    /// Words that ask for a status without saying of what.
    static let statusWords = Concepts(
        .status, .progress, .filler, .opener, .greeting, .thanks, .question, .list, .details, .yes)

    /// Whether it asks for orders by name, product or state rather than for one.
    var asksForSeveralOrders: Bool {
        if has(.orders) { return true }
        return productCode != nil
            || (has(.order) && (name(after: ["of", "by", "from"]) ?? nameBeforeOrders) != nil)
    }
}

extension Form {
    /// The status of one or several orders.
    static let status = Form(
        name: "status", slots: [.orders],
        introduction: "I'd be happy to help you with your order."
    ) { exchange, values in
        await exchange.each(in: values) { exchange, id, isOnly in
            switch await exchange.use("search_orders", ["order_id": .string(id)]) {
            case .failure(let sentence, _): return (sentence, false)
            case .success(let result):
                guard let order = result["orders"]?[0].flatMap(OrderFacts.init) else {
                    return (Phrases.unknownOrder(id), false)
                }
                return (isOnly && exchange.isAnswer ? order.foundSentence : order.sentence, true)
            }
        }
    }

    /// The way of one or several orders.
    static let track = Form(
        name: "track", slots: [.orders], introduction: "I can track an order for you."
    ) { exchange, values in
        await exchange.each(in: values) { exchange, id, _ in
            switch await exchange.use("track_order", ["order_id": .string(id)]) {
            case .failure(let sentence, _): return (sentence, false)
            case .success(let result): return (Phrases.track(result, id), true)
            }
        }
    }

    /// Everything about one or several orders.
    static let details = Form(
        name: "details", slots: [.orders], introduction: "I can show you an order."
    ) { exchange, values in
        await exchange.each(in: values) { exchange, id, _ in
            switch await exchange.use("get_order", ["order_id": .string(id)]) {
            case .failure(let sentence, _): return (sentence, false)
            case .success(let result):
                let order = result["order"].flatMap(OrderFacts.init)
                return (order?.details ?? Phrases.unreadable, order != nil)
            }
        }
    }
}

extension Exchange {
    /// Answers for each order of the form, at most five; keeps asking when the only number was
    /// wrong.
    fileprivate func each(
        in values: SlotValues,
        _ answer: (Exchange, String, Bool) async -> (text: String, isFound: Bool)
    ) async -> AgentReply {
        let all =
            values["order_ids"]?.array?.compactMap(\.string) ?? values["order_ids"]?.string.map {
                [$0]
            } ?? []
        let orders = all.prefix(Exchange.largestLookUp)
        var texts: [String] = []
        var found: [String] = []
        for id in orders {
            let (text, isFound) = await answer(self, id, all.count == 1)
            texts.append(text)
            if isFound { found.append(id) }
        }
        if all.count > orders.count {
            texts.append("I can look up at most five orders at once. Ask me for the others again.")
        }
        let text = texts.joined(separator: "\n")
        if all.count == 1, found.isEmpty {
            return AgentReply(text, open: Dialogue(.status, [:], .slot(Slot.orders.name)))
        }
        return AgentReply(text, about: found)
    }
}

extension Phrases {
    /// What is said of a number that no order has.
    static func unknownOrder(_ id: String) -> String {
        "I couldn't find an order with the number \(id). Please check the number and try again."
    }

    /// What `track_order` told: state, carrier, newest step, expected day.
    static func track(_ result: JSONValue, _ id: String) -> String {
        let events = result["events"]?.array ?? []
        let newest = events.last
        // The steps tell since when; only the state's own wording is taken from here.
        let since = events.last { $0["status"]?.string == result["order_status"]?.string }?["at"]
        let facts = OrderFacts([
            "order_id": result["order_id"] ?? .string(id),
            "order_status": result["order_status"] ?? .null, "status_since": since ?? .null,
        ])
        guard let facts else { return unreadable }
        var sentences = ["Your order \(facts.id) \(facts.phrase)."]
        if let carrier = result["carrier"]?.string {
            let number = result["tracking_number"]?.string.map {
                ", tracking number \($0.plain(limit: 100))"
            }
            let verb = facts.status == "SHIPPED" ? "travels" : "travelled"
            sentences.append("It \(verb) with \(carrier.plain(limit: 50))\(number ?? "").")
        }
        if facts.status == "SHIPPED" || facts.isOpen, let newest,
            let description = newest["description"]?.string
        {
            let day = newest["at"]?.string.map { " on \(date($0))" } ?? ""
            let place = newest["location"]?.string.map { " (\($0.plain(limit: 200)))" } ?? ""
            sentences.append(
                "Latest update\(day): \(description.plain(limit: 300).stripped(of: " ."))\(place).")
        }
        if facts.status == "SHIPPED", let expected = result["estimated_delivery"]?.string {
            sentences.append("It is expected to arrive on \(date(expected)).")
        }
        return sentences.joined(separator: " ")
    }
}
