import Crypto

/// A program's credential: `fdk_` and 40 characters, of which only the digest is kept.
struct APIKey: Sendable {
    let tenant: Tenant
    let id: String
    /// Unique in the tenant.
    let name: String
    /// The first 12 characters, by which a person knows it again.
    let prefix: String
    let scopes: [Scope]
    var expiresAt: Timestamp?
    var lastUsedAt: Timestamp?
    var revokedAt: Timestamp?
    let createdAt: Timestamp

    /// How every key begins.
    static let start = "fdk_"

    /// A fresh key's text: 40 characters of 36 kinds are 206 random bits.
    static func makeText() -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        var random = SystemRandomNumberGenerator()
        return start
            + String((0..<40).map { _ in alphabet[Int.random(in: 0..<36, using: &random)] })
    }

    /// Whether a text has the form of a key.
    static func isKey(_ text: String) -> Bool {
        text.utf8.count == 44 && text.hasPrefix(start)
            && text.utf8.dropFirst(4).allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
            }
    }

    /// What is kept of a key's text.
    static func hash(of text: String) throws -> String { try SHA256.hash(Array(text.utf8)) }
}

extension APIKey {
    /// The key as the caller of a request.
    var caller: Caller {
        var caller = Caller(
            .apiKey, subject: id, identity: id, tenant: tenant, roles: [.service],
            granted: Set(scopes))
        caller.name = name
        caller.expiresAt = expiresAt
        return caller
    }
}
