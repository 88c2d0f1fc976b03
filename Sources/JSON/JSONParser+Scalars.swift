extension JSONParser {
    /// A number with more characters is refused.
    static let longestNumber = 128
    /// A number with an exponent beyond this one, or its negative, is refused.
    static let greatestExponent = 999

    /// The string that begins at the next byte, which is its opening quote.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        var seen: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let run = UnsafeBufferPointer(rebasing: bytes[start..<position])
                if seen >= 0x80 { try checkUTF8(run, from: start) }
                position += 1
                return String(decoding: run, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw failure(.controlCharacter) }
            seen |= byte
            position += 1
        }
        throw unexpected("the end of a string")
    }

    /// The string that began at `start` and has its first escape at the next byte.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * (position - start) + 32)
        var runStart = start
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 { throw failure(.controlCharacter) }
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            let run = UnsafeBufferPointer(rebasing: bytes[runStart..<position])
            try checkUTF8(run, from: runStart)
            text.append(contentsOf: run)
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            try escape(into: &text)
            runStart = position
        }
        throw unexpected("the end of a string")
    }

    /// Appends what the escape behind a backslash stands for.
    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = position - 1
        let byte = current
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar(from: start)
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw failure(.invalidEscape, at: start)
        }
    }

    /// The character of a `\u` escape that began at `start`; a surrogate takes its other half.
    private mutating func escapedScalar(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try hexDigits(escapeStart: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isPair =
            first < 0xDC00 && position + 1 < bytes.count
            && bytes[position] == UInt8(ascii: "\\") && bytes[position + 1] == UInt8(ascii: "u")
        guard isPair else { throw failure(.loneSurrogate, at: start) }
        let secondStart = position
        position += 2
        let second = try hexDigits(escapeStart: secondStart)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure(.loneSurrogate, at: start) }
        return scalar
    }

    /// The value of four hexadecimal digits of the escape at `escapeStart`.
    private mutating func hexDigits(escapeStart: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = current
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
            default: throw failure(.invalidEscape, at: escapeStart)
            }
            position += 1
        }
        return value
    }

    /// Throws when `run`, which begins at byte `start`, is not UTF-8.
    private func checkUTF8(
        _ run: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws(JSONError) {
        if let wrong = firstInvalidUTF8(in: run) { throw failure(.invalidUTF8, at: start + wrong) }
    }

    /// The number that begins at the next byte.
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        _ = take("-")
        if !take("0") { try digits(from: start) }
        if case 0x30...0x39 = current { throw failure(.malformedNumber, at: start) }
        if take(".") { try digits(from: start) }
        var hasExponent = false
        if take("e") || take("E") {
            hasExponent = true
            if !take("+") { _ = take("-") }
            guard try digits(from: start) <= Self.greatestExponent else {
                throw failure(.numberOutOfRange, at: start)
            }
        }
        let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
        guard text.count <= Self.longestNumber else { throw failure(.numberOutOfRange, at: start) }
        let number = JSONNumber(unchecked: String(decoding: text, as: UTF8.self))
        // Without an exponent no number this short is beyond what a Double holds.
        if hasExponent, number.double == nil { throw failure(.numberOutOfRange, at: start) }
        return number
    }

    /// Goes past one digit or more of the number that began at `start`, and returns their value,
    /// at most 10 000.
    @discardableResult
    private mutating func digits(from start: Int) throws(JSONError) -> Int {
        let first = position
        var value = 0
        while case let byte = current, (0x30...0x39).contains(byte) {
            value = min(value * 10 + Int(byte - 0x30), 10_000)
            position += 1
        }
        guard position > first else { throw failure(.malformedNumber, at: start) }
        return value
    }
}

/// Where the first byte stands that no UTF-8 text could have there; overlong forms and surrogates
/// are wrong too.
func firstInvalidUTF8(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = 0
    while index < bytes.count {
        let lead = bytes[index]
        if lead < 0x80 {
            index += 1
            continue
        }
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return index
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return index }
        for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 {
            return index
        }
        index += length
    }
    return nil
}
