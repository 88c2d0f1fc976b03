import JSON
import Testing

@Suite struct JSONWriterTests {
    /// What a writer has written.
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `an answer is written compactly and with its commas`() {
        let written = text {
            $0.object {
                $0.field("text", "a")
                $0.field("number", -12)
                $0.field("price", cents: 3750)
                $0.field("ratio", 0.25)
                $0.field("flag", true)
                $0.null("nothing")
                $0.field("missing", String?.none)
                $0.field("present", Int?.some(1))
                $0.field("inner") { $0.field("a", 1) }
                $0.object("empty") { _ in }
                $0.array("list") {
                    $0.int(1)
                    $0.string("two")
                    $0.object { _ in }
                    $0.array { _ in }
                    $0.null()
                }
                $0.field("names", ["a", "b"])
                $0.field("value", ["k": [1, nil]] as JSONValue)
                $0.field("raw", raw: #"{"x":1}"#)
                $0.field(named: "dyn\"amic", 1)
            }
        }
        let expected = #"""
            {"text":"a","number":-12,"price":37.5,"ratio":0.25,"flag":true,"nothing":null,
            "missing":null,"present":1,"inner":{"a":1},"empty":{},"list":[1,"two",{},[],null],
            "names":["a","b"],"value":{"k":[1,null]},"raw":{"x":1},"dyn\"amic":1}
            """#
        #expect(written == expected.split(separator: "\n").joined())
    }

    @Test func `what a string may not hold is escaped and nothing else`() throws {
        let controls = String(String.UnicodeScalarView((0..<0x20).compactMap(Unicode.Scalar.init)))
        let expected =
            #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
            + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c"#
            + #"\u001d\u001e\u001f""#
        #expect(text { $0.string(controls) } == expected)
        #expect(text { $0.string("a\"b\\c/d") } == #""a\"b\\c/d""#)
        #expect(text { $0.string("é😀\u{7F}\u{2028}") } == "\"é😀\u{7F}\u{2028}\"")
        #expect(text { $0.string("") } == "\"\"")
    }

    @Test(arguments: ["\"", "\\", "\0", "\u{1F}", "\n"])
    func `an escape is found wherever it stands`(_ character: String) throws {
        for before in 0..<20 {
            for after in 0..<10 {
                let whole =
                    String(repeating: "ÿ", count: before) + character
                    + String(repeating: "~", count: after)
                let written = text { $0.string(whole) }
                #expect(try JSONValue(parsing: written) == .string(whole))
            }
        }
    }

    @Test func `text from a database is written without a string in between`() {
        let written = text { writer in
            writer.object { writer in
                Array("say \"hé\"".utf8).withUnsafeBufferPointer { writer.field("a", utf8: $0) }
                writer.field("b", utf8: UnsafeBufferPointer(start: nil, count: 0))
            }
        }
        #expect(written == #"{"a":"say \"hé\"","b":""}"#)
    }

    @Test(arguments: [0, 7, 10, 100, 1234567890, -1, -10, Int.max, Int.min])
    func `whole numbers are written as Swift writes them`(_ value: Int) {
        #expect(text { $0.int(value) } == String(value))
    }

    @Test func `what is no number becomes null`() {
        #expect(
            text {
                $0.array {
                    $0.double(.nan); $0.double(.infinity); $0.double(1)
                }
            } == "[null,null,1]")
    }

    @Test func `an error in a body leaves through the writer`() {
        var writer = JSONWriter()
        #expect(throws: CancellationError.self) {
            try writer.object { _ in throw CancellationError() }
        }
    }

    @Test func `a long answer can be taken in pieces`() throws {
        var pieces: [[UInt8]] = []
        var writer = JSONWriter()
        writer.array {
            for number in 0..<10 {
                $0.int(number)
                pieces.append($0.takeBytes())
            }
        }
        pieces.append(writer.takeBytes())
        #expect(pieces.count == 11)
        #expect(
            try JSONValue(parsing: Array(pieces.joined())).array?.compactMap(\.int) == Array(0..<10)
        )
    }
}
