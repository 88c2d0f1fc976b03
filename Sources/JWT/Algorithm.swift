/// The ways to sign that are spoken here, each with one kind of key.
public enum Algorithm: String, Sendable, CaseIterable {
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// HMAC with SHA-256.
    case hs256 = "HS256"

    /// The kind of key that fits.
    public var kind: Key.Kind {
        switch self {
        case .es256: .elliptic
        case .rs256: .rsa
        case .hs256: .symmetric
        }
    }
}
