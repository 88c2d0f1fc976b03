extension StringProtocol {
    /// The text on one line: runs of white space become one space, and what is not seen (control,
    /// direction and zero-width marks) goes, so that echoed text cannot disguise itself; cut at
    /// `limit` Unicode scalars.
    func plain(limit: Int = 10_000) -> String {
        if utf8.count <= limit, isPlain { return String(self) }
        var result = String.UnicodeScalarView()
        var count = 0
        var pendingSpace = false
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x00...0x20, 0x7F...0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
                0x3000:
                pendingSpace = count > 0
                continue
            // The joiners stay: Persian words and many emoji need them.
            case 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF,
                0xE0000...0xE01EF:
                continue
            default:
                guard count + (pendingSpace ? 1 : 0) < limit else {
                    return String(result) + "…"
                }
                if pendingSpace {
                    result.append(" ")
                    count += 1
                }
                pendingSpace = false
                result.append(scalar)
                count += 1
            }
        }
        return String(result)
    }

    /// Whether it is printable ASCII with single spaces inside, as most texts are.
    private var isPlain: Bool {
        var previous = UInt8(ascii: " ")
        for byte in utf8 {
            guard byte >= 0x20, byte < 0x7F, byte != 0x20 || previous != 0x20 else { return false }
            previous = byte
        }
        return previous != 0x20
    }
}

extension String {
    /// The text without the marks and spaces that stand at its two ends.
    func stripped(of marks: String = " .,;:!?\"“”-–—()[]") -> String {
        guard let first = firstIndex(where: { !marks.contains($0) }),
            let last = lastIndex(where: { !marks.contains($0) })
        else { return "" }
        return String(self[first...last])
    }

    /// How long it is, as all limits count.
    var length: Int { unicodeScalars.count }

    /// The text with the letters a to z in upper case.
    func asciiUppercased() -> String {
        String(decoding: utf8.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 }, as: UTF8.self)
    }
}
