import Crypto
import MailServer
import Testing

@testable import Frontdesk

@Suite struct `E-mail messages` {
    @Test func `a plain message says who, to whom, what and when`() async throws {
        let email = Email.sample(
            recipients: ["a@example.com", "b@example.com"], cc: ["c@example.com"],
            bcc: ["secret@example.com"])
        let message = try await received(email)
        #expect(message.defects == [])
        #expect(message.structure == "text/plain")
        #expect(message.parts[0].text == "It is on its way.\n")
        #expect(message.parts[0].charset == "utf-8")
        #expect(message.parts[0].encoding == "7bit")
        #expect(
            message.from == [.init(name: "Customer Service", address: "desk@shop.example.com")])
        #expect(message.to.map(\.address) == ["a@example.com", "b@example.com"])
        #expect(message.cc.map(\.address) == ["c@example.com"])
        #expect(message.header("Subject") == "Your order")
        #expect(message.date == "2026-02-20T10:30:00+00:00")
        #expect(message.header("Date") == "Fri, 20 Feb 2026 10:30:00 +0000")
        #expect(
            message.header("Message-ID")
                == "<eml_0000000000000000000000001@shop.example.com>")
        #expect(message.header("Auto-Submitted") == "auto-generated")
        #expect(
            message.rcptTos
                == ["a@example.com", "b@example.com", "c@example.com", "secret@example.com"])
    }

    @Test func `those in Bcc get the message without being named in it`() async throws {
        let message = try await received(.sample(bcc: ["secret@example.com"]))
        #expect(message.rcptTos.contains("secret@example.com"))
        #expect(!message.source.contains("secret"))
        #expect(message.header("Bcc") == nil)
    }

    @Test func `who is named twice gets the message once`() async throws {
        let message = try await received(
            .sample(recipients: ["a@example.com"], cc: ["A@Example.com", "b@example.com"]))
        #expect(message.rcptTos == ["a@example.com", "b@example.com"])
    }

    private static let subjects = [
        "Ihre Bestellung – größer & schöner", "Zoë D'Arcy", "注文の確認 ✅ 👩‍👩‍👧‍👦",
        "=?utf-8?q?not_an_encoded_word?=", "a \"quoted\" \\ subject",
        String(repeating: "long words ", count: 18) + "end",
        String(repeating: "ü", count: 200), String(repeating: "x", count: 200),
        String(repeating: "👩‍👩‍👧‍👦", count: 28),
    ]

    @Test func `any subject arrives as it was written`() async throws {
        let messages = try await received(
            Self.subjects.map { (.sample(subject: $0), .sample()) })
        for (message, subject) in zip(messages, Self.subjects) {
            #expect(message.header("Subject") == subject)
            #expect(message.defects == [])
            #expect(message.isAscii && message.longestLine <= 78)
        }
    }

    private static let names = [
        "Café Zürich", "Müller, \"Hans\" \\ Söhne", "O'Neil; <desk>", "", "お客様サポート",
        String(repeating: "Long Name ", count: 9) + "Desk",
    ]

    @Test func `any sender's name arrives as it was written`() async throws {
        let messages = try await received(Self.names.map { (.sample(), .sample(name: $0)) })
        for (message, name) in zip(messages, Self.names) {
            #expect(message.from == [.init(name: name, address: "desk@shop.example.com")])
            #expect(message.defects == [])
            #expect(message.isAscii && message.longestLine <= 120)
        }
    }

    private static let bodies = [
        "Grüße aus Köln\n\nIhr Team", "日本語の長い本文。", "trailing space \nand tab\t\nend",
        ".\n..\n.hidden\n", "From here\nto there", "one\r\ntwo\rthree\nfour", "=3D is not =", " ",
        String(repeating: "word ", count: 400) + "end", String(repeating: "é", count: 5000),
        String(repeating: "x", count: 3000), "a\n\n\n\nb", "\n\nleading lines",
    ]

    @Test func `any body arrives as it was written`() async throws {
        let messages = try await received(Self.bodies.map { (.sample(body: $0), .sample()) })
        for (message, body) in zip(messages, Self.bodies) {
            let lines = body.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            #expect(message.parts[0].text == (lines.hasSuffix("\n") ? lines : lines + "\n"))
            #expect(message.defects == [])
            #expect(message.isAscii && message.longestLine <= 78 && !message.hasBareLineBreak)
        }
    }

    @Test func `HTML goes with what it says in plain text`() async throws {
        let html = "<h1>Hello</h1><p>Your order <b>ORD-10001</b> is on its way &mdash; größer.</p>"
        let message = try await received(.sample(body: html, isHTML: true))
        #expect(message.structure == "multipart/alternative(text/plain text/html)")
        #expect(
            message.parts[0].text == "Hello\n\nYour order ORD-10001 is on its way — größer.")
        #expect(message.parts[1].text == html)
        #expect(message.defects == [])
    }

    @Test func `attachments go along byte for byte under their names`() async throws {
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let files = [
            EmailMessage.File(name: "invoice.pdf", bytes: bytes),
            EmailMessage.File(name: "Größe \"final\".txt", bytes: Array("Grüße\n.\n".utf8)),
            EmailMessage.File(name: "a \"b\" \\c.bin", bytes: []),
        ]
        let message = try await received(.sample(body: "<p>Hi</p>", isHTML: true), files: files)
        #expect(
            message.structure
                == "multipart/mixed(multipart/alternative(text/plain text/html) "
                + "application/pdf text/plain application/octet-stream)")
        let attached = message.parts.filter { $0.disposition == "attachment" }
        #expect(attached.map(\.filename) == files.map(\.name))
        #expect(attached.map(\.size) == files.map(\.bytes.count))
        #expect(attached.map(\.sha256) == (try files.map { try SHA256.hash($0.bytes) }))
        #expect(message.defects == [])
        #expect(message.isAscii && message.longestLine <= 100 && !message.hasBareLineBreak)
    }

    @Test func `a line break in a subject or a name never begins a header`() async throws {
        let message = try await received(
            .sample(subject: "Hi\r\nBcc: victim@example.com\r\n\r\nspam"),
            from: .sample(name: "Desk\r\nX-Evil: 1"))
        #expect(message.header("Bcc") == nil)
        #expect(message.header("X-Evil") == nil)
        #expect(message.header("Subject")?.contains("Bcc: victim@example.com") == true)
        #expect(message.rcptTos == ["sarah.johnson@example.com"])
        #expect(message.parts[0].text == "It is on its way.\n")
    }

    @Test func `the same e-mail is the same message every time`() {
        let email = Email.sample(body: "<p>Grüße</p>", isHTML: true)
        let files = [EmailMessage.File(name: "a.txt", bytes: [1, 2, 3])]
        let first = EmailMessage(email, from: .sample(), files: files).bytes
        #expect(EmailMessage(email, from: .sample(), files: files).bytes == first)
    }
}

