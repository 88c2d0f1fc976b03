@testable import Frontdesk
@testable import HTTP
@testable import SQLite

/// A cursor is refused or one that this server gave, of each kind of list.
func readCursor(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    // Chance seldom writes base64, so the plain text is tried too.
    for text in [text, bytes.base64URL] {
        if let cursor = SessionStore.Cursor(text) { expectSame(cursor.text, text, "sessions") }
        if let cursor = HealthStore.Cursor(text) { expectSame(cursor.text, text, "reports") }
        if let cursor = InboxStore.DeadLetterCursor(text) {
            expectSame(cursor.text, text, "letters")
        }
        if let address = AddressPage.address(in: text) {
            expectSame(AddressPage.cursor(after: address), text, "addresses")
        }
    }
}

/// An index as that of the messages, in memory.
private final class Index {
    private let connection: SQLite.Connection

    /// An empty one.
    init() throws {
        connection = try SQLite.Connection.openCopy(path: ":memory:")
        try connection.beginSnapshot()
        try connection.execute(
            """
            CREATE VIRTUAL TABLE message_search USING fts5 (
                tenant_key, content, columnsize = 0,
                tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
            )
            """)
        try connection.control.commit.run()
    }

    /// How many of the messages, of which this is the only one, an expression finds.
    func hits(of expression: String, in content: String) throws -> Int {
        try connection.beginSnapshot()
        defer { connection.endQuietly() }
        try connection.execute(
            "INSERT INTO message_search (tenant_key, content) VALUES ('t61', \(content))")
        let marks = SearchSnippet.Marks("secret")
        let snippets = try connection.all(
            """
            SELECT snippet(message_search, 1, \(marks.open), \(marks.close), ' … ', 24)
            FROM message_search
            WHERE message_search MATCH \("tenant_key : t61 AND content : (\(expression))")
            """
        ) { row in try row.text(0) }
        for snippet in snippets { checkSnippet(SearchSnippet(snippet, marks).html) }
        return snippets.count
    }
}

extension SQLite.Connection {
    /// Forgets what the transaction did.
    fileprivate borrowing func endQuietly() {
        do { try control.rollback.run() } catch { fatalError("no end: \(error)") }
    }
}

/// The one index, which nothing stays in.
nonisolated(unsafe) private let index: Index = {
    do { return try Index() } catch { fatalError("no index: \(error)") }
}()

/// A search is refused with a sentence, or one that FTS5 understands: a message that says the same
/// is found.
func readSearch(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    // The query's reader refuses it.
    guard !text.utf8.contains(0) else { return }
    do throws(SearchExpression.Problem) {
        let expression = try SearchExpression(text).text
        do {
            expectSame(try index.hits(of: expression, in: text), 1, "\(expression) not found")
        } catch {
            fatalError("\(expression) is not understood: \(error)")
        }
    } catch {
        precondition(error.text.hasPrefix("must "), "does not say what is wrong")
    }
}

/// Nothing but the marks is markup, and each that opens is closed.
private func checkSnippet(_ html: String) {
    var rest = Array(html.utf8)[...]
    var isOpen = false
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
        let mark = isOpen ? "</mark>" : "<mark>"
        precondition(rest[start...].starts(with: mark.utf8), "markup in a snippet: \(html)")
        rest = rest[start...].dropFirst(mark.utf8.count)
        isOpen.toggle()
    }
    precondition(!isOpen, "a mark that stays open")
}

/// What is read of a time, day or window is written, and read again as the same.
func readTime(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let instant = Timestamp(parsing: text) {
        expectSame(Timestamp(parsing: instant.text), instant, "instant")
        expectSame(instant.text.utf8.count, 27, "length of \(instant.text)")
    }
    if let day = CalendarDay(parsing: text) {
        expectSame(day.text, text, "day")
        expectSame(CalendarDay(daysSince1970: day.daysSince1970), day, "number of the day")
    }
    if let window = YearlyWindow(parsing: text) {
        expectSame(YearlyWindow(parsing: window.text), window, "window")
        for edge in text.split(separator: "/") {
            guard let day = CalendarDay(parsing: "2000-\(edge)") else { continue }
            precondition(window.contains(day), "a window without its edge")
        }
    }
}

/// A query is refused or read; written with escapes it says the same.
func readQuery(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let query = try? Query(parsing: text) else { return }
    let written = query.pairs.map { "\(escaped($0.name))=\(escaped($0.value))" }
    expectSame(
        (try? Query(parsing: written.joined(separator: "&")))?.pairs, query.pairs, "query")
}

/// Every byte as an escape.
private func escaped(_ text: String) -> String {
    let digits = Array("0123456789abcdef")
    return text.utf8.map { "%\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
}
