import Crypto
import JSON
import JWT
import Synchronization

/// Tells who shows a credential: our tokens, other issuers' tokens, and keys.
final class Authenticator: Sendable {
    /// An external issuer and its keys.
    struct Issuer: Sendable {
        let configuration: ExternalIssuer
        let keys: IssuerKeys
    }

    /// A token whose signature was found valid.
    private struct Verified {
        let claims: Claims
        /// The issuer's place in the list; nil for this server.
        let issuer: Int?
        /// The version of the issuer's keys by which it was found valid.
        let version: Int
    }

    private let tokens: LocalTokens
    private let issuers: [Issuer]
    private let users: UserStore
    private let keys: APIKeyStore
    private let allowsDemoUsers: Bool
    private let clock: Clock
    private let log: Log
    /// Signatures take long to check; what is in the database is asked anew each time.
    private let verified = Mutex<[[UInt8]: Verified]>([:])
    private let touched = Mutex<[String: Timestamp]>([:])

    /// The most tokens whose signatures are remembered.
    private static let mostVerified = 10_000

    /// An authenticator over the accounts in the database.
    init(
        tokens: LocalTokens, issuers: [Issuer], users: UserStore, keys: APIKeyStore,
        allowsDemoUsers: Bool, clock: Clock, log: Log
    ) {
        self.tokens = tokens
        self.issuers = issuers
        self.users = users
        self.keys = keys
        self.allowsDemoUsers = allowsDemoUsers
        self.clock = clock
        self.log = log
    }

    /// Whether tokens of others than this server are believed.
    var hasIssuers: Bool { !issuers.isEmpty }

    /// What must be waited for before the credential can be judged: the keys of its issuer.
    func preparation(for credential: String) -> (@Sendable () async -> Void)? {
        guard hasIssuers, !APIKey.isKey(credential),
            let token = try? Token(parsing: credential),
            let index = issuer(of: token.claims), let index
        else { return nil }
        let keys = issuers[index].keys
        guard keys.needsFetch(for: token.keyID) else { return nil }
        return { await keys.refresh() }
    }

    /// Who shows this credential. Throws 401, or 503 when that cannot be found out.
    func caller(_ credential: String) throws -> Caller {
        if credential.hasPrefix(APIKey.start) { return try caller(key: credential) }
        let now = clock.now()
        do {
            let token = try verify(credential)
            var caller =
                if let index = token.issuer {
                    try externalCaller(token.claims, issuers[index].configuration, at: now)
                } else {
                    try localCaller(token.claims, at: now)
                }
            if let id = caller.customerID, let tenant = caller.tenant {
                caller.customerEmail = try users.email(ofCustomer: id, in: tenant)
            }
            return caller
        } catch let error as TokenError {
            log.debug("token.refused", [("reason", .text("\(error)"))])
            throw error == .expired ? Failure.tokenExpired : Failure.tokenInvalid
        }
    }

    /// The place of the issuer that the claims name; `.some(nil)` for this server.
    private func issuer(of claims: Claims) -> Int?? {
        guard let name = claims.issuer else { return nil }
        if name.utf8.elementsEqual(tokens.issuer.utf8) { return .some(nil) }
        return issuers.firstIndex {
            $0.configuration.issuer.utf8.elementsEqual(name.utf8)
        }.map { .some($0) }
    }

    private func verify(_ credential: String) throws -> Verified {
        guard credential.utf8.count <= Token.longest else { throw TokenError.malformed("size") }
        let digest = try SHA256.digest(Array(credential.utf8))
        if let known = verified.withLock({ $0[digest] }), isCurrent(known) { return known }
        let token = try Token(parsing: credential)
        guard let index = issuer(of: token.claims) else { throw TokenError.claim("iss") }
        let found: Verified
        if let index {
            guard let (keys, version) = issuers[index].keys.current() else {
                throw Failure.issuerUnavailable
            }
            try token.verify(with: keys, allowing: issuers[index].configuration.algorithms)
            found = Verified(claims: token.claims, issuer: index, version: version)
        } else {
            try tokens.verify(token)
            found = Verified(claims: token.claims, issuer: nil, version: 0)
        }
        verified.withLock { verified in
            if verified.count >= Self.mostVerified { verified.removeAll() }
            verified[digest] = found
        }
        return found
    }

    private func isCurrent(_ known: Verified) -> Bool {
        guard let issuer = known.issuer else { return true }
        return issuers[issuer].keys.current()?.version == known.version
    }
}

// MARK: - The kinds of credential

extension Authenticator {
    private func localCaller(_ claims: Claims, at now: Timestamp) throws -> Caller {
        let facts = try tokens.facts(claims, at: now)
        let user = try users.find(
            id: facts.userID, of: facts.tenant, family: facts.familyID, at: now)
        guard let user, user.disabledAt == nil, allowsDemoUsers || !user.isDemo else {
            throw Failure.tokenInvalid
        }
        return user.caller(until: facts.expiresAt, family: facts.familyID)
    }

    private func externalCaller(
        _ claims: Claims, _ issuer: ExternalIssuer, at now: Timestamp
    ) throws -> Caller {
        try claims.check(issuer: issuer.issuer, at: now.unixTime)
        guard issuer.isMeant(claims) else { throw TokenError.claim("aud") }
        guard let tenant = issuer.tenant(of: claims), let subject = claims.subject else {
            throw TokenError.claim(issuer.tenantClaim ?? "tenant")
        }
        let roles = issuer.roles(of: claims)
        var caller = Caller(
            .external, subject: subject, identity: "\(issuer.issuer) \(subject)", tenant: tenant,
            roles: roles,
            granted: roles.contains(.service) ? ExternalIssuer.scopes(of: claims) : [])
        caller.email = claims["email"]?.string
        caller.name = caller.email ?? subject
        caller.expiresAt = claims.expiry.map { Timestamp(unixTime: $0) }
        if let name = issuer.customerClaim {
            caller.customerID = claims[name]?.string
        } else if roles.contains(.customer) {
            caller.customerID = try users.customer(of: subject, in: tenant)
        }
        return caller
    }

    private func caller(key text: String) throws -> Caller {
        guard APIKey.isKey(text), let key = try keys.find(hash: APIKey.hash(of: text)),
            key.revokedAt == nil
        else { throw Failure.tokenInvalid }
        let now = clock.now()
        if let end = key.expiresAt, end <= now { throw Failure.tokenExpired }
        note(key, usedAt: now)
        return key.caller
    }

    /// Notes the use of a key, once a minute at most, without making the request wait.
    private func note(_ key: APIKey, usedAt now: Timestamp) {
        let isDue = touched.withLock { touched in
            let last = touched[key.id] ?? key.lastUsedAt
            guard last.map({ now.seconds(since: $0) >= 60 }) ?? true else { return false }
            touched[key.id] = now
            return true
        }
        guard isDue else { return }
        Task { [keys, log] in
            do {
                try await keys.touch(key, at: now)
            } catch {
                log.warning("key.touch_failed", [("error", .text("\(error)"))])
            }
        }
    }
}
