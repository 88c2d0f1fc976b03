import JSON

extension Utterance {
    /// How many pieces: unasked only with a unit or beside a product, asked any number.
    func quantity(asked: Bool) -> Reading {
        if let index = countedNumber { return Utterance.quantity(words[index]) }
        guard asked, let index = words.indices.first(where: isNumeric) else { return .absent }
        return Utterance.quantity(words[index])
    }

    /// The number of "2 of SKU-…", "2x SKU-…", "SKU-… x 2", "quantity 2" or "two pieces".
    private var countedNumber: Int? {
        let product = productCode?.index
        return words.indices.first { index in
            guard isNumeric(index), words[index].gap.isDisjoint(with: [.dollar, .foreign]) else {
                return false
            }
            if index + 1 < words.count {
                let next = words[index + 1]
                if next.gap.contains(.times) || Utterance.units.contains(next.key) { return true }
                // "of" and "x" count only before a product: "2 of them arrived" counts nothing.
                if index + 1 == product
                    || (index + 2 == product && Utterance.joints.contains(next.key))
                {
                    return true
                }
            }
            guard index > 0 else { return false }
            let previous = words[index - 1].key
            return words[index].gap.contains(.times) || Utterance.quantityNouns.contains(previous)
                || (previous == "x" && index - 2 == product)
                || (previous == "to" && has(.quantity))
        }
    }

    private func isNumeric(_ index: Int) -> Bool {
        words[index].kind == .number || Utterance.numberWords[words[index].key] != nil
    }

    private static func quantity(_ word: Word) -> Reading {
        if let number = numberWords[word.key] { return .value(JSONValue(number)) }
        guard !word.gap.contains(.minus), let digits = word.digits,
            let number = Int(digits) ?? (digits.utf8.count > 18 ? Int.max : nil), number >= 1
        else { return .bad("The quantity must be a whole number of at least 1.") }
        guard number <= 1_000_000 else {
            return .bad("The quantity can be at most 1,000,000.")
        }
        return .value(JSONValue(number))
    }

    private static let numberWords = [
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    ]
    private static let units = words("pieces piece pcs units unit items")
    private static let joints = words("of x times the")
    private static let quantityNouns = words("quantity qty")

    /// An amount of money: unasked only with a dollar sign or word, asked any number.
    func amount(asked: Bool) -> Reading {
        var number: Word?
        for index in words.indices where words[index].kind == .number {
            let word = words[index]
            let next = index + 1 < words.count ? words[index + 1] : nil
            let isFollowed = (next?.gap ?? closing).contains(.dollar) && next?.kind != .number
            if word.gap.contains(.foreign)
                || next.map({ Utterance.foreignMoney.contains($0.key) }) == true
            {
                return .bad("Orders are in US dollars.")
            }
            let isDollars =
                word.gap.contains(.dollar) || isFollowed
                || next.map { Utterance.dollars.contains($0.key) } == true
                || (index > 0 && Utterance.dollars.contains(words[index - 1].key))
            if isDollars { return Utterance.amount(word) }
            number = number ?? word
        }
        guard asked, let number else { return .absent }
        return Utterance.amount(number)
    }

    private static func amount(_ word: Word) -> Reading {
        guard !word.gap.contains(.minus), let cents = Money.cents(of: word.key) else {
            return .bad("The amount needs to be in dollars with at most two decimals.")
        }
        guard cents > 0 else { return .bad("The amount must be more than zero.") }
        guard cents <= 1_000_000_000 else {
            return .bad("The amount can be at most ten million dollars.")
        }
        return .value(JSONValue(cents: cents))
    }

    private static let dollars: Set<String> = ["dollars", "dollar", "usd", "bucks", "us"]
    private static let foreignMoney: Set<String> = [
        "euro", "euros", "eur", "pounds", "gbp", "yen", "francs", "chf",
    ]
}
