import JSON
import Testing

/// A schema, a value for it, and what must be said of the value.
struct SchemaCase: Sendable, CustomTestStringConvertible {
    let schema: JSONSchema
    let json: String
    let problems: [String]

    init(_ schema: JSONSchema, _ json: String, _ problems: String...) {
        self.schema = schema
        self.json = json
        self.problems = problems
    }

    var testDescription: String { "\(json): \(problems.joined(separator: "; "))" }
}

@Suite struct JSONSchemaTests {
    @Test(arguments: SchemaCase.texts + SchemaCase.numbers + SchemaCase.others)
    func `a value's problems are said in words`(_ example: SchemaCase) throws {
        let problems = example.schema.problems(in: try JSONValue(parsing: example.json))
        #expect(problems.map(\.problem) == example.problems)
        #expect(problems.allSatisfy { $0.field == "" })
    }

    private static let order: JSONSchema = .object(
        [
            .required("customer", .object([.required("email", .string(format: .email))])),
            .required("items", .array(of: item, count: 1...3)),
            .optional("note", .string(maximum: 5)),
        ], additional: false, nullIsAbsent: true)

    private static let item: JSONSchema = .object([
        .required("name", .string(minimum: 1)),
        .optional("tags", .array(of: .array(of: .string(oneOf: ["a", "b"])))),
    ])

