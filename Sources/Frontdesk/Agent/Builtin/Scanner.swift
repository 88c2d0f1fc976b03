/// Cuts a message into words, by hand and in one pass, because every turn begins here.
struct Scanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let hasAddress: Bool
    private var position = 0
    /// No e-mail address begins before this place, so that it is not looked for twice.
    private var addressSearchedTo = 0
    private var gap: Gap = []
    private var words: [Word] = []
    private var key: [UInt8] = []

    /// The words of `text`, and what stands behind the last of them.
    static func words(of text: inout String) -> (words: [Word], closing: Gap) {
        text.withUTF8 { bytes in
            var scanner = Scanner(bytes)
            scanner.run()
            return (scanner.words, scanner.gap)
        }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        hasAddress = bytes.contains(UInt8(ascii: "@"))
        words.reserveCapacity(min(bytes.count / 4 + 2, 64))
        key.reserveCapacity(32)
    }

    private mutating func run() {
        while position < bytes.count {
            let (glyph, length) = glyph(at: position)
            switch glyph {
            case .letter, .digit, .foreignLetter:
                if hasAddress, position >= addressSearchedTo, scanAddress() { continue }
                scanWord()
            case .hyphen:
                gap.insert(amountFollows(position + length) ? .minus : .dash)
                position += length
            case .mark(.dot) where gap.contains(.dollar) && digitFollows(position + length):
                scanWord()
            case .mark(let mark):
                gap.insert(mark)
                position += length
            case .apostrophe, .invisible, .space:
                position += length
            }
        }
    }

    /// Reads a word or a number that begins here.
    private mutating func scanWord() {
        let start = position
        var end = position
        var isNumber = true
        var isPossessive = false
        var isGrouped = false
        key.removeAll(keepingCapacity: true)
        scan: while position < bytes.count {
            let (glyph, length) = glyph(at: position)
            switch glyph {
            case .digit(let byte):
                key.append(byte)
            case .letter(let byte):
                if isNumber, endsAsTimes(byte, after: length) { break scan }
                isNumber = false
                key.append(byte)
            case .foreignLetter:
                isNumber = false
                key.append(contentsOf: bytes[position..<position + length])
            case .invisible:
                position += length
                continue scan
            case .apostrophe where wordFollows(position + length):
                isPossessive = endsInS(position + length)
            case .hyphen where wordFollows(position + length) && !key.isEmpty:
                isNumber = false
                key.append(UInt8(ascii: "-"))
            case .mark(.dot) where isNumber && digitFollows(position + length) && !hasDecimals:
                key.append(contentsOf: key.isEmpty ? [0x30, 0x2E] : [0x2E])
            case .mark(.comma) where isNumber && groupFollows(position + length):
                isGrouped = true
            default:
                break scan
            }
            position += length
            end = position
        }
        let kind: Word.Kind = isNumber ? .number : .word
        append(start, end, kind, isPossessive, isGrouped && isNumber)
    }

    /// Reads an e-mail address that begins here, or says that there is none.
    private mutating func scanAddress() -> Bool {
        var end = position
        var hasAt = false
        while end < bytes.count, end - position < 400, isAddressByte(bytes[end]) {
            if bytes[end] == UInt8(ascii: "@") { hasAt = end > position }
            end += 1
        }
        while end > position, ".'-".utf8.contains(bytes[end - 1]) { end -= 1 }
        guard hasAt, bytes[end - 1] != UInt8(ascii: "@") else {
            addressSearchedTo = end
            return false
        }
        key = bytes[position..<end].map { $0.isLetter ? $0 | 0x20 : $0 }
        let start = position
        position = end
        append(start, end, .email)
        return true
    }

    private mutating func append(
        _ start: Int, _ end: Int, _ kind: Word.Kind, _ isPossessive: Bool = false,
        _ isGrouped: Bool = false
    ) {
        words.append(
            Word(
                key: String(decoding: key, as: UTF8.self), start: start, end: end, gap: gap,
                kind: kind, isPossessive: isPossessive, isGrouped: isGrouped))
        gap = []
        // The x of "2x" was left standing by scanWord and belongs to what follows.
        if kind == .number, position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "x") {
            gap = .times
            position += 1
        }
    }
}

extension Scanner {
    /// The character at `offset` and its length in bytes.
    private func glyph(at offset: Int) -> (Glyph, Int) {
        let first = bytes[offset]
        guard first >= 0x80 else { return (Glyph(ascii: first), 1) }
        // Swift strings are valid UTF-8, so the first byte tells how many follow.
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var scalar = UInt32(first & (0x7F >> UInt8(length)))
        for byte in bytes[(offset + 1)..<min(offset + length, bytes.count)] {
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        return (Glyph(beyondASCII: scalar), length)
    }

    private var hasDecimals: Bool { key.contains(UInt8(ascii: ".")) }

    private func digitFollows(_ offset: Int) -> Bool {
        guard offset < bytes.count, case .digit = glyph(at: offset).0 else { return false }
        return true
    }

    private func amountFollows(_ offset: Int) -> Bool {
        let isDollar = offset < bytes.count && bytes[offset] == UInt8(ascii: "$")
        return digitFollows(isDollar ? offset + 1 : offset)
    }

    private func wordFollows(_ offset: Int) -> Bool {
        offset < bytes.count && glyph(at: offset).0.isWordly
    }

    /// Whether exactly three digits follow, as after the comma of `1,299`.
    private func groupFollows(_ offset: Int) -> Bool {
        guard !hasDecimals, !key.isEmpty else { return false }
        return (0..<3).allSatisfy { digitFollows(offset + $0) } && !digitFollows(offset + 3)
    }

    /// Whether the `'` before `offset` begins a final `'s`.
    private func endsInS(_ offset: Int) -> Bool {
        bytes[offset] | 0x20 == UInt8(ascii: "s") && !wordFollows(offset + 1)
    }

    /// Whether `letter` is the x of `2x`, which is no part of the number.
    private func endsAsTimes(_ letter: UInt8, after length: Int) -> Bool {
        letter == UInt8(ascii: "x") && !key.isEmpty && !wordFollows(position + length)
    }

    private func isAddressByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || "@._+-'%&/=~!#$*^{}|".utf8.contains(byte)
    }
}
