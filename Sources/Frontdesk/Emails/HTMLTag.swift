/// A tag of HTML: its name and its attributes.
struct HTMLTag {
    /// The name in small letters.
    let name: String
    /// Whether the tag ends an element.
    let isEnd: Bool
    private var attributes: [String: String] = [:]

    /// A tag by what is written between `<` and `>`.
    init(_ text: String) {
        let isEnd = text.hasPrefix("/")
        let body = Substring(text).unicodeScalars.dropFirst(isEnd ? 1 : 0)
        let name = body.prefix { !$0.properties.isWhitespace && $0 != "/" }
        self.isEnd = isEnd
        self.name = String(name).lowercased()
        readAttributes(body[name.endIndex...])
    }

    /// An attribute's value with its entities resolved, on one line.
    subscript(attribute: String) -> String? { attributes[attribute] }

    private mutating func readAttributes(_ text: Substring.UnicodeScalarView) {
        var rest = text
        while true {
            rest = rest.drop { $0.properties.isWhitespace || $0 == "/" }
            let key = rest.prefix { !$0.properties.isWhitespace && $0 != "=" && $0 != "/" }
            guard !key.isEmpty else { return }
            rest = rest[key.endIndex...].drop { $0.properties.isWhitespace }
            var value = rest[rest.startIndex..<rest.startIndex]
            if rest.first == "=" {
                rest = rest.dropFirst().drop { $0.properties.isWhitespace }
                if let quote = rest.first, quote == "\"" || quote == "'" {
                    rest = rest.dropFirst()
                    value = rest.prefix { $0 != quote }
                    rest = rest[value.endIndex...].dropFirst()
                } else {
                    value = rest.prefix { !$0.properties.isWhitespace }
                    rest = rest[value.endIndex...]
                }
            }
            let name = String(key).lowercased()
            if attributes[name] == nil {
                attributes[name] = MIMEText.oneLine(HTMLEntity.resolved(String(value))).trimmed
            }
        }
    }
}

/// What `&amp;` and its like stand for.
enum HTMLEntity {
    private static let named = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
        "copy": "©", "reg": "®", "trade": "™", "euro": "€", "pound": "£", "yen": "¥", "cent": "¢",
        "mdash": "—", "ndash": "–", "hellip": "…", "bull": "•", "middot": "·", "times": "×",
        "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "laquo": "«", "raquo": "»",
        "deg": "°", "sect": "§", "para": "¶", "rarr": "→", "larr": "←", "shy": "", "zwnj": "",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "szlig": "ß", "eacute": "é", "egrave": "è", "aacute": "á", "agrave": "à", "iacute": "í",
        "oacute": "ó", "uacute": "ú", "ntilde": "ñ", "ccedil": "ç", "aring": "å", "oslash": "ø",
    ]

    /// The text of the entity between `&` and `;`, nil if there is no such.
    static func text(of name: String) -> String? {
        guard name.hasPrefix("#") else { return named[name] }
        let digits = name.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        let value =
            isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
        guard let scalar = value.flatMap(Unicode.Scalar.init) else { return nil }
        let text = String(scalar)
        return scalar == "\n" || scalar == "\t" ? " " : text.hasControlCharacters ? "" : text
    }

    /// A text with all its entities resolved.
    static func resolved(_ text: String) -> String {
        guard text.contains("&") else { return text }
        let parts = text.split(separator: "&", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(into: String(parts[0])) { result, part in
            let pieces = part.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            if pieces.count == 2, let known = Self.text(of: String(pieces[0])) {
                result += known + pieces[1]
            } else {
                result += "&" + part
            }
        }
    }
}
