import JSON

/// Postal addresses inside a message.
extension Utterance {
    /// An address that was asked for: the message, its lines joined by commas.
    func askedAddress() -> Reading {
        let courtesies = Concepts(.greeting, .thanks, .yes, .no, .unsure, .opener)
        if mentions.isEmpty, isOnly(courtesies) { return .absent }
        let start = introduction(Utterance.addressWords, Utterance.addressAnchors)
        return Utterance.address(start < words.count ? lines(from: start) : "")
    }

    /// The new address of an order: behind "to" or a colon, with a number near, or behind the word
    /// "address".
    func newAddress() -> Reading {
        let named = mark(.address)?.words.upperBound ?? mentions.first?.words.upperBound
        let start =
            words.indices.first { follows(["to"], $0) && isAddressStart($0) }
            ?? words.indices.first {
                follows(["to", "is"], $0) && $0 > (named ?? .max) && isText($0)
            }
            ?? words.indices.first { $0 >= (named ?? .max) && words[$0].gap.contains(.colon) }
        return addressReading(from: start)
    }

    /// The address of a new order: behind "to", "at" or "address", with a number near.
    func deliveryAddress() -> Reading {
        addressReading(
            from: words.indices.first { index in
                follows(["to", "at", "address", "is", "be"], index) && isAddressStart(index)
                    && !["is", "to", "at", "should"].contains(words[index].key)
            })
    }

    private func addressReading(from start: Int?) -> Reading {
        guard let start else { return .absent }
        return Utterance.address(lines(from: start, to: addressEnd(from: start)))
    }

    private func follows(_ keys: Set<String>, _ index: Int) -> Bool {
        index > 0 && keys.contains(words[index - 1].key)
    }

    /// Whether a word can begin an address: no order number, no e-mail address, no money.
    private func isText(_ index: Int) -> Bool {
        words[index].kind != .email && words[index].gap.isDisjoint(with: [.dollar, .foreign])
            && !mentions.contains { $0.words.contains(index) && !$0.isBare }
    }

    /// Whether an address with a house number begins here.
    private func isAddressStart(_ index: Int) -> Bool {
        isText(index)
            && words[index..<min(index + 5, words.count)].contains { $0.kind == .number }
            && concepts(at: index).isDisjoint(with: Concepts(.place, .order, .change, .quantity))
    }

    /// Where the address ends: before "for Anna Berg", an amount, an order number or a courtesy.
    private func addressEnd(from start: Int) -> Int {
        for index in words.indices.dropFirst(start + 1) {
            let word = words[index]
            if !word.gap.isDisjoint(with: [.dollar, .foreign, .question]) { return index }
            if isOrderNumber(index) { return index }
            let isLast = index + 1 == words.count
            switch word.key {
            case "please", "instead", "thanks", "thank", "pls": return index
            case "for", "on", "of", "in":
                if !isLast, isOrderNumber(index + 1) || leadsToOrder(index + 1) { return index }
                if word.key == "for", !isLast, !nameRange(from: index + 1).isEmpty { return index }
            default: continue
            }
        }
        return words.count
    }

    private func isOrderNumber(_ index: Int) -> Bool {
        mentions.contains { $0.words.contains(index) && !$0.isBare }
    }

    /// Whether "my order" or "the order" begins here.
    private func leadsToOrder(_ index: Int) -> Bool {
        concepts(at: index).has(.order) || concepts(at: index).has(.it)
    }

    private static func address(_ text: String) -> Reading {
        guard !text.isEmpty else { return .absent }
        guard text.length <= 500 else {
            return .bad("An address can have at most 500 characters.")
        }
        return .value(.string(text))
    }

    /// The customer's text between two words, with commas for line ends and without marks at its
    /// ends.
    private func lines(from start: Int, to end: Int? = nil) -> String {
        var text = ""
        for index in start..<(end ?? words.count) {
            if index > start {
                let isNewLine = words[index].gap.intersection([.newline, .comma]) == .newline
                text +=
                    isNewLine ? ", " : source.utf8Slice(words[index - 1].end, words[index].start)
            }
            text += source.utf8Slice(words[index].start, words[index].end)
        }
        return text.plain().stripped()
    }

    private static let addressWords = words(
        """
        to my address is its the please deliver ship send it at new change use sure ok okay yes \
        should be
        """)
    private static let addressAnchors = words("to is its at use sure ok okay yes please be")
}

extension String {
    /// The text between two places in UTF-8 bytes, which must be borders of characters.
    func utf8Slice(_ start: Int, _ end: Int) -> Substring {
        let from = utf8.index(utf8.startIndex, offsetBy: start)
        return self[from..<utf8.index(from, offsetBy: end - start)]
    }
}
