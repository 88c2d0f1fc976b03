import Testing

@testable import Frontdesk

@Suite struct CSVReaderTests {
    /// All records and problems of a text, each with its line.
    private func read(_ bytes: [UInt8]) -> [String] {
        var reader = CSVReader(bytes)
        var lines: [String] = []
        while true {
            do throws(BadLine) {
                guard let record = try reader.next() else { return lines }
                lines.append("\(record.line) \(record.fields.joined(separator: "|"))")
            } catch {
                lines.append("\(error.line)! \(error.problem)")
            }
        }
    }

    @Test(
        arguments: [
            ("", []), ("\n\n", []), ("a", ["1 a"]), ("a\n", ["1 a"]),
            ("a,b\r\nc,d\r\n", ["1 a|b", "2 c|d"]),
            ("a,\n,b", ["1 a|", "2 |b"]), ("\"a\",\"b\"\n", ["1 a|b"]),
            ("\"a,\"\"b\"\"\",c\n", ["1 a,\"b\"|c"]), ("\"a\r\nb\",c\nd", ["1 a\r\nb|c", "3 d"]),
            ("a\r", ["1 a"]), ("a\rb,c", ["1 a\rb|c"]), ("\u{FEFF}a,é\n\nb", ["1 a|é", "3 b"]),
            ("\"\",\"\"", ["1 |"]), ("a\"b,c", ["1 a\"b|c"]), (" \"a\" ,b", ["1  \"a\" |b"]),
            ("\"a\"b,c\nd", ["1! holds text behind a closing quote", "2 d"]),
            ("x\n\"a\n", ["1 x", "2! has a quote that is never closed"]),
        ] as [(String, [String])])
    func `a text is taken apart`(_ text: String, _ records: [String]) {
        #expect(read(Array(text.utf8)) == records)
    }

    @Test func `what is no UTF-8 is refused with its line`() {
        let bytes = Array("a,b\n".utf8) + [0xFF, 0x2C, 0x62, 0x0A] + Array("c,d".utf8)
        #expect(read(bytes) == ["1 a|b", "2! is not UTF-8", "3 c|d"])
    }
}
