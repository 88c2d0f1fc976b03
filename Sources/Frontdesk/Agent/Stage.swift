import Synchronization

/// What one turn has changed so far, seen by its own later calls and by nobody else until it is
/// committed.
///
/// Every changed record remembers the version of the row it is based on, so that `commit` notices
/// when another turn was faster.
final class Stage: Sendable {
    private let changes = Mutex(Changes())

    /// All that is staged, in the order in which it was first touched.
    struct Changes: Sendable {
        /// Orders as the turn leaves them.
        var orders: [Staged<Order>] = []
        /// Steps to be added to orders.
        var orderEvents: [(order: Order.ID, event: OrderEvent)] = []
        /// Complaints as the turn leaves them.
        var complaints: [Staged<Complaint>] = []
        /// Messages for the outbox.
        var emails: [Email] = []
        /// Prices to be held.
        var quotes: [PriceQuote] = []
        /// Orders of upgrades to be placed.
        var upgrades: [StagedOrder] = []
    }

    /// A record as the turn leaves it.
    struct Staged<Record: Sendable>: Sendable {
        /// The record with all changes of this turn.
        var record: Record
        /// The version of the row it is based on, nil for a record that the turn creates.
        let base: Int?
    }

    /// Everything staged so far.
    var snapshot: Changes {
        changes.withLock { $0 }
    }

    /// Whether nothing is staged.
    var isEmpty: Bool {
        changes.withLock {
            $0.orders.isEmpty && $0.orderEvents.isEmpty && $0.complaints.isEmpty
                && $0.emails.isEmpty && $0.quotes.isEmpty && $0.upgrades.isEmpty
        }
    }
}

// MARK: - Orders

extension Stage {
    /// The order as this turn leaves it, nil if the turn has not touched it.
    func order(_ id: Order.ID) -> Order? {
        changes.withLock { changes in
            changes.orders.first { $0.record.id == id }?.record
        }
    }

    /// Every order that this turn has touched.
    var orders: [Order] {
        changes.withLock { $0.orders.map(\.record) }
    }

    /// The steps that this turn adds to an order.
    func events(of id: Order.ID) -> [OrderEvent] {
        changes.withLock { changes in
            changes.orderEvents.filter { $0.order == id }.map(\.event)
        }
    }

    /// Stages a new order with its first step.
    func insert(_ order: Order, event: OrderEvent) {
        changes.withLock { changes in
            changes.orders.append(Staged(record: order, base: nil))
            changes.orderEvents.append((order.id, event))
        }
    }

    /// Stages an order's change with the steps it stands for.
    func update(_ order: Order, events: [OrderEvent]) {
        changes.withLock { changes in
            if let place = changes.orders.firstIndex(where: { $0.record.id == order.id }) {
                changes.orders[place].record = order
            } else {
                changes.orders.append(Staged(record: order, base: order.version))
            }
            changes.orderEvents.append(contentsOf: events.map { (order.id, $0) })
        }
    }
}

// MARK: - Complaints

extension Stage {
    /// The complaint as this turn leaves it, nil if the turn has not touched it.
    func complaint(_ id: Int) -> Complaint? {
        changes.withLock { changes in
            changes.complaints.first { $0.record.id == id }?.record
        }
    }

    /// Every complaint that this turn has touched.
    var complaints: [Complaint] {
        changes.withLock { $0.complaints.map(\.record) }
    }

    /// Stages a new complaint.
    func insert(_ complaint: Complaint) {
        changes.withLock { $0.complaints.append(Staged(record: complaint, base: nil)) }
    }

    /// Stages a complaint's change.
    func update(_ complaint: Complaint) {
        changes.withLock { changes in
            if let place = changes.complaints.firstIndex(where: { $0.record.id == complaint.id }) {
                changes.complaints[place].record = complaint
            } else {
                changes.complaints.append(Staged(record: complaint, base: complaint.version))
            }
        }
    }
}

// MARK: - E-mails

extension Stage {
    /// Every message that this turn wrote.
    var emails: [Email] {
        changes.withLock { $0.emails }
    }

    /// Stages a new message.
    func insert(_ email: Email) {
        changes.withLock { $0.emails.append(email) }
    }
}

// MARK: - Tickets

extension Stage {
    /// The prices that this turn holds.
    var quotes: [PriceQuote] {
        changes.withLock { $0.quotes }
    }

    /// Stages a price to be held.
    func insert(_ quote: PriceQuote) {
        changes.withLock { $0.quotes.append(quote) }
    }

    /// Stages an order of an upgrade.
    func insert(_ order: StagedOrder) {
        changes.withLock { $0.upgrades.append(order) }
    }

    /// The order that this turn places on a ticket, if it does.
    func openOrder(of ticket: String) -> String? {
        changes.withLock { changes in
            changes.upgrades.first { $0.order.ticketID == ticket }?.order.id
        }
    }
}
