import HTTPClient
import Testing

@Suite struct `Event streams` {
    /// A stream and the data of its events.
    struct Case: Sendable {
        let text: String
        let events: [String]
    }

    static let cases = [
        Case(text: "data: one\n\ndata: two\n\n", events: ["one", "two"]),
        Case(text: "data: one\r\n\r\ndata: two\r\n\r\n", events: ["one", "two"]),
        Case(text: "data: one\r\rdata: two\r\r", events: ["one", "two"]),
        Case(text: "data: a\ndata: b\r\ndata:c\n\n", events: ["a\nb\nc"]),
        Case(text: ": hello\n: again\ndata: x\n: within\n\n: and\n\n", events: ["x"]),
        Case(text: "event: message\nid: 7\nretry: 10\ndata: x\n\n", events: ["x"]),
        Case(text: "id: 1\n\nevent: ping\n\n", events: []),
        Case(text: "data\n\n", events: [""]),
        Case(text: "data:\n\ndata:  x\n\n", events: ["", " x"]),
        Case(text: "data: a: b\nunknown: y\nnothing\n\n", events: ["a: b"]),
        Case(text: "\u{FEFF}data: x\n\n", events: ["x"]),
        Case(text: "data: é€😀\n\n", events: ["é€😀"]),
        Case(text: "data: cut off\n", events: []),
        Case(text: "", events: []),
    ]

    @Test(arguments: cases)
    func `events are the same wherever the stream is cut`(_ example: Case) {
        let bytes = Array(example.text.utf8)
        for size in 1...max(bytes.count, 1) {
            var reader = EventStreamReader()
            var found: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                let chunk = Array(bytes[start..<min(start + size, bytes.count)])
                found += reader.take(chunk).map { String(decoding: $0.data, as: UTF8.self) }
                #expect(reader.take([]).isEmpty)
            }
            #expect(found == example.events, "in pieces of \(size)")
        }
    }

    @Test func `names belong to one event and ids to all that follow`() {
        var reader = EventStreamReader()
        let text = "event: a\nid: 1\ndata: x\n\ndata: y\n\nid: 2\u{0}\ndata: z\n\n"
        let events = reader.take(Array(text.utf8))
        #expect(events.map(\.name) == ["a", "", ""])
        #expect(events.map(\.id) == ["1", "1", "1"])
    }
}
