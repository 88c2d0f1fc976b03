/// Puts an answer's head together from the lines that libcurl hands over.
struct HeadReader {
    /// The status and the fields of a header.
    struct Head: Sendable {
        /// 200 to 999, or 101.
        let status: Int
        /// The fields in order.
        let headers: [(name: String, value: String)]
    }

    /// What follows from a line.
    enum Step {
        /// More lines have to come.
        case more
        /// The head is whole; what comes later are trailers.
        case complete(Head)
        /// The line is no part of an HTTP header.
        case malformed
        /// The head is larger than any honest one.
        case tooLarge
    }

    /// The most bytes of a head.
    static let limit = 131_072

    private var status = 0
    private var headers: [(name: String, value: String)] = []
    private var size = 0
    /// Whether the whole head is there.
    private(set) var isComplete = false

    /// Takes one line with its end.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Step {
        size += line.count
        guard size <= Self.limit else { return .tooLarge }
        guard !isComplete else { return .more }
        var text = line[...]
        while let last = text.last, last == 13 || last == 10 { text.removeLast() }
        if text.isEmpty { return end() }
        let words = String(decoding: text, as: UTF8.self)
        if words.hasPrefix("HTTP/") { return begin(words) }
        guard let colon = words.firstIndex(of: ":") else { return .malformed }
        let value = words[words.index(after: colon)...]
        headers.append((String(words[..<colon]), Self.trimmed(value)))
        return .more
    }

    private mutating func begin(_ line: String) -> Step {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[1].utf8.count == 3, let code = Int(words[1]) else {
            return .malformed
        }
        status = code
        headers = []
        return .more
    }

    /// A blank line ends a head, unless it only announced the real one.
    private mutating func end() -> Step {
        guard status >= 200 || status == 101 else { return .more }
        isComplete = true
        return .complete(Head(status: status, headers: headers))
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
