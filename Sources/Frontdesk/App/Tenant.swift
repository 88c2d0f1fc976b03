/// A customer of the server whose data no other can see: 1 to 100 characters of `[A-Za-z0-9._:@-]`.
struct Tenant: Hashable, Sendable {
    /// The name as callers send it and rows hold it.
    let name: String

    /// The tenant of a request that names none.
    static let `default` = Tenant(unchecked: "default")

    /// A tenant by name; `nil` when the name breaks the rules of conventions.md.
    init?(_ name: String) {
        guard isIdentifier(name) else { return nil }
        self.name = name
    }

    /// A tenant by a name that was checked when it was written, such as one read from a row.
    init(unchecked name: String) {
        self.name = name
    }
}

/// What is wrong with a text that a caller uses as an id; nil for nothing.
func identifierProblem(_ text: String) -> String? {
    isIdentifier(text) ? nil : "must be 1 to 100 characters of A-Z, a-z, 0-9 and . _ : @ -"
}

/// Whether a caller may use `text` as a tenant or session id (conventions.md, "Wire").
func isIdentifier(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count)
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
}
