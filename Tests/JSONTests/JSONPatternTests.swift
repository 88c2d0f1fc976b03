import JSON
import Testing

@Suite struct JSONPatternTests {
    @Test(
        arguments: [
            ("^[A-Za-z0-9._:@-]{1,100}$", ["a", "sess_1.x:y@z-"], ["", "a b", "é", "a\n"]),
            ("^a$", ["a"], ["ab", "ba", ""]),
            ("b", ["abc", "b"], ["", "ac"]),
            ("^a|b$", ["ax", "xb"], ["xax", ""]),
            ("^(a|b)$", ["a", "b"], ["ab", "ax"]),
            ("^(?:ab)*c?$", ["", "ab", "ababc", "c"], ["abcab", "cc", "a"]),
            ("^a{2}$", ["aa"], ["a", "aaa"]),
            ("^a{2,}$", ["aa", "aaaa"], ["a"]),
            ("^a{0,2}$", ["", "a", "aa"], ["aaa"]),
            ("^(a{1,2}b){2}$", ["abab", "aabab"], ["ab", "aaabab"]),
            (#"^\d+-\w\s\S\D\W$"#, ["12-a bx!", "1-_\u{3000}\u{E9}xé"], ["-a bx!", "1-ab bx!"]),
            (#"^\$\.\[\]\\\/\-$"#, [#"$.[]\/-"#], ["a"]),
            (#"^[\]\\\-^a]+$"#, [#"]\-^a"#], ["b", ""]),
            ("^[^a-c\\s]$", ["d", "é", "😀"], ["a", "b", " ", "dd"]),
            ("^[a-]$", ["a", "-"], ["b"]),
            ("^.$", ["a", "😀", "\u{E9}"], ["", "\n", "e\u{301}"]),
            ("", ["", "anything"], []),
            ("^$", [""], ["a"]),
            ("^(|a)$", ["", "a"], ["aa"]),
            (#"\S"#, [" a "], ["", " \t\u{A0}\u{FEFF}"]),
        ] as [(JSONPattern, [String], [String])])
    func `a pattern finds what it describes`(
        _ pattern: JSONPattern, _ found: [String], _ missed: [String]
    ) {
        #expect(pattern.isWellFormed)
        for text in found { #expect(pattern.matches(text), "\(pattern.text) in \(text)") }
        for text in missed { #expect(!pattern.matches(text), "\(pattern.text) not in \(text)") }
    }

    @Test(
        arguments: [
            "(", ")", "a)", "[a", "a{", "a{2", "a{3,2}", "*", "a**", "[z-a]", #"\"#, #"\q"#,
            "(?=a)",
            "(?<n>a)", "a{100000}", "((a{60}){60}){60}", "]", "}", #"\b"#, "[[:alpha:]]",
        ] as [JSONPattern])
    func `a pattern that is not understood matches nothing and says so`(_ pattern: JSONPattern) {
        #expect(!pattern.isWellFormed)
        #expect(!pattern.matches("a"))
        #expect(!pattern.matches(""))
    }

    @Test func `a pattern that ruins backtracking matchers is matched at once`() {
        let pattern: JSONPattern = "^(a+)+(a|aa)*(a*)*$"
        #expect(!pattern.matches(String(repeating: "a", count: 20_000) + "b"))
        #expect(pattern.matches(String(repeating: "a", count: 20_000)))
    }

    @Test(arguments: [
        "2026-02-20T10:30:00Z", "2026-02-20T10:30:00.123456Z", "2024-02-29t23:59:60z",
        "2026-12-31T00:00:00+05:30", "2000-02-29T00:00:00.1-23:59",
        "2026-02-20 10:30:00Z",
    ])
    func `a moment is known by its form`(_ text: String) {
        #expect(JSONSchema.string(format: .dateTime).problems(in: .string(text)) == [])
    }

    @Test(arguments: [
        "", "2026-02-20", "2026-02-20  10:30:00Z", "2026-02-20T10:30Z", "2026-02-20T10:30:00",
        "2026-13-20T10:30:00Z", "2026-02-30T10:30:00Z", "2023-02-29T10:30:00Z",
        "1900-02-29T00:00:00Z", "2026-02-20T24:00:00Z", "2026-02-20T10:60:00Z",
        "2026-02-20T10:30:00.Z", "2026-02-20T10:30:00+0530", "2026-2-20T10:30:00Z",
        "２０２６-02-20T10:30:00Z", "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z",
    ])
    func `what is no moment is refused`(_ text: String) {
        #expect(JSONSchema.string(format: .dateTime).problems(in: .string(text)).count == 1)
    }

    @Test func `addresses and UUIDs are known by their form`() {
        let email: JSONSchema = .string(format: .email)
        for text in ["a@b", "john.doe+x@example.com", "a@b-c.d--e.f", "ü@example.org"] {
            #expect(email.problems(in: .string(text)) == [])
        }
        for text in [
            "", "a", "@b", "a@", "a b@c", "a@b@c", "a@-b", "a@b-", "a@b..c", "a@b.", "<a@b>",
        ] {
            #expect(email.problems(in: .string(text)).count == 1, "\(text)")
        }
        let uuid: JSONSchema = .string(format: .uuid)
        #expect(uuid.problems(in: "123e4567-E89b-12d3-a456-426614174000") == [])
        #expect(uuid.problems(in: "123e4567e89b12d3a456426614174000").count == 1)
    }
}
