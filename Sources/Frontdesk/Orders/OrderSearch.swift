/// Which orders are looked for; every criterion that is given must hold.
struct OrderSearch: Equatable, Sendable {
    /// Exactly this number.
    var id: Order.ID?
    /// A part of the customer's name, in any case, with or without accents.
    var customerName: String?
    /// A part of the product's SKU, likewise.
    var productSKU: String?
    /// A part of the billing address, likewise.
    var billingAddress: String?
    /// How far the order is.
    var status: Order.Status?
    /// The first day on which it may have been placed.
    var placedFrom: String?
    /// The last day on which it may have been placed.
    var placedTo: String?
    /// How many orders are shown at most.
    var limit = 20

    /// Whether an order meets all criteria.
    func matches(_ order: Order) -> Bool {
        (id.map { $0 == order.id } ?? true)
            && (status.map { $0 == order.status } ?? true)
            && (placedFrom.map { $0 <= order.orderDate } ?? true)
            && (placedTo.map { order.orderDate <= $0 } ?? true)
            && (customerName.map { order.customerName.containsFolded($0) } ?? true)
            && (productSKU.map { order.productSKU.containsFolded($0) } ?? true)
            && (billingAddress.map { order.billingAddress.containsFolded($0) } ?? true)
    }
}

/// What a search found.
struct OrderMatches: Equatable, Sendable {
    /// How many orders meet the criteria.
    var count: Int
    /// The newest of them, at most as many as the search's limit.
    var orders: [Order]
}
