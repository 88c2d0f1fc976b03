import HTTP
import JSON

// Answers as a caller would see them, made by the rules themselves.
extension TicketRoutes {
    private static let board = PriceBoard(
        pricing: Pricing(settings: TicketSettings()), today: day(2026, 12, 11))

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> CalendarDay {
        CalendarDay(year, month, day) ?? CalendarDay(daysSince1970: 0)
    }

    private static let sample = Ticket(
        id: "tkt_demo0000000000000101", customerID: "cus_demo0000000000000001",
        number: "DEMO-1001", type: .general, originalCents: 5000, currency: "USD",
        eventDay: day(2027, 1, 9), eventTime: "19:00", status: .active, metadata: "{}",
        createdAt: "2026-12-11T10:30:00.000000Z", updatedAt: "2026-12-11T10:30:00.000000Z")

    static let sampleValidation = JSONValue.object(
        board.validation(of: sample, tier: .nonStop, on: day(2027, 1, 6)))

    static let sampleComparison = JSONValue.object(
        board.comparison(for: .ticket(sample), on: day(2027, 1, 6)))

    static let sampleRecommendations = JSONValue.object(
        board.recommendations(for: sample, on: day(2027, 1, 6)))

    static let sampleCalendar: JSONValue =
        (try? board.calendar(for: .ticket(sample), days: 3, tier: .nonStop)).map(JSONValue.object)
        ?? .null

    static let samplePrice: JSONValue = {
        let wanted = day(2027, 1, 6)
        guard let price = board.pricing.price(.nonStop, for: .general, on: wanted),
            let now = Timestamp(parsing: "2026-12-11T10:30:00Z")
        else { return .null }
        let quote = PriceQuote(
            id: "quo_4k2m9x7c1v8b3n6q5w0z", price, for: sample, until: now.adding(seconds: 900),
            at: now)
        return .object(
            board.offer(price, for: .ticket(sample), Eligibility(reasons: []), quote: quote))
    }()
}
