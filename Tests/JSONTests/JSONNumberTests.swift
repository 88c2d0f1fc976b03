import JSON
import Testing

@Suite struct JSONNumberTests {
    @Test(arguments: [
        "0", "-0", "1.0", "1.50", "1e2", "1E+2", "100000000000000000000", "0.1", "-12.340e-5",
    ])
    func `a number is returned as it was sent`(_ text: String) throws {
        let value = try JSONValue(parsing: "[\(text)]")
        #expect(value.text == "[\(text)]")
        #expect(value[0] == .number(try #require(JSONNumber(text: text))))
    }

    @Test(arguments: [
        ("1", 1), ("-0", 0), ("1.0", 1), ("1e2", 100), ("1.5e1", 15), ("0.5", nil), ("-7", -7),
        ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
        ("9223372036854775808", nil), ("1e300", nil), ("1e-300", nil), ("9007199254740993.5", nil),
    ])
    func `a number is whole when its value is`(_ text: String, _ expected: Int?) throws {
        #expect(try JSONValue(parsing: text).int == expected)
    }

    @Test(arguments: [
        (0.1, "0.1"), (-0.5, "-0.5"), (1, "1"), (349, "349"), (1e21, "1e+21"),
        (2.5e-300, "2.5e-300"),
        (1.7976931348623157e308, "1.7976931348623157e+308"), (-0.0, "-0"), (37.5, "37.5"),
        (0.1 + 0.2, "0.30000000000000004"), (1e-7, "1e-07"), (123_456_789.125, "123456789.125"),
    ])
    func `a double is written in the shortest text that reads back`(
        _ value: Double, _ expected: String
    ) throws {
        #expect(JSONValue(value).text == expected)
        #expect(try JSONValue(parsing: expected).double == value)
    }

    @Test func `what no JSON number can say becomes null or nothing`() {
        #expect(JSONValue(Double.nan) == .null)
        #expect(JSONValue(-Double.infinity) == .null)
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(text: "01") == nil)
        #expect(JSONNumber(text: " 1") == nil)
        #expect(JSONNumber(text: "\"1\"") == nil)
        #expect(JSONNumber(text: "1e999") == nil)
    }

    @Test(arguments: [
        (3750, "37.5"), (129_999, "1299.99"), (34900, "349"), (5, "0.05"), (10, "0.1"), (0, "0"),
        (-5, "-0.05"), (-12_340, "-123.4"), (Int.max, "92233720368547758.07"),
        (Int.min, "-92233720368547758.08"),
    ])
    func `cents are written as money`(_ cents: Int, _ expected: String) {
        #expect(JSONValue(cents: cents).text == expected)
    }
}
