import JSON
import JWT

/// Makes and knows the tokens of this server (tickets.md, section 2).
struct LocalTokens: Sendable {
    let keys: SigningKeys
    /// The `iss` of every token.
    let issuer: String
    /// The `aud` of every token.
    let audience: String
    /// Seconds until a token ends.
    let lifetime: Int
    let ids: IDMaker

    /// The two tokens of a sign-in.
    struct Pair: Sendable {
        let access: String
        let id: String
        /// Whole seconds until they end.
        let seconds: Int
    }

    /// What a valid access token says.
    struct Facts: Sendable {
        let userID: String
        let tenant: Tenant
        let familyID: String
        let expiresAt: Timestamp
    }

    /// Makes an access and an ID token; they end with their family at the latest.
    func make(
        for user: User, family: String, until end: Timestamp, at now: Timestamp
    ) throws -> Pair {
        let keys = try keys.load()
        let seconds = max(1, min(lifetime, Int(end.seconds(since: now))))
        func token(_ use: String) throws -> String {
            let claims: JSONValue = [
                "sub": .string(user.id), "iss": .string(issuer), "aud": .string(audience),
                "iat": JSONValue(Int(now.unixSeconds)),
                "exp": JSONValue(Int(now.unixSeconds) + seconds), "jti": .string(ids.make("jti")),
                "token_use": .string(use), "email": .string(user.email),
                "tenant": .string(user.tenant.name), "roles": [.string(user.role.rawValue)],
                "customer_id": JSONValue(user.customerID), "sid": .string(family),
            ]
            return try keys.signing.sign(claims, with: keys.algorithm)
        }
        return Pair(access: try token("access"), id: try token("id"), seconds: seconds)
    }

    /// Checks the signature of a token that names this server as issuer.
    func verify(_ token: Token) throws {
        let keys = try keys.load()
        guard token.keyID != nil else { throw TokenError.unknownKey }
        // A previous key keeps the algorithm that it had.
        try token.verify(with: keys.known, allowing: Algorithm.allCases)
    }

    /// Checks what a verified token claims.
    func facts(_ claims: Claims, at now: Timestamp) throws(TokenError) -> Facts {
        try claims.check(issuer: issuer, at: now.unixTime)
        guard claims.audiences.contains(audience) else { throw .claim("aud") }
        guard claims["token_use"] == "access" else { throw .claim("token_use") }
        guard let tenant = claims["tenant"]?.string.flatMap({ Tenant($0) }) else {
            throw .claim("tenant")
        }
        guard let family = claims["sid"]?.string, let subject = claims.subject,
            let expiry = claims.expiry
        else { throw .claim("sid") }
        return Facts(
            userID: subject, tenant: tenant, familyID: family,
            expiresAt: Timestamp(unixTime: expiry))
    }
}

extension Timestamp {
    /// Seconds since 1970, as tokens tell the time.
    var unixTime: Double { Double(microseconds) / 1_000_000 }

    /// An instant from seconds since 1970, kept within what the text form can show.
    init(unixTime: Double) {
        self.init(microseconds: Int64(min(max(unixTime, 0), 253_402_300_799) * 1_000_000))
    }
}
