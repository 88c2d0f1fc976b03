/// Days that are written in digits alone, or told from the day on which it is said.
extension Utterance {
    /// The day of `12/23`, `23.12.2026` or `23-12-2026`; nil when there is none.
    var numericDay: Reading? {
        guard words.contains(where: \.hasDigit) else { return nil }
        var previous = ""
        for token in source.split(whereSeparator: \.isWhitespace) {
            if let date = DigitDate(token, after: previous) {
                guard let month = date.month else {
                    return .bad(
                        "I can't tell the day from the month in \(token.prefix(12)): I need a day "
                            + "such as December 23.")
                }
                return reading(date.day, month, year: date.year)
            }
            previous = token.lowercased()
        }
        return nil
    }

    /// The day of "tomorrow", "next Friday", "on the 25th" or "in 3 days", and what is said of a
    /// day without saying which; nil when no day is spoken of.
    func nearDay(asked: Bool) -> Reading? {
        words.indices.lazy.compactMap { ordinalDay(at: $0) }.first
            ?? words.indices.lazy.compactMap { nearDay(at: $0, asked: asked) }.first
    }

    private func nearDay(at index: Int, asked: Bool) -> Reading? {
        let word = key(at: index)
        let before = index > 0 ? words[index - 1].key : ""
        switch word {
        case "today", "tonight":
            // Mostly it is the day of the purchase, not the one of the event.
            return asked || before == "for" ? Utterance.reading(today) : nil
        case "tomorrow":
            let isAfter = before == "after" && index >= 2 && words[index - 2].key == "day"
            return Utterance.reading(today.adding(days: isAfter ? 2 : 1))
        case "day", "days", "week", "weeks":
            if index >= 2, words[index - 2].key == "in", let count = Int(before),
                (1...500).contains(count)
            {
                return Utterance.reading(
                    today.adding(days: word.hasPrefix("week") ? 7 * count : count))
            }
            return word == "week" && Utterance.pointers.contains(before) ? Utterance.vague : nil
        case "month", "year":
            return Utterance.pointers.contains(before) ? Utterance.vague : nil
        case "weekend", "christmas", "easter", "thanksgiving", "halloween":
            return Utterance.vague
        default:
            if let weekday = weekday(at: index) { return next(weekday) }
            let isMonth = Utterance.months[word] != nil && Utterance.monthPointers.contains(before)
            return isMonth ? Utterance.vague : nil
        }
    }

    /// The 25th of "on the 25th", "for the 25th" and "Friday the 25th".
    private func ordinalDay(at index: Int) -> Reading? {
        guard index >= 1, words[index].kind == .word,
            let number = Utterance.dayNumber(words[index].key)
        else { return nil }
        let hasArticle = words[index - 1].key == "the"
        let place = hasArticle ? index - 2 : index - 1
        guard place >= 0,
            weekday(at: place) != nil || hasArticle && ["on", "for"].contains(words[place].key)
        else { return nil }
        let next = (0...11).lazy.compactMap { offset in
            let month = today.month - 1 + offset
            return CalendarDay(today.year + month / 12, month % 12 + 1, number)
        }.first { $0 >= today }
        return Utterance.reading(next)
    }

    private func next(_ weekday: Weekday) -> Reading {
        Utterance.reading(
            (1...7).lazy.map { today.adding(days: $0) }.first { $0.weekday == weekday })
    }

    /// The day of the week that a word names; of short names only where they can be nothing else.
    private func weekday(at index: Int) -> Weekday? {
        let word = key(at: index)
        if let weekday = Utterance.weekdays[word] { return weekday }
        guard index > 0, ["on", "next", "this", "for"].contains(words[index - 1].key) else {
            return nil
        }
        return Weekday(rawValue: word)
    }

    /// The word, without its `'s`.
    private func key(at index: Int) -> String {
        let word = words[index]
        return word.isPossessive ? String(word.key.dropLast()) : word.key
    }

    private static let vague = Reading.bad("I need a day such as December 23.")
    private static let pointers: Set<String> = ["this", "next"]
    private static let monthPointers: Set<String> = ["in", "this", "next", "early", "mid", "late"]
    private static let weekdays: [String: Weekday] = [
        "monday": .monday, "tuesday": .tuesday, "wednesday": .wednesday, "thursday": .thursday,
        "friday": .friday, "saturday": .saturday, "sunday": .sunday,
    ]
}

/// A day in digits alone.
struct DigitDate {
    /// The year, if it is there.
    let year: Int?
    /// The month; nil where it could as well be the day.
    let month: Int?
    /// The day of the month.
    let day: Int

    /// Reads `12/23`, `12/23/2026`, `23-12-2026`, `23.12.2026`, `2026/12/23`, and "on 23.12.";
    /// nil for anything else. The month comes first only between slashes or hyphens.
    init?(_ token: Substring, after previous: String = "") {
        var text = token.drop { "([\"'".contains($0) }
        while let last = text.last, ")]\"'?!,;:.".contains(last) { text.removeLast() }
        guard (3...10).contains(text.utf8.count),
            let separator = text.first(where: { !("0"..."9").contains($0) }),
            "/.-".contains(separator)
        else { return nil }
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }) else { return nil }
        var pair = parts.compactMap { Int($0) }
        guard pair.count == parts.count else { return nil }
        if pair.count == 3 {
            // The year stands where four digits do, else at the end.
            let place = parts[0].utf8.count == 4 ? 0 : 2
            let number = pair.remove(at: place)
            year = number < 100 ? 2000 + number : number
            if place == 0 {
                (month, day) = (pair[0], pair[1])
                return
            }
        } else {
            guard pair.count == 2, separator == "/" || separator == "." && previous == "on"
            else { return nil }
            year = nil
        }
        guard pair.allSatisfy({ (1...31).contains($0) }) else { return nil }
        if separator == "." || pair[0] > 12 {
            (day, month) = (pair[0], pair[1])
        } else {
            day = pair[1]
            month = pair[1] > 12 || pair[0] == pair[1] ? pair[0] : nil
        }
    }
}
