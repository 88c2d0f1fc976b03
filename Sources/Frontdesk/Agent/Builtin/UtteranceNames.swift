import JSON

/// Customers' names inside a message.
extension Utterance {
    /// The name behind one of `prepositions`, as in "orders of Sarah Johnson".
    func name(after prepositions: Set<String>) -> String? {
        for index in words.indices.dropLast() where prepositions.contains(words[index].key) {
            let range = nameRange(from: index + 1)
            if !range.isEmpty { return nameText(range) }
        }
        return nil
    }

    /// The name before the word that speaks of orders: "Sarah Johnson's orders", "did Grace Kim
    /// order".
    var nameBeforeOrders: String? {
        for mark in marks where mark.concept == .orders || mark.concept == .order {
            var end = mark.words.lowerBound
            while end > 0, concepts(at: end - 1).has(.progress) { end -= 1 }
            var start = end
            while start > 0, goesOnBackwards(start - 1, end) { start -= 1 }
            if start < end, isPlausible(start..<end) { return nameText(start..<end) }
        }
        return nil
    }

    /// Without a preposition only a possessive or capital letters tell a name from other words.
    private func goesOnBackwards(_ index: Int, _ end: Int) -> Bool {
        let word = words[index]
        guard word.kind == .word, !word.hasDigit, !Utterance.notNames.contains(word.key),
            concepts(at: index).isEmpty || word.isPossessive,
            index + 1 == end || words[index + 1].gap.isDisjoint(with: .clause)
        else { return false }
        let first = text(of: index..<index + 1).unicodeScalars.first
        return words[end - 1].isPossessive || first?.properties.isUppercase == true
    }

    /// Whether words before "orders" are meant as a name: a possessive, a question or list, or the
    /// message's first words.
    private func isPlausible(_ range: Range<Int>) -> Bool {
        if words[range.upperBound - 1].isPossessive { return true }
        if has(any: Concepts(.list, .question, .details)) { return true }
        return range.lowerBound == 0 && words[0].gap.isEmpty
    }

    /// The words from `index` on that can be one name.
    func nameRange(from index: Int) -> Range<Int> {
        var start = index
        while start < words.count, Utterance.titles.contains(words[start].key) { start += 1 }
        guard start < words.count, !Utterance.notNames.contains(words[start].key) else {
            return 0..<0
        }
        var end = start
        while end < words.count, end - start < 8, words[end].kind == .word, !words[end].hasDigit,
            !Utterance.boundaries.contains(words[end].key), end == start || goesOn(end)
        {
            end += 1
        }
        return start..<end
    }

    /// Whether the name goes on at `index`; the dot of "J. Smith" does not end it.
    private func goesOn(_ index: Int) -> Bool {
        var gap = words[index].gap
        if words[index - 1].key.utf8.count == 1 { gap.remove(.dot) }
        return gap.isDisjoint(with: [.clause, .dollar, .foreign, .hash])
    }

    private func nameText(_ range: Range<Int>) -> String {
        let name = text(of: range)
        return words[range.upperBound - 1].isPossessive ? String(name.dropLast(2)) : name
    }

    /// The name with which a customer answers although an order's number was asked for.
    var nameInsteadOfNumber: String? {
        if let name = name(after: ["under", "for", "name"]) { return name }
        let isName =
            (2...4).contains(words.count) && !closing.contains(.question)
            && words.indices.allSatisfy { goesOnBackwards($0, words.count) }
        return isName ? nameText(words.indices) : nil
    }

    /// A name that was asked for: what remains of the message without "my name is" and the like.
    func askedName() -> Reading {
        let start = introduction(Utterance.introductions, Utterance.anchors)
        guard start < words.count, !closing.contains(.question) else { return .absent }
        let courtesies = Concepts(.greeting, .thanks, .yes, .no, .filler, .opener, .unsure)
        if mentions.isEmpty, isOnly(courtesies) { return .absent }
        if mentions.contains(where: { !$0.isBare }) {
            return .bad("That is an order number, not a name.")
        }
        let name = text(from: start).stripped()
        guard name.unicodeScalars.contains(where: \.properties.isAlphabetic) else {
            return .bad("A name needs at least one letter.")
        }
        guard name.length <= 100 else { return .bad("A name can have at most 100 characters.") }
        return .value(.string(name))
    }

    /// Where a value begins: behind the last anchor of an introduction such as "my name is", else
    /// at once.
    func introduction(_ known: Set<String>, _ anchors: Set<String>) -> Int {
        var start = 0
        for index in words.indices.prefix(8) {
            guard known.contains(words[index].key) else { break }
            if anchors.contains(words[index].key) { start = index + 1 }
        }
        return start
    }
}

// MARK: - Words around names

extension Utterance {
    /// Words that may stand before a name and are no part of it.
    private static let titles = words(
        "the customer client user mr mrs ms miss dr named called name someone a person")

    /// Words with which no name begins.
    private static let notNames = words(
        """
        my me mine us our you your it its this that these those them their him her his all any \
        order orders today now help more free details status everything everyone everybody anyone \
        what which customers sure example delivery shipping products product items email e-mail \
        mail each both some course complaint complaints address payment refund days weeks ages \
        long once work sale yesterday last next be not pending shipped delivered cancelled \
        canceled confirmed return
        """
    ).union(boundaries)

    /// Words that end a name.
    private static let boundaries = words(
        """
        to at with please that which who is are was were in on and or from for by of orders order \
        status thanks thank pls have has had do does did still now again but because so if when \
        where as placed ordered containing under whose today yesterday show list find get me my \
        all any the a an i you we what how many can will would could there delivered shipped \
        pending cancelled about complaints complaint your our if than
        """)

    /// Words of which introductions are made.
    private static let introductions = words(
        """
        my name is its it im i am the under for of by this customer please show orders order was \
        they were placed try check full hi hello sure ok okay yes use
        """)

    /// Words behind which the name itself comes.
    private static let anchors = words(
        "is its im am for of by under customer name try check use sure ok okay yes hi hello")

    /// The words of a text as a set.
    static func words(_ text: String) -> Set<String> {
        Set(text.split(separator: " ").map(String.init))
    }
}
