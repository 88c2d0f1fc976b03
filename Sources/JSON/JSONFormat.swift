/// A form of text that has a name in JSON Schema.
public struct JSONFormat: Sendable, ExpressibleByStringLiteral {
    /// The name, as documents show it.
    public let name: String
    /// What to say of a text that has another form.
    let problem: String
    /// Whether a text has the form.
    let accepts: @Sendable (String) -> Bool

    /// A form with its check.
    public init(
        _ name: String, otherwise problem: String, accepts: @escaping @Sendable (String) -> Bool
    ) {
        self.name = name
        self.problem = problem
        self.accepts = accepts
    }

    /// A form that is only documented and not checked.
    public init(stringLiteral name: String) {
        self.init(name, otherwise: "") { _ in true }
    }

    /// A moment as RFC 3339 writes it: `2026-02-20T10:30:00.123456Z`.
    public static let dateTime = JSONFormat(
        "date-time", otherwise: "must be a date and time like '2026-02-20T10:30:00Z'"
    ) { text in
        let parts = text.split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { "Tt ".contains($0) })
        return parts.count == 2 && isDate(parts[0]) && time.matches(String(parts[1]))
    }

    /// A day: `2026-02-20`.
    public static let date = JSONFormat(
        "date", otherwise: "must be a date like '2026-02-20'"
    ) { isDate($0[...]) }

    /// An address for e-mail: one `@`, something before it and a domain behind it.
    public static let email = JSONFormat(
        "email", otherwise: "must be an e-mail address"
    ) { $0.utf8.count <= 254 && address.matches($0) }

    /// A UUID in its usual form of five groups.
    public static let uuid = JSONFormat("uuid", otherwise: "must be a UUID") { uuids.matches($0) }

    /// An address of the web or of another scheme, documented and not checked.
    public static let uri: JSONFormat = "uri"

    /// A time of day with its offset.
    private static let time: JSONPattern =
        #"^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$"#
    /// What looks like an e-mail address.
    private static let address: JSONPattern =
        #"^[^\s@<>()\[\],;:"\\]{1,64}@[A-Za-z0-9]+((-+|\.)[A-Za-z0-9]+)*$"#
    /// A UUID.
    private static let uuids: JSONPattern =
        "^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$"

    /// Whether a text is a day that exists.
    private static func isDate(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes.indices.allSatisfy({ $0 == 4 || $0 == 7 || (0x30...0x39).contains(bytes[$0]) }),
            let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)),
            let day = Int(text.suffix(2)), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }
}
