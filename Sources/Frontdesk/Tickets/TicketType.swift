/// What kind of seat a ticket is for.
enum TicketType: String, Sendable, CaseIterable {
    case general, standard, vip, premium

    /// Reads a type in any case; nil for anything else.
    init?(parsing text: String) {
        self.init(rawValue: text.lowercasedASCII)
    }
}

/// What a ticket can be upgraded to, cheapest first.
enum UpgradeTier: String, Sendable, CaseIterable {
    case standard
    case nonStop = "non-stop"
    case doubleFun = "double-fun"

    /// The type of a ticket after the upgrade.
    var typeAfterwards: TicketType {
        switch self {
        case .standard: .standard
        case .nonStop: .vip
        case .doubleFun: .premium
        }
    }

    /// What a tier's id or name is recognised by: `double_fun` and `Double Fun` are the same, and
    /// nothing else than case, spaces, hyphens and underscores may differ.
    static func key(_ text: String) -> String {
        String(text.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" })
    }
}

/// What kind of day it is for prices; the first that matches wins.
enum PriceCategory: String, Sendable, CaseIterable {
    case peak, weekend
    case offPeak = "off_peak"
    case standard
}

/// A day of the week.
enum Weekday: String, Sendable, CaseIterable {
    case monday = "mon"
    case tuesday = "tue"
    case wednesday = "wed"
    case thursday = "thu"
    case friday = "fri"
    case saturday = "sat"
    case sunday = "sun"
}

extension CalendarDay {
    /// The day of the week.
    var weekday: Weekday {
        // 1970-01-01 was a Thursday.
        let place = (daysSince1970 + 3) % 7
        return Weekday.allCases[Int(place < 0 ? place + 7 : place)]
    }

    /// The days that tickets, prices and orders may name.
    static let sellable = CalendarDay(daysSince1970: 10_957)...CalendarDay(daysSince1970: 47_846)
}
