import Testing

@testable import Frontdesk

@Suite struct `E-mail addresses` {
    @Test(arguments: [
        "sarah.johnson@example.com", "a@b.co", "first+tag@sub.domain.example.com",
        "o'neil@example.com", "x_y-z@xn--bcher-kva.example", "1@1.example", "a@b-c.test",
        "SARAH@EXAMPLE.COM",
    ])
    func `usual addresses are taken`(text: String) {
        #expect(EmailAddress(text)?.text == text)
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@b.test", "a@b", "a@b@c.test", "a b@c.test", "a@b c.test",
        ".a@b.test", "a.@b.test", "a..b@c.test", "a@.b.test", "a@b..test", "a@b.test.",
        "a@-b.test", "a@b-.test", "a@127.0.0.1", "a@[127.0.0.1]", "\"a b\"@c.test",
        "Sarah <a@b.test>", "a@b.test>", "a,b@c.test", "a@b.test\r\nBcc: c@d.test", "a\n@b.test",
        "a\u{0}@b.test", "a@b.test\u{2028}", "ü@b.test", "a@bücher.test", "a@b.test;c",
    ])
    func `what no mail server takes is refused`(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func `an address is refused when it is too long`() {
        let label = String(repeating: "d", count: 63)
        let domain = [label, label, label].joined(separator: ".") + ".test"
        #expect(EmailAddress("a@b.\(domain)") != nil)
        #expect(EmailAddress(String(repeating: "a", count: 64) + "@\(domain)") == nil)
        #expect(EmailAddress(String(repeating: "a", count: 64) + "@b.test") != nil)
        #expect(EmailAddress(String(repeating: "a", count: 65) + "@b.test") == nil)
        #expect(EmailAddress("a@\(label)d.test") == nil)
    }

    @Test func `other letters are refused with the way out`() {
        #expect(EmailAddress.problem(of: "a@bücher.test")?.contains("xn--") == true)
    }

    @Test(arguments: [
        ("*", "a@b.test", true), ("*@example.com", "a@example.com", true),
        ("*@example.com", "a@EXAMPLE.com", true), ("*@Example.com", "a@example.com", true),
        ("*@example.com", "a@evil-example.com", false),
        ("*@example.com", "a@example.com.evil.test", false),
        ("*@*.example.com", "a@x.example.com", true), ("*@*.example.com", "a@example.com", false),
        ("a@b.test", "a@b.test", true), ("a@b.test", "aa@b.test", false),
        ("a*@b.test", "anna@b.test", true), ("a*a@b.test", "a@b.test", false),
        ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false), ("", "a@b.test", false),
        ("*@a*@b", "x@a@b", true), ("**", "a", true), ("a**b", "ab", true),
    ])
    func `patterns fit whole addresses`(pattern: String, address: String, fits: Bool) {
        #expect(EmailPattern(pattern).matches(address) == fits)
    }
}
