extension String {
    /// Whether there is nothing but white space.
    var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    /// The text without white space at its ends.
    var trimmed: String {
        // Most texts have nothing to trim, and are then returned without a copy.
        if let first = utf8.first, let last = utf8.last, (0x21...0x7E).contains(first),
            (0x21...0x7E).contains(last)
        {
            return self
        }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }

    /// A word of a closed list as lists write it: `in progress` is `IN_PROGRESS`.
    var asChoice: String {
        String(uppercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    }

    /// Whether there is a control character or a line or paragraph separator.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x20..<0x7F: false
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
            default: false
            }
        }
    }
}
