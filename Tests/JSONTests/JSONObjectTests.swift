import JSON
import Testing

@Suite struct JSONObjectTests {
    @Test func `members keep their order through every change`() {
        var object: JSONObject = ["b": 1, "a": 2]
        object["c"] = 3
        object["b"] = 4
        #expect(object.keys == ["b", "a", "c"])
        object["a"] = nil
        object["missing"] = nil
        #expect(object.keys == ["b", "c"])
        #expect(object["b"] == 4)
        #expect(object["a"] == nil)
    }

    @Test func `a long object finds, changes and removes its members`() {
        var object = JSONObject()
        for number in 0..<100 { object["key\(number)"] = JSONValue(number) }
        object["key3"] = nil
        object["key50"] = "changed"
        object["key100"] = 100
        #expect(object.count == 100)
        #expect(object["key3"] == nil)
        #expect(object["key50"] == "changed")
        #expect(object["key99"] == 99)
        #expect(object["key100"] == 100)
        #expect(object.keys.last == "key100")
    }

    @Test func `objects are equal in any order of their members`() throws {
        let left = try JSONValue(parsing: #"{"a":1,"b":[{"c":2,"d":3}]}"#)
        let right = try JSONValue(parsing: #"{"b":[{"d":3,"c":2}],"a":1}"#)
        #expect(left == right)
        #expect(left != ["a": 1, "b": [["c": 2, "d": 4]]])
        #expect(JSONValue.object(["a": 1, "b": 2]) != ["a": 1, "c": 2])
        #expect(JSONValue.object(["a": 1]) != ["a": 1, "b": nil])
    }

    @Test func `strings are equal only with the same bytes`() {
        #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
    }

    @Test func `accessors answer only for their own kind`() {
        let value: JSONValue = ["text": "a", "number": 1.5, "flag": true, "list": [1], "none": nil]
        #expect(value["text"]?.string == "a")
        #expect(value["text"]?.int == nil)
        #expect(value["number"]?.double == 1.5)
        #expect(value["number"]?.int == nil)
        #expect(value["flag"]?.bool == true)
        #expect(value["list"]?[0]?.int == 1)
        #expect(value["list"]?[1] == nil)
        #expect(value["list"]?["a"] == nil)
        #expect(value["none"]?.isNull == true)
        #expect(value["missing"] == nil)
        #expect(value.array == nil)
        #expect(JSONValue(String?.none) == .null)
        #expect(JSONValue(Int?(3)) == 3)
    }

    @Test func `a value can be written for people`() throws {
        let value: JSONValue = ["a": [1, ["b": nil], []], "c\"": [:], "d": "e\n"]
        let expected = #"""
            {
              "a": [
                1,
                {
                  "b": null
                },
                []
              ],
              "c\"": {},
              "d": "e\n"
            }
            """#
        #expect(value.prettyText == expected)
        #expect(try JSONValue(parsing: value.prettyText) == value)
    }
}
