public import JSON
internal import Crypto

/// A key that signs tokens, or that knows a signature when it sees one.
public final class Key: Sendable {
    /// What a key is made of, by RFC 7518's names.
    public enum Kind: String, Sendable {
        /// A point on the curve P-256.
        case elliptic = "EC"
        /// RSA of 2048 to 8192 bits.
        case rsa = "RSA"
        /// At least 32 secret bytes.
        case symmetric = "oct"
    }

    /// The name by which tokens call the key.
    public let id: String
    /// What it is made of.
    public let kind: Kind
    /// The only algorithm it may be used with; nil when its maker named none.
    public let algorithm: Algorithm?
    /// Whether its private part is here.
    public let canSign: Bool
    private let members: JSONObject
    private let handle: KeyHandle

    /// A key from a JWK (RFC 7517); without a `kid` it is named by its thumbprint.
    public init(jwk: JSONValue) throws(KeyError) {
        guard let kind = jwk["kty"]?.string.flatMap(Kind.init) else {
            throw KeyError("'kty' must be 'EC', 'RSA' or 'oct'")
        }
        if let use = jwk["use"], use != "sig" { throw KeyError("'use' is not 'sig'") }
        let named = jwk["alg"]?.string
        algorithm = named.flatMap(Algorithm.init)
        guard named == nil || algorithm?.kind == kind else {
            throw KeyError("'alg' is none that fits the key")
        }
        members = try kind.members(of: jwk)
        handle = try KeyHandle(jwk: .object(members))
        guard kind != .rsa || (2048...8192).contains(handle.bits) else {
            throw KeyError("an RSA key must have 2048 to 8192 bits")
        }
        try kind.checkPair(members, handle)
        self.kind = kind
        canSign = [members["d"], members["k"]].contains { $0 != nil }
        if let name = jwk["kid"]?.string {
            id = name
        } else {
            id = try kind.thumbprint(members)
        }
    }

    /// A fresh key; those with a public part are named by their thumbprint, others at random.
    public static func make(_ algorithm: Algorithm) throws(KeyError) -> Key {
        var jwk = try KeyHandle.random(algorithm).object ?? JSONObject()
        jwk["alg"] = .string(algorithm.rawValue)
        if algorithm == .hs256 {
            jwk["kid"] = .string((0..<16).map { _ in UInt8.random(in: 0...255) }.base64URL)
        }
        return try Key(jwk: .object(jwk))
    }

    /// The key as a JWK, named, its private part only when asked for.
    public func jwk(includingPrivate: Bool = false) -> JSONValue {
        var jwk = JSONObject()
        for member in members.members where includingPrivate || !kind.secrets.contains(member.key) {
            jwk[member.key] = member.value
        }
        jwk["kid"] = .string(id)
        jwk["use"] = "sig"
        if let algorithm { jwk["alg"] = .string(algorithm.rawValue) }
        return .object(jwk)
    }

    /// The name that follows from what the key is (RFC 7638).
    public func thumbprint() throws(KeyError) -> String { try kind.thumbprint(members) }

    /// Signs a JSON object as a compact token.
    public func sign(
        _ claims: JSONValue, with algorithm: Algorithm, header: [(String, String)] = []
    ) throws(KeyError) -> String {
        guard canSign else { throw KeyError("the key has no private part") }
        guard algorithm.kind == kind, self.algorithm ?? algorithm == algorithm else {
            throw KeyError("the key is not for \(algorithm.rawValue)")
        }
        return try handle.sign(
            claims.bytes,
            header: [("alg", algorithm.rawValue), ("typ", "JWT"), ("kid", id)] + header)
    }

    /// Whether the key signed this compact token.
    func verifies(_ token: String) -> Bool { handle.verifies(token) }
}

extension Key.Kind {
    /// The members that make the public part, in the order that thumbprints want.
    private var parts: [String] {
        switch self {
        case .elliptic: ["crv", "kty", "x", "y"]
        case .rsa: ["e", "kty", "n"]
        case .symmetric: ["k", "kty"]
        }
    }

    /// The members that must stay with their owner.
    fileprivate var secrets: [String] {
        switch self {
        case .elliptic: ["d"]
        case .rsa: ["d", "p", "q", "dp", "dq", "qi"]
        case .symmetric: ["k"]
        }
    }

    /// What makes the key, and nothing else of the JWK.
    fileprivate func members(of jwk: JSONValue) throws(KeyError) -> JSONObject {
        var members = JSONObject()
        for name in parts {
            guard let text = jwk[name]?.string else { throw KeyError("'\(name)' is missing") }
            members[name] = .string(text)
        }
        for name in secrets {
            if let text = jwk[name]?.string { members[name] = .string(text) }
        }
        for member in members.members where !["kty", "crv"].contains(member.key) {
            guard [UInt8](base64URL: (member.value.string ?? "").utf8) != nil else {
                throw KeyError("'\(member.key)' is no base64url")
            }
        }
        try check(members)
        return members
    }

    private func check(_ members: JSONObject) throws(KeyError) {
        func bytes(_ name: String) -> [UInt8] {
            [UInt8](base64URL: (members[name]?.string ?? "").utf8) ?? []
        }
        switch self {
        case .elliptic:
            guard members["crv"] == "P-256" else { throw KeyError("'crv' must be 'P-256'") }
        case .rsa:
            // With an exponent of 1 everything would be its own signature.
            let exponent = bytes("e").drop { $0 == 0 }
            guard let last = exponent.last, last & 1 == 1, exponent.count > 1 || last >= 3 else {
                throw KeyError("'e' is no sound exponent")
            }
        case .symmetric:
            guard bytes("k").count >= 32 else { throw KeyError("'k' must have 32 bytes or more") }
        }
    }

    /// Makes sure that the public part, which others get to see, is that of the private one.
    fileprivate func checkPair(
        _ members: JSONObject, _ handle: borrowing KeyHandle
    ) throws(KeyError) {
        guard self != .symmetric, members["d"] != nil else { return }
        var known = members
        for name in secrets { known[name] = nil }
        let algorithm = Algorithm.allCases.first { $0.kind == self }?.rawValue ?? ""
        let token = try handle.sign([], header: [("alg", algorithm)])
        guard try KeyHandle(jwk: .object(known)).verifies(token) else {
            throw KeyError("its private and its public part do not belong together")
        }
    }

    /// The digest of the public part, as RFC 7638 writes it.
    fileprivate func thumbprint(_ members: JSONObject) throws(KeyError) -> String {
        var canonical = JSONObject()
        for name in parts { canonical[name] = members[name] }
        do {
            return try SHA256.digest(JSONValue.object(canonical).bytes).base64URL
        } catch {
            throw KeyError("the thumbprint could not be computed")
        }
    }
}
