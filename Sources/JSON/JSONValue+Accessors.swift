extension JSONValue {
    /// A text, or null for nil.
    public init(_ value: String?) {
        self = value.map(JSONValue.string) ?? .null
    }

    /// A whole number, or null for nil.
    public init(_ value: Int?) {
        self = value.map { .number(JSONNumber($0)) } ?? .null
    }

    /// A number, or null for nil, NaN and the infinities.
    public init(_ value: Double?) {
        self = value.flatMap { JSONNumber($0) }.map(JSONValue.number) ?? .null
    }

    /// A truth value, or null for nil.
    public init(_ value: Bool?) {
        self = value.map(JSONValue.bool) ?? .null
    }

    /// Money as a decimal number with at most two digits: 3750 cents are `37.5`.
    public init(cents: Int) {
        var writer = JSONWriter(capacity: 24)
        writer.cents(cents)
        self = .number(JSONNumber(unchecked: String(decoding: writer.bytes, as: UTF8.self)))
    }

    /// The member named `key`, nil when there is none or this is no object.
    public subscript(key: String) -> JSONValue? {
        object?[key]
    }

    /// The element at `index`, nil when there is none or this is no array.
    public subscript(index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The text, nil for any other kind of value.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The whole number, nil for fractions and any other kind of value.
    public var int: Int? {
        if case .number(let value) = self { value.int } else { nil }
    }

    /// The number, nil for any other kind of value.
    public var double: Double? {
        if case .number(let value) = self { value.double } else { nil }
    }

    /// The truth value, nil for any other kind of value.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, nil for any other kind of value.
    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, nil for any other kind of value.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `nil` is `null`.
    public init(nilLiteral: ()) { self = .null }

    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A whole number.
    public init(integerLiteral value: Int) { self.init(value) }

    /// A number.
    public init(floatLiteral value: Double) { self.init(value) }

    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// An object in the order of the literal; of two members with one name the later value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        object.reserve(elements.count)
        for (key, value) in elements where !object.append(key, value) {
            object[key] = value
        }
        self = .object(object)
    }
}