    @Test func `all problems are found at once and carry their path`() throws {
        let value = try JSONValue(
            parsing: #"""
                {"customer": {"email": "nobody"}, "note": "too long", "colour": 1, "items":
                 [{"name": ""}, 7, {"tags": [["a"], ["b", "c"], "a"]}, {"name": "x", "size": 1}]}
                """#)
        let expected: [(String, String)] = [
            ("customer.email", "must be an e-mail address"),
            ("items", "must have 1 to 3 items"),
            ("items[0].name", "must not be empty"),
            ("items[1]", "must be an object"),
            ("items[2].name", "is required"),
            ("items[2].tags[1][1]", "must be one of 'a', 'b'"),
            ("items[2].tags[2]", "must be an array"),
            ("note", "must be at most 5 characters long"),
            ("colour", "is not a known field"),
        ]
        #expect(
            Self.order.problems(in: value)
                == expected.map { JSONProblem(field: $0.0, problem: $0.1) })
    }

    @Test func `null counts as left out only where it is said and the member is optional`() throws {
        let value = try JSONValue(parsing: #"{"customer": null, "items": [], "note": null}"#)
        #expect(
            Self.order.problems(in: value).map(\.description)
                == ["customer must be an object", "items must have 1 to 3 items"])
        let item = try JSONValue(parsing: #"{"name": "a", "tags": null}"#)
        #expect(Self.item.problems(in: item).map(\.description) == ["tags must be an array"])
    }

    @Test func `members nothing was said about are reported only by a strict check`() {
        let schema: JSONSchema = .object([
            .optional("open", .object([], additional: true)),
            .optional("silent", .object([.optional("a", .integer)])),
        ])
        let value: JSONValue = ["open": ["x": 1], "silent": ["a": 1, "b": 2], "other": nil]
        #expect(schema.problems(in: value) == [])
        #expect(
            schema.problems(in: value, strictly: true).map(\.description)
                == ["silent.b is not a known field", "other is not a known field"])
    }

    @Test func `other members can have a form of their own`() {
        let schema: JSONSchema = .object([], additional: .schema(.integer(minimum: 0)))
        #expect(schema.problems(in: ["a": 1, "b": 2]) == [])
        #expect(
            schema.problems(in: ["a": -1]).map(\.description)
                == ["a must be an integer of at least 0"])
    }

    @Test func `the nearest alternative says what is wrong`() {
        let event: JSONSchema = .anyOf([
            .object([.required("type", .constant("start")), .required("id", .string)]),
            .object([.required("type", .constant("end")), .required("count", .integer)]),
        ])
        let schema: JSONSchema = .object([.required("event", event)])
        #expect(schema.problems(in: ["event": ["type": "end", "count": 1]]) == [])
        #expect(
            schema.problems(in: ["event": ["type": "end", "count": "x"]]).map(\.description)
                == ["event.count must be an integer"])
        #expect(
            schema.problems(in: ["event": 1]).map(\.description) == ["event must be an object"])
        #expect(
            JSONSchema.anyOf([.string, .integer]).problems(in: [:]).map(\.problem)
                == ["must be a string or an integer"])
    }

    @Test func `a hostile value gets a hundred problems and no long names`() {
        let many = JSONValue.array(Array(repeating: "x", count: 10_000))
        #expect(JSONSchema.array(of: .integer).problems(in: many).count == 100)
        let name = String(repeating: "n", count: 10_000)
        let problems = JSONSchema.object([], additional: false).problems(in: [name: 1])
        #expect(problems.first?.field.unicodeScalars.count == 65)
    }

    @Test(
        arguments: [
            (.integer, "20", 20), (.integer, "-3", -3), (.integer, "+3", "+3"),
            (.integer, "1.0", "1.0"),
            (.integer, "", ""), (.integer, "99999999999999999999", "99999999999999999999"),
            (.number, "1.5", 1.5), (.number, "NaN", "NaN"), (.boolean, "true", true),
            (.boolean, "false", false), (.boolean, "1", "1"), (.string, "12", "12"),
            (.nullable(.integer), "12", 12), (.named("N", .integer), "12", 12),
            (.array(of: .integer), "1,2,x", [1, 2, "x"]),
        ] as [(JSONSchema, String, JSONValue)])
    func `a text of a query becomes the value its schema asks for`(
        _ schema: JSONSchema, _ text: String, _ expected: JSONValue
    ) {
        #expect(schema.value(fromText: text) == expected)
    }

    @Test func `a problem writes itself for the error's fields`() {
        let problem = JSONProblem(field: "message", problem: "is required")
        #expect(
            String(decoding: problem.jsonBytes, as: UTF8.self)
                == #"{"field":"message","problem":"is required"}"#)
        #expect(JSONProblem(field: "", problem: "is wrong").description == "the value is wrong")
    }
}

extension SchemaCase {
    static let texts: [SchemaCase] = [
        SchemaCase(.string, #""""#),
        SchemaCase(.string, "1", "must be a string"),
        SchemaCase(.string, "null", "must be a string"),
        SchemaCase(.string, #""a\u0000b""#, "must not contain the character U+0000"),
        SchemaCase(.string(minimum: 1), #""""#, "must not be empty"),
        SchemaCase(
            .string(minimum: 1, maximum: 10_000), #""""#, "must be 1 to 10,000 characters long"),
        SchemaCase(.string(minimum: 3), #""ab""#, "must be at least 3 characters long"),
        SchemaCase(.string(maximum: 1), #""ab""#, "must be at most 1 character long"),
        SchemaCase(.string(minimum: 2, maximum: 2), #""abc""#, "must be exactly 2 characters long"),
        SchemaCase(.string(maximum: 2), #""e\u0301""#),
        SchemaCase(.string(maximum: 1), #""e\u0301""#, "must be at most 1 character long"),
        SchemaCase(.string(maximum: 2), #""😀😀""#),
        SchemaCase(.string(minimum: 2), #""😀""#, "must be at least 2 characters long"),
        SchemaCase(.string(notBlank: true), #"" \n\t\u3000""#, "must not be blank"),
        SchemaCase(.string(notBlank: true), #"" a""#),
        SchemaCase(.string(oneOf: ["a", "b"]), #""c""#, "must be one of 'a', 'b'"),
        SchemaCase(.string(oneOf: ["a"]), #""c""#, "must be 'a'"),
        SchemaCase(.string(oneOf: ["a", "b"]), "3", "must be one of 'a', 'b'"),
        SchemaCase(.string(oneOf: ["a"]), #""a""#),
        SchemaCase(.string(pattern: "^[a-z]+$"), #""A""#, "must match ^[a-z]+$"),
        SchemaCase(
            .string(pattern: "^[a-z]+$", otherwise: "must be lower case"), #""A""#,
            "must be lower case"),
        SchemaCase(
            .string(format: .dateTime), #""yesterday""#,
            "must be a date and time like '2026-02-20T10:30:00Z'"),
        SchemaCase(.string(format: .date), "5", "must be a date like '2026-02-20'"),
        SchemaCase(.string(format: .uri), #""anything""#),
    ]

    static let numbers: [SchemaCase] = [
        SchemaCase(.integer, "1"),
        SchemaCase(.integer, "1.0"),
        SchemaCase(.integer, "1.5", "must be an integer"),
        SchemaCase(.integer, #""1""#, "must be an integer"),
        SchemaCase(.integer, "99999999999999999999", "must be an integer"),
        SchemaCase(.integer(in: 1...100), "0", "must be an integer from 1 to 100"),
        SchemaCase(.integer(in: 1...100), "101", "must be an integer from 1 to 100"),
        SchemaCase(.integer(in: 1...100), #""x""#, "must be an integer from 1 to 100"),
        SchemaCase(.integer(in: 1...100), "100"),
        SchemaCase(.integer(minimum: 0), "-1", "must be an integer of at least 0"),
        SchemaCase(.integer(maximum: 10_000), "10001", "must be an integer of at most 10,000"),
        SchemaCase(.number, "1.5"),
        SchemaCase(.number, "true", "must be a number"),
        SchemaCase(.number(minimum: 0.5), "0.4", "must be a number of at least 0.5"),
        SchemaCase(.number(maximum: 2), "2.1", "must be a number of at most 2"),
        SchemaCase(.number(minimum: 0, maximum: 1), "-1", "must be a number from 0 to 1"),
        SchemaCase(.number(decimals: 2), "1.25"),
        SchemaCase(.number(decimals: 2), "1.250"),
        SchemaCase(.number(decimals: 2), "125e-2"),
        SchemaCase(.number(decimals: 2), "1.255", "must have at most 2 decimal places"),
        SchemaCase(.number(decimals: 1), "125e-2", "must have at most 1 decimal place"),
        SchemaCase(.number(decimals: 0), "1.5e1"),
        SchemaCase(.number(decimals: 0), "1500e-2"),
        SchemaCase(.number(decimals: 0), "1.05e1", "must have at most 0 decimal places"),
    ]

    static let others: [SchemaCase] = [
        SchemaCase(.any, "[null]"),
        SchemaCase(.boolean, "true"),
        SchemaCase(.boolean, #""true""#, "must be true or false"),
        SchemaCase(.boolean, "0", "must be true or false"),
        SchemaCase(.constant("on"), #""off""#, "must be 'on'"),
        SchemaCase(.constant(1), "2", "must be 1"),
        SchemaCase(.nullable(.string), "null"),
        SchemaCase(.nullable(.string), "1", "must be a string"),
        SchemaCase(.nullable(.integer(in: 1...2)), "3", "must be an integer from 1 to 2"),
        SchemaCase(
            .anyOf([.string, .nullable(.integer)]), "{}", "must be a string or an integer or null"),
        SchemaCase(.object([]), "[]", "must be an object"),
        SchemaCase(.array(of: .any), "{}", "must be an array"),
        SchemaCase(.array(of: .any, count: 1...Int.max), "[]", "must have at least 1 item"),
        SchemaCase(.array(of: .any, count: 0...1), "[1,2]", "must have at most 1 item"),
        SchemaCase(.array(of: .any, count: 2...2), "[1]", "must have exactly 2 items"),
        SchemaCase(.named("Name", .string), "1", "must be a string"),
    ]
}
