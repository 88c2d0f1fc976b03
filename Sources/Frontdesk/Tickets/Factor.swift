import JSON

/// What a price is multiplied by, in ten-thousandths: 1.5 is 15000.
struct Factor: Hashable, Sendable {
    /// The number of ten-thousandths.
    let tenThousandths: Int

    /// 0.0001 to 100.
    static let range = 1...1_000_000

    /// A price after the factor, half a cent rounded up.
    func applied(to cents: Int) -> Int {
        (cents * tenThousandths + 5000) / 10_000
    }

    /// The factor as a decimal number without needless zeros.
    var json: JSONValue { .number(decimals: 4, tenThousandths) }
}

extension JSONValue {
    /// `value` divided by ten to the power `decimals`, written exactly and without needless zeros;
    /// not for negative ones.
    static func number(decimals: Int, _ value: Int) -> JSONValue {
        var digits = Array(String(value).utf8)
        let missing = decimals + 1 - digits.count
        if missing > 0 { digits.insert(contentsOf: repeatElement(0x30, count: missing), at: 0) }
        var fraction = digits.suffix(decimals)
        while fraction.last == 0x30 { fraction.removeLast() }
        var text = String(decoding: digits.dropLast(decimals), as: UTF8.self)
        if !fraction.isEmpty { text += "." + String(decoding: fraction, as: UTF8.self) }
        return JSONNumber(text: text).map(JSONValue.number) ?? .null
    }
}
