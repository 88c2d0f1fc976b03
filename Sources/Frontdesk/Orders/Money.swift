import JSON

/// Reads amounts of money, which are whole cents everywhere inside.
enum Money {
    /// The cents that a JSON number's text stands for, exactly; nil for fractions of a cent.
    ///
    /// Never goes through a `Double`: `49.98`, `4998e-2` and `0.4998E+2` are all 4998. What no
    /// `Int` holds is `Int.max` or `Int.min`.
    static func cents(of text: String) -> Int? { whole(text, decimals: 2) }

    /// The JSON number's text times ten to the power `decimals`, exactly; nil for fractions.
    static func whole(_ text: String, decimals places: Int) -> Int? {
        var digits: [UInt8] = []
        var decimals = 0
        var exponent = 0
        var isNegative = false
        var part = Part.whole
        var exponentIsNegative = false
        for byte in text.utf8 {
            switch (byte, part) {
            case (UInt8(ascii: "-"), .whole): isNegative = true
            case (UInt8(ascii: "-"), .exponent): exponentIsNegative = true
            case (UInt8(ascii: "."), _): part = .fraction
            case (UInt8(ascii: "e"), _), (UInt8(ascii: "E"), _): part = .exponent
            case (UInt8(ascii: "0")...UInt8(ascii: "9"), .exponent):
                exponent = min(exponent * 10 + Int(byte & 0x0F), largestExponent)
            case (UInt8(ascii: "0")...UInt8(ascii: "9"), _):
                digits.append(byte & 0x0F)
                if part == .fraction { decimals += 1 }
            default: break
            }
        }
        let shift = (exponentIsNegative ? -exponent : exponent) - decimals + places
        guard let size = shifted(digits, by: shift) else { return nil }
        return isNegative ? (size == .max ? .min : -size) : size
    }

    private enum Part { case whole, fraction, exponent }

    /// Beyond this an exponent's exact size changes nothing: no text is that long.
    private static let largestExponent = 1_000_000_000

    /// The number with these digits times ten to the power `places`; nil if that is not whole.
    private static func shifted(_ digits: [UInt8], by places: Int) -> Int? {
        guard let last = digits.lastIndex(where: { $0 != 0 }) else { return 0 }
        // Zeros at the end give way to places on the right: 1.500 has one decimal.
        var value = 0
        for digit in digits[...last] {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooLargeToo) = product.addingReportingOverflow(Int(digit))
            value = tooLarge || tooLargeToo ? .max : sum
            if value == .max { break }
        }
        let zeros = digits.count - 1 - last + places
        guard zeros >= 0 else { return nil }
        for _ in 0..<min(zeros, 19) {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            guard !tooLarge else { return .max }
            value = product
        }
        return value
    }
}

extension JSONValue {
    /// The cents that a number stands for, exactly; nil for other values and parts of a cent.
    var cents: Int? {
        guard case .number(let number) = self else { return nil }
        return Money.cents(of: number.text)
    }
}
