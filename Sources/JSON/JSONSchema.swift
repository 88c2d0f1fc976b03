/// What a JSON value may look like: checks values, and describes itself to tools and documents.
public struct JSONSchema: Sendable {
    /// The kinds of values.
    indirect enum Shape: Sendable {
        case any
        case boolean
        case string(StringRule)
        case integer(ClosedRange<Int>)
        case number(NumberRule)
        case array(JSONSchema, count: ClosedRange<Int>)
        case object(ObjectRule)
        case nullable(JSONSchema)
        case anyOf([JSONSchema])
        case constant(JSONValue)
        case named(String, JSONSchema)
    }

    /// What a text may look like.
    struct StringRule: Sendable {
        /// The number of Unicode scalars.
        var length = 0...Int.max
        /// The texts allowed, when only some are.
        var oneOf: [String]?
        /// The expression that must be found in the text.
        var pattern: JSONPattern?
        /// What to say when it is not.
        var patternProblem: String?
        /// The form the text must have.
        var format: JSONFormat?
        /// Whether something else than white space is needed.
        var notBlank = false
    }

    /// What a number may be.
    struct NumberRule: Sendable {
        /// The least value.
        var minimum: Double?
        /// The greatest value.
        var maximum: Double?
        /// How many digits may stand behind the point.
        var decimals: Int?
    }

    /// What an object may hold.
    struct ObjectRule: Sendable {
        /// The known members in the order in which they are documented.
        var properties: [Property]
        /// What other members may be.
        var additional: Additional
        /// Whether an optional member that is `null` counts as left out.
        var nullIsAbsent: Bool
    }

    /// One known member of an object.
    public struct Property: Sendable {
        /// The member's name.
        public let name: String
        /// What its value may look like.
        public let schema: JSONSchema
        /// Whether it must be there.
        public let isRequired: Bool

        /// A member that must be there.
        public static func required(_ name: String, _ schema: JSONSchema) -> Property {
            Property(name: name, schema: schema, isRequired: true)
        }

        /// A member that may be left out.
        public static func optional(_ name: String, _ schema: JSONSchema) -> Property {
            Property(name: name, schema: schema, isRequired: false)
        }
    }

    /// What members an object may have beside the known ones.
    public enum Additional: Sendable, ExpressibleByBooleanLiteral {
        /// Nothing was said: they are let through, but a strict check reports them.
        case ignored
        /// Any are welcome.
        case allowed
        /// None.
        case refused
        /// Any whose values have this form.
        case schema(JSONSchema)

        /// `true` welcomes any, `false` refuses all.
        public init(booleanLiteral value: Bool) {
            self = value ? .allowed : .refused
        }
    }

    /// What kind of value this is.
    var shape: Shape
    /// What the value means, in one sentence.
    public private(set) var description: String?
    /// The value that is taken when none is given.
    public private(set) var defaultValue: JSONValue?
    /// A value that shows what is meant.
    public private(set) var example: JSONValue?

    /// A schema of a shape with what is said about it.
    init(
        _ shape: Shape, _ description: String? = nil, default: JSONValue? = nil,
        example: JSONValue? = nil
    ) {
        self.shape = shape
        self.description = description
        self.defaultValue = `default`
        self.example = example
    }

    /// The same schema with a sentence about its meaning.
    public func described(_ description: String) -> JSONSchema {
        var copy = self
        copy.description = description
        return copy
    }

    /// The same schema with a value that shows what is meant.
    public func example(_ example: JSONValue) -> JSONSchema {
        var copy = self
        copy.example = example
        return copy
    }
}
