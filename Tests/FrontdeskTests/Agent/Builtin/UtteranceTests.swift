import JSON
import Testing

@testable import Frontdesk

/// What the agent finds in a message.
@Suite struct UtteranceTests {
    @Test(arguments: [
        ("ORD-10001", ["ORD-10001"]), ("ord 10001", ["ORD-10001"]), ("#10001", ["ORD-10001"]),
        ("Ord10001", ["ORD-10001"]), ("ord_10001", ["ORD-10001"]), ("ORD#10001", ["ORD-10001"]),
        ("ORD: 10001", ["ORD-10001"]), ("ORD–10001", ["ORD-10001"]), ("order 10001", ["ORD-10001"]),
        ("order-10001", ["ORD-10001"]), ("order no. 7", ["ORD-7"]), ("10001", ["ORD-10001"]),
        ("ORD-10001's parcel", ["ORD-10001"]), ("(ord-10001).", ["ORD-10001"]),
        ("O\u{200B}RD-10001", ["ORD-10001"]), ("ＯＲＤ－１０００１", ["ORD-10001"]),
        ("١٠٠٠١", ["ORD-10001"]), ("10001/10002,10003", ["ORD-10001", "ORD-10002", "ORD-10003"]),
        ("ORD-10001 and again ord 10001", ["ORD-10001"]),
        ("status of 10001 and #10002", ["ORD-10001", "ORD-10002"]),
        ("ORD-10001, 10003", ["ORD-10001", "ORD-10003"]),
        ("I live at 62701", []), ("I paid $10001 for my order", []),
        ("my order cost 10001 usd", []),
        ("order 2 of SKU-A-1", []), ("order 50000 of SKU-A-1", []), ("complaint 10001", []),
        ("status of 1234", []), ("my order: call 555-123-4567", []), ("order 10001.50", []),
        ("ORD-", []), ("ORD-12A45", []), ("SKU-10001", []),
        ("order 1,000,000 of them", []), ("ORD-1234567890123456789", []), ("a10001@b.co", []),
    ])
    func `order numbers are found in every shape`(_ text: String, _ expected: [String]) {
        #expect(Utterance(text).orders() == expected)
    }

    @Test func `a bare number is an order's when one was asked for`() {
        #expect(Utterance("I live at 62701").orders(isTopic: true) == ["ORD-62701"])
        #expect(Utterance("it is 42").orders(isTopic: true) == [])
    }

    @Test(arguments: [
        ("2", 2), ("two", 2), ("Twelve please", 12), ("2 of them", 2), ("1,000", 1000),
        ("１０", 10), ("I'd like 3, thanks", 3), ("2x", 2), ("1000000", 1_000_000),
    ])
    func `a quantity that was asked for is read`(_ text: String, _ expected: Int) {
        #expect(Utterance(text).quantity(asked: true).value == JSONValue(expected))
    }

    @Test(arguments: ["0", "-1", "2.5", "0 of them", "99999999999999999999", "1000001", "-5"])
    func `a quantity that cannot be is explained`(_ text: String) {
        #expect(Utterance(text).quantity(asked: true).problem?.hasPrefix("The quantity") == true)
    }

    @Test(arguments: [
        ("2 of SKU-A-1", 2), ("2x SKU-A-1", 2), ("SKU-A-1 x 3", 3), ("SKU-A-1 × 3", 3),
        ("order three SKU-A-1", 3), ("quantity 4", 4), ("five pieces", 5), ("qty: 6", 6),
        ("0 of SKU-A-1", nil), ("2 of them arrived broken", nil), ("$2 of SKU-A-1", nil),
        ("my 2 cents", nil), ("SKU-A-1 for one friend", nil),
    ])
    func `a quantity that nobody asked for needs a product or a unit`(
        _ text: String, _ expected: Int?
    ) {
        #expect(Utterance(text).quantity(asked: false).value == expected.map { JSONValue($0) })
    }

    @Test(arguments: [
        ("$49.98", "49.98"), ("$1,299.99", "1299.99"), ("49.98 dollars", "49.98"),
        ("USD 50", "50"), ("50$", "50"), ("$.50", "0.5"), ("it is $5.", "5"),
        ("2599.98", "2599.98"), ("US$50", "50"), ("about 12", "12"),
    ])
    func `an amount that was asked for is read`(_ text: String, _ expected: String) {
        #expect(Utterance(text).amount(asked: true).value?.text == expected)
    }

    @Test(arguments: ["$0", "-$5", "-5", "€300", "300 euros", "1.999", "$10000000.01", "2.599,98"])
    func `an amount that cannot be is explained`(_ text: String) {
        #expect(Utterance(text).amount(asked: true).problem != nil)
    }

