/// A day of the Gregorian calendar, without a time or a zone: `2026-02-25`.
struct CalendarDay: Hashable, Sendable {
    /// Year, 1 to 9999.
    let year: Int
    /// Month, 1 to 12.
    let month: Int
    /// Day of the month, 1 to 31.
    let day: Int

    /// A day that exists, or `nil`.
    init?(_ year: Int, _ month: Int, _ day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...CalendarDay.length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that many days after 1970-01-01 (civil-from-days, H. Hinnant's algorithm).
    init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }

    /// Reads `YYYY-MM-DD`; `nil` for anything else and for days that do not exist.
    init?(parsing text: some StringProtocol) {
        var numbers = [0, 0, 0]
        var place = 0
        for byte in text.utf8 {
            let isDash = place == 4 || place == 7
            guard place < 10, isDash ? byte == 0x2d : (0x30...0x39).contains(byte) else {
                return nil
            }
            if !isDash {
                let number = place < 4 ? 0 : place < 7 ? 1 : 2
                numbers[number] = numbers[number] * 10 + Int(byte - 0x30)
            }
            place += 1
        }
        guard place == 10 else { return nil }
        self.init(numbers[0], numbers[1], numbers[2])
    }

    /// Days since 1970-01-01, negative before (days-from-civil, H. Hinnant's algorithm).
    var daysSince1970: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day `days` later, or earlier when negative.
    func adding(days: Int) -> CalendarDay {
        CalendarDay(daysSince1970: daysSince1970 + Int64(days))
    }

    /// `2026-02-25`.
    var text: String {
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CalendarDay: Comparable {
    /// The earlier day comes first.
    static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
