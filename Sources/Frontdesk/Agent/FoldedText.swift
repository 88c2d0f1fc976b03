import Foundation

extension String {
    /// The text as searches compare it: without case, accents, ligatures and typographic quotes.
    ///
    /// `José` and `JOSE` are `jose`, `O’Neil` is `o'neil`, `Straße` is `strasse`; runs of white
    /// space are one space.
    var folded: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return foldedASCII }
        var result = String.UnicodeScalarView()
        for scalar in decomposedStringWithCompatibilityMapping.unicodeScalars {
            for lowered in scalar.properties.lowercaseMapping.unicodeScalars {
                lowered.fold(into: &result)
            }
        }
        // Scripts whose letters were taken apart only for the accents' sake are put together again.
        return String(result).precomposedStringWithCanonicalMapping.withSingleSpaces
    }

    /// The folded text of one that is ASCII only, without a detour over Unicode's tables.
    private var foldedASCII: String {
        String(unsafeUninitializedCapacity: utf8.count) { buffer in
            var count = 0
            var isGap = false
            for byte in utf8 {
                guard byte != 0x20, !(0x09...0x0D).contains(byte) else {
                    isGap = count > 0
                    continue
                }
                if isGap {
                    buffer[count] = 0x20
                    count += 1
                    isGap = false
                }
                buffer[count] =
                    switch byte {
                    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
                    case UInt8(ascii: "`"): UInt8(ascii: "'")
                    default: byte
                    }
                count += 1
            }
            return count
        }
    }

    /// The text with every run of white space as one space, and none at the ends.
    private var withSingleSpaces: String {
        split { $0.isWhitespace }.joined(separator: " ")
    }
}

extension Unicode.Scalar {
    /// Appends what this scalar, decomposed and in lower case, is folded to.
    fileprivate func fold(into result: inout String.UnicodeScalarView) {
        if isUnseen { return }
        if let replacement = replacements[self] {
            result.append(contentsOf: replacement.unicodeScalars)
        } else {
            result.append(self)
        }
    }

    /// Whether people leave the scalar out when they type: it dresses a letter, or has no form.
    private var isUnseen: Bool {
        switch value {
        // Accents, and the vowel points of Hebrew and Arabic.
        case 0x0300...0x036F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF,
            0xFE20...0xFE2F, 0x0591...0x05BD, 0x05BF, 0x05C1, 0x05C2, 0x064B...0x065F, 0x0670:
            true
        // Soft hyphen, zero-width characters, marks of direction.
        case 0x00AD, 0x200B...0x200F, 0x202A...0x202E, 0x2060, 0xFEFF: true
        default: false
        }
    }
}

/// Letters that Unicode does not take apart, and punctuation that keyboards and typographers
/// write differently.
private let replacements: [Unicode.Scalar: String] = [
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
    "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ƒ": "f", "ς": "σ",
    "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "ʹ": "'", "′": "'", "`": "'", "´": "'", "＇": "'",
    "“": "\"", "”": "\"", "„": "\"", "″": "\"",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
]

extension String {
    /// Whether `part` occurs in the text, both folded.
    func containsFolded(_ part: String) -> Bool {
        folded.contains(part.folded)
    }

    /// The folded text as a pattern for `LIKE … ESCAPE '\'` that finds it anywhere.
    var searchPattern: String { folded.partPattern }

    /// The text as a pattern for `LIKE … ESCAPE '\'` that finds it anywhere.
    var partPattern: String {
        var bytes = [UInt8(ascii: "%")]
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "%"), UInt8(ascii: "_"), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
            default: break
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "%"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text with its ASCII letters in lower case, as SQL's `lower` makes it.
    var lowercasedASCII: String {
        guard utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return self }
        return String(
            decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
