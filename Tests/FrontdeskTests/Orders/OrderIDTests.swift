import Testing

@testable import Frontdesk

@Suite struct OrderIDTests {
    @Test(arguments: [
        "ORD-10001", "ord-10001", "Ord-10001", "10001", "#10001", "ord 10001", "ORD10001",
        "#ORD-10001", "ORD#10001", "0010001", "ORD-010001",
    ])
    func `every way to write a number means the same order`(text: String) {
        #expect(Order.ID(parsing: text)?.text == "ORD-10001")
    }

    @Test(arguments: [
        "", "ORD-", "ORD", "#", "ORD--10001", "ORD-10001x", "-10001", "+10001", "1 0001",
        "ORD-１０００１", "OＲD-10001", "10001.0", "1e4", "ORD_10001", "ABC-10001",
        "ORD-1000000000000000000", "ORD-10001\u{0}", "ORD-%", "' OR 1=1 --",
    ])
    func `anything else is no order number`(text: String) {
        #expect(Order.ID(parsing: text) == nil)
    }
}
