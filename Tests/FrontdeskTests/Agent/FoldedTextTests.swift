import Testing

@testable import Frontdesk

@Suite struct FoldedTextTests {
    @Test(arguments: [
        ("José García", "jose garcia"), ("JOSE", "jose"), ("Jose\u{301}", "jose"),
        ("O'Neil", "o'neil"), ("O’Neil", "o'neil"), ("OʼNeil", "o'neil"), ("O`Neil", "o'neil"),
        ("Straße", "strasse"), ("GROẞ", "gross"), ("Søren Ærø", "soren aero"),
        ("Łukasz Œuvre", "lukasz oeuvre"), ("ﬁne ﬂow", "fine flow"), ("İstanbul", "istanbul"),
        ("ısı", "isi"), ("ΣΊΣΥΦΟΣ", "σισυφοσ"), ("Σίσυφος", "σισυφοσ"), ("Ｆｕｌｌ", "full"),
        ("Anna\u{a0}\t Berg ", "anna berg"), ("Jean–Luc", "jean-luc"), ("田中", "田中"),
        ("김", "김"), ("がき", "がき"), ("Ёлка", "елка"), ("zero\u{200b}width", "zerowidth"),
        ("\u{301}", ""), ("", ""),
    ])
    func `a text is folded to what people type`(text: String, folded: String) {
        #expect(text.folded == folded)
    }

    @Test(arguments: [
        ("José García", "GARCIA", true), ("Emma O'Neil", "o’neil", true),
        ("50% off", "%", true), ("fifty off", "%", false), ("a_b", "_", true),
        ("ab", "_", false), ("Müller", "mull", true), ("Müller", "miller", false),
    ])
    func `a part is found without regard to case and accents`(
        text: String, part: String, isFound: Bool
    ) {
        #expect(text.containsFolded(part) == isFound)
    }

    @Test func `a pattern takes the signs of LIKE as they are`() {
        #expect(#"50%_\ Off"#.searchPattern == #"%50\%\_\\ off%"#)
    }
}
