public import JSON

/// The keys of one issuer (RFC 7517, section 5).
public struct KeySet: Sendable {
    /// All keys that can be used here.
    public let keys: [Key]

    /// The most keys that are read of a set.
    private static let most = 64

    /// These keys.
    public init(_ keys: [Key]) {
        self.keys = keys
    }

    /// Reads a JWK set; keys of other kinds or uses are passed over, as the standard asks.
    public init(jwks: JSONValue) throws(KeyError) {
        guard let list = jwks["keys"]?.array else { throw KeyError("'keys' must be a list") }
        keys = list.prefix(Self.most).compactMap { try? Key(jwk: $0) }
    }

    /// The public parts as a JWK set; symmetric keys have none and are left out.
    public var jwks: JSONValue {
        ["keys": .array(keys.filter { $0.kind != .symmetric }.map { $0.jwk() })]
    }

    /// The key that a token names, or, when it names none, the only one that fits its algorithm.
    public func find(_ id: String?, for algorithm: Algorithm) -> Key? {
        if let id { return keys.first { $0.id == id && $0.kind == algorithm.kind } }
        let fitting = keys.filter { $0.kind == algorithm.kind }
        return fitting.count == 1 ? fitting.first : nil
    }

    /// Whether a key has this name.
    public func contains(_ id: String) -> Bool { keys.contains { $0.id == id } }
}
