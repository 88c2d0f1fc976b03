import JSON
import SQLite
import Testing

@testable import Frontdesk

/// The dialogue table of conversations.md, section 5.1, as data.
enum DialogueTable {
    /// One row: messages with the calls and replies they must lead to.
    struct Row: Sendable, CustomTestStringConvertible {
        let number: Int
        var upTo: Int?
        var ticketTools = false
        var email = Configuration.Email()
        let steps: [Step]
        /// What the database must hold at the end.
        var rows: [(SQL, [String])] = []

        var covers: ClosedRange<Int> { number...(upTo ?? number) }
        var testDescription: String {
            "\(number): " + steps.map(\.message).joined(separator: " → ")
        }
    }

    /// A message, the calls it must lead to, and what the reply must be or hold.
    struct Step: Sendable {
        let message: String
        var calls: [Conversation.Call] = []
        var exact: String?
        var holds: [String] = []
        var lacks: [String] = []
    }

    static func call(_ tool: String, _ arguments: JSONValue = [:]) -> Conversation.Call {
        Conversation.Call(tool: tool, arguments: arguments)
    }

    static let rows: [Row] = orders + lists + changes + complaints + emails + others
}

extension DialogueTable {
    private static func order(_ tool: String, _ id: String) -> Conversation.Call {
        call(tool, ["order_id": .string(id)])
    }

    /// Rows 1 to 6: status and whereabouts.
    private static let orders: [Row] = [
        Row(
            number: 1,
            steps: [
                Step(
                    message: "What's the status of my order ORD-10001?",
                    calls: [order("search_orders", "ORD-10001")],
                    exact: "Your order ORD-10001 is currently in transit and expected to arrive "
                        + "on February 25, 2026.")
            ]),
        Row(
            number: 2,
            steps: [
                Step(
                    message: "Hello, I need help with my order",
                    exact: "Hello! I'd be happy to help you with your order. "
                        + "Could you please provide your order number?"),
                Step(
                    message: "It's ORD-10001", calls: [order("search_orders", "ORD-10001")],
                    exact: "I found your order ORD-10001. It was placed on February 15, 2026, "
                        + "and is currently in transit."),
            ]),
        Row(
            number: 3,
            steps: [
                Step(
                    message: "where is ord 10001?", calls: [order("track_order", "ORD-10001")],
                    holds: [
                        "ORD-10001 is currently in transit", "ParcelLine", "PL0000010001",
                        "February 19, 2026", "Springfield", "February 25, 2026",
                    ])
            ]),
        Row(
            number: 4,
            steps: [
                Step(
                    message: "Track #10002", calls: [order("track_order", "ORD-10002")],
                    holds: ["ORD-10002 was delivered on February 4, 2026"], lacks: ["expected"])
            ]),
        Row(
            number: 5,
            steps: [
                Step(
                    message: "Status of ORD-99999", calls: [order("search_orders", "ORD-99999")],
                    exact: "I couldn't find an order with the number ORD-99999. "
                        + "Please check the number and try again.")
            ]),
        Row(
            number: 6,
            steps: [
                Step(
                    message: "ORD-10001 and ORD-10003?",
                    calls: [
                        order("search_orders", "ORD-10001"), order("search_orders", "ORD-10003"),
                    ],
                    exact: "Your order ORD-10001 is currently in transit and expected to arrive "
                        + "on February 25, 2026.\nYour order ORD-10003 is confirmed and being "
                        + "prepared for shipping.")
            ]),
    ]

    private static func customer(_ name: String) -> Conversation.Call {
        call("get_customer_orders", ["customer_name": .string(name)])
    }

    /// Rows 7 to 13: searching, and details.
    private static let lists: [Row] = [
        Row(
            number: 7,
            steps: [
                Step(
                    message: "Show me the orders of Sarah Johnson",
                    calls: [customer("Sarah Johnson")],
                    exact: """
                        I found 3 orders of Sarah Johnson:
                        - ORD-10001: placed on February 15, 2026, shipped (in transit), $1,299.99
                        - ORD-10017: placed on February 8, 2026, cancelled, $39.90
                        - ORD-10005: placed on January 20, 2026, delivered, $189.50
                        """)
            ]),
        Row(
            number: 8,
            steps: [
                Step(
                    message: "find orders for o'neil", calls: [customer("o'neil")],
                    holds: ["Emma O'Neil", "ORD-10003", "ORD-10011", "2 orders"])
            ]),
        Row(
            number: 9,
            steps: [
                Step(
                    message: "any orders for jose garcia?", calls: [customer("jose garcia")],
                    holds: ["José García", "ORD-10004", "ORD-10015", "2 orders"])
            ]),
        Row(
            number: 10,
            steps: [
                Step(
                    message: "Any pending orders for Chen?",
                    calls: [
                        call(
                            "search_orders",
                            ["customer_name": "Chen", "order_status": "PENDING"])
                    ], holds: ["ORD-10010", "Michael Chen"], lacks: ["ORD-10002", "ORD-10018"])
            ]),
        Row(
            number: 11,
            steps: [
                Step(
                    message: "Which orders contain SKU-DESK-003?",
                    calls: [call("search_orders", ["product_sku": "SKU-DESK-003"])],
                    holds: ["2 orders", "ORD-10003", "ORD-10014"])
            ]),
        Row(
            number: 12,
            steps: [
                Step(
                    message: "Orders of Nobody Known", calls: [customer("Nobody Known")],
                    holds: ["couldn't find any", "Nobody Known", "order number"])
            ]),
        Row(
            number: 13,
            steps: [
                Step(
                    message: "Give me the details of ORD-10003",
                    calls: [order("get_order", "ORD-10003")],
                    holds: [
                        "SKU-DESK-003", "Quantity: 1", "$349.00",
                        "103 Market Street, Springfield, IL 62701", "February 18, 2026",
                        "is confirmed and being prepared for shipping",
                    ])
            ]),
    ]
}
