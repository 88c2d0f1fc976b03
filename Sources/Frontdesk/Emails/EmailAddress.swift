/// A bare e-mail address that any mail server takes: `sarah.johnson@example.com`.
struct EmailAddress: Hashable, Sendable {
    /// The address as it was written.
    let text: String

    /// An address whose form is right, or nil; `problem(of:)` says why.
    init?(_ text: String) {
        guard EmailAddress.problem(of: text) == nil else { return nil }
        self.text = text
    }

    /// What is behind the `@`.
    var domain: Substring {
        text[text.index(after: text.lastIndex(of: "@") ?? text.startIndex)...]
    }

    /// What is wrong with the form of an address, to be read after its field's name; nil if
    /// nothing.
    ///
    /// Quoted names and addresses in brackets are valid, but nobody has them; letters beyond
    /// ASCII need a mail server that few have.
    static func problem(of text: String) -> String? {
        guard !text.hasControlCharacters else { return "must not contain control characters" }
        guard text.utf8.count <= 254 else { return "must be at most 254 characters long" }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            return "must be an e-mail address like 'name@example.com'"
        }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return "must be in ASCII; a domain with other letters is written in its 'xn--' form"
        }
        guard isLocalPart(parts[0].utf8), isDomain(parts[1]) else {
            return "must be an e-mail address like 'name@example.com'"
        }
        return nil
    }

    /// Words of letters, digits and the signs that need no quotes, with single dots between.
    private static func isLocalPart(_ text: Substring.UTF8View) -> Bool {
        let words = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.count <= 64
            && words.allSatisfy { word in
                !word.isEmpty && word.allSatisfy { isLetterOrDigit($0) || signs.contains($0) }
            }
    }

    /// At least two labels of letters, digits and inner hyphens, the last one no number.
    private static func isDomain(_ text: Substring) -> Bool {
        let labels = text.utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let hyphen = UInt8(ascii: "-")
        return text.utf8.count <= 253 && labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
            } && !(labels.last?.allSatisfy { (0x30...0x39).contains($0) } ?? true)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }

    private static let signs = Set("!#$%&'*+-/=?^_`{|}~".utf8)
}

/// Who may get mail: patterns such as `*@example.com`, in which `*` stands for any characters.
struct EmailPattern: Sendable {
    /// The pieces between the stars, in lower case.
    private let pieces: [[UInt8]]

    /// A pattern by its text; case does not matter.
    init(_ text: String) {
        pieces = text.lowercased().utf8
            .split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Whether the whole address fits.
    func matches(_ address: String) -> Bool {
        var rest = Array(address.lowercased().utf8)[...]
        guard let first = pieces.first, rest.starts(with: first) else { return false }
        rest = rest.dropFirst(first.count)
        guard pieces.count > 1, let last = pieces.last else { return rest.isEmpty }
        // The leftmost place of every piece leaves most room for those behind it.
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            while !rest.starts(with: piece) {
                if rest.isEmpty { return false }
                rest = rest.dropFirst()
            }
            rest = rest.dropFirst(piece.count)
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}
