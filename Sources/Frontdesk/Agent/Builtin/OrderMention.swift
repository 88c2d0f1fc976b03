/// An order number in a message.
struct OrderMention: Sendable {
    /// The number as the tools write it: `ORD-10001`.
    let id: String
    /// The words that say it.
    let words: Range<Int>
    /// Whether it is only digits, which are an order number when orders are the topic.
    let isBare: Bool

    /// More than this in one message are not read.
    private static let limit = 20

    /// The order numbers in `words`, from left to right.
    static func all(in words: [Word]) -> [OrderMention] {
        var mentions: [OrderMention] = []
        var index = 0
        while index < words.count, mentions.count < limit {
            if let mention = mention(in: words, at: index) {
                mentions.append(mention)
                index = mention.words.upperBound
            } else {
                index += 1
            }
        }
        return mentions
    }

    /// The order number that begins at the word `index`.
    private static func mention(in words: [Word], at index: Int) -> OrderMention? {
        let word = words[index]
        switch word.kind {
        case .email:
            return nil
        case .number:
            return number(in: words, at: index)
        case .word:
            guard word.key.utf8.first == UInt8(ascii: "o") else { return nil }
            if let digits = joinedDigits(word) {
                return make(digits, index..<index + 1)
            }
            return spelled(in: words, at: index)
        }
    }

    /// The digits of `ord-10001`, `ord10001` or `order-10001`, also with a final `'s`.
    private static func joinedDigits(_ word: Word) -> Substring? {
        guard word.hasDigit else { return nil }
        var rest = word.key[...]
        if word.isPossessive { rest.removeLast() }
        guard rest.hasPrefix("ord") else { return nil }
        rest.removeFirst(3)
        if rest.hasPrefix("er") { rest.removeFirst(2) }
        if rest.first == "-" || rest.first == "_" { rest.removeFirst() }
        return isNumber(rest, 1...18) ? rest : nil
    }

    /// The number of `ord 10001`, `order 10001` or `order number 10001`.
    private static func spelled(in words: [Word], at index: Int) -> OrderMention? {
        let key = words[index].key
        guard key == "ord" || key == "order" || key == "orders" else { return nil }
        var next = index + 1
        var isNamed = key == "ord"
        while next < words.count, fillers.contains(words[next].key) {
            next += 1
            isNamed = true
        }
        // "Order 2 of …" is a quantity; "order 10001" and "order no. 7" are numbers.
        guard next < words.count, let digits = words[next].digits, !words[next].isGrouped,
            words[next].gap.isDisjoint(with: [.dollar, .foreign, .comma, .newline]),
            isNumber(digits[...], (isNamed ? 1 : 5)...18), !isCounted(words, next)
        else { return nil }
        return make(digits[...], index..<next + 1)
    }

    private static let fillers: Set<String> = ["number", "no", "nr", "num", "id", "is"]

    /// The number of `#10001`, or digits that may be one.
    private static func number(in words: [Word], at index: Int) -> OrderMention? {
        let word = words[index]
        guard let digits = word.digits else { return nil }
        if index > 0, complaintWords.contains(words[index - 1].key) { return nil }
        if index > 1, complaintWords.contains(words[index - 2].key),
            fillers.contains(words[index - 1].key)
        {
            return nil
        }
        if word.gap.contains(.hash) {
            return isNumber(digits[...], 1...18) ? make(digits[...], index..<index + 1) : nil
        }
        guard isNumber(digits[...], 5...12), !word.isGrouped,
            word.gap.isDisjoint(with: [.dollar, .foreign, .minus]),
            !isCounted(words, index)
        else { return nil }
        return make(digits[...], index..<index + 1, isBare: true)
    }

    private static let complaintWords: Set<String> = ["complaint", "complaints", "case", "ticket"]

    /// Whether the number counts something: a currency, a unit or a product follows.
    private static func isCounted(_ words: [Word], _ index: Int) -> Bool {
        guard index + 1 < words.count else { return false }
        let next = words[index + 1]
        if next.gap.contains(.times) || units.contains(next.key) { return true }
        return next.key == "of" && index + 2 < words.count && words[index + 2].key.hasPrefix("sku")
    }

    private static let units: Set<String> = [
        "dollars", "dollar", "usd", "bucks", "euro", "euros", "eur", "pieces", "units", "pcs", "x",
        "percent",
    ]

    private static func isNumber(_ digits: Substring, _ lengths: ClosedRange<Int>) -> Bool {
        lengths.contains(digits.utf8.count) && digits.utf8.allSatisfy(\.isDigit)
    }

    private static func make(
        _ digits: Substring, _ words: Range<Int>, isBare: Bool = false
    ) -> OrderMention {
        OrderMention(id: "ORD-" + digits, words: words, isBare: isBare)
    }
}
