import JSON

/// Wordings that every family of intents uses.
enum Phrases {
    /// What is said when a tool's answer lacks what it should hold.
    static let unreadable = "I'm sorry, that didn't work just now. Please try again in a moment."

    /// `February 25, 2026` for a day or an instant in UTC; the text itself when it is neither.
    static func date(_ text: String) -> String {
        guard let day = CalendarDay(parsing: text.prefix(10)) else { return text.plain(limit: 40) }
        return "\(months[day.month - 1]) \(day.day), \(day.year)"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    /// `$1,299.99`, or `1,299.99 EUR` in another currency.
    static func amount(_ number: JSONNumber, currency: String = "USD") -> String {
        guard let cents = Money.cents(of: number.text) else { return number.text }
        let whole = grouped(abs(cents) / 100)
        let fraction = abs(cents) % 100
        let sign = cents < 0 ? "-" : ""
        let digits = "\(whole).\(fraction < 10 ? "0" : "")\(fraction)"
        return currency == "USD"
            ? "\(sign)$\(digits)" : "\(sign)\(digits) \(currency.plain(limit: 8))"
    }

    /// `1,299`
    static func grouped(_ number: Int) -> String {
        var rest = number
        var text = ""
        while rest >= 1000 {
            let group = String(rest % 1000)
            text = "," + String(repeating: "0", count: 3 - group.utf8.count) + group + text
            rest /= 1000
        }
        return "\(rest)" + text
    }

    /// `one order` or `3 orders`.
    static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "one \(noun)" : "\(grouped(number)) \(noun)s"
    }

    /// The texts as lines of a list.
    static func list(_ lines: [String]) -> String {
        lines.map { "- " + $0 }.joined(separator: "\n")
    }
}

/// What a tool told about an order.
struct OrderFacts {
    /// The number.
    let id: String
    /// The tool's word for its state.
    let status: String
    /// All that the tool told.
    private let record: JSONValue

    /// Reads an order; nil when the number or the state is missing.
    init?(_ record: JSONValue) {
        guard let id = record["order_id"]?.string, let status = record["order_status"]?.string
        else { return nil }
        self.id = id.plain(limit: 40)
        self.status = status
        self.record = record
    }

    /// "is currently in transit" and the like.
    var phrase: String {
        switch status {
        case "PENDING": "is pending and waiting to be confirmed"
        case "CONFIRMED": "is confirmed and being prepared for shipping"
        case "SHIPPED": "is currently in transit"
        case "DELIVERED": "was delivered" + on("status_since")
        case "CANCELLED": "was cancelled" + on("status_since")
        default: "has the status \(status.plain(limit: 40))"
        }
    }

    /// The answer to "What's the status of …?".
    var sentence: String {
        guard status == "SHIPPED", let expected = date("estimated_delivery") else {
            return "Your order \(id) \(phrase)."
        }
        return "Your order \(id) \(phrase) and expected to arrive on \(expected)."
    }

    /// The answer after the agent had asked for the number.
    var foundSentence: String {
        guard let placed = date("order_date") else { return sentence }
        return "I found your order \(id). It was placed on \(placed), and \(phrase)."
    }

    /// Whether the order can still be cancelled or changed.
    var isOpen: Bool { status == "PENDING" || status == "CONFIRMED" }

    /// Whose order it is.
    var customer: String? { text("customer_name", 100) }
    /// Where it goes.
    var address: String? { text("billing_address", 500) }
    /// "4 × SKU-CHAIR-004"
    var goods: String? {
        guard let product = text("product_sku", 100) else { return nil }
        guard let quantity = record["quantity"]?.int else { return product }
        return "\(quantity) × \(product)"
    }
    /// "$796.00"
    var amount: String? {
        guard case .number(let number)? = record["order_amount"] else { return nil }
        return Phrases.amount(number, currency: record["currency"]?.string ?? "USD")
    }
    /// "February 19, 2026"
    var placed: String? { date("order_date") }
    /// The day it is expected.
    var expected: String? { date("estimated_delivery") }

    /// A line of a list: number, date, status, amount.
    var line: String {
        let state =
            status == "SHIPPED" ? "shipped (in transit)" : status.lowercased().plain(limit: 40)
        let parts = [placed.map { "placed on \($0)" }, state, amount]
        return "\(id): " + parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// What is repeated before anything is done to it.
    var summary: String {
        let facts = [goods, amount, placed.map { "placed on \($0)" }].compactMap { $0 }
        return "Order \(id)" + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
            + " \(phrase)."
    }

    /// Everything that a customer may want to know.
    var details: String {
        let facts = [
            ("Customer", customer), ("Product", text("product_sku", 100)),
            ("Quantity", record["quantity"]?.int.map(Phrases.grouped)), ("Total", amount),
            ("Address", address), ("Placed on", placed), ("Carrier", text("carrier", 50)),
            ("Tracking number", text("tracking_number", 100)), ("Expected", expected),
            ("Remarks", text("remarks", 500)),
        ]
        let lines = facts.compactMap { name, value in value.map { "\(name): \($0)" } }
        return "Order \(id) \(phrase).\n" + Phrases.list(lines)
    }

    private func text(_ key: String, _ limit: Int) -> String? {
        record[key]?.string.map { $0.plain(limit: limit) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func date(_ key: String) -> String? {
        record[key]?.string.map(Phrases.date)
    }

    private func on(_ key: String) -> String {
        date(key).map { " on \($0)" } ?? ""
    }
}
