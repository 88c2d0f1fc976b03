import Testing

@testable import Frontdesk

/// What stands against an upgrade, and in which order it is told.
@Suite struct EligibilityTests {
    private let pricing = Pricing(settings: TicketSettings())
    private let today = CalendarDay(parsing: "2026-12-11")!

    private func ticket(
        _ type: TicketType = .general, _ status: Ticket.Status = .active, on day: String,
        order: String? = nil
    ) throws -> Ticket {
        Ticket(
            id: "tkt_1", customerID: "cus_1", number: "DEMO-1", type: type, originalCents: 5000,
            currency: "USD", eventDay: try #require(CalendarDay(parsing: day)), status: status,
            upgradeTier: status == .upgraded ? .nonStop : nil, metadata: "{}", createdAt: "",
            updatedAt: "", openOrderID: order)
    }

    private func codes(
        _ ticket: Ticket, _ tier: UpgradeTier? = nil, _ day: String? = nil
    ) -> [String] {
        pricing.eligibility(
            of: ticket, tier: tier, on: day.flatMap { CalendarDay(parsing: $0) }, today: today
        ).reasons.map(\.code.rawValue)
    }

    @Test func `an active ticket with time left may be upgraded`() throws {
        let ticket = try ticket(on: "2026-12-13")
        #expect(codes(ticket) == [])
        #expect(codes(ticket, .doubleFun, "2027-01-06") == [])
        #expect(pricing.eligibility(of: ticket, today: today).isEligible)
    }

    @Test(arguments: [Ticket.Status.expired, .cancelled, .used])
    func `only an active ticket may be upgraded`(_ status: Ticket.Status) throws {
        #expect(codes(try ticket(.general, status, on: "2026-12-20")) == ["ticket_not_active"])
    }

    @Test func `each reason stands alone`() throws {
        #expect(codes(try ticket(on: "2026-12-12")) == ["event_too_soon"])
        #expect(codes(try ticket(.premium, on: "2026-12-20")) == ["type_not_upgradeable"])
        #expect(codes(try ticket(.vip, on: "2026-12-20"), .nonStop) == ["tier_not_offered"])
        #expect(codes(try ticket(on: "2026-12-20"), nil, "2026-12-15") == ["date_unavailable"])
        #expect(codes(try ticket(.general, .upgraded, on: "2026-12-20")) == ["already_upgraded"])
        #expect(codes(try ticket(on: "2026-12-20", order: "ord_1")) == ["order_open"])
    }

    @Test func `a ticket on a closed day is only refused when that day is asked about`() throws {
        let ticket = try ticket(on: "2026-12-15")
        #expect(codes(ticket) == [])
        #expect(codes(ticket, nil, "2026-12-15") == ["date_unavailable"])
        #expect(codes(ticket, nil, "2026-12-16") == [])
    }

    @Test func `a type without any upgrade is not also told that it lacks a tier`() throws {
        let premium = try ticket(.premium, on: "2026-12-20")
        #expect(codes(premium, .standard) == ["type_not_upgradeable"])
    }

    @Test func `all reasons are told in their order`() throws {
        let used = try ticket(.vip, .used, on: "2026-12-01", order: "ord_1")
        #expect(
            codes(used, .standard, "2026-12-10") == [
                "ticket_not_active", "event_too_soon", "tier_not_offered", "date_unavailable",
                "order_open",
            ])
        let upgraded = try ticket(.premium, .upgraded, on: "2026-12-01", order: "ord_1")
        #expect(
            codes(upgraded, .standard, "2026-12-15") == [
                "event_too_soon", "type_not_upgradeable", "date_unavailable", "already_upgraded",
                "order_open",
            ])
        let eligibility = pricing.eligibility(of: upgraded, tier: .standard, today: today)
        #expect(eligibility.reasons.allSatisfy { $0.message.hasSuffix(".") })
        #expect(
            eligibility.only([.alreadyUpgraded, .orderOpen]).reasons.map(\.code)
                == [.alreadyUpgraded, .orderOpen])
        #expect(
            eligibility.without([.eventTooSoon, .dateUnavailable]).reasons.first?.code
                == .typeNotUpgradeable)
    }
}
