/// Days that come back every year, both ends included: `12-20/12-31`; it may run over New Year.
struct YearlyWindow: Hashable, Sendable {
    private let first: MonthDay
    private let last: MonthDay

    /// A day of any year.
    private struct MonthDay: Hashable, Comparable {
        let month: Int
        let day: Int

        static func < (left: MonthDay, right: MonthDay) -> Bool {
            (left.month, left.day) < (right.month, right.day)
        }

        /// Reads `12-20`; nil for what is no day of a leap year.
        static func parse(_ text: some StringProtocol) -> MonthDay? {
            guard let day = CalendarDay(parsing: "2000-\(text)") else { return nil }
            return MonthDay(month: day.month, day: day.day)
        }

        var text: String {
            String(CalendarDay(2000, month, day)?.text.dropFirst(5) ?? "")
        }
    }

    /// Reads `12-20/12-31`; nil for anything else.
    init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = MonthDay.parse(parts[0]),
            let last = MonthDay.parse(parts[1])
        else { return nil }
        self.first = first
        self.last = last
    }

    /// `12-20/12-31`.
    var text: String { first.text + "/" + last.text }

    /// Whether a day of any year lies within it.
    func contains(_ day: CalendarDay) -> Bool {
        let here = MonthDay(month: day.month, day: day.day)
        return first <= last ? (first...last).contains(here) : here >= first || here <= last
    }
}
