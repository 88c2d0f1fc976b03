import JSON

extension JSONSchema {
    /// An order's number.
    static let orderID: JSONSchema = .string(
        minimum: 1, maximum: 30, description: "The order number, such as ORD-10001",
        example: "ORD-10001")

    /// A person's name.
    static let personName: JSONSchema = .string(
        minimum: 1, maximum: 100, description: "The customer's full name",
        example: "Sarah Johnson")

    /// A name to be searched for.
    static let partOfName: JSONSchema = .string(
        minimum: 1, maximum: 100, description: "The name or a part of it")

    /// A stock keeping unit.
    static let sku: JSONSchema = .string(
        minimum: 1, maximum: 100, description: "The product's SKU", example: "SKU-LAPTOP-001")

    /// A postal address.
    static let address: JSONSchema = .string(
        minimum: 1, maximum: 500, description: "The full billing address")

    /// How far an order is.
    static let orderStatus: JSONSchema = .string(
        oneOf: Order.Status.allCases.map(\.rawValue), description: "The state of the order")

    /// How many records are shown at most.
    static let limit: JSONSchema = .integer(in: 1...100, default: 20)

    /// A day of the calendar.
    static func day(_ description: String) -> JSONSchema {
        .string(format: .date, description: description, example: "2026-02-15")
    }

    /// Free text of at most `maximum` characters.
    static func note(_ maximum: Int, _ description: String) -> JSONSchema {
        .string(minimum: 1, maximum: maximum, description: description)
    }
}