    @Test func `an amount that nobody asked for needs a dollar sign or word`() {
        #expect(Utterance("2 of SKU-A-1").amount(asked: false).value == nil)
        #expect(Utterance("2 of SKU-A-1 for $9").amount(asked: false).value == 9)
    }

    @Test(arguments: [
        ("orders of Sarah Johnson", "Sarah Johnson"), ("orders for o'neil please", "o'neil"),
        ("any orders for jose garcia?", "jose garcia"), ("orders of the customer Chen", "Chen"),
        ("orders for Mr. Brown, please", "Brown"), ("orders of J. Smith", "J. Smith"),
        ("orders by 李小龍", "李小龍"), ("orders for Sarah Johnson's son", "Sarah Johnson's son"),
        ("orders for Zoë D’Arcy in York", "Zoë D’Arcy"), ("orders for Jean-Luc", "Jean-Luc"),
        ("orders for me", nil), ("orders for SKU-A-1", nil), ("orders of all customers", nil),
    ])
    func `a name is found behind for and of`(_ text: String, _ expected: String?) {
        #expect(Utterance(text).name(after: ["for", "of", "by"]) == expected)
    }

    @Test(arguments: [
        ("Zoë D'Arcy", "Zoë D'Arcy"), ("my name is Ann Lee.", "Ann Lee"), ("it's for Bob", "Bob"),
        ("Mark Order", "Mark Order"), ("  Ann \n Lee ", "Ann Lee"),
        ("\u{202E}Ann\u{202C}", "Ann"), ("yes, for Ann", "Ann"),
    ])
    func `a name that was asked for is read`(_ text: String, _ expected: String) {
        #expect(Utterance(text).askedName().value?.string == expected)
    }

    @Test(arguments: ["12345", "🙂", String(repeating: "x", count: 101), "ORD-10001"])
    func `what cannot be a name is explained`(_ text: String) {
        let reading = Utterance(text).askedName()
        #expect(reading.value == nil, "\(String(describing: reading.value))")
    }

    @Test(arguments: [
        ("1 Main Street, York", "1 Main Street, York"),
        ("my address is 1 Main St\nYork\n\nUK", "1 Main St, York, UK"),
        ("please send it to The Old Mill, Hull.", "The Old Mill, Hull"),
        ("The Old Mill", "The Old Mill"), ("62701 Springfield", "62701 Springfield"),
    ])
    func `an address that was asked for is read`(_ text: String, _ expected: String) {
        #expect(Utterance(text).askedAddress().value?.string == expected)
    }

    @Test(arguments: [
        ("Change the address of ORD-10003 to 9 Oak Lane, Bristol", "9 Oak Lane, Bristol"),
        ("change my address to The Old Mill, York please", "The Old Mill, York"),
        ("change it from 1 A Street to 9 Oak Lane for ORD-10003", "9 Oak Lane"),
        ("new address for ORD-10003: 9 Oak Lane", "9 Oak Lane"),
        ("I want to change my address", nil), ("change the address of ORD-10003", nil),
    ])
    func `a new address is found`(_ text: String, _ expected: String?) {
        #expect(Utterance(text).newAddress().value?.string == expected)
    }

    @Test(arguments: [
        ("to sarah.johnson@example.com.", "sarah.johnson@example.com"),
        ("<Foo+bar@Example.co.uk>", "Foo+bar@Example.co.uk"), ("mailto:a@b.co", "a@b.co"),
        ("\u{200F}“a@b.co”\u{200F}", "a@b.co"), (String(repeating: "a@", count: 5000), nil),
        ("foo@bar", nil), ("@", nil), ("a@", nil), ("a@@b.co", nil), ("no address", nil),
    ])
    func `an e-mail address is found`(_ text: String, _ expected: String?) {
        #expect(Utterance(text).mailAddress().value?.string == expected)
    }

    @Test func `a long message is read to its end`() {
        let filler = String(repeating: "and so on 🙂 ", count: 800)
        let message = Utterance(filler + "where is ORD-10001 " + filler)
        #expect(message.orders() == ["ORD-10001"])
        #expect(message.has(.whereabouts))
    }

    @Test(arguments: ["", " ", "\u{200B}", "🙂🙂", "\u{0}\u{1}", "''", "-", "…", "@@@", "\u{301}"])
    func `a message without words is nothing`(_ text: String) {
        let message = Utterance(text)
        #expect(message.orders() == [])
        #expect(Intent.first(in: message) == nil)
    }
}

extension Reading {
    /// The value, nil when there is none.
    var value: JSONValue? {
        if case .value(let value) = self { value } else { nil }
    }

    /// What is wrong, nil when nothing is.
    var problem: String? {
        if case .bad(let sentence) = self { sentence } else { nil }
    }
}
