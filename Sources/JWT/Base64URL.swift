extension [UInt8] {
    /// The bytes in base64 with the alphabet for URLs and without padding (RFC 4648, section 5).
    var base64URL: String {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((count * 4 + 2) / 3)
        var rest: UInt32 = 0
        var bits = 0
        for byte in self {
            rest = rest << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(rest >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(rest << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads base64 with the alphabet for URLs; nil for padding, other characters, and the second
    /// spelling that bits behind the last byte would allow.
    init?(base64URL text: some Sequence<UInt8>) {
        self = []
        var rest: UInt32 = 0
        var bits = 0
        for character in text {
            guard let value = Self.value(of: character) else { return nil }
            rest = rest << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                append(UInt8(truncatingIfNeeded: rest >> UInt32(bits)))
            }
        }
        guard bits < 6, rest & (1 << UInt32(bits) - 1) == 0 else { return nil }
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
