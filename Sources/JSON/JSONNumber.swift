/// A JSON number that keeps its text as it was sent, so that it can be returned unchanged.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The number as written: `1`, `1.0` and `1e0` are three different texts.
    public let text: String

    /// A number whose text is known to follow the grammar.
    init(unchecked text: String) {
        self.text = text
    }

    /// The number written `text`, or nil when RFC 8259 or the parser's limits do not allow it.
    public init?(text: String) {
        guard let value = try? JSONValue(parsing: text), case .number(let number) = value,
            number.text.utf8.count == text.utf8.count
        else { return nil }
        self = number
    }

    /// A whole number.
    public init(_ value: Int) {
        text = String(value)
    }

    /// The shortest text that reads back as `value`, or nil for NaN and the infinities.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = Self.shortest(value)
    }

    /// The value when it is a whole number that `Int` holds, however it is written.
    public var int: Int? {
        if let value = Int(text) { return value }
        guard let value = double, abs(value) <= Self.exactIntegers else { return nil }
        // `Int(exactly:)` needs the C library's mathematics in an optimised build.
        let whole = Int(value)
        return Double(whole) == value ? whole : nil
    }

    /// The nearest binary floating-point value.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The text.
    public var description: String { text }

    /// Every whole number up to this one has an exact `Double`.
    private static let exactIntegers = 9_007_199_254_740_992.0

    /// The shortest text of a finite number that reads back as the same, without a trailing `.0`.
    static func shortest(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
