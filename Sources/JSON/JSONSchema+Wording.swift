extension JSONSchema {
    /// What a value must be, as in "must be …".
    var phrase: String {
        switch shape {
        case .any: "a value"
        case .boolean: "true or false"
        case .string(let rule):
            rule.oneOf.map(listed) ?? rule.format.flatMap(Self.phrase) ?? "a string"
        case .integer(let range): "an integer" + Self.bounds(range)
        case .number(let rule): "a number" + Self.bounds(rule)
        case .array: "an array"
        case .object: "an object"
        case .nullable(let schema): "\(schema.phrase) or null"
        case .anyOf(let schemas): Self.alternatives(schemas.map(\.phrase))
        case .constant(.string(let text)): "'\(text)'"
        case .constant(let value): value.text
        case .named(_, let schema): schema.phrase
        }
    }

    /// What a text of a format is called, when its problem says so.
    private static func phrase(_ format: JSONFormat) -> String? {
        let start = "must be "
        return format.problem.hasPrefix(start) ? String(format.problem.dropFirst(start.count)) : nil
    }

    /// The range of a whole number.
    private static func bounds(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound == .min, range.upperBound == .max) {
        case (true, true): ""
        case (false, true): " of at least \(grouped(range.lowerBound))"
        case (true, false): " of at most \(grouped(range.upperBound))"
        case (false, false):
            " from \(grouped(range.lowerBound)) to \(grouped(range.upperBound))"
        }
    }

    /// The range of a number.
    private static func bounds(_ rule: NumberRule) -> String {
        switch (rule.minimum.map(JSONNumber.shortest), rule.maximum.map(JSONNumber.shortest)) {
        case (nil, nil): ""
        case (let least?, nil): " of at least \(least)"
        case (nil, let greatest?): " of at most \(greatest)"
        case (let least?, let greatest?): " from \(least) to \(greatest)"
        }
    }

    /// Different phrases between "or".
    private static func alternatives(_ phrases: [String]) -> String {
        var different: [String] = []
        for phrase in phrases where !different.contains(phrase) {
            different.append(phrase)
        }
        return different.joined(separator: " or ")
    }
}

/// "one of 'a', 'b'", or just "'a'".
func listed(_ texts: [String]) -> String {
    let quoted = texts.map { "'\($0)'" }.joined(separator: ", ")
    return texts.count == 1 ? quoted : "one of \(quoted)"
}

/// "1 item", "2 items".
func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// "1 to 20 items", "at least 1 item", "at most 20 items", "exactly 3 items".
func counted(_ range: ClosedRange<Int>, _ noun: String) -> String {
    if range.lowerBound == range.upperBound { return "exactly \(counted(range.lowerBound, noun))" }
    if range.upperBound == .max { return "at least \(counted(range.lowerBound, noun))" }
    if range.lowerBound == 0 { return "at most \(counted(range.upperBound, noun))" }
    return "\(grouped(range.lowerBound)) to \(counted(range.upperBound, noun))"
}

/// A whole number with commas between groups of three digits: 10000 is `10,000`.
func grouped(_ value: Int) -> String {
    var groups = ""
    let digits = String(value.magnitude)
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { groups.append(",") }
        groups.append(digit)
    }
    return value < 0 ? "-\(groups)" : groups
}

/// A name short enough to be shown.
func shortened(_ name: String) -> String {
    let scalars = name.unicodeScalars
    guard scalars.count > 64 else { return name }
    return String(String.UnicodeScalarView(scalars.prefix(64))) + "…"
}

extension JSONNumber {
    /// How many digits behind the point the value needs.
    var decimalPlaces: Int {
        let parts = text.split(maxSplits: 1, whereSeparator: { $0 == "e" || $0 == "E" })
        let mantissa = parts.first.map { $0.split(separator: ".", maxSplits: 1) } ?? []
        let fraction = mantissa.count == 2 ? mantissa[1] : ""
        let digits = fraction.reversed().drop { $0 == "0" }.count
        guard parts.count == 2, let exponent = Int(parts[1]) else { return digits }
        guard digits == 0, exponent < 0, let whole = mantissa.first else {
            return max(digits - exponent, 0)
        }
        return max(-exponent - whole.reversed().prefix { $0 == "0" }.count, 0)
    }
}
