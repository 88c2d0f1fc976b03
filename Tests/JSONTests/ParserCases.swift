extension ParserCase {
    static let structures: [ParserCase] = [
        ParserCase("y empty array", "[]"),
        ParserCase("y empty object", "{}"),
        ParserCase("y array with spaces", "[ \t\r\n]"),
        ParserCase("y arrays in an array", "[[]   ,[]]"),
        ParserCase("y white space around", " \t\n\r{ \"a\" : 1 } \n"),
        ParserCase("y lone string", "\"a\""),
        ParserCase("y lone number", "42"),
        ParserCase("y lone true", "true"),
        ParserCase("y lone false", "false"),
        ParserCase("y lone null", "null"),
        ParserCase("y empty name", #"{"":0}"#),
        ParserCase("y name with U+0000", #"{"a\u0000b":1}"#),
        ParserCase("y name that is a number", #"{"1":1}"#),
        ParserCase("y names in two cases", #"{"a":1,"A":1}"#),
        ParserCase("y values of all kinds", #"[null,1,"1",{},[],true,false]"#),
        ParserCase("y several nulls", "[1,null,null,null,2]"),
        ParserCase("y same name in two objects", #"[{"a":1},{"a":{"a":1}}]"#),
        ParserCase("y line breaks between members", "{\n\"a\"\n:\n\"b\"\n}"),
    ]

    static let numbers: [ParserCase] = [
        "0", "-0", "1", "-1", "123", "1.5", "-1.5", "0.1", "0.0", "0e1", "0e+1", "1E5", "1e5",
        "1E+2", "1e-2", "123.456e78", "0.000000000000000000000000000000000000000000000001",
        "20e1", "123e65", "-123123123123123123123123123123", "100000000000000000000", "1e308",
        "1e-999", "1.7976931348623157e308", "0e00", "1e0000000000000007",
        String(repeating: "9", count: 128),
    ].map { ParserCase("y number \($0.prefix(40))", "[\($0)]") }

    static let strings: [ParserCase] = [
        ParserCase("y empty string", #"[""]"#),
        ParserCase("y all escapes", #"["\"\\\/\b\f\n\r\t"]"#),
        ParserCase("y escaped letter", #"["\u0061\u30af\u30EA\u30b9"]"#),
        ParserCase("y escaped control characters", #"["\u0012\u0000\u001f"]"#),
        ParserCase("y surrogate pair", #"["\uD801\udc37"]"#),
        ParserCase("y two surrogate pairs", #"["\ud83d\ude39\ud83d\udc8d"]"#),
        ParserCase("y last pair", #"["\uDBFF\uDFFF"]"#),
        ParserCase("y escaped noncharacters", #"["\uFDD0\uFFFE\uFFFF\uD83F\uDFFE"]"#),
        ParserCase("y escaped backslash before u", #"["\\u0000"]"#),
        ParserCase("y escaped quote at the end", #"["\""]"#),
        ParserCase("y DEL", "[\"a\u{7F}a\"]"),
        ParserCase("y slash", #"["a/*b*/c/d//e"]"#),
        ParserCase("y two bytes", "[\"\u{80}\u{7FF}\"]"),
        ParserCase("y three bytes", "[\"\u{800}\u{D7FF}\u{E000}\u{FFFF}\"]"),
        ParserCase("y four bytes", "[\"\u{10000}\u{10FFFF}\"]"),
        ParserCase("y line separators", "[\"\u{2028}\u{2029}\"]"),
        ParserCase("y byte order mark inside", "[\"\u{FEFF}\"]"),
    ]

    static let wrongStructures: [ParserCase] = [
        "", " ", "\n", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1,,2]", "[,]", "[1 2]",
        "[1}", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1,,}", "{,}", "{\"a\" 1}",
        "{\"a\":1 \"b\":2}", "{\"a\"::1}", "{1:1}", "{a:1}", "{'a':1}", "{null:1}", "{\"a\":1}}",
        "[1]]", "[]1", "[] []", "1 2", "\"a\" \"b\"", "[1]#", "[1]//", "[1]/**/", "/**/[1]",
        "[1/**/]", "tru", "True", "TRUE", "truE", "trues", "nan", "NaN", "[NaN]", "[Infinity]",
        "[-Infinity]", "undefined", "[a]", "['a']", "[*]", "*", "<null>", "[:]", "{\"a\":b}",
        "[\"a\":1]", "{\"a\"=>1}", "[1\u{B}]", "[\u{C}]", "[\u{A0}]", "[\u{2060}]", "[\u{3000}1]",
        "\u{FEFF}[]", "[\0]", "[]\0", "\0", "{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"a\":3}", "!",
        "&", "{\"a\":1;}", "[1;2]", "\\u0031", "[\\u000A1]", "[true false]", "nulll", "[nul]",
    ].map { ParserCase("n structure \($0.debugDescription)", $0) }

    static let wrongNumbers: [ParserCase] = [
        "-", "+1", "+", "--1", "-+1", "++1", "01", "-01", "00", "-00", "1.", "-1.", ".1", "-.1",
        "1.e1", "1.2.3", "1e", "1E", "1e+", "1e-", "1e+-1", "1ee1", "1e1.5", "1e1e1", "0x1",
        "0x", "0b1", "0o7", "1_000", "1 000", "1,000.", "1a", "1ea", "-a", "1+2", "1-", "1.5f",
        "0.1.2", "0e", "2.e3", "2.e-3", "-1x", "1/2", "１", "١", "Inf", "1e1000", "-1e400",
        "1.8e308", "1e-1000", "1e99999999999999999999", String(repeating: "1", count: 129),
    ].map { ParserCase("n number \($0.prefix(40))", "[\($0)]") }

    static let wrongStrings: [ParserCase] = [
        "\"", "\"a", "\"\\\"", "\"\\", "\"a\\", "\"\\a\"", "\"\\x41\"", "\"\\'\"", "\"\\0\"",
        "\"\\U0041\"", "\"\\u\"", "\"\\u0\"", "\"\\u00\"", "\"\\u004\"", "\"\\u004g\"",
        "\"\\u 041\"", "\"\\u+041\"", "\"\\u-041\"", "\"\\u{41}\"", "\"\\u００４１\"", "\"\n\"",
        "\"\t\"", "\"\r\"", "\"\0\"", "\"\u{1F}\"", "\"a\\n\u{1}\"", "\"\\\n\"", "\"\\é\"",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800a\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"",
        "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud800\\ud800\\udc00\"", "\"\\ud800\\",
        "\"\\ud800\\u\"", "\"\\ud800\\udc0\"", "'a'", "a", "\u{201C}a\u{201D}",
    ].map { ParserCase("n string \($0.debugDescription)", "[\($0)]") }

    static let invalidUTF8: [(String, [UInt8])] = [
        ("lone continuation", [0x80]), ("lone lead of two", [0xC3]),
        ("lone lead of three", [0xE2, 0x82]), ("lone lead of four", [0xF0, 0x9F, 0x98]),
        ("overlong slash of two", [0xC0, 0xAF]), ("overlong of two", [0xC1, 0xBF]),
        ("overlong of three", [0xE0, 0x80, 0xAF]), ("overlong of three, last", [0xE0, 0x9F, 0xBF]),
        ("overlong of four", [0xF0, 0x80, 0x80, 0xAF]),
        ("overlong of four, last", [0xF0, 0x8F, 0xBF, 0xBF]),
        ("overlong zero", [0xC0, 0x80]), ("first surrogate", [0xED, 0xA0, 0x80]),
        ("last surrogate", [0xED, 0xBF, 0xBF]), ("beyond U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
        ("lead F5", [0xF5, 0x80, 0x80, 0x80]), ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]),
        ("FE", [0xFE]), ("FF", [0xFF]), ("Latin-1 é", [0xE9]),
        ("wrong second", [0xE2, 0x28, 0xA1]),
        ("wrong third", [0xE2, 0x82, 0x28]), ("wrong fourth", [0xF0, 0x9F, 0x98, 0x28]),
        ("UTF-16 é", [0x00, 0xE9]),
    ]

    static let wrongEncodings: [ParserCase] = invalidUTF8.flatMap { name, bytes in
        [
            ParserCase(
                "n UTF-8 in a string: \(name)", bytes: [0x5B, 0x22] + bytes + [0x22, 0x5D]),
            ParserCase(
                "n UTF-8 behind an escape: \(name)",
                bytes: Array("[\"\\n".utf8) + bytes + [0x22, 0x5D]),
            ParserCase("n UTF-8 outside: \(name)", bytes: [0x5B] + bytes + [0x5D]),
            ParserCase("n UTF-8 at the end: \(name)", bytes: [0x22] + bytes),
        ]
    }
}
