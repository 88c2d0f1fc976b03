/// What stood between a word and the one before it.
struct Gap: OptionSet, Sendable {
    /// One bit per kind of mark.
    let rawValue: UInt16

    /// `,`
    static let comma = Gap(rawValue: 1 << 0)
    /// `:`
    static let colon = Gap(rawValue: 1 << 1)
    /// `.`
    static let dot = Gap(rawValue: 1 << 2)
    /// `!`, `;` and their like, which end a sentence.
    static let stop = Gap(rawValue: 1 << 3)
    /// `?`
    static let question = Gap(rawValue: 1 << 4)
    /// A line's end.
    static let newline = Gap(rawValue: 1 << 5)
    /// A dash that joins no word.
    static let dash = Gap(rawValue: 1 << 6)
    /// A hyphen right before a digit, as in `-1`.
    static let minus = Gap(rawValue: 1 << 7)
    /// `#` or `№`
    static let hash = Gap(rawValue: 1 << 8)
    /// `$`
    static let dollar = Gap(rawValue: 1 << 9)
    /// Any other currency's sign.
    static let foreign = Gap(rawValue: 1 << 10)
    /// `×`, or the x of `2x`.
    static let times = Gap(rawValue: 1 << 11)
    /// A bracket or a double quote.
    static let bracket = Gap(rawValue: 1 << 12)
    /// A sign that means yes, such as a thumb up.
    static let approval = Gap(rawValue: 1 << 13)
    /// A sign that means no, such as a thumb down.
    static let refusal = Gap(rawValue: 1 << 14)

    /// Any mark that ends a clause.
    static let clause: Gap = [.comma, .colon, .dot, .stop, .question, .newline, .dash, .bracket]
    /// Any mark that ends a sentence.
    static let sentence: Gap = [.dot, .stop, .question, .newline]
}

/// One word, number, code or e-mail address of a message.
struct Word: Sendable {
    /// What kind of thing it is.
    enum Kind: Sendable {
        /// Letters, perhaps with digits and hyphens: `order`, `SKU-DESK-003`.
        case word
        /// Digits, perhaps with decimals; its key has no commas.
        case number
        /// Something with an `@` in the middle.
        case email
    }

    /// The word in lower case, with plain hyphens and without apostrophes: `whats`, `ord-10001`.
    let key: String
    /// Where it begins in the message, in UTF-8 bytes.
    let start: Int
    /// Where it ends in the message, in UTF-8 bytes.
    let end: Int
    /// What stands before it.
    let gap: Gap
    /// What kind of thing it is.
    let kind: Kind
    /// Whether it ends in `'s`.
    let isPossessive: Bool
    /// Whether it is a number written with commas, as `1,299`.
    let isGrouped: Bool

    /// Whether it has a digit anywhere.
    var hasDigit: Bool {
        key.utf8.contains { $0.isDigit }
    }

    /// The digits, when it is a number without decimals.
    var digits: String? {
        kind == .number && !key.utf8.contains(UInt8(ascii: ".")) ? key : nil
    }
}

extension UInt8 {
    /// Whether this is `0` to `9`.
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    /// Whether this is an ASCII letter.
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
}
