import JSON

/// A customer's order of goods.
///
/// Instants and days are kept in the text forms that rows and JSON share, which sort as they read.
struct Order: Equatable, Sendable {
    /// The number a customer knows it by.
    let id: ID
    /// The day it was placed, `2026-02-15`.
    let orderDate: String
    /// The customer's name as given.
    let customerName: String
    /// The customer's address for mail, if known.
    let customerEmail: String?
    /// Where the bill goes.
    var billingAddress: String
    /// The product's stock keeping unit.
    let productSKU: String
    /// How many pieces.
    let quantity: Int
    /// The total in cents of `currency`.
    let amountCents: Int
    /// The currency's ISO 4217 code.
    let currency: String
    /// Notes, one line each; nil without any.
    var remarks: String?
    /// How far it is.
    var status: Status
    /// Since when it has had that status.
    var statusSince: String
    /// Who carries it, once shipped.
    var carrier: String?
    /// The carrier's number for it.
    var trackingNumber: String?
    /// The day it is expected, `2026-02-25`.
    var estimatedDelivery: String?
    /// How often its row was changed, from 1; a turn changes it only if this has stayed.
    let version: Int
    /// When it was entered.
    let createdAt: String
    /// When it last changed.
    var updatedAt: String

    /// How far an order is.
    enum Status: String, Sendable, CaseIterable {
        case pending = "PENDING"
        case confirmed = "CONFIRMED"
        case shipped = "SHIPPED"
        case delivered = "DELIVERED"
        case cancelled = "CANCELLED"

        /// Where an order may go from here.
        var next: Set<Status> {
            switch self {
            case .pending: [.confirmed, .cancelled]
            case .confirmed: [.shipped, .cancelled]
            case .shipped: [.delivered]
            case .delivered, .cancelled: []
            }
        }
    }
}

// MARK: - Number

extension Order {
    /// An order's number, written `ORD-10001`.
    struct ID: Hashable, Sendable, Comparable {
        /// The number without its prefix, counted per tenant from 10001.
        let number: Int

        /// The number by its digits alone.
        init(number: Int) {
            self.number = number
        }

        /// Reads `ORD-10001` in any case, `ord 10001`, `#10001` and `10001`; nil for anything else.
        init?(parsing text: some StringProtocol) {
            var rest = text.utf8[...]
            if rest.first == UInt8(ascii: "#") { rest = rest.dropFirst() }
            if rest.count > 3, rest.prefix(3).elementsEqual("ord".utf8, by: { $0 | 0x20 == $1 }) {
                rest = rest.dropFirst(3)
                if let separator = rest.first, "- #".utf8.contains(separator) {
                    rest = rest.dropFirst()
                }
            }
            guard (1...18).contains(rest.count) else { return nil }
            var number = 0
            for byte in rest {
                guard (0x30...0x39).contains(byte) else { return nil }
                number = number * 10 + Int(byte & 0x0F)
            }
            self.number = number
        }

        /// `ORD-10001`.
        var text: String { "ORD-\(number)" }

        /// The lower number comes first.
        static func < (left: ID, right: ID) -> Bool { left.number < right.number }
    }
}

extension ArgumentReader {
    /// An order's number, nil when absent.
    mutating func orderID(_ key: String) -> Order.ID? {
        guard let text = values[key]?.string else { return nil }
        let id = Order.ID(parsing: text)
        if id == nil { note(key, "must be an order number such as ORD-10001") }
        return id
    }

    /// An order's number that must be there.
    mutating func requiredOrderID(_ key: String) -> Order.ID {
        orderID(key) ?? Order.ID(number: 0)
    }
}

// MARK: - JSON

extension Order {
    /// The record as tools show it.
    var json: JSONValue {
        [
            "order_id": .string(id.text),
            "order_date": .string(orderDate),
            "customer_name": .string(customerName),
            "customer_email": JSONValue(customerEmail),
            "billing_address": .string(billingAddress),
            "product_sku": .string(productSKU),
            "quantity": JSONValue(quantity),
            "order_amount": JSONValue(cents: amountCents),
            "currency": .string(currency),
            "remarks": JSONValue(remarks),
            "order_status": .string(status.rawValue),
            "status_since": .string(statusSince),
            "carrier": JSONValue(carrier),
            "tracking_number": JSONValue(trackingNumber),
            "estimated_delivery": JSONValue(estimatedDelivery),
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
        ]
    }
}

/// One step on an order's way.
struct OrderEvent: Equatable, Sendable {
    /// The kind of step.
    let status: Status
    /// Where it happened, if that matters.
    var location: String?
    /// One sentence for the customer.
    let description: String
    /// When it happened.
    let happenedAt: String

    /// The kinds of steps.
    enum Status: String, Sendable, CaseIterable {
        case placed = "PLACED"
        case confirmed = "CONFIRMED"
        case shipped = "SHIPPED"
        case inTransit = "IN_TRANSIT"
        case delivered = "DELIVERED"
        case cancelled = "CANCELLED"
        case updated = "UPDATED"
    }

    /// What a step on the road says.
    static let onItsWay = "The parcel is on its way."

    /// The step as `track_order` shows it.
    var json: JSONValue {
        [
            "at": .string(happenedAt), "status": .string(status.rawValue),
            "location": JSONValue(location), "description": .string(description),
        ]
    }
}
