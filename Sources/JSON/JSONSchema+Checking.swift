extension JSONSchema {
    /// All that is wrong with a value, at most a hundred problems.
    ///
    /// `strictly` also reports members that are let through only because nothing was said about
    /// them; tests of answers do that.
    public func problems(in value: JSONValue, strictly: Bool = false) -> [JSONProblem] {
        var check = SchemaCheck(isStrict: strictly)
        check.check(value, self)
        return check.problems
    }

    /// The value a text of a query, path or header stands for under this schema; a text that is no
    /// number where one should be stays a text.
    public func value(fromText text: String) -> JSONValue {
        switch shape {
        case .nullable(let schema), .named(_, let schema):
            return schema.value(fromText: text)
        case .boolean:
            return text == "true" ? true : text == "false" ? false : .string(text)
        case .integer:
            // A plus sign is not JSON, and "1.0" is not how a whole number is asked for.
            let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D }
            return (isPlain ? Int(text) : nil).map { JSONValue($0) } ?? .string(text)
        case .number:
            return JSONNumber(text: text).map(JSONValue.number) ?? .string(text)
        case .array(let element, count: _):
            return .array(text.split(separator: ",").map { element.value(fromText: String($0)) })
        case .any, .string, .object, .anyOf, .constant:
            return .string(text)
        }
    }
}
