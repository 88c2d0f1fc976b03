extension JSONSchema {
    /// Any value.
    public static var any: JSONSchema { JSONSchema(.any) }

    /// `true` or `false`.
    public static var boolean: JSONSchema { JSONSchema(.boolean) }

    /// A text of any length.
    public static var string: JSONSchema { .string() }

    /// A whole number.
    public static var integer: JSONSchema { .integer() }

    /// A number.
    public static var number: JSONSchema { .number() }

    /// Any value.
    public static func any(description: String, example: JSONValue? = nil) -> JSONSchema {
        JSONSchema(.any, description, example: example)
    }

    /// `true` or `false`.
    public static func boolean(
        default: JSONValue? = nil, description: String? = nil, example: JSONValue? = nil
    ) -> JSONSchema {
        JSONSchema(.boolean, description, default: `default`, example: example)
    }

    /// A text without U+0000, its length counted in Unicode scalars.
    ///
    /// `otherwise` is what is said of a text in which `pattern` is not found ("must be …").
    public static func string(
        minimum: Int? = nil, maximum: Int? = nil, notBlank: Bool = false,
        pattern: JSONPattern? = nil, otherwise: String? = nil, oneOf: [String]? = nil,
        format: JSONFormat? = nil, default: JSONValue? = nil, description: String? = nil,
        example: JSONValue? = nil
    ) -> JSONSchema {
        let rule = StringRule(
            length: range(minimum ?? 0, maximum), oneOf: oneOf, pattern: pattern,
            patternProblem: otherwise, format: format, notBlank: notBlank)
        return JSONSchema(.string(rule), description, default: `default`, example: example)
    }

    /// A whole number in a range; `Int.min` and `Int.max` as its ends mean that there is none.
    public static func integer(
        in range: ClosedRange<Int>, default: JSONValue? = nil, description: String? = nil,
        example: JSONValue? = nil
    ) -> JSONSchema {
        JSONSchema(.integer(range), description, default: `default`, example: example)
    }

    /// A whole number, with a least and a greatest value where given.
    public static func integer(
        minimum: Int? = nil, maximum: Int? = nil, default: JSONValue? = nil,
        description: String? = nil, example: JSONValue? = nil
    ) -> JSONSchema {
        let range = range(minimum ?? Int.min, maximum)
        return JSONSchema(.integer(range), description, default: `default`, example: example)
    }

    /// A number, with a least and a greatest value and a number of decimal places where given.
    public static func number(
        minimum: Double? = nil, maximum: Double? = nil, decimals: Int? = nil,
        default: JSONValue? = nil, description: String? = nil, example: JSONValue? = nil
    ) -> JSONSchema {
        let rule = NumberRule(minimum: minimum, maximum: maximum, decimals: decimals)
        return JSONSchema(.number(rule), description, default: `default`, example: example)
    }

    /// An array; `Int.max` as the end of `count` means that there is none.
    public static func array(
        of element: JSONSchema, count: ClosedRange<Int> = 0...Int.max,
        description: String? = nil, example: JSONValue? = nil
    ) -> JSONSchema {
        JSONSchema(.array(element, count: count), description, example: example)
    }

    /// An object; with `nullIsAbsent` an optional member may also be `null`, which means the same
    /// as leaving it out.
    public static func object(
        _ properties: [Property], additional: Additional = .ignored, nullIsAbsent: Bool = false,
        description: String? = nil, example: JSONValue? = nil
    ) -> JSONSchema {
        let rule = ObjectRule(
            properties: properties, additional: additional, nullIsAbsent: nullIsAbsent)
        return JSONSchema(.object(rule), description, example: example)
    }

    /// A value of the given form, or `null`.
    public static func nullable(
        _ schema: JSONSchema, description: String? = nil, example: JSONValue? = nil
    ) -> JSONSchema {
        JSONSchema(.nullable(schema), description ?? schema.description, example: example)
    }

    /// A value of at least one of the given forms.
    public static func anyOf(
        _ schemas: [JSONSchema], description: String? = nil, example: JSONValue? = nil
    ) -> JSONSchema {
        JSONSchema(.anyOf(schemas), description, example: example)
    }

    /// Exactly this value.
    public static func constant(_ value: JSONValue, description: String? = nil) -> JSONSchema {
        JSONSchema(.constant(value), description, example: value)
    }

    /// A schema that documents refer to by name; the name must mean the same everywhere.
    public static func named(_ name: String, _ schema: JSONSchema) -> JSONSchema {
        JSONSchema(
            .named(name, schema), schema.description, default: schema.defaultValue,
            example: schema.example)
    }

    /// A range from `least` to `greatest`, or without an end.
    private static func range(_ least: Int, _ greatest: Int?) -> ClosedRange<Int> {
        least...max(greatest ?? Int.max, least)
    }
}
