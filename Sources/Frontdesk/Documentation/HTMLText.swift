/// A piece of HTML; texts come in escaped, other pieces as they are.
struct HTMLText: ExpressibleByStringInterpolation, Sendable {
    /// The HTML.
    private(set) var source: String

    /// HTML written in the program itself.
    init(stringLiteral source: StaticString) {
        self.source = "\(source)"
    }

    /// HTML written in the program itself, with texts and pieces in between.
    init(stringInterpolation: StringInterpolation) {
        source = stringInterpolation.source
    }

    /// Gathers the parts of a literal.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        /// Makes room for a usual text.
        init(literalCapacity: Int, interpolationCount: Int) {
            source.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        /// Adds what the program wrote itself.
        mutating func appendLiteral(_ literal: StaticString) {
            source += "\(literal)"
        }

        /// Adds a text, so that nothing in it is taken for HTML.
        mutating func appendInterpolation(_ text: String) {
            source += HTMLText.escaped(text)
        }

        /// Adds a piece of HTML.
        mutating func appendInterpolation(_ piece: HTMLText) {
            source += piece.source
        }

        /// Adds pieces of HTML one after the other.
        mutating func appendInterpolation(_ pieces: [HTMLText]) {
            for piece in pieces { source += piece.source }
        }
    }

    /// Pieces between a separator.
    static func joined(_ pieces: [HTMLText], by separator: HTMLText) -> HTMLText {
        var result: HTMLText = ""
        result.source = pieces.map(\.source).joined(separator: separator.source)
        return result
    }

    /// Sentences of Markdown: paragraphs, `code` and **strong** words; nothing else is used here.
    static func markdown(_ text: String) -> HTMLText {
        var result: HTMLText = ""
        for paragraph in text.split(separator: "\n\n") {
            result.source += "<p>\(spans(escaped(String(paragraph))))</p>"
        }
        return result
    }

    /// One line of Markdown without a paragraph around it.
    static func line(_ text: String) -> HTMLText {
        var result: HTMLText = ""
        result.source = spans(escaped(text))
        return result
    }

    private static func spans(_ text: String) -> String {
        let coded = text.split(separator: "`", omittingEmptySubsequences: false)
        // An unpaired backtick is shown as it is.
        guard coded.count % 2 == 1 else { return text }
        return coded.enumerated().map { index, part in
            index % 2 == 1 ? "<code>\(part)</code>" : strong(part)
        }.joined()
    }

    private static func strong(_ text: Substring) -> String {
        let parts = text.split(separator: "**", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return String(text) }
        return parts.enumerated().map { index, part in
            index % 2 == 1 ? "<strong>\(part)</strong>" : String(part)
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        result.append(escapingForHTML: text.unicodeScalars)
        return result
    }
}
