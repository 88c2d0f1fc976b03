/// The demo's customers and tickets, whose days follow from the day they are loaded
/// (tickets.md, section 11).
struct DemoTickets: Sendable {
    /// The rules of the venue.
    let pricing: Pricing
    /// When they are loaded.
    let now: Timestamp

    /// Every customer, 1 to 5.
    var customers: [Customer] {
        Self.names.enumerated().map { index, name in
            Customer(
                id: Self.id("cus", index + 1),
                email: "\(name.first).\(name.last)@example.com".folded.filter { $0 != "'" },
                firstName: name.first, lastName: name.last, phone: nil, authSubject: nil,
                createdAt: now.text, updatedAt: now.text)
        }
    }

    /// Every ticket, in the order of the numbers.
    var tickets: [Ticket] {
        let today = pricing.today(at: now)
        return Self.rows.map { row in
            Ticket(
                id: Self.id("tkt", row.number), customerID: Self.id("cus", row.number / 100),
                number: "DEMO-\(row.number / 100)00\(row.number % 100)", type: row.type,
                originalCents: row.cents, currency: pricing.settings.currency,
                eventDay: row.place.day(from: today, pricing.settings), eventTime: "19:00",
                status: row.status, upgradeTier: row.status == .upgraded ? .nonStop : nil,
                metadata: "{}", createdAt: now.text, updatedAt: now.text)
        }
    }

    /// The paid order of a ticket that is upgraded; nil for any other.
    func upgrade(of ticket: Ticket) -> DemoUpgrade? {
        ticket.status == .upgraded ? DemoUpgrade(of: ticket, pricing, at: now) : nil
    }

    /// The id of a demo record: `tkt_demo0000000000000101`.
    static func id(_ prefix: String, _ number: Int) -> String {
        let digits = String(number)
        return prefix + "_demo" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static let names: [(first: String, last: String)] = [
        ("Sarah", "Johnson"), ("Michael", "Chen"), ("Emma", "O'Neil"),
        ("José", "García"), ("Priya", "Patel"),
    ]

    private static let rows = [
        Row(101, .general, 5000, .shifted(30)), Row(102, .standard, 7500, .shifted(44)),
        Row(201, .vip, 10_000, .shifted(30)), Row(202, .premium, 15_000, .shifted(40)),
        Row(301, .general, 5000, .exact(-10), .expired),
        Row(302, .standard, 7500, .exact(-3), .used),
        Row(401, .general, 5000, .exact(1)), Row(402, .vip, 10_000, .fifteenth),
        Row(501, .general, 5000, .shifted(35)),
        Row(502, .vip, 5000, .shifted(36), .upgraded),
    ]

    /// What tells one ticket from another.
    private struct Row: Sendable {
        let number: Int
        let type: TicketType
        let cents: Int
        let place: Place
        let status: Ticket.Status

        init(
            _ number: Int, _ type: TicketType, _ cents: Int, _ place: Place,
            _ status: Ticket.Status = .active
        ) {
            self.number = number
            self.type = type
            self.cents = cents
            self.place = place
            self.status = status
        }
    }

    /// Where a ticket's day lies.
    private enum Place: Sendable {
        /// So many days from the load, later when that day is closed.
        case shifted(Int)
        /// Exactly so many days from the load.
        case exact(Int)
        /// On the first 15th that is at least seven days from the load.
        case fifteenth

        func day(from today: CalendarDay, _ settings: TicketSettings) -> CalendarDay {
            switch self {
            case .exact(let days): return today.adding(days: days)
            case .shifted(let days):
                let wanted = today.adding(days: days)
                let open = (0...60).lazy.map { wanted.adding(days: $0) }
                    .first { !settings.isBlackout($0) }
                return open ?? wanted
            case .fifteenth:
                let first = today.adding(days: 7)
                return (0...31).lazy.map { first.adding(days: $0) }.first { $0.day == 15 } ?? first
            }
        }
    }
}
