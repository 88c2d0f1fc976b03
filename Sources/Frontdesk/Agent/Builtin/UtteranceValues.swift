import JSON

/// What a message says about one value: nothing, the value, or one that cannot be.
enum Reading {
    /// It is not spoken of.
    case absent
    /// The value.
    case value(JSONValue)
    /// A sentence that says what is wrong with it.
    case bad(String)
}

extension Utterance {
    /// The order numbers it holds, each once, in the customer's order; digits alone count when
    /// orders are the topic.
    func orders(isTopic: Bool = false) -> [String] {
        guard !mentions.isEmpty else { return [] }
        let counts =
            isTopic || has(any: Utterance.orderTopics) || mentions.contains { !$0.isBare }
            || isOnly(Utterance.smallWords)
        var orders: [String] = []
        for mention in mentions where counts || !mention.isBare {
            if !orders.contains(mention.id) { orders.append(mention.id) }
        }
        return orders
    }

    /// Concepts that make a bare number an order's.
    private static let orderTopics = Concepts(
        .order, .orders, .orderNumber, .cancel, .whereabouts, .track, .status, .progress, .details,
        .complaint, .refund, .change)

    /// Concepts of words that ask for nothing by themselves.
    static let smallWords = Concepts(
        .filler, .opener, .greeting, .order, .orders, .orderNumber, .yes, .no, .it, .thanks, .one,
        .question, .praise)

    /// The number in "complaint 3", "complaint no. 3" or, when a complaint's number was asked for,
    /// the only number.
    func complaintNumber(asked: Bool) -> Reading {
        for index in words.indices where isComplaintWord(index) {
            var next = index + 1
            while next < words.count, ["number", "no", "nr", "id", "is"].contains(words[next].key) {
                next += 1
            }
            if next < words.count, let digits = words[next].digits { return complaint(digits) }
        }
        let numbers = words.filter { $0.kind == .number }
        guard asked || has(any: Concepts(.complaint, .complaints)),
            let number = numbers.first, asked || number.gap.contains(.hash) || numbers.count == 1
        else { return .absent }
        guard let digits = number.digits else {
            return .bad("A complaint's number is a whole number.")
        }
        return mentions.isEmpty || asked ? complaint(digits) : .absent
    }

    private func isComplaintWord(_ index: Int) -> Bool {
        ["complaint", "complaints", "case"].contains(words[index].key)
    }

    private func complaint(_ digits: String) -> Reading {
        guard let number = Int(digits), (1...1_000_000_000).contains(number) else {
            return .bad("A complaint's number is a whole number of at least 1.")
        }
        return .value(JSONValue(number))
    }

    /// The word `index` when it is a product code, upper case.
    private func code(at index: Int) -> String? {
        let word = words[index]
        guard word.kind == .word, word.key.hasPrefix("sku-") || word.key.hasPrefix("sku_"),
            word.key.utf8.count > 4
        else { return nil }
        return text(of: index..<index + 1).asciiUppercased()
    }

    /// The first product code and the word that says it.
    var productCode: (code: String, index: Int)? {
        for index in words.indices {
            if let code = code(at: index) { return (code, index) }
        }
        return nil
    }

    /// The product code, or any single word when it was asked for.
    func product(asked: Bool) -> Reading {
        if let code = productCode?.code {
            return code.length <= 100
                ? .value(.string(code)) : .bad("A product code has at most 100 characters.")
        }
        guard asked else { return .absent }
        let rest = words.indices.filter { index in
            concepts(at: index).isDisjoint(with: Utterance.productFillers)
        }
        if rest.count == 1, !closing.contains(.question) {
            return .value(.string(text(of: rest[0]..<rest[0] + 1)))
        }
        if rest.count > 1, rest.count <= 6, !isQuestion, let code = rest.first(where: isCode) {
            return .value(.string(text(of: code..<code + 1)))
        }
        return rest.isEmpty ? .absent : .bad("I need one product code.")
    }

    private func isCode(_ index: Int) -> Bool {
        words[index].kind == .word && words[index].hasDigit
    }

    private static let productFillers = Concepts(
        .filler, .opener, .greeting, .thanks, .yes, .product, .it, .place, .order)

    /// The first e-mail address that can be one.
    func mailAddress() -> Reading {
        var reading = Reading.absent
        for index in words.indices where words[index].kind == .email {
            let address = text(of: index..<index + 1)
            if EmailAddress(address) != nil { return .value(.string(address)) }
            reading = .bad("That doesn't look like a complete e-mail address.")
        }
        return reading
    }

    /// The order state that is named, as the tools write it.
    var orderStatus: String? { named(in: Utterance.orderStatuses) }

    /// The complaint state that is named, as the tools write it.
    var complaintStatus: String? { named(in: Utterance.complaintStatuses) }

    /// The priority that is named, as the tools write it.
    var priority: String? { has(.priority) ? named(in: Utterance.priorities) : nil }

    private func named(in table: [String: String]) -> String? {
        for word in words {
            if let name = table[word.key] { return name }
        }
        return nil
    }

    private static let orderStatuses = [
        "pending": "PENDING", "unconfirmed": "PENDING", "confirmed": "CONFIRMED",
        "shipped": "SHIPPED", "transit": "SHIPPED", "dispatched": "SHIPPED",
        "delivered": "DELIVERED", "cancelled": "CANCELLED", "canceled": "CANCELLED",
    ]
    private static let complaintStatuses = [
        "open": "OPEN", "opened": "OPEN", "unresolved": "OPEN", "progress": "IN_PROGRESS",
        "in-progress": "IN_PROGRESS", "resolved": "RESOLVED", "solved": "RESOLVED",
        "closed": "CLOSED",
    ]
    private static let priorities = [
        "low": "LOW", "medium": "MEDIUM", "normal": "MEDIUM", "high": "HIGH",
        "critical": "CRITICAL", "urgent": "HIGH", "urgently": "HIGH", "highest": "CRITICAL",
    ]
}
