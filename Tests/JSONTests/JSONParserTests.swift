import JSON
import Testing

/// A text with a name as in the public conformance suites: y is valid JSON, n is not.
struct ParserCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }

    init(_ name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    var testDescription: String { name }
}

@Suite struct JSONParserTests {
    @Test(arguments: ParserCase.structures + ParserCase.numbers + ParserCase.strings)
    func `what RFC 8259 allows is read`(_ example: ParserCase) throws {
        _ = try JSONValue(parsing: example.bytes)
    }

    @Test(
        arguments: ParserCase.wrongStructures + ParserCase.wrongNumbers + ParserCase.wrongStrings
            + ParserCase.wrongEncodings)
    func `what RFC 8259 does not allow is refused`(_ example: ParserCase) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: example.bytes) }
    }

    @Test func `a document is read into its values`() throws {
        let text = #"""
             {"a": [1, -2.50, true, false, null], "b" : {"c":"d\n\u00e9\ud83d\ude00é😀"} ,"e":""}
            """#
        let value = try JSONValue(parsing: text)
        #expect(
            value["a"]?.array == [
                1, .number(try #require(JSONNumber(text: "-2.50"))), true, false, nil,
            ])
        #expect(value["b"]?["c"] == "d\né😀é😀")
        #expect(value["e"]?.string == "")
        #expect(value.object?.keys == ["a", "b", "e"])
    }

    @Test func `every escape stands for its character`() throws {
        let value = try JSONValue(
            parsing: #""\"\\\/\b\f\n\r\t\u0041\u00E9\u20ac\uD834\uDD1E\u0000""#)
        #expect(value == .string("\"\\/\u{8}\u{C}\n\r\tA\u{E9}\u{20AC}\u{1D11E}\0"))
    }

    @Test func `bytes in any collection are read`() throws {
        let lazyBytes = [0, 1, 2].lazy.map { Array("[1]".utf8)[$0] }
        #expect(try JSONValue(parsing: lazyBytes) == [1])
        #expect(try JSONValue(parsing: Array("x[1]y".utf8)[1...3]) == [1])
    }

    @Test func `a name that occurs twice is named`() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: #"{"a":1,"b":{"x":1,"x":2}}"#)
        }
        #expect(error?.reason == .duplicateKey("x"))
        #expect(error?.offset == 18)
    }

    @Test func `a name written with an escape is the same name`() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: #"{"a":1,"\u0061":2}"#)
        }
        #expect(error?.reason == .duplicateKey("a"))
    }

    @Test func `names that only look alike are two names`() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test func `a name that occurs twice is found among ten thousand`() throws {
        let members = (0..<10_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
        let value = try JSONValue(parsing: "{\(members)}")
        #expect(value.object?.count == 10_000)
        #expect(value["key9999"] == 9999)
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: "{\(members),\"key5000\":0}")
        }
        #expect(error?.reason == .duplicateKey("key5000"))
    }

    @Test(arguments: [
        ("", JSONError.Reason.empty, 0, 1, 1),
        ("  \n ", .empty, 4, 2, 2),
        ("{\"a\":}", .unexpected(found: "'}'", expected: "a value"), 5, 1, 6),
        ("{\"a\":1", .unexpectedEnd(expected: "',' or '}'"), 6, 1, 7),
        ("[1\n,2 3]", .unexpected(found: "'3'", expected: "',' or ']'"), 6, 2, 4),
        ("{\"é\" 1}", .unexpected(found: "'1'", expected: "':'"), 6, 1, 6),
        ("[1] x", .trailingText, 4, 1, 5),
        ("[\"a\\x\"]", .invalidEscape, 3, 1, 4),
        ("[\"\\ud800\"]", .loneSurrogate, 2, 1, 3),
        ("[01]", .malformedNumber, 1, 1, 2),
        ("[1e9999]", .numberOutOfRange, 1, 1, 2),
        ("[\"a\u{1}\"]", .controlCharacter, 3, 1, 4),
        ("nul", .unexpectedEnd(expected: "'null'"), 3, 1, 4),
    ])
    func `an error says what is wrong and where`(
        _ text: String, _ reason: JSONError.Reason, _ offset: Int, _ line: Int, _ column: Int
    ) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test func `an error reads as a sentence with its place`() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\n  \"a\": }") }
        #expect(
            error?.description == "found '}' where a value should come (line 2, column 8, byte 9)")
    }

    @Test func `the byte that is no UTF-8 is named`() {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: Array("[\"a\\n".utf8) + [0xC3, 0xA9, 0xFF] + Array("\"]".utf8))
        }
        #expect(error?.reason == .invalidUTF8)
        #expect(error?.offset == 7)
    }

    @Test func `nesting up to the limit is read and one more is refused`() throws {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try JSONValue(parsing: deepest)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[\(deepest)]") }
        #expect(error?.reason == .tooDeep(limit: 64))
        #expect(error?.offset == 64)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[{}]", maximumDepth: 1) }
        #expect(try JSONValue(parsing: "1", maximumDepth: 0) == 1)
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"\":"])
    func `hostile nesting is refused whatever limit the caller names`(_ piece: String) {
        let text = String(repeating: piece, count: 200_000)
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: text, maximumDepth: .max)
        }
        #expect(error?.reason == .tooDeep(limit: 512))
    }

    @Test func `a long name is shortened in the message`() {
        let name = String(repeating: "n", count: 5000)
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: "{\"\(name)\":1,\"\(name)\":1}")
        }
        #expect((error?.problem.utf8.count ?? .max) < 120)
    }
}
