/// Why a token is refused.
public enum TokenError: Error, Equatable, CustomStringConvertible {
    /// It is no compact JWS with a JSON object as header and payload.
    case malformed(String)
    /// It is signed in a way that is not allowed here.
    case algorithm(String)
    /// None of the keys is the one it names.
    case unknownKey
    /// The key does not fit the algorithm, or the signature is not the key's.
    case signature
    /// Its time is over.
    case expired
    /// Its time has not come.
    case notYetValid
    /// A claim is missing or not what was asked for.
    case claim(String)

    /// One phrase for logs.
    public var description: String {
        switch self {
        case .malformed(let reason): "malformed: \(reason)"
        case .algorithm(let name): "algorithm '\(name)' is not allowed"
        case .unknownKey: "signed by an unknown key"
        case .signature: "the signature does not fit"
        case .expired: "expired"
        case .notYetValid: "not yet valid"
        case .claim(let name): "claim '\(name)' does not fit"
        }
    }
}

/// A key that cannot be used, and why.
public struct KeyError: Error, CustomStringConvertible {
    /// What is wrong, in a few words.
    public let description: String

    /// A key's fault in words.
    public init(_ description: String) {
        self.description = description
    }
}
