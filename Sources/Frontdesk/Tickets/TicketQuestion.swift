import JSON

/// What a ticket tool is asked about.
struct TicketQuestion: Sendable {
    /// The ticket's id or number.
    let ticket: String?
    /// A type, where no ticket is meant.
    let type: TicketType?
    /// Who the ticket is said to belong to.
    let customer: String?
    let tier: UpgradeTier?
    let day: CalendarDay?

    /// Reads the arguments, as far as the tool's schema has them.
    init(_ reader: inout ArgumentReader, _ settings: TicketSettings, orType: Bool = false) {
        if orType { reader.requireOne("ticket_id", "ticket_type") }
        ticket = reader.text("ticket_id")
        customer = reader.text("customer_id")
        type = reader.text("ticket_type").flatMap(TicketType.init(parsing:))
        if type == nil, reader.text("ticket_type") != nil {
            reader.note("ticket_type", "must be 'general', 'standard', 'vip' or 'premium'")
        }
        tier = reader.text("upgrade_tier").flatMap(settings.tier(parsing:))
        if tier == nil, reader.text("upgrade_tier") != nil {
            reader.note("upgrade_tier", settings.tierProblem)
        }
        day = reader.text("event_date").flatMap(CalendarDay.sellable)
        if day == nil, reader.text("event_date") != nil {
            reader.note("event_date", CalendarDay.problem)
        }
    }
}

extension ArgumentReader {
    /// Notes a problem unless exactly one of two arguments is there.
    mutating func requireOne(_ first: String, _ second: String) {
        switch (values[first], values[second]) {
        case (nil, nil): note(first, "or '\(second)' is required")
        case (.some, .some): note(second, "must not be given beside '\(first)'")
        default: break
        }
    }
}
