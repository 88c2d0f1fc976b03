import Foundation
import JSON

@testable import Frontdesk

/// What a reply may state: the order numbers, days and amounts that somebody said before.
struct Evidence {
    private var texts: [String] = []

    /// Takes up a message and what the tools returned for it.
    mutating func hear(_ message: String, _ results: [JSONValue]) {
        texts.append(message)
        texts.append(contentsOf: results.map(\.text))
    }

    /// The order numbers, days and amounts of `reply` that nobody said.
    func inventions(in reply: String) -> [String] {
        let said = texts.joined(separator: "\n")
        let digits = Set(said.matches(of: /\d+/).map { String($0.output) })
        let days = Set(
            said.matches(of: /\d{4}-\d\d-\d\d/).map { Evidence.words(String($0.output)) })
        let numbers = Evidence.numbers(in: said)
        var inventions: [String] = []
        for match in reply.matches(of: /ORD-(\d+)/) where !digits.contains(String(match.output.1)) {
            inventions.append(String(match.output.0))
        }
        for match in reply.matches(of: /[A-Z][a-z]+ \d{1,2}, \d{4}/) {
            let day = String(match.output)
            if !days.contains(day), !said.contains(day) { inventions.append(day) }
        }
        for match in reply.matches(of: /\$[\d,]+(\.\d+)?/) {
            let amount = String(match.output.0)
            if Evidence.numbers(in: amount).isDisjoint(with: numbers) { inventions.append(amount) }
        }
        return inventions
    }

    /// The numbers of a text by their value, so that 349 and 349.00 are the same.
    private static func numbers(in text: String) -> Set<Decimal> {
        let plain = text.replacing(/(\d),(?=\d{3})/) { match in String(match.output.1) }
        return Set(
            plain.matches(of: /\d+(\.\d+)?/).compactMap { match in
                Decimal(string: String(match.output.0))
            })
    }

    /// `February 25, 2026` for `2026-02-25`, made by other means than the agent's.
    private static func words(_ day: String) -> String {
        let parser = DateFormatter()
        parser.locale = Locale(identifier: "en_US_POSIX")
        parser.timeZone = TimeZone(identifier: "UTC")
        parser.dateFormat = "yyyy-MM-dd"
        guard let date = parser.date(from: day) else { return day }
        parser.dateFormat = "MMMM d, yyyy"
        return parser.string(from: date)
    }
}
