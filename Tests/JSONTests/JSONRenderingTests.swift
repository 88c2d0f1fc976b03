import JSON
import Testing

@Suite struct JSONRenderingTests {
    @Test(
        arguments: [
            (JSONSchema.any, "{}", "{}"),
            (
                .any(description: "As sent."), #"{"description":"As sent."}"#,
                #"{"description":"As sent."}"#
            ),
            (
                .string(minimum: 1, maximum: 9, pattern: "^a", format: .email, description: "A."),
                #"{"type":"string","format":"email","minLength":1,"maxLength":9,"pattern":"^a""#
                    + #","description":"A."}"#,
                #"{"type":"string","format":"email","minLength":1,"maxLength":9,"pattern":"^a""#
                    + #","description":"A."}"#
            ),
            (
                .string(notBlank: true), #"{"type":"string","pattern":"\\S"}"#,
                #"{"type":"string","pattern":"\\S"}"#
            ),
            (
                .integer(in: 1...100, default: 20, example: 5),
                #"{"type":"integer","minimum":1,"maximum":100,"default":20,"examples":[5]}"#,
                #"{"type":"integer","minimum":1,"maximum":100,"default":20,"example":5}"#
            ),
            (
                .number(minimum: 0, maximum: 1.5, decimals: 2),
                #"{"type":"number","minimum":0,"maximum":1.5,"multipleOf":0.01}"#,
                #"{"type":"number","minimum":0,"maximum":1.5,"multipleOf":0.01}"#
            ),
            (
                .number(decimals: 0), #"{"type":"number","multipleOf":1}"#,
                #"{"type":"number","multipleOf":1}"#
            ),
            (
                .array(of: .boolean, count: 1...20),
                #"{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":20}"#,
                #"{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":20}"#
            ),
            (.constant("x"), #"{"const":"x"}"#, #"{"type":"string","enum":["x"],"example":"x"}"#),
            (
                .anyOf([.string, .integer(maximum: 3)]),
                #"{"anyOf":[{"type":"string"},{"type":"integer","maximum":3}]}"#,
                #"{"anyOf":[{"type":"string"},{"type":"integer","maximum":3}]}"#
            ),
            (
                .object([.required("a", .string), .optional("b", .boolean)], additional: false),
                #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"boolean"}}"#
                    + #","required":["a"],"additionalProperties":false}"#,
                #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"boolean"}}"#
                    + #","required":["a"],"additionalProperties":false}"#
            ),
            (
                .object([], additional: .schema(.integer)),
                #"{"type":"object","properties":{},"additionalProperties":{"type":"integer"}}"#,
                #"{"type":"object","additionalProperties":{"type":"integer"}}"#
            ),
        ] as [(JSONSchema, String, String)])
    func `a schema is written down in both dialects`(
        _ schema: JSONSchema, _ jsonSchema: String, _ openAPI: String
    ) {
        var components = JSONComponents()
        #expect(schema.jsonSchema.text == jsonSchema)
        #expect(schema.openAPI(&components).text == openAPI)
        #expect(components.schemas.isEmpty)
    }

    @Test(
        arguments: [
            (
                JSONSchema.string, #"{"type":["string","null"]}"#,
                #"{"type":"string","nullable":true}"#
            ),
            (
                .string(oneOf: ["a"]), #"{"type":["string","null"],"enum":["a",null]}"#,
                #"{"type":"string","enum":["a",null],"nullable":true}"#
            ),
            (
                .constant("x"), #"{"enum":["x",null]}"#,
                #"{"type":"string","enum":["x",null],"nullable":true}"#
            ),
            (
                .anyOf([.string]), #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#,
                #"{"anyOf":[{"type":"string"},{"type":"string","nullable":true,"enum":[null]}]}"#
            ),
            (
                .named("N", .integer), #"{"type":["integer","null"]}"#,
                #"{"type":"integer","nullable":true}"#
            ),
            (
                .nullable(.boolean), #"{"type":["boolean","null"]}"#,
                #"{"type":"boolean","nullable":true}"#
            ),
            (.any, "{}", "{}"),
        ] as [(JSONSchema, String, String)])
    func `null is allowed as each dialect says it`(
        _ schema: JSONSchema, _ jsonSchema: String, _ openAPI: String
    ) {
        var components = JSONComponents()
        #expect(JSONSchema.nullable(schema).jsonSchema.text == jsonSchema)
        #expect(JSONSchema.nullable(schema).openAPI(&components).text == openAPI)
    }

    @Test func `null is allowed where it means the same as nothing`() {
        let schema: JSONSchema = .object(
            [
                .required("a", .string), .optional("b", .integer(in: 1...9, default: 2)),
                .optional("c", .nullable(.boolean)),
            ], nullIsAbsent: true)
        var components = JSONComponents()
        let properties = schema.openAPI(&components)["properties"]
        #expect(properties?["a"] == ["type": "string"])
        #expect(properties?["b"]?["nullable"] == true)
        #expect(properties?["b"]?["default"] == 2)
        #expect(properties?["c"] == ["type": "boolean", "nullable": true])
    }

    @Test func `named schemas are collected once and referred to`() {
        let inner: JSONSchema = .named("Inner", .object([.required("a", .integer)]))
        let outer: JSONSchema = .named(
            "Outer", .object([.required("one", inner), .optional("more", .array(of: inner))]))
        var components = JSONComponents()
        #expect(outer.openAPI(&components).text == ##"{"$ref":"#/components/schemas/Outer"}"##)
        #expect(components.schemas.keys == ["Inner", "Outer"])
        #expect(
            components.schemas["Outer"]?["properties"]?["more"]?["items"]?["$ref"]
                == "#/components/schemas/Inner")
        #expect(components.schemas["Inner"]?["properties"]?["a"] == ["type": "integer"])
        #expect(components.conflicts == [])
        #expect(outer.jsonSchema["properties"]?["one"]?["required"] == ["a"])
    }

    @Test func `one name for two schemas is noticed`() {
        var components = JSONComponents()
        _ = JSONSchema.named("A", .string).openAPI(&components)
        _ = JSONSchema.named("A", .string).openAPI(&components)
        #expect(components.conflicts == [])
        _ = JSONSchema.named("A", .integer).openAPI(&components)
        #expect(components.conflicts == ["A"])
    }

    @Test func `a value that shows what is meant is made of its parts' examples`() {
        let schema: JSONSchema = .object([
            .required("id", .string(example: "sess_1")),
            .required("state", .string(oneOf: ["open", "closed"])),
            .required("flags", .array(of: .boolean(default: true))),
            .optional("note", .nullable(.string)),
            .optional("size", .integer(in: 1...9)),
        ])
        #expect(
            schema.sample
                == ["id": "sess_1", "state": "open", "flags": [true], "note": "text", "size": 1])
        #expect(schema.sample.map { schema.problems(in: $0) } == [])
        #expect(JSONSchema.string(minimum: 30).sample == nil)
        #expect(JSONSchema.object([.required("a", .string(minimum: 30))]).sample == nil)
        #expect(JSONSchema.object([.optional("a", .string(minimum: 30))]).sample == [:])
    }
}
