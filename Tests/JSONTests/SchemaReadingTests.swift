import JSON
import Testing

@Suite struct SchemaReadingTests {
    /// A schema of somebody else's, a value, and the fields that are wrong with it.
    struct Case: Sendable, CustomStringConvertible {
        let schema: JSONValue
        let value: JSONValue
        let wrong: [String]
        var description: String { "\(schema.text) \(value.text)" }

        init(_ schema: JSONValue, _ value: JSONValue, _ wrong: String...) {
            (self.schema, self.value, self.wrong) = (schema, value, wrong)
        }
    }

    private static let city: JSONValue = [
        "type": "object", "required": ["city"], "additionalProperties": false,
        "properties": [
            "city": ["type": "string", "minLength": 2, "maxLength": 5],
            "days": ["type": "integer", "minimum": 1, "maximum": 7],
            "unit": ["enum": ["C", "F"]],
        ],
    ]

    private static let nested: JSONValue = [
        "type": "object",
        "properties": ["place": ["$ref": "#/$defs/Place"], "tags": ["$ref": "#/$defs/a~1b"]],
        "$defs": [
            "Place": ["type": "object", "required": ["lat"], "properties": ["lat": number]],
            "a/b": ["type": "array", "items": ["type": "string"], "maxItems": 1],
        ],
    ]

    private static let number: JSONValue = ["type": "number", "maximum": 90]

    static let cases = [
        Case(city, ["city": "York"]), Case(city, [:], "city"), Case(city, ["city": 5], "city"),
        Case(city, ["city": "Y"], "city"), Case(city, ["city": "London"], "city"),
        Case(city, ["city": "York", "days": 0], "days"),
        Case(city, ["city": "York", "days": 1.5], "days"),
        Case(city, ["city": "York", "unit": "K"], "unit"),
        Case(city, ["city": "York", "citty": "x"], "citty"),
        Case(nested, ["place": ["lat": 53.9], "more": 1, "tags": ["a"]]),
        Case(nested, ["place": ["lat": 91]], "place.lat"),
        Case(nested, ["place": [:]], "place.lat"), Case(nested, ["tags": ["a", "b"]], "tags"),
        // FastMCP's way of saying that an argument may be left out.
        Case(
            ["properties": ["a": ["anyOf": [["type": "string"], ["type": "null"]]]]],
            ["a": nil]),
        Case(["properties": ["a": ["type": ["integer", "null"]]]], ["a": "x"], "a"),
        Case(["properties": ["a": ["const": 5]]], ["a": 6], "a"),
        Case(["properties": ["a": ["enum": [1, "x"]]]], ["a": 2], "a"),
        Case(["required": ["a"], "properties": [:]], [:], "a"),
        Case(["properties": ["a": ["type": "boolean"]]], ["a": "true"], "a"),
    ]

    @Test(arguments: cases)
    func `what is understood of a foreign schema is checked`(_ example: Case) {
        let problems = JSONSchema(reading: example.schema).problems(in: example.value)
        #expect(problems.map(\.field) == example.wrong, "\(problems)")
    }

    @Test(
        arguments: [
            [:], true, nil, [], "x", ["type": "magic"], ["type": 5], ["allOf": [["type": "null"]]],
            ["not": [:]], ["$ref": "#/nowhere"], ["$ref": "https://example.com/s"],
            ["$ref": "#"], ["properties": ["a": ["minLength": "x", "pattern": "("]]],
            ["type": "object", "properties": ["a": ["type": "string", "format": "uuid"]]],
            ["type": "object", "additionalProperties": false, "patternProperties": ["^a": [:]]],
            ["properties": ["a": ["type": "string", "minLength": -4]]],
        ] as [JSONValue])
    func `what is not understood refuses nothing`(_ schema: JSONValue) {
        #expect(JSONSchema(reading: schema).problems(in: ["a": "b"]) == [])
    }

    @Test func `a schema that refers to itself comes to an end`() {
        let tree: JSONValue = [
            "$ref": "#/$defs/Node",
            "$defs": [
                "Node": ["type": "object", "properties": ["next": ["$ref": "#/$defs/Node"]]]
            ],
        ]
        let schema = JSONSchema(reading: tree)
        #expect(schema.problems(in: ["next": ["next": ["next": [:]]]]) == [])
        #expect(schema.problems(in: ["next": ["next": 5]]).map(\.field) == ["next.next"])
        #expect(JSONSchema(reading: ["$ref": "#"]).problems(in: 5) == [])
    }
}
