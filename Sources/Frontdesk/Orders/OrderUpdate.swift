/// What is to be changed about an order.
struct OrderUpdate: Equatable, Sendable {
    /// The order.
    let id: Order.ID
    /// How far it shall be.
    var status: Order.Status?
    /// Where the bill shall go.
    var billingAddress: String?
    /// A note to be added.
    var remarks: String?
    /// Who carries it.
    var carrier: String?
    /// The carrier's number for it.
    var trackingNumber: String?
    /// The day it is expected.
    var estimatedDelivery: String?
    /// Where it is on its way now.
    var location: String?

    /// Whether nothing is to be changed.
    var isEmpty: Bool { self == OrderUpdate(id: id) }

    /// Whether something of its way to the customer is to be changed.
    var changesShipping: Bool {
        carrier != nil || trackingNumber != nil || estimatedDelivery != nil
    }
}

extension Order {
    /// Changes the order and returns the steps that tell of it; throws `IllegalTransition` and
    /// changes nothing.
    mutating func apply(
        _ update: OrderUpdate, allowed: Set<Status>, now: Timestamp
    ) throws -> [OrderEvent] {
        try check(update, allowed: allowed)
        let before = status
        var events: [OrderEvent] = []
        func note(_ status: OrderEvent.Status, _ description: String, at location: String? = nil) {
            events.append(
                OrderEvent(
                    status: status, location: location, description: description,
                    happenedAt: now.text))
        }
        let changed = change(update)
        if !changed.isEmpty { note(.updated, "Changed: \(changed.joined(separator: ", ")).") }
        if before == .shipped, let location = update.location {
            note(.inTransit, OrderEvent.onItsWay, at: location)
        }
        if let next = update.status {
            status = next
            statusSince = now.text
            note(next.event, next == .shipped ? shippingSentence : next.sentence)
        }
        if before != .shipped, let location = update.location {
            note(.inTransit, OrderEvent.onItsWay, at: location)
        }
        updatedAt = now.text
        return events
    }

    /// Throws `IllegalTransition` unless all of `update` is allowed in the order's state.
    private func check(_ update: OrderUpdate, allowed: Set<Status>) throws {
        func refuse(_ sentence: String) -> ToolError { ToolError(.illegalTransition, sentence) }
        if let next = update.status {
            guard next != status else {
                throw refuse("Order \(id.text) is already \(status.rawValue).")
            }
            guard status.next.contains(next) else {
                throw refuse(
                    "Order \(id.text) is \(status.rawValue) and cannot become \(next.rawValue).")
            }
            guard allowed.contains(next) else {
                throw refuse("Only staff can set an order to \(next.rawValue).")
            }
        }
        if update.billingAddress != nil || update.remarks != nil {
            guard status == .pending || status == .confirmed else {
                throw refuse(
                    "Order \(id.text) is \(status.rawValue); its billing address and remarks can "
                        + "be changed only while it is PENDING or CONFIRMED.")
            }
        }
        let after = update.status ?? status
        if update.changesShipping, after != .shipped, after != .delivered {
            throw refuse(
                "Order \(id.text) is \(after.rawValue); carrier, tracking number and estimated "
                    + "delivery can be set only when it is SHIPPED.")
        }
        if update.location != nil, status != .shipped, after != .shipped {
            throw refuse(
                "Order \(id.text) is \(after.rawValue); it has a location only while SHIPPED.")
        }
    }

    /// Takes over the new details and returns the names of those that no other step tells of.
    private mutating func change(_ update: OrderUpdate) -> [String] {
        var names: [String] = []
        if let address = update.billingAddress {
            billingAddress = address
            names.append("billing address")
        }
        if let note = update.remarks {
            remarks = remarks.map { "\($0)\n\(note)" } ?? note
            names.append("remarks")
        }
        carrier = update.carrier ?? carrier
        trackingNumber = update.trackingNumber ?? trackingNumber
        estimatedDelivery = update.estimatedDelivery ?? estimatedDelivery
        if update.status != .shipped {
            if update.carrier != nil { names.append("carrier") }
            if update.trackingNumber != nil { names.append("tracking number") }
            if update.estimatedDelivery != nil { names.append("estimated delivery") }
        }
        return names
    }

    /// What the step of shipping says.
    var shippingSentence: String {
        switch (carrier, trackingNumber) {
        case (let carrier?, let number?): "Shipped with \(carrier), tracking number \(number)."
        case (let carrier?, nil): "Shipped with \(carrier)."
        case (nil, let number?): "Shipped, tracking number \(number)."
        case (nil, nil): Status.shipped.sentence
        }
    }
}

extension Order.Status {
    /// The step by which an order gets here.
    var event: OrderEvent.Status {
        switch self {
        case .pending: .placed
        case .confirmed: .confirmed
        case .shipped: .shipped
        case .delivered: .delivered
        case .cancelled: .cancelled
        }
    }

    /// What that step says.
    var sentence: String {
        switch self {
        case .pending: "Order placed."
        case .confirmed: "Order confirmed."
        case .shipped: "Order shipped."
        case .delivered: "Order delivered."
        case .cancelled: "Order cancelled."
        }
    }
}
