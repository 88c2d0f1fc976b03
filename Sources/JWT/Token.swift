public import JSON

/// A compact JWS as it came in, nothing of it believed yet.
public struct Token: Sendable {
    /// The text as sent.
    public let text: String
    /// The header's members.
    public let header: JSONObject
    /// What it claims, still to be verified.
    public let claims: Claims
    /// How it says it is signed.
    public let algorithm: Algorithm
    /// The key it says it is signed with.
    public let keyID: String?

    /// The longest token that is looked at.
    public static let longest = 8192

    /// Reads the parts of a token and refuses what could never be valid: other shapes, unknown
    /// algorithms (`none` in any case is one), and critical extensions, of which none is known.
    public init(parsing text: String) throws(TokenError) {
        guard text.utf8.count <= Token.longest else { throw .malformed("longer than 8 KiB") }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[2].isEmpty, [UInt8](base64URL: parts[2]) != nil else {
            throw .malformed("not three parts of base64url")
        }
        header = try Token.object(parts[0])
        guard header["crit"] == nil else { throw .malformed("critical extensions") }
        guard let name = header["alg"]?.string else { throw .malformed("no 'alg'") }
        guard let algorithm = Algorithm(rawValue: name) else { throw .algorithm(name) }
        if let id = header["kid"] {
            guard let text = id.string, text.utf8.count <= 256 else { throw .malformed("'kid'") }
            keyID = text
        } else {
            keyID = nil
        }
        claims = Claims(try Token.object(parts[1]))
        self.algorithm = algorithm
        self.text = text
    }

    private static func object(_ part: Substring.UTF8View) throws(TokenError) -> JSONObject {
        guard let bytes = [UInt8](base64URL: part),
            let value = try? JSONValue(parsing: bytes, maximumDepth: 16), let object = value.object
        else { throw .malformed("a part that is no JSON object") }
        return object
    }

    /// Checks the signature with the key of `keys` that the token names.
    ///
    /// Fields of the header that offer a key (`jku`, `jwk`, `x5u`, `x5c`) are never looked at.
    public func verify(with keys: KeySet, allowing algorithms: [Algorithm]) throws(TokenError) {
        guard algorithms.contains(algorithm) else { throw .algorithm(algorithm.rawValue) }
        guard let key = keys.find(keyID, for: algorithm) else { throw .unknownKey }
        guard key.algorithm ?? algorithm == algorithm, key.verifies(text) else {
            throw .signature
        }
    }
}

/// What a token says.
public struct Claims: Sendable {
    /// All members of the payload.
    public let members: JSONObject

    /// Claims as read.
    public init(_ members: JSONObject) {
        self.members = members
    }

    /// A claim by name.
    public subscript(name: String) -> JSONValue? { members[name] }

    /// Whom the token is about.
    public var subject: String? { self["sub"]?.string }
    /// Who made it.
    public var issuer: String? { self["iss"]?.string }
    /// Whom it is for; one text counts as a list of one.
    public var audiences: [String] { texts("aud") }
    /// When it ends, in seconds since 1970.
    public var expiry: Double? { self["exp"]?.double }

    /// A claim that may be one text or a list of texts.
    public func texts(_ name: String) -> [String] {
        switch self[name] {
        case .string(let text)?: [text]
        case .array(let list)?: list.compactMap(\.string)
        default: []
        }
    }

    /// Checks issuer, subject and times, `now` in seconds since 1970, with `skew` seconds to
    /// spare on either side.
    public func check(
        issuer expected: String, at now: Double, skew: Double = 60
    ) throws(TokenError) {
        guard let issuer, issuer.utf8.elementsEqual(expected.utf8) else { throw .claim("iss") }
        guard let subject, (1...256).contains(subject.utf8.count) else { throw .claim("sub") }
        guard let expiry else { throw .claim("exp") }
        guard now < expiry + skew else { throw .expired }
        for name in ["nbf", "iat"] {
            guard let claim = self[name] else { continue }
            guard let time = claim.double else { throw .claim(name) }
            guard time <= now + skew else { throw .notYetValid }
        }
    }
}
