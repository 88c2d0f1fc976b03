extension JSONSchema {
    /// A value that shows what is meant: the example, or one made of the parts' examples, defaults
    /// and first choices.
    ///
    /// It is nil when a required part says nothing that a value could be made of.
    public var sample: JSONValue? {
        if let known = example ?? defaultValue { return known }
        switch shape {
        case .any: return nil
        case .boolean: return true
        case .string(let rule): return rule.sample.map(JSONValue.string)
        case .integer(let range):
            return JSONValue(range.contains(0) ? 0 : max(range.lowerBound, 1))
        case .number(let rule): return JSONValue(rule.minimum ?? min(rule.maximum ?? 0, 0))
        case .array(let element, let count):
            guard let sample = element.sample else { return count.contains(0) ? [] : nil }
            return .array(Array(repeating: sample, count: max(count.lowerBound, 1)))
        case .object(let rule): return rule.sample.map(JSONValue.object)
        case .nullable(let schema): return schema.sample ?? .null
        case .anyOf(let schemas): return schemas.lazy.compactMap(\.sample).first
        case .constant(let value): return value
        case .named(_, let schema): return schema.sample
        }
    }
}

extension JSONSchema.StringRule {
    /// A text that needs no imagination: the first choice, or a plain word where any text will do.
    fileprivate var sample: String? {
        if let oneOf { return oneOf.first }
        if let format { return Self.samples[format.name] }
        guard pattern == nil, length.contains(4) else { return nil }
        return "text"
    }

    /// A text of each form that has a name.
    private static let samples = [
        "date-time": "2026-02-20T10:30:00.123456Z", "date": "2026-02-20",
        "email": "john.doe@example.com", "uuid": "123e4567-e89b-42d3-a456-426614174000",
        "uri": "https://example.com/",
    ]
}

extension JSONSchema.ObjectRule {
    /// An object of the members' samples, nil when a required one has none.
    fileprivate var sample: JSONObject? {
        var object = JSONObject()
        for property in properties {
            if let sample = property.schema.sample {
                object[property.name] = sample
            } else if property.isRequired {
                return nil
            }
        }
        return object
    }
}
