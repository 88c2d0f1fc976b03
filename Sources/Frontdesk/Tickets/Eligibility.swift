/// Every reason against an upgrade, in the order of tickets.md, section 5; none means it may be.
struct Eligibility: Equatable, Sendable {
    /// All that hold, in order.
    let reasons: [Reason]

    /// One reason against an upgrade.
    struct Reason: Equatable, Sendable {
        /// The machine word.
        let code: Code
        /// One sentence for a person.
        let message: String
    }

    /// What can stand against an upgrade, in the order in which it is told.
    enum Code: String, Sendable, CaseIterable {
        case ticketNotActive = "ticket_not_active"
        case eventTooSoon = "event_too_soon"
        case typeNotUpgradeable = "type_not_upgradeable"
        case tierNotOffered = "tier_not_offered"
        case dateUnavailable = "date_unavailable"
        case alreadyUpgraded = "already_upgraded"
        case orderOpen = "order_open"
    }

    /// Whether nothing stands against it.
    var isEligible: Bool { reasons.isEmpty }

    /// The same without some reasons, such as those that a held price settles.
    func without(_ codes: Set<Code>) -> Eligibility {
        Eligibility(reasons: reasons.filter { !codes.contains($0.code) })
    }

    /// Only these reasons, such as those that are asked again before a payment.
    func only(_ codes: Set<Code>) -> Eligibility {
        Eligibility(reasons: reasons.filter { codes.contains($0.code) })
    }
}

extension Pricing {
    /// What stands against upgrading a ticket; `day` is the day asked about, nil when none is.
    func eligibility(
        of ticket: Ticket, tier: UpgradeTier? = nil, on day: CalendarDay? = nil,
        today: CalendarDay
    ) -> Eligibility {
        var reasons: [Eligibility.Reason] = []
        func note(_ code: Eligibility.Code, _ message: String) {
            reasons.append(Eligibility.Reason(code: code, message: message))
        }
        switch ticket.status {
        case .expired: note(.ticketNotActive, "Ticket \(ticket.number) has expired.")
        case .cancelled: note(.ticketNotActive, "Ticket \(ticket.number) was cancelled.")
        case .used: note(.ticketNotActive, "Ticket \(ticket.number) has been used.")
        case .active, .upgraded: break
        }
        if ticket.eventDay < today.adding(days: settings.leadDays) {
            note(
                .eventTooSoon,
                "The event of ticket \(ticket.number) on \(ticket.eventDay.text) is too soon: "
                    + "upgrades are sold until \(settings.leadText) before.")
        }
        reasons += offer(ticket.type, tier: tier, on: day, today: today).reasons
        if ticket.status == .upgraded {
            note(.alreadyUpgraded, "Ticket \(ticket.number) has been upgraded already.")
        }
        if let order = ticket.openOrderID {
            note(.orderOpen, "Order \(order) for ticket \(ticket.number) is still open.")
        }
        return Eligibility(reasons: reasons)
    }

    /// What stands against upgrading any ticket of a type.
    func offer(
        _ type: TicketType, tier: UpgradeTier? = nil, on day: CalendarDay? = nil,
        today: CalendarDay
    ) -> Eligibility {
        var reasons: [Eligibility.Reason] = []
        if settings.tiers(for: type).isEmpty {
            reasons.append(
                .init(
                    code: .typeNotUpgradeable,
                    message: "There is no upgrade for a \(type.rawValue) ticket."))
        } else if let tier, settings.base(tier, for: type) == nil {
            let name = settings.text(tier).name
            reasons.append(
                .init(
                    code: .tierNotOffered,
                    message: "\(name) is not offered for a \(type.rawValue) ticket."))
        }
        if let day, let message = unavailable(day, today: today) {
            reasons.append(.init(code: .dateUnavailable, message: message))
        }
        return Eligibility(reasons: reasons)
    }

    private func unavailable(_ day: CalendarDay, today: CalendarDay) -> String? {
        let availability = availability(of: day, today: today)
        return availability.isAvailable ? nil : availability.message
    }
}
