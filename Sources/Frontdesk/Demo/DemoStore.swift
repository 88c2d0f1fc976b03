import SQLite

extension DemoData {
    /// How many records a load wrote.
    struct Counts: Equatable, Sendable {
        /// Orders added, or restored by a reset.
        var orders = 0
        /// Complaints added, or restored by a reset.
        var complaints = 0
        /// Customers added, or restored by a reset.
        var customers = 0
        /// Tickets added, or restored by a reset.
        var tickets = 0
        /// Users added, or restored by a reset.
        var users = 0
    }

    /// Adds the demo records that are missing; with `reset` those that exist are restored too.
    ///
    /// The days of tickets are counted from `now`. Afterwards the next order is at least ORD-10021
    /// and the next complaint at least 21.
    static func load(
        in connection: borrowing Connection, reset: Bool, at now: Timestamp,
        tickets settings: TicketSettings = TicketSettings()
    ) throws -> Counts {
        var counts = Counts()
        for order in orders where try load(order, in: connection, reset: reset) {
            counts.orders += 1
        }
        for complaint in complaints where try load(complaint, in: connection, reset: reset) {
            counts.complaints += 1
        }
        try DemoTickets(pricing: Pricing(settings: settings), now: now)
            .load(in: connection, reset: reset, counts: &counts)
        counts.users = try DemoUserStore.load(
            of: origin.tenant, at: now, in: connection, reset: reset)
        try CounterStore.reserve(.order, upTo: 10020, for: origin.tenant, in: connection)
        try CounterStore.reserve(.complaint, upTo: 20, for: origin.tenant, in: connection)
        return counts
    }

    private static let origin = Origin(tenant: .default, sessionID: nil, requestID: "demo-data")

    private static func load(
        _ order: Order, in connection: borrowing Connection, reset: Bool
    ) throws -> Bool {
        let exists = try connection.first(
            """
            SELECT 1 FROM orders
            WHERE tenant_id = \(origin.tenant.name) AND order_id = \(order.id.text)
            """
        ) { _ in true }
        switch (exists, reset) {
        case (nil, _): try OrderStore.insert(order, origin, in: connection)
        case (_, true): try OrderStore.replace(order, origin, in: connection)
        case (_, false): return false
        }
        for event in events(of: order) {
            try OrderStore.insert(event, of: order.id, origin, in: connection)
        }
        return true
    }

    private static func load(
        _ complaint: Complaint, in connection: borrowing Connection, reset: Bool
    ) throws -> Bool {
        let exists = try connection.first(
            """
            SELECT 1 FROM complaints
            WHERE tenant_id = \(origin.tenant.name) AND complaint_id = \(complaint.id)
            """
        ) { _ in true }
        switch (exists, reset) {
        case (nil, _): try ComplaintStore.insert(complaint, origin, in: connection)
        case (_, true): try ComplaintStore.replace(complaint, origin, in: connection)
        case (_, false): return false
        }
        return true
    }
}
