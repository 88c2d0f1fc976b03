/// What one character means to the scanner.
enum Glyph {
    /// Part of a word, as the byte that stands for it in a key.
    case letter(UInt8)
    /// A digit, as its ASCII byte.
    case digit(UInt8)
    /// Part of a word beyond ASCII, kept as it is.
    case foreignLetter
    /// `'` in any of its shapes.
    case apostrophe
    /// A hyphen in any of its shapes.
    case hyphen
    /// Something that is not seen: a zero-width or direction mark.
    case invisible
    /// White space.
    case space
    /// Anything else, with what it means between two words.
    case mark(Gap)

    /// What the ASCII character `byte` means.
    init(ascii byte: UInt8) {
        switch byte {
        case 0x61...0x7A: self = .letter(byte)
        case 0x41...0x5A: self = .letter(byte | 0x20)
        case 0x30...0x39: self = .digit(byte)
        case UInt8(ascii: "_"): self = .letter(byte)
        case UInt8(ascii: "'"), UInt8(ascii: "`"): self = .apostrophe
        case UInt8(ascii: "-"): self = .hyphen
        case 0x0A, 0x0D: self = .mark(.newline)
        case 0x00...0x20, 0x7F: self = .space
        case UInt8(ascii: ","): self = .mark(.comma)
        case UInt8(ascii: ":"): self = .mark(.colon)
        case UInt8(ascii: "."): self = .mark(.dot)
        case UInt8(ascii: "!"), UInt8(ascii: ";"): self = .mark(.stop)
        case UInt8(ascii: "?"): self = .mark(.question)
        case UInt8(ascii: "#"): self = .mark(.hash)
        case UInt8(ascii: "$"): self = .mark(.dollar)
        case UInt8(ascii: "*"): self = .mark(.times)
        default: self = .mark(.bracket)
        }
    }

    /// What the character `scalar` beyond ASCII means.
    init(beyondASCII scalar: UInt32) {
        switch scalar {
        case 0xFF01...0xFF5E: self = Glyph(ascii: UInt8(scalar - 0xFEE0))  // full-width forms
        case 0x660...0x669: self = .digit(UInt8(scalar - 0x660 + 0x30))  // Arabic
        case 0x6F0...0x6F9: self = .digit(UInt8(scalar - 0x6F0 + 0x30))  // Persian
        case 0x2018, 0x2019, 0x02BC, 0xB4: self = .apostrophe
        case 0x2010...0x2013, 0x2212: self = .hyphen
        case 0xAD, 0x61C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFE00...0xFE0F,
            0xFEFF:
            self = .invisible
        case 0x85, 0x2028, 0x2029: self = .mark(.newline)
        case 0x80...0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: self = .space
        case 0xD7: self = .mark(.times)
        case 0x2014, 0x2015: self = .mark(.dash)
        case 0x2026, 0x3002: self = .mark(.dot)
        case 0x61F: self = .mark(.question)
        case 0x60C, 0x3001: self = .mark(.comma)
        case 0x2116: self = .mark(.hash)
        case 0xA2...0xA5, 0x20A0...0x20CF: self = .mark(.foreign)
        case 0x1F44D, 0x2705, 0x1F44C: self = .mark(.approval)
        case 0x1F44E, 0x274C: self = .mark(.refusal)
        case 0xAA, 0xB5, 0xBA: self = .foreignLetter
        case 0xA1...0xBF, 0xF7, 0x2016...0x2BFF, 0x3003...0x303F, 0xFFF0...0xFFFF:
            self =
                .mark(.bracket)
        case 0x1F000...0x1FBFF, 0xE0000...0x10FFFF: self = .mark(.bracket)
        default: self = .foreignLetter
        }
    }

    /// Whether it goes into a word.
    var isWordly: Bool {
        switch self {
        case .letter, .digit, .foreignLetter: true
        default: false
        }
    }
}
