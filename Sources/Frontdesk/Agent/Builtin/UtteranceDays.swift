import JSON

/// Days of the calendar, as people write them.
extension Utterance {
    /// The day that is named, unasked.
    var day: Reading { day(asked: false) }

    /// The day that is named: `2026-12-23`, "23 December", "Dec 23rd, 2026", `12/23`, "tomorrow";
    /// without a year the next such day.
    func day(asked: Bool) -> Reading {
        for (index, word) in words.enumerated() {
            if let reading = Utterance.isoDay(word.key) { return reading }
            guard let month = Utterance.months[word.key] else { continue }
            if let named = number(before: index) ?? number(behind: index) {
                return reading(named.day, month, year: year(behind: max(index, named.index)))
            }
        }
        return numericDay ?? nearDay(asked: asked) ?? .absent
    }

    /// Whether it takes what was offered, but for a day of its own: "book it on February 24".
    func booksAnotherDay(_ dialogue: Dialogue) -> Bool {
        guard has(.booking), dialogue.form.name == Form.upgradeOrder.name,
            !has(any: Concepts(.no, .stop))
        else { return false }
        if case .absent = day { return false }
        return true
    }

    private static func isoDay(_ key: String) -> Reading? {
        let parts = key.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) })
        else { return nil }
        return reading(CalendarDay.sellable(key))
    }

    /// The day, or that there is none.
    static func reading(_ day: CalendarDay?) -> Reading {
        day.map { .value(.string($0.text)) }
            ?? .bad("I need a day that exists, such as December 23.")
    }

    /// The day of these numbers; without a year the next such day.
    func reading(_ day: Int, _ month: Int, year: Int?) -> Reading {
        if let year { return Utterance.reading(CalendarDay(year, month, day)) }
        // A leap day may be eight years off.
        let next = (0...8).lazy.compactMap { CalendarDay(today.year + $0, month, day) }
            .first { $0 >= today }
        return Utterance.reading(next)
    }

    /// The day's number in "23 December" or "the 23rd of December".
    private func number(before index: Int) -> (day: Int, index: Int)? {
        var place = index - 1
        if place >= 0, words[place].key == "of" { place -= 1 }
        return place >= 0 ? Utterance.dayNumber(words[place].key).map { ($0, place) } : nil
    }

    /// The day's number in "December 23" or "December the 23rd".
    private func number(behind index: Int) -> (day: Int, index: Int)? {
        var place = index + 1
        if place < words.count, words[place].key == "the" { place += 1 }
        return place < words.count
            ? Utterance.dayNumber(words[place].key).map { ($0, place) } : nil
    }

    private func year(behind index: Int) -> Int? {
        guard index + 1 < words.count, let digits = words[index + 1].digits,
            let year = Int(digits), (2000...2100).contains(year)
        else { return nil }
        return year
    }

    /// The number in `23` or `23rd`.
    static func dayNumber(_ key: String) -> Int? {
        let bare =
            ["st", "nd", "rd", "th"].contains { key.hasSuffix($0) } ? key.dropLast(2) : key[...]
        guard (1...2).contains(bare.utf8.count), bare.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int(bare)
    }

    /// The numbers of the months by their names and the first letters of these.
    static let months: [String: Int] = {
        let names = [
            "january", "february", "march", "april", "may", "june", "july", "august",
            "september", "october", "november", "december",
        ]
        var months: [String: Int] = ["sept": 9]
        for (index, name) in names.enumerated() {
            months[name] = index + 1
            months[String(name.prefix(3))] = index + 1
        }
        return months
    }()
}
