extension JSONSchema {
    /// The schema that somebody else wrote down in JSON Schema, as far as it is understood here:
    /// what is not lets every value through, so that nothing good is refused.
    public init(reading document: JSONValue) {
        self = SchemaReader(document: document).read(document, depth: 24)
    }
}

/// Reads one document of JSON Schema.
private struct SchemaReader {
    /// The whole document, within which references lead.
    let document: JSONValue

    /// The schema in `value`, which stands at most `depth` levels above the deepest that are read.
    func read(_ value: JSONValue, depth: Int) -> JSONSchema {
        guard depth > 0, let schema = value.object, schema["allOf"] == nil, schema["not"] == nil
        else { return .any }
        if let reference = schema["$ref"]?.string {
            return target(of: reference).map { read($0, depth: depth - 1) } ?? .any
        }
        if let constant = schema["const"] { return .constant(constant) }
        if let choices = schema["enum"]?.array, !choices.isEmpty { return choice(choices) }
        if let forms = (schema["anyOf"] ?? schema["oneOf"])?.array, !forms.isEmpty {
            return .anyOf(forms.map { read($0, depth: depth - 1) })
        }
        if let types = schema["type"]?.array?.compactMap(\.string), !types.isEmpty {
            return .anyOf(types.map { read(schema, as: $0, depth: depth) })
        }
        return read(schema, as: schema["type"]?.string ?? "", depth: depth)
    }

    /// Where `#/$defs/Name` leads.
    private func target(of reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(document as JSONValue?) {
            let name = $1.replacing("~1", with: "/").replacing("~0", with: "~")
            return $0?[String(name)]
        }
    }

    private func choice(_ choices: [JSONValue]) -> JSONSchema {
        let texts = choices.compactMap(\.string)
        if texts.count == choices.count { return .string(oneOf: texts) }
        return .anyOf(choices.map { .constant($0) })
    }

    private func read(_ schema: JSONObject, as type: String, depth: Int) -> JSONSchema {
        switch type {
        case "boolean": return .boolean
        case "null": return .constant(.null)
        case "string":
            let (least, greatest) = range(schema, "minLength", "maxLength")
            return .string(minimum: least, maximum: greatest)
        case "integer":
            return .integer(
                minimum: schema["minimum"]?.int, maximum: schema["maximum"]?.int)
        case "number":
            return .number(
                minimum: schema["minimum"]?.double, maximum: schema["maximum"]?.double)
        case "array":
            let (least, greatest) = range(schema, "minItems", "maxItems")
            return .array(
                of: schema["items"].map { read($0, depth: depth - 1) } ?? .any,
                count: least...max(least, greatest ?? Int.max))
        case "object": return object(schema, depth: depth)
        default: return schema["properties"] == nil ? .any : object(schema, depth: depth)
        }
    }

    private func range(_ schema: JSONObject, _ least: String, _ greatest: String) -> (Int, Int?) {
        (max(0, schema[least]?.int ?? 0), schema[greatest]?.int)
    }

    private func object(_ schema: JSONObject, depth: Int) -> JSONSchema {
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        let declared = schema["properties"]?.object ?? JSONObject()
        var properties = declared.members.map { member -> JSONSchema.Property in
            let form = read(member.value, depth: depth - 1)
            return required.contains(member.key)
                ? .required(member.key, form) : .optional(member.key, form)
        }
        for name in required.sorted() where declared[name] == nil {
            properties.append(.required(name, .any))
        }
        let isClosed = schema["additionalProperties"] == false
        return .object(
            properties, additional: isClosed && schema["patternProperties"] == nil ? false : true,
            nullIsAbsent: true)
    }
}