@Suite struct `Plain text of HTML` {
    @Test(arguments: [
        ("Hello <b>world</b>!", "Hello world!"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>One</li><li>Two</li></ul>after", "- One\n- Two\n\nafter"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("  lots \n\t of   space  ", "lots of space"),
        ("<pre>kept\n  as  is</pre>", "kept\n  as  is"),
        ("<a href=\"https://x.test/?a=1&amp;b=2\">here</a>.", "here (https://x.test/?a=1&b=2)."),
        ("<a href='https://x.test'>https://x.test</a>", "https://x.test"),
        ("<a href='mailto:a@x.test'>a@x.test</a>", "a@x.test"),
        ("<a href='javascript:alert(1)'>click</a>", "click"),
        (
            "&lt;b&gt; &amp; &quot;q&quot; &#65;&#x42; &euro;5 &bogus; & x",
            "<b> & \"q\" AB €5 &bogus; & x"
        ),
        ("<style>p{}</style><script>if (a<b) {}</script>text<!-- <p> -->", "text"),
        ("<STYLE>p{}</STYLE>text", "text"),
        ("<head><title>t</title></head><body>b</body>", "b"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p title=\"a > b\">text</p>", "text"),
        ("<img src=x alt=\"A cat\"> <img src=y>", "[A cat]"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("text <b", "text <b"), ("<a 'b>text", "text"), ("", ""), ("&#0;&#13;x", "x"),
    ])
    func `markup becomes text`(html: String, text: String) {
        #expect(PlainText(html: html).text == text)
    }

    @Test(arguments: [
        "<a", "<a '", "<a \"><a '>", "&", "&amp", "<!--", "<a href=x>b</a>", "<li>", "</p>",
        "<script>", " \n", "<td>", "<pre> ",
    ])
    func `no text takes long`(piece: String) {
        let html = String(repeating: piece, count: 100_000 / piece.utf8.count)
        let start = ContinuousClock.now
        _ = PlainText(html: html).text
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
