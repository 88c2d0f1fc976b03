/// The named schemas a document refers to.
public struct JSONComponents: Sendable {
    /// Each name with its schema as it was written down.
    private var rendered: [String: JSONValue] = [:]
    /// The names that were used for two different schemas.
    public private(set) var conflicts: Set<String> = []

    /// No schemas.
    public init() {}

    /// All schemas by name, in alphabetical order.
    public var schemas: JSONObject {
        var object = JSONObject()
        for (name, schema) in rendered.sorted(by: { $0.key < $1.key }) {
            object[name] = schema
        }
        return object
    }

    /// Keeps a schema under its name.
    mutating func add(_ name: String, _ schema: JSONValue) {
        if let other = rendered[name], other != schema { conflicts.insert(name) }
        rendered[name] = schema
    }
}

extension JSONSchema {
    /// The schema in JSON Schema 2020-12, with named schemas written out in place.
    public var jsonSchema: JSONValue {
        var components = JSONComponents()
        return rendered(.jsonSchema, &components)
    }

    /// The schema in OpenAPI 3.0.3; named schemas become references to `components`.
    public func openAPI(_ components: inout JSONComponents) -> JSONValue {
        rendered(.openAPI, &components)
    }

    /// The two ways of writing a schema down.
    private enum Dialect {
        case jsonSchema
        case openAPI
    }

    /// The schema with what is said about it.
    private func rendered(_ dialect: Dialect, _ components: inout JSONComponents) -> JSONValue {
        if case .named(let name, let schema) = shape {
            let inner = schema.rendered(dialect, &components)
            if dialect == .jsonSchema { return inner }
            components.add(name, inner)
            return ["$ref": .string("#/components/schemas/\(name)")]
        }
        var object = keywords(dialect, &components)
        if let description { object["description"] = .string(description) }
        if let defaultValue { object["default"] = defaultValue }
        if let example {
            switch dialect {
            case .openAPI: object["example"] = example
            case .jsonSchema: if !isConstant { object["examples"] = [example] }
            }
        }
        return .object(object)
    }

    /// Whether this is one fixed value.
    private var isConstant: Bool {
        if case .constant = shape { true } else { false }
    }

    /// What the shape says.
    private func keywords(_ dialect: Dialect, _ components: inout JSONComponents) -> JSONObject {
        switch shape {
        case .any: return [:]
        case .boolean: return ["type": "boolean"]
        case .string(let rule): return Self.keywords(rule)
        case .integer(let range):
            var object: JSONObject = ["type": "integer"]
            if range.lowerBound != .min { object["minimum"] = JSONValue(range.lowerBound) }
            if range.upperBound != .max { object["maximum"] = JSONValue(range.upperBound) }
            return object
        case .number(let rule): return Self.keywords(rule)
        case .array(let element, let count):
            var object: JSONObject = ["type": "array"]
            object["items"] = element.rendered(dialect, &components)
            if count.lowerBound > 0 { object["minItems"] = JSONValue(count.lowerBound) }
            if count.upperBound != .max { object["maxItems"] = JSONValue(count.upperBound) }
            return object
        case .object(let rule): return Self.keywords(rule, dialect, &components)
        case .nullable(let schema): return schema.orNull(dialect, &components)
        case .anyOf(let schemas):
            return ["anyOf": .array(schemas.map { $0.rendered(dialect, &components) })]
        case .constant(let value):
            guard dialect == .openAPI else { return ["const": value] }
            var object = JSONObject()
            if let type = value.typeName { object["type"] = .string(type) }
            object["enum"] = [value]
            return object
        case .named(_, let schema): return schema.keywords(dialect, &components)
        }
    }

    /// What a text's rule says.
    private static func keywords(_ rule: StringRule) -> JSONObject {
        var object: JSONObject = ["type": "string"]
        if let format = rule.format { object["format"] = .string(format.name) }
        if let oneOf = rule.oneOf { object["enum"] = .array(oneOf.map(JSONValue.string)) }
        if rule.length.lowerBound > 0 {
            object["minLength"] = JSONValue(rule.length.lowerBound)
        }
        if rule.length.upperBound != .max {
            object["maxLength"] = JSONValue(rule.length.upperBound)
        }
        if let pattern = rule.pattern?.text ?? (rule.notBlank ? #"\S"# : nil) {
            object["pattern"] = .string(pattern)
        }
        return object
    }

    /// What a number's rule says.
    private static func keywords(_ rule: NumberRule) -> JSONObject {
        var object: JSONObject = ["type": "number"]
        if let minimum = rule.minimum { object["minimum"] = JSONValue(minimum) }
        if let maximum = rule.maximum { object["maximum"] = JSONValue(maximum) }
        if let decimals = rule.decimals {
            let zeros = String(repeating: "0", count: max(decimals - 1, 0))
            let step = decimals > 0 ? "0.\(zeros)1" : "1"
            object["multipleOf"] = .number(JSONNumber(unchecked: step))
        }
        return object
    }

    /// What an object's rule says.
    private static func keywords(
        _ rule: ObjectRule, _ dialect: Dialect, _ components: inout JSONComponents
    ) -> JSONObject {
        var object: JSONObject = ["type": "object"]
        var properties = JSONObject()
        for property in rule.properties {
            let mayBeNull = rule.nullIsAbsent && !property.isRequired
            let schema = mayBeNull ? property.schema.orNull : property.schema
            properties[property.name] = schema.rendered(dialect, &components)
        }
        let required = rule.properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !properties.isEmpty || dialect == .jsonSchema {
            object["properties"] = .object(properties)
        }
        if !required.isEmpty { object["required"] = .array(required) }
        switch rule.additional {
        case .ignored: break
        case .allowed: object["additionalProperties"] = true
        case .refused: object["additionalProperties"] = false
        case .schema(let schema):
            object["additionalProperties"] = schema.rendered(dialect, &components)
        }
        return object
    }

    /// The schema with all that is said about it, and `null` allowed.
    private var orNull: JSONSchema {
        if case .nullable = shape { return self }
        return JSONSchema(
            .nullable(self), description, default: defaultValue, example: example)
    }

    /// The keywords of this schema, with `null` allowed beside it.
    private func orNull(_ dialect: Dialect, _ components: inout JSONComponents) -> JSONObject {
        switch shape {
        case .any: return [:]
        case .named(_, let schema): return schema.orNull(dialect, &components)
        case .nullable: return keywords(dialect, &components)
        case .anyOf(let schemas):
            let null: JSONValue =
                dialect == .openAPI
                ? ["type": "string", "nullable": true, "enum": [nil]] : ["type": "null"]
            let rendered = schemas.map { $0.rendered(dialect, &components) }
            return ["anyOf": .array(rendered + [null])]
        default: break
        }
        var object = keywords(dialect, &components)
        if let values = object["enum"]?.array { object["enum"] = .array(values + [.null]) }
        if let constant = object["const"] {
            object["const"] = nil
            object["enum"] = [constant, .null]
        } else if dialect == .openAPI {
            object["nullable"] = true
        } else if let type = object["type"] {
            object["type"] = [type, "null"]
        }
        return object
    }
}

extension JSONValue {
    /// The name JSON Schema has for this kind of value, nil for `null`.
    var typeName: String? {
        switch self {
        case .null: nil
        case .bool: "boolean"
        case .number(let number): number.int == nil ? "number" : "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
