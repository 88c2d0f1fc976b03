/// A customer's search as an FTS5 expression: words are ANDed, `"a phrase"`, `pre*`.
///
/// Everything else that FTS5 would take for an operator is plain text.
struct SearchExpression: Sendable {
    /// The expression, every word quoted.
    let text: String

    /// What is wrong with a search, to be read after the parameter's name.
    struct Problem: Error {
        let text: String
    }

    /// Reads a search of 1 to 200 characters with at least one word. Throws `Problem`.
    init(_ search: String) throws(Problem) {
        guard (1...200).contains(search.unicodeScalars.count) else {
            throw Problem(text: "must be 1 to 200 characters long")
        }
        var terms: [String] = []
        // A quote under an accent would be another character, and yet end a word of the index.
        var rest = search.unicodeScalars[...]
        while let start = rest.firstIndex(where: { !$0.properties.isWhitespace }) {
            rest = rest[start...]
            if rest.first == "\"" {
                rest = rest.dropFirst()
                let phrase = rest.prefix { $0 != "\"" }
                rest = rest[phrase.endIndex...].dropFirst()
                Self.add(phrase, isPrefix: false, to: &terms)
            } else {
                let word = rest.prefix { !$0.properties.isWhitespace && $0 != "\"" }
                rest = rest[word.endIndex...]
                Self.add(word, isPrefix: word.last == "*", to: &terms)
            }
        }
        guard !terms.isEmpty else { throw Problem(text: "must hold a word") }
        text = terms.joined(separator: " AND ")
    }

    /// Adds a quoted term; one without a letter or digit would match nothing and is left out.
    private static func add(
        _ term: Substring.UnicodeScalarView, isPrefix: Bool, to terms: inout [String]
    ) {
        let scalars = term.filter { $0.value != 0 }
        guard scalars.contains(where: isTokenCharacter) else { return }
        terms.append("\"\(String(String.UnicodeScalarView(scalars)))\"" + (isPrefix ? " *" : ""))
    }

    /// Whether the index's tokenizer (unicode61) keeps the character.
    private static func isTokenCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}

/// An excerpt of a message around the words found, as safe HTML.
struct SearchSnippet: Sendable {
    /// At most 160 characters of text; only its own `<mark>` elements are markup.
    let html: String

    /// What an excerpt has around the words found, which no message can guess.
    struct Marks: Sendable {
        let open: String
        let close: String

        /// Marks that hold a secret, between characters to which no accent can attach.
        init(_ secret: String) {
            open = "\u{1}\(secret)\u{1}"
            close = "\u{2}\(secret)\u{2}"
        }
    }

    /// Makes the snippet of an excerpt whose words found stand between `marks`.
    init(_ excerpt: String, _ marks: Marks) {
        var characters: [(character: Character, isMarked: Bool)] = []
        var isMarked = false
        var rest = excerpt[...]
        while let mark = rest.firstRange(of: isMarked ? marks.close : marks.open) {
            characters += rest[..<mark.lowerBound].map { ($0, isMarked) }
            rest = rest[mark.upperBound...]
            isMarked.toggle()
        }
        characters += rest.map { ($0, isMarked) }
        html = Self.html(Self.window(of: characters))
    }

    private static let limit = 160

    /// The part to show: all, or the surroundings of the first word found.
    private static func window(
        of characters: [(character: Character, isMarked: Bool)]
    ) -> ArraySlice<(character: Character, isMarked: Bool)> {
        guard characters.count > limit else { return characters[...] }
        let first = characters.firstIndex { $0.isMarked } ?? 0
        let start = min(max(0, first - 40), characters.count - limit)
        return characters[start..<(start + limit)]
    }

    private static func html(
        _ characters: ArraySlice<(character: Character, isMarked: Bool)>
    ) -> String {
        var html = ""
        var isOpen = false
        for (character, isMarked) in characters {
            if isMarked != isOpen {
                html += isMarked ? "<mark>" : "</mark>"
                isOpen = isMarked
            }
            html.append(escapingForHTML: String(character).unicodeScalars)
        }
        return isOpen ? html + "</mark>" : html
    }
}
