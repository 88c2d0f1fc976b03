import JSON
import Testing

@testable import Frontdesk

@Suite struct OrderArgumentsTests {
    /// An argument of `create_new_order`, a hostile value, and what is said of it.
    private static let hostile: [(String, JSONValue, String)] = [
        ("customer_name", "", "must be 1 to 100 characters long"),
        ("customer_name", "  \t ", "must be 1 to 100 characters long"),
        ("customer_name", .string(String(repeating: "x", count: 101)), "must be 1 to 100"),
        ("customer_name", "12345", "must contain a letter"),
        ("customer_name", "%_'\"", "must contain a letter"),
        ("customer_name", "Bob\u{0}", "must not contain"),
        ("customer_name", "Bob\nEve", "must not contain control characters"),
        ("customer_name", "Bob\u{7f}Eve", "must not contain control characters"),
        ("customer_name", "Bob\u{2028}Eve", "must not contain control characters"),
        ("customer_name", 7, "must be a string"),
        ("customer_name", ["Bob"], "must be a string"),
        ("customer_name", nil, "is required"),
        ("billing_address", .string(String(repeating: "x", count: 501)), "must be 1 to 500"),
        ("product_sku", .string(String(repeating: "x", count: 101)), "must be 1 to 100"),
        ("quantity", 0, "must be an integer from 1 to 1,000,000"),
        ("quantity", -1, "must be an integer"),
        ("quantity", 1_000_001, "must be an integer"),
        ("quantity", 1.5, "must be an integer"),
        ("quantity", "2", "must be an integer"),
        ("quantity", true, "must be an integer"),
        ("order_amount", 0, "must be a number from 0.01 to"),
        ("order_amount", -5, "must be a number"),
        ("order_amount", 10_000_000.01, "must be a number"),
        ("order_amount", 49.981, "must have at most 2 decimal places"),
        ("order_amount", "49.98", "must be a number"),
        ("customer_email", "nobody", "must be an e-mail address"),
        ("customer_email", "a@b", "must be an e-mail address like"),
        ("customer_email", "é@b.co", "must be in ASCII"),
        ("customer_email", "a@b.example, c@d.example", "must be an e-mail address"),
        ("customer_email", "a@b.example\nBcc: c@d.example", "must be an e-mail address"),
        ("order_date", "2026-02-30", "must be a date"),
        ("order_date", "2026-2-3", "must be a date"),
        ("order_date", "20.02.2026", "must be a date"),
        ("order_date", "0000-01-01", "must be a date"),
        ("order_date", "2026-02-21", "must not be in the future"),
        ("remarks", .string(String(repeating: "x", count: 1001)), "must be 1 to 1,000"),
        ("remarks", "\u{1b}[31m", "must not contain control characters"),
        ("customer_nme", "Bob", "is not a known field"),
    ]

    @Test func `a customer's name has a letter`() async throws {
        let (turn, tool) = ((try await ToolWorld()).turn(), "get_customer_orders")
        for name in ["1", "%", "\u{301}", "\u{345}"] {
            let result = await turn.call(tool, ["customer_name": .string(name)])
            #expect(result["error_type"] == "ValidationError", "\(name)")
        }
        #expect(await turn.call(tool, ["customer_name": "é"])["status"] == "success")
    }

    @Test(arguments: hostile)
    func `a hostile value is refused with a sentence that names it`(
        field: String, value: JSONValue, problem: String
    ) async throws {
        let turn = (try await ToolWorld(demo: false)).turn()
        let result = await turn.call("create_new_order", newOrder([field: value]))
        #expect(result["error_type"] == "ValidationError")
        let sentence = try #require(result["error"]?.string)
        #expect(sentence.hasPrefix("\(field) \(problem)"), "\(sentence)")
        #expect(turn.context.stage.isEmpty)
    }

    @Test(
        arguments: [
            ("customer_name", "Renée O’Connor-Smith Jr."), ("customer_name", "田中太郎"),
            ("customer_name", "'; DROP TABLE orders; --"), ("customer_name", "محمد"),
            ("remarks", "👩‍👩‍👧 100% \\ _"),
            ("billing_address", "Ω"), ("customer_email", "o'neil+x@sub.example.org"),
            ("order_date", "2024-02-29"), ("order_date", "2026-02-20"),
        ] as [(String, JSONValue)])
    func `unusual but right values are kept as they are`(field: String, value: JSONValue)
        async throws
    {
        let world = try await ToolWorld(demo: false)
        let turn = world.turn()
        _ = await turn.call("create_new_order", newOrder([field: value]))
        try await turn.commit()
        let stored = await world.turn().call("get_order", ["order_id": "10001"])
        #expect(stored["order"]?[field] == value)
    }

    @Test func `all problems are named in one sentence`() async throws {
        let turn = (try await ToolWorld(demo: false)).turn()
        let result = await turn.call(
            "create_new_order",
            [
                "customer_name": "123", "product_sku": "S", "quantity": 0,
                "order_amount": 1.001, "order_date": "2027-01-01", "colour": "red",
            ])
        #expect(
            result["error"] == """
                billing_address is required; quantity must be an integer from 1 to 1,000,000; \
                order_amount must have at most 2 decimal places; colour is not a known field; \
                customer_name must contain a letter; order_date must not be in the future.
                """)
    }

    @Test(
        arguments: [
            (
                "get_order", ["order_id": "ABC"],
                "order_id must be an order number such as ORD-10001."
            ),
            ("get_order", [:], "order_id is required."),
            ("get_order", ["order_id": nil], "order_id is required."),
            ("get_order", "ORD-10001", "The arguments must be a JSON object."),
            ("get_order", nil, "order_id is required."),
            ("search_orders", ["limit": 0], "limit must be an integer from 1 to 100."),
            ("search_orders", ["limit": 101], "limit must be an integer from 1 to 100."),
            (
                "search_orders", ["placed_from": "soon"],
                "placed_from must be a date like '2026-02-20'."
            ),
            (
                "search_orders", ["customer_name": "\u{301}"],
                "customer_name must contain a letter, a digit or a sign."
            ),
            ("search_orders", ["custmer_name": "Chen"], "custmer_name is not a known field."),
            ("get_customer_orders", [:], "customer_name is required."),
            (
                "update_order", ["order_id": "10001", "tracking_number": "a\u{7}b"],
                "tracking_number must not contain control characters."
            ),
            (
                "search_orders", ["order_status": "LOST"],
                """
                order_status must be one of 'PENDING', 'CONFIRMED', 'SHIPPED', 'DELIVERED', \
                'CANCELLED'.
                """
            ),
        ] as [(String, JSONValue, String)])
    func `wrong arguments are explained`(tool: String, arguments: JSONValue, sentence: String)
        async throws
    {
        let turn = (try await ToolWorld(demo: false)).turn()
        #expect(
            await turn.call(tool, arguments) == [
                "status": "error", "error": .string(sentence), "error_type": "ValidationError",
            ])
    }

    @Test func `a flood of arguments does not flood the answer`() async throws {
        let turn = (try await ToolWorld(demo: false)).turn()
        var arguments = JSONObject()
        for number in 0..<5000 { arguments["x\(number)" + String(repeating: "y", count: 500)] = 1 }
        let result = await turn.call("get_order", .object(arguments))
        #expect(result["error_type"] == "ValidationError")
        #expect(try #require(result["error"]?.string).utf8.count < 3000)
    }
}
