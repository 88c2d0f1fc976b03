import JSON
import SQLite

@testable import Frontdesk

extension DialogueTable {
    private static let isAsked = ["yes", "no"]

    private static func get(_ id: String) -> Conversation.Call {
        call("get_order", ["order_id": .string(id)])
    }

    private static let laptop: JSONValue = [
        "product_sku": "SKU-LAPTOP-001", "quantity": 2, "order_amount": 2599.98,
        "customer_name": "Zoë D'Arcy", "billing_address": "1 Main Street, York",
    ]
    private static let mouse: JSONValue = [
        "product_sku": "SKU-MOUSE-002", "quantity": 2, "order_amount": 49.98,
        "customer_name": "Anna Berg", "billing_address": "5 Elm Road, Leeds",
    ]

    private static func status(of number: Int) -> SQL {
        "SELECT status, billing_address FROM orders WHERE number = \(number)"
    }

    private static let orderCount: SQL = "SELECT count(*) FROM orders"

    /// Rows 14 to 22: placing, cancelling and changing.
    static let changes: [Row] = [
        Row(
            number: 14,
            steps: [
                Step(message: "I want to place an order", holds: ["product"]),
                Step(message: "SKU-LAPTOP-001", holds: ["how many"]),
                Step(message: "2", holds: ["total amount"]),
                Step(message: "$2,599.98", holds: ["name"]),
                Step(message: "Zoë D'Arcy", holds: ["address"]),
                Step(
                    message: "1 Main Street, York",
                    holds: [
                        "SKU-LAPTOP-001", "2", "$2,599.98", "Zoë D'Arcy", "1 Main Street, York",
                    ] + isAsked),
                Step(
                    message: "yes", calls: [call("create_new_order", laptop)],
                    exact: "Your order ORD-10021 is placed: 2 × SKU-LAPTOP-001, $2,599.98. "
                        + "It is pending until we confirm it."),
            ],
            rows: [(orderCount, ["21"]), (status(of: 10021), ["PENDING|1 Main Street, York"])]),
        Row(
            number: 15,
            steps: [
                Step(
                    message: "Order 2 of SKU-MOUSE-002 for Anna Berg, $49.98, "
                        + "to 5 Elm Road, Leeds",
                    holds: ["SKU-MOUSE-002", "2", "Anna Berg", "$49.98", "5 Elm Road, Leeds"]
                        + isAsked),
                Step(
                    message: "yes", calls: [call("create_new_order", mouse)],
                    exact: "Your order ORD-10021 is placed: 2 × SKU-MOUSE-002, $49.98. "
                        + "It is pending until we confirm it."),
            ], rows: [(orderCount, ["21"])]),
        Row(
            number: 16, upTo: 17,
            steps: [
                Step(message: "I want to place an order", holds: ["product"]),
                Step(message: "SKU-DESK-003", holds: ["how many"]),
                Step(
                    message: "0",
                    holds: ["whole number of at least 1", "how many"]),
                Step(message: "never mind", holds: ["nothing was placed"], lacks: ["how many"]),
            ], rows: [(orderCount, ["20"])]),
        Row(
            number: 18,
            steps: [
                Step(
                    message: "Cancel order ORD-10004", calls: [get("ORD-10004")],
                    holds: ["ORD-10004", "SKU-CHAIR-004", "$796.00", "pending"] + isAsked),
                Step(
                    message: "yes",
                    calls: [
                        call(
                            "update_order",
                            ["order_id": "ORD-10004", "new_status": "CANCELLED"])
                    ], exact: "Order ORD-10004 is cancelled."),
            ],
            rows: [
                (status(of: 10004), ["CANCELLED|104 Market Street, Springfield, IL 62701"])
            ]),
        Row(
            number: 19,
            steps: [
                Step(
                    message: "Cancel order ORD-10004", calls: [get("ORD-10004")],
                    holds: ["ORD-10004"] + isAsked),
                Step(message: "no", holds: ["ORD-10004 stays as it is"]),
            ], rows: [(status(of: 10004), ["PENDING|104 Market Street, Springfield, IL 62701"])]),
        Row(
            number: 20,
            steps: [
                Step(
                    message: "Cancel ORD-10001", calls: [get("ORD-10001")],
                    holds: ["already been shipped", "can't be cancelled", "complaint"])
            ], rows: [(status(of: 10001), ["SHIPPED|101 Market Street, Springfield, IL 62701"])]),
        Row(
            number: 21,
            steps: [
                Step(
                    message: "Change the address of ORD-10003 to 9 Oak Lane, Bristol",
                    calls: [get("ORD-10003")],
                    holds: ["103 Market Street, Springfield, IL 62701", "9 Oak Lane, Bristol"]
                        + isAsked),
                Step(
                    message: "yes",
                    calls: [
                        call(
                            "update_order",
                            [
                                "order_id": "ORD-10003",
                                "billing_address": "9 Oak Lane, Bristol",
                            ])
                    ], holds: ["ORD-10003 is changed", "9 Oak Lane, Bristol"]),
            ], rows: [(status(of: 10003), ["CONFIRMED|9 Oak Lane, Bristol"])]),
        Row(
            number: 22,
            steps: [
                Step(
                    message: "Mark ORD-10004 as delivered",
                    holds: ["only our staff", "cancel it", "change its address"])
            ], rows: [(status(of: 10004), ["PENDING|104 Market Street, Springfield, IL 62701"])]),
    ]
}
