/// One check of a value against a schema.
struct SchemaCheck {
    /// One step on the way to a field.
    enum Step {
        /// Into an object.
        case member(String)
        /// Into an array.
        case element(Int)
    }

    /// With more problems the rest is not looked at.
    private static let enough = 100

    /// Whether members nothing was said about are reported.
    let isStrict: Bool
    /// The way to the value that is being checked.
    private(set) var path: [Step] = []
    /// What was found.
    private(set) var problems: [JSONProblem] = []
    /// Whether the value at `base` is of another kind than its schema asks for.
    private var hasWrongKind = false

    /// A check that has not begun.
    init(isStrict: Bool) {
        self.isStrict = isStrict
    }

    /// Checks the value at the end of the path.
    mutating func check(_ value: JSONValue, _ schema: JSONSchema) {
        guard problems.count < Self.enough else { return }
        switch (schema.shape, value) {
        case (.any, _): break
        case (.named(_, let inner), _): check(value, inner)
        case (.nullable, .null): break
        case (.nullable(let inner), _): check(value, inner)
        case (.boolean, .bool): break
        case (.constant(let constant), _):
            if value != constant { report("must be \(schema.phrase)") }
        case (.string(let rule), .string(let text)): check(text, rule, schema)
        case (.integer(let range), .number(let number)):
            if !(number.int.map(range.contains) ?? false) { report("must be \(schema.phrase)") }
        case (.number(let rule), .number(let number)): check(number, rule, schema)
        case (.array(let element, let count), .array(let elements)):
            check(elements, element, count)
        case (.object(let rule), .object(let object)): check(object, rule)
        case (.anyOf(let schemas), _): check(value, anyOf: schemas, schema)
        default: report("must be \(schema.phrase)", wrongKind: true)
        }
    }

    /// Notes a problem with the value at the end of the path.
    private mutating func report(_ problem: String, wrongKind: Bool = false) {
        if wrongKind, path.isEmpty { hasWrongKind = true }
        guard problems.count < Self.enough else { return }
        problems.append(JSONProblem(field: field, problem: problem))
    }

    /// The path as text.
    private var field: String {
        var text = ""
        for step in path {
            switch step {
            case .member(let name): text += text.isEmpty ? name : ".\(name)"
            case .element(let index): text += "[\(index)]"
            }
        }
        return text
    }

    /// Checks a number.
    private mutating func check(
        _ number: JSONNumber, _ rule: JSONSchema.NumberRule, _ schema: JSONSchema
    ) {
        let value = number.double ?? .nan
        guard value >= rule.minimum ?? -.infinity, value <= rule.maximum ?? .infinity else {
            return report("must be \(schema.phrase)")
        }
        if let decimals = rule.decimals, number.decimalPlaces > decimals {
            report("must have at most \(counted(decimals, "decimal place"))")
        }
    }

    /// Checks an array and its elements.
    private mutating func check(
        _ elements: [JSONValue], _ element: JSONSchema, _ count: ClosedRange<Int>
    ) {
        if !count.contains(elements.count) {
            report("must have \(counted(count, "item"))")
        }
        for (index, value) in elements.enumerated() where problems.count < Self.enough {
            path.append(.element(index))
            check(value, element)
            path.removeLast()
        }
    }

    /// Checks an object: the known members in the order of the schema, then the others.
    private mutating func check(_ object: JSONObject, _ rule: JSONSchema.ObjectRule) {
        var known = 0
        for property in rule.properties {
            path.append(.member(property.name))
            if let value = object[property.name] {
                known += 1
                let isAbsent = rule.nullIsAbsent && !property.isRequired && value.isNull
                if !isAbsent { check(value, property.schema) }
            } else if property.isRequired {
                report("is required")
            }
            path.removeLast()
        }
        guard known < object.count else { return }
        switch rule.additional {
        case .allowed: break
        case .ignored: if isStrict { checkOthers(of: object, rule, nil) }
        case .refused: checkOthers(of: object, rule, nil)
        case .schema(let schema): checkOthers(of: object, rule, schema)
        }
    }

    /// Checks the members that are not known, against a schema or as not welcome.
    private mutating func checkOthers(
        of object: JSONObject, _ rule: JSONSchema.ObjectRule, _ schema: JSONSchema?
    ) {
        let known = Set(rule.properties.map(\.name))
        for member in object.members where !known.contains(member.key) {
            guard problems.count < Self.enough else { return }
            path.append(.member(shortened(member.key)))
            if let schema { check(member.value, schema) } else { report("is not a known field") }
            path.removeLast()
        }
    }

    /// Checks a value against alternatives; the nearest one says what is wrong.
    private mutating func check(
        _ value: JSONValue, anyOf schemas: [JSONSchema], _ schema: JSONSchema
    ) {
        var nearest: SchemaCheck?
        for alternative in schemas {
            var attempt = SchemaCheck(isStrict: isStrict)
            attempt.check(value, alternative)
            if attempt.problems.isEmpty { return }
            if !attempt.hasWrongKind, attempt.problems.count < nearest?.problems.count ?? .max {
                nearest = attempt
            }
        }
        guard let nearest else { return report("must be \(schema.phrase)", wrongKind: true) }
        let base = field
        for found in nearest.problems {
            let separator = base.isEmpty || found.field.isEmpty || found.field.hasPrefix("[")
            let place = base + (separator ? "" : ".") + found.field
            problems.append(JSONProblem(field: place, problem: found.problem))
        }
    }
}

extension SchemaCheck {
    /// Checks a text.
    private mutating func check(
        _ text: String, _ rule: JSONSchema.StringRule, _ schema: JSONSchema
    ) {
        if let allowed = rule.oneOf {
            if !allowed.contains(where: { $0.isExactly(text) }) {
                report("must be \(schema.phrase)")
            }
            return
        }
        // Every scalar takes one to four bytes, so most lengths need no count.
        let bytes = text.utf8.count
        let isSurelyRight = rule.length.lowerBound <= bytes / 4 && bytes <= rule.length.upperBound
        if !isSurelyRight, !rule.length.contains(text.unicodeScalars.count) {
            let isOnlyEmpty = rule.length == 1...Int.max
            return report(
                isOnlyEmpty
                    ? "must not be empty" : "must be \(counted(rule.length, "character")) long")
        }
        if rule.notBlank, text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            return report("must not be blank")
        }
        if text.utf8.contains(0) { return report("must not contain the character U+0000") }
        if let pattern = rule.pattern, !pattern.matches(text) {
            return report(rule.patternProblem ?? "must match \(pattern.text)")
        }
        if let format = rule.format, !format.accepts(text) { report(format.problem) }
    }
}
