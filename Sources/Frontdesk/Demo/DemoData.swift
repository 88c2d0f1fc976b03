/// The demo records of tenant `default`, the same every time (conversations.md, section 9).
enum DemoData {
    /// Every order, ORD-10001 to ORD-10020.
    static let orders: [Order] = rows.enumerated().map { index, row in
        row.order(number: 10001 + index)
    }

    /// The steps of an order of `orders`, oldest first.
    static func events(of order: Order) -> [OrderEvent] {
        rows[order.id.number - 10001].events(shipping: order.shippingSentence)
    }

    /// Every complaint, 1 to 20; complaint k is about the k-th order.
    static let complaints: [Complaint] = orders.enumerated().map { index, order in
        complaint(index + 1, about: order)
    }

    private static let rows: [Row] = [
        Row("Sarah Johnson", "SKU-LAPTOP-001", 1, 129_999, .shipped, 2, 15),
        Row("Michael Chen", "SKU-MOUSE-002", 2, 4_998, .delivered, 1, 28),
        Row("Emma O'Neil", "SKU-DESK-003", 1, 34_900, .confirmed, 2, 18),
        Row("José García", "SKU-CHAIR-004", 4, 79_600, .pending, 2, 19),
        Row("Sarah Johnson", "SKU-DOCK-005", 1, 18_950, .delivered, 1, 20),
        Row("Priya Patel", "SKU-PHONE-006", 1, 89_900, .shipped, 2, 13),
        Row("Lukas Müller", "SKU-MONITOR-007", 2, 55_800, .cancelled, 2, 10),
        Row("Grace Kim", "SKU-TABLET-008", 1, 44_900, .delivered, 1, 15),
        Row("David Brown", "SKU-MOUSE-002", 1, 2_499, .pending, 2, 20),
        Row("Michael Chen", "SKU-LAPTOP-001", 1, 129_999, .pending, 2, 20),
        Row("Emma O'Neil", "SKU-LAMP-009", 3, 11_997, .delivered, 1, 31),
        Row("Priya Patel", "SKU-CHAIR-004", 1, 19_900, .confirmed, 2, 17),
        Row("Lukas Müller", "SKU-CABLE-010", 10, 9_900, .shipped, 2, 14),
        Row("Grace Kim", "SKU-DESK-003", 1, 34_900, .shipped, 2, 12),
        Row("José García", "SKU-HEADSET-011", 2, 25_980, .delivered, 2, 2),
        Row("David Brown", "SKU-PHONE-006", 1, 89_900, .confirmed, 2, 18),
        Row("Sarah Johnson", "SKU-CASE-012", 1, 3_990, .cancelled, 2, 8),
        Row("Michael Chen", "SKU-DOCK-005", 2, 37_900, .shipped, 2, 16),
        Row("Priya Patel", "SKU-LAMP-009", 1, 3_999, .confirmed, 2, 19),
        Row("Grace Kim", "SKU-TABLET-008", 2, 89_800, .pending, 2, 20),
    ]
}

// MARK: - Complaints

extension DemoData {
    private static let titles = [
        "Late delivery", "Damaged packaging", "Wrong item received", "Missing accessory",
        "Refund not received", "Item stopped working", "Charged twice",
        "Address change not applied", "Slow response from support",
        "Colour differs from the picture",
    ]

    /// The state of complaint k is the k-th letter: Open, In progress, Resolved, Closed.
    private static let statuses = "OIROIOROICOIORIOCIRO".map { letter -> Complaint.Status in
        Complaint.Status.allCases.first { $0.rawValue.first == letter } ?? .open
    }

    /// The priority of complaint k is the k-th letter: Low, Medium, High, Critical.
    private static let priorities = "MLHMLMMHLCMLMHLMCMHL".map { letter -> Complaint.Priority in
        Complaint.Priority.allCases.first { $0.rawValue.first == letter } ?? .medium
    }

    private static func complaint(_ number: Int, about order: Order) -> Complaint {
        let title = titles[(number - 1) % titles.count]
        let status = statuses[number - 1]
        let created = row(of: order).instant(days: 3, hour: 12)
        let isDone = status == .resolved || status == .closed
        let resolved = isDone ? row(of: order).instant(days: 8, hour: 12) : nil
        return Complaint(
            id: number, title: title, description: "\(title), reported for order \(order.id.text).",
            customerName: order.customerName, orderID: order.id,
            priority: priorities[number - 1], status: status, remarks: nil,
            isArchived: number % 10 == 0, resolutionDate: resolved, version: 1,
            createdAt: created, updatedAt: resolved ?? created)
    }

    private static func row(of order: Order) -> Row {
        rows[order.id.number - 10001]
    }
}

// MARK: - Orders

/// What tells one demo order from another; the rest follows from rules.
private struct Row: Sendable {
    let customer: String
    let sku: String
    let quantity: Int
    let cents: Int
    let status: Order.Status
    let placed: CalendarDay

    /// A row with the month and day of 2026 on which the order was placed.
    init(
        _ customer: String, _ sku: String, _ quantity: Int, _ cents: Int, _ status: Order.Status,
        _ month: Int, _ day: Int
    ) {
        self.customer = customer
        self.sku = sku
        self.quantity = quantity
        self.cents = cents
        self.status = status
        placed = CalendarDay(2026, month, day) ?? CalendarDay(daysSince1970: 0)
    }

    /// The instant at an hour of UTC, `days` after the order was placed.
    func instant(days: Int, hour: Int) -> String {
        let day = placed.daysSince1970 + Int64(days)
        return Timestamp(microseconds: (day * 24 + Int64(hour)) * 3_600_000_000).text
    }

    func order(number: Int) -> Order {
        let isSent = status == .shipped || status == .delivered
        let expected: Int? = status == .shipped ? 10 : status == .delivered ? 7 : nil
        let steps = events(shipping: "")
        let letters = customer.folded.filter { $0.isLetter || $0 == " " }
        return Order(
            id: Order.ID(number: number), orderDate: placed.text, customerName: customer,
            customerEmail: letters.split(separator: " ").joined(separator: ".") + "@example.com",
            billingAddress: "\(number - 9900) Market Street, Springfield, IL 62701",
            productSKU: sku, quantity: quantity, amountCents: cents, currency: "USD",
            remarks: nil, status: status,
            statusSince: steps.last { $0.status == status.event }?.happenedAt ?? "",
            carrier: isSent ? "ParcelLine" : nil,
            trackingNumber: isSent ? "PL00000\(number)" : nil,
            estimatedDelivery: expected.map { placed.adding(days: $0).text }, version: 1,
            createdAt: steps.first?.happenedAt ?? "", updatedAt: steps.last?.happenedAt ?? "")
    }

    func events(shipping: String) -> [OrderEvent] {
        func event(_ status: Order.Status, _ days: Int, _ hour: Int) -> OrderEvent {
            OrderEvent(
                status: status.event, description: status == .shipped ? shipping : status.sentence,
                happenedAt: instant(days: days, hour: hour))
        }
        let placed = event(.pending, 0, 10)
        let confirmed = event(.confirmed, 1, 9)
        let sent = [
            event(.shipped, 2, 16),
            OrderEvent(
                status: .inTransit, location: "Springfield sorting centre",
                description: OrderEvent.onItsWay, happenedAt: instant(days: 4, hour: 8)),
        ]
        return switch status {
        case .pending: [placed]
        case .confirmed: [placed, confirmed]
        case .shipped: [placed, confirmed] + sent
        case .delivered: [placed, confirmed] + sent + [event(.delivered, 7, 14)]
        case .cancelled: [placed, event(.cancelled, 1, 11)]
        }
    }
}
