import Testing

@testable import Frontdesk

@Suite struct CursorTests {
    /// A kind of list.
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What the list's cursors say, in the form that the server gives them.
        let plain: String
        /// The same in another form.
        var others: [String] = []
        /// A cursor that was read, as it is given again.
        let again: @Sendable (String) -> String?
    }

    static let kinds = [
        Kind(
            testDescription: "sessions", plain: "2026-02-20T10:30:00.000000Z sess_1",
            others: ["2026-02-20T10:30:00Z sess_1", "2026-02-20T12:30:00.000000+02:00 sess_1"],
            again: { SessionStore.Cursor($0)?.text }),
        Kind(
            testDescription: "reports",
            plain: "2026-02-20T10:30:00.000000Z 2026-02-20T10:30:00.000000Z h1",
            others: ["2026-02-20T10:30:00.000000Z 2026-02-20t10:30:00.000000z h1"],
            again: { HealthStore.Cursor($0)?.text }),
        Kind(
            testDescription: "dead letters",
            plain: "2026-02-20T10:30:00.000000Z 01234567-89ab-cdef-0123-456789abcdef",
            others: ["2026-02-20T10:30:00.0Z 01234567-89ab-cdef-0123-456789abcdef"],
            again: { InboxStore.DeadLetterCursor($0)?.text }),
        Kind(
            testDescription: "addresses", plain: "agent-1",
            again: { AddressPage.address(in: $0).map(AddressPage.cursor) }),
    ]

    @Test(arguments: kinds)
    func `a cursor is taken in the form in which it was given, and in no other`(_ kind: Kind) {
        let cursor = Array(kind.plain.utf8).base64URL
        #expect(kind.again(cursor) == cursor)
        for other in kind.others {
            #expect(kind.again(Array(other.utf8).base64URL) == nil, "\(other)")
        }
        // Base64 leaves bits over at the end, which have to be none.
        let spoilt = cursor.dropLast() + (cursor.last == "A" ? "B" : "A")
        #expect(kind.again(String(spoilt)).map { $0 == spoilt } ?? true)
        #expect(kind.again(kind.plain) == nil)
        #expect(kind.again("") == nil)
    }
}
