import JSON
import SQLite

extension EmailStore {
    /// The columns that `Email.init` reads.
    static let columns: SQL = """
        email_id, tenant_id, kind, about, recipients, cc, bcc, subject, body, is_html,
        attachments, state, attempts, session_id, request_id, created_at
        """
}

/// A row that this program did not write.
struct UnreadableEmail: Error {}

extension Email {
    /// Reads a row of `EmailStore.columns`; throws `UnreadableEmail`.
    init(_ row: borrowing Row) throws {
        guard let state = State(rawValue: try row.text(11)),
            let createdAt = Timestamp(parsing: try row.text(15))
        else { throw UnreadableEmail() }
        self.init(
            id: try row.text(0), tenant: Tenant(unchecked: try row.text(1)),
            kind: try row.text(2), about: try row.textOrNil(3),
            recipients: try Self.addresses(row.text(4)), cc: try Self.addresses(row.text(5)),
            bcc: try Self.addresses(row.text(6)), subject: try row.text(7),
            body: try row.text(8), isHTML: try row.flag(9),
            attachments: try Self.attachments(row.text(10)), state: state,
            attempts: try row.integer(12), sessionID: try row.textOrNil(13),
            requestID: try row.text(14), createdAt: createdAt)
    }

    private static func addresses(_ text: String) throws -> [String] {
        try elements(of: text).map { element in
            guard let address = element.string else { throw UnreadableEmail() }
            return address
        }
    }

    private static func attachments(_ text: String) throws -> [Attachment] {
        try elements(of: text).map { element in
            guard let name = element["name"]?.string, let size = element["size"]?.int,
                let sha256 = element["sha256"]?.string
            else { throw UnreadableEmail() }
            return Attachment(name: name, size: size, sha256: sha256)
        }
    }

    private static func elements(of text: String) throws -> [JSONValue] {
        guard let elements = try? JSONValue(parsing: text).array else { throw UnreadableEmail() }
        return elements
    }
}

extension [String] {
    /// The array of texts as its column holds it.
    var json: JSONValue { .array(map { .string($0) }) }
}

extension [Email.Attachment] {
    /// The list of files as its column holds it.
    var json: JSONValue {
        .array(
            map {
                [
                    "name": .string($0.name), "size": JSONValue($0.size),
                    "sha256": .string($0.sha256),
                ]
            })
    }
}
