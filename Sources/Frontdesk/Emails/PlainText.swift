/// What an HTML text says, for readers that show no HTML.
///
/// It is no browser: tags become line breaks, list marks or nothing, links show their address.
struct PlainText {
    private var rest: Substring.UnicodeScalarView
    private var lines: [String] = [""]
    private var links: [String] = []
    /// Whether a space is due before the next word.
    private var isSpaceDue = false
    /// Whether there can be another tag.
    private var mayHaveTags = true
    /// Whether white space counts, inside of `<pre>`.
    private var isPreformatted = false

    /// The text of an HTML fragment or document.
    init(html: String) {
        rest = html.unicodeScalars[...]
        while let scalar = rest.first { read(scalar) }
    }

    /// The text, with at most one empty line in a row.
    var text: String {
        var result: [String] = []
        for line in lines.map(\.trimmedAtEnd) where !line.isEmpty || result.last?.isEmpty == false {
            result.append(line)
        }
        while result.last?.isEmpty == true { result.removeLast() }
        return result.joined(separator: "\n")
    }

    private mutating func read(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "<":
            if !readMarkup() { append(take(1)) }
        case "&":
            append(readEntity())
        case _ where scalar.properties.isWhitespace && scalar != "\u{A0}":
            _ = take(1)
            readSpace(scalar)
        default:
            append(take(1))
        }
    }

    private mutating func readSpace(_ scalar: Unicode.Scalar) {
        if !isPreformatted {
            isSpaceDue = true
        } else if scalar == "\n" {
            breakLine()
        } else if scalar != "\r" {
            append(" ")
        }
    }

    private mutating func take(_ count: Int) -> String {
        let taken = String(rest.prefix(count))
        rest = rest.dropFirst(count)
        return taken
    }

    private mutating func append(_ text: String) {
        if isSpaceDue, let last = lines[lines.count - 1].unicodeScalars.last, last != " " {
            lines[lines.count - 1] += " "
        }
        isSpaceDue = false
        lines[lines.count - 1] += text
    }

    private mutating func breakLine() {
        isSpaceDue = false
        lines.append("")
    }

    /// Begins a new line, after an empty one if `isParagraph`, unless the present one is empty.
    private mutating func beginBlock(isParagraph: Bool) {
        isSpaceDue = false
        if lines.last?.isEmpty == false { lines.append("") }
        if isParagraph, lines.count > 1, lines[lines.count - 2].isEmpty == false {
            lines.append("")
        }
    }
}

// MARK: - Markup

extension PlainText {
    private static let paragraphs: Set = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre",
    ]
    private static let blocks: Set = [
        "div", "tr", "section", "article", "header", "footer", "address", "dt", "dd", "dl", "form",
        "main", "nav", "center", "body", "html", "figure", "figcaption", "title", "caption",
    ]
    /// The kinds of addresses that mean something to a reader.
    private static let shownSchemes = ["https://", "http://", "mailto:", "tel:"]
    /// What is between these tags is not for readers.
    private static let hidden: Set = ["script", "style", "head", "template", "noscript", "svg"]

    /// Reads a tag or a comment at `<`; false when the sign is no markup.
    private mutating func readMarkup() -> Bool {
        if rest.starts(with: "<!--".unicodeScalars) {
            skip(past: "-->")
            return true
        }
        guard let second = rest.dropFirst().first,
            second == "/" || second == "!" || second == "?" || second.properties.isAlphabetic,
            let tag = readTag()
        else { return false }
        if Self.hidden.contains(tag.name), !tag.isEnd {
            skip(past: "</\(tag.name)")
            skip(past: ">")
        } else {
            apply(tag)
        }
        return true
    }

    private mutating func apply(_ tag: HTMLTag) {
        switch tag.name {
        case "br": breakLine()
        case "hr":
            beginBlock(isParagraph: false)
            append("----")
            breakLine()
        case "li":
            beginBlock(isParagraph: false)
            if !tag.isEnd { append("- ") }
        case "td", "th": isSpaceDue = true
        case "img": if let words = tag["alt"], !words.isEmpty { append("[\(words)]") }
        case "a": applyLink(tag)
        case _ where Self.paragraphs.contains(tag.name):
            beginBlock(isParagraph: true)
            if tag.name == "pre" { isPreformatted = !tag.isEnd }
        case _ where Self.blocks.contains(tag.name): beginBlock(isParagraph: false)
        default: break
        }
    }

    /// Shows a link's address behind its words, unless they are the address.
    private mutating func applyLink(_ tag: HTMLTag) {
        guard tag.isEnd else { return links.append(tag["href"] ?? "") }
        guard let address = links.popLast(), let line = lines.last,
            let scheme = Self.shownSchemes.first(where: address.hasPrefix)
        else { return }
        let shown = scheme.hasSuffix("//") ? address : String(address.dropFirst(scheme.count))
        if !line.hasSuffix(shown) { append(" (\(shown))") }
    }

    /// Reads to the `>` that is in no quotes, or to the first one when a quote never ends.
    ///
    /// Whatever the text, all calls together look at each sign a few times only: a quote that
    /// never ends is the last of its kind, and without any `>` nobody looks again.
    private mutating func readTag() -> HTMLTag? {
        guard mayHaveTags else { return nil }
        var quote: Unicode.Scalar?
        var first: String.UnicodeScalarView.Index?
        var end: String.UnicodeScalarView.Index?
        for index in rest.indices {
            let scalar = rest[index]
            if scalar == ">", first == nil { first = index }
            if let open = quote {
                if scalar == open { quote = nil }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else if scalar == ">" {
                end = index
                break
            }
        }
        guard let end = end ?? first else {
            mayHaveTags = false
            return nil
        }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        return HTMLTag(String(inside))
    }

    private mutating func skip(past mark: String) {
        let mark = Array(mark.unicodeScalars)
        while !rest.isEmpty {
            if rest.prefix(mark.count).map({ $0.lowercase }) == mark {
                rest = rest.dropFirst(mark.count)
                return
            }
            rest = rest.dropFirst()
        }
    }

    private mutating func readEntity() -> String {
        let name = rest.dropFirst().prefix(12).prefix { $0 != ";" }
        guard rest.dropFirst(name.count + 1).first == ";",
            let text = HTMLEntity.text(of: String(name))
        else { return take(1) }
        rest = rest.dropFirst(name.count + 2)
        return text
    }
}

extension Unicode.Scalar {
    /// The ASCII small letter of an ASCII capital.
    fileprivate var lowercase: Unicode.Scalar {
        ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) | 0x20) : self
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        guard let last = unicodeScalars.lastIndex(where: { $0 != " " }) else { return "" }
        return String(unicodeScalars[...last])
    }
}
