import Crypto
import SQLite

/// Signing in, staying signed in, and signing out (tickets.md, section 2).
struct SignInStore: Sendable {
    let database: Database
    let tokens: LocalTokens
    let passwords: Passwords
    let failures: LoginFailureStore
    let clock: Clock
    let ids: IDMaker
    let times: Times
    let allowsDemoUsers: Bool
    let line = AttemptLine()

    /// How long sign-ins last.
    struct Times: Sendable {
        /// Seconds until a refresh token ends.
        let token: Double
        /// Seconds until its family ends.
        let family: Double

        /// The times of a configuration.
        init(_ configuration: Configuration.Auth) {
            token = Double(configuration.refreshTokenDays) * 86_400
            family = Double(configuration.refreshFamilyDays) * 86_400
        }
    }

    /// What a sign-in gives.
    struct Grant: Sendable {
        let pair: LocalTokens.Pair
        let refreshToken: String
    }

    /// Signs in with a password.
    ///
    /// Throws 401 `invalid_credentials`, the same for whatever is wrong, 429 `login_locked`, and
    /// 503 when too many sign in at once.
    func signIn(_ attempt: LoginFailureStore.Attempt, password: String) async throws -> Grant {
        let account = AttemptLine.Account(tenant: attempt.tenant, email: attempt.email)
        return try await line.run(account) {
            if let seconds = try failures.lock(attempt, at: clock.now()) {
                throw Failure.loginLocked(seconds)
            }
            let found = try database.read { connection in
                try UserStore.find(attempt.email, of: attempt.tenant, in: connection)
            }
            let isRight = try await passwords.matches(password, found?.passwordHash)
            guard isRight, let user = found, mayAct(user) else {
                try await failures.insert(ids.make("fail"), attempt, at: clock.now())
                throw Failure.invalidCredentials
            }
            let newHash =
                passwords.isOutdated(user.passwordHash)
                ? try await passwords.hash(password) : nil
            return try await begin(user, attempt, newHash: newHash)
        }
    }

    private func mayAct(_ user: User) -> Bool {
        user.disabledAt == nil && (allowsDemoUsers || !user.isDemo)
    }

    private func begin(
        _ user: User, _ attempt: LoginFailureStore.Attempt, newHash: String?
    ) async throws -> Grant {
        let now = clock.now()
        let family = ids.make("fam")
        let end = now.adding(seconds: times.family)
        let next = try Self.makeToken()
        // Signed before anything is stored: without its tokens a sign-in is of no use.
        let pair = try tokens.make(for: user, family: family, until: end, at: now)
        try await database.write { connection in
            // Someone may have changed the account while the password was looked at.
            let present = try UserStore.find(id: user.id, of: user.tenant, in: connection)
            guard let present, mayAct(present), present.passwordHash == user.passwordHash else {
                throw Failure.invalidCredentials
            }
            try LoginFailureStore.clear(attempt, in: connection)
            try UserStore.noteLogin(of: user, newHash: newHash, at: now, in: connection)
            try RefreshTokenStore.insert(
                next.hash, of: user, family: family,
                expiresAt: min(now.adding(seconds: times.token), end), familyExpiresAt: end,
                at: now, in: connection)
        }
        return Grant(pair: pair, refreshToken: next.text)
    }
}

// MARK: - Refresh tokens

extension SignInStore {
    private enum Rotation: Sendable {
        case next(User, family: String, end: Timestamp)
        case refused(Failure)
    }

    /// Turns a refresh token into the next of its family.
    ///
    /// Throws 401 `token_invalid`, `token_expired` or, when the token was used before and its
    /// family is revoked for it, `refresh_reused`; 403 when `named` is another tenant.
    func refresh(_ token: String, named: Tenant?) async throws -> Grant {
        let hash = try SHA256.hash(Array(token.utf8))
        let next = try Self.makeToken()
        let now = clock.now()
        let rotation = try await database.write { connection -> Rotation in
            guard let entry = try RefreshTokenStore.find(hash, in: connection) else {
                return .refused(.tokenInvalid)
            }
            if let named, named != entry.tenant {
                return .refused(.wrongTenant(named.name))
            }
            if entry.isUsed {
                try RefreshTokenStore.revoke(
                    family: entry.familyID, of: entry.tenant, at: now, in: connection)
                return .refused(.refreshReused)
            }
            guard !entry.isRevoked else { return .refused(.tokenInvalid) }
            guard entry.expiresAt > now, entry.familyExpiresAt > now else {
                return .refused(.tokenExpired)
            }
            let user = try UserStore.find(id: entry.userID, of: entry.tenant, in: connection)
            guard let user, mayAct(user) else { return .refused(.tokenInvalid) }
            try RefreshTokenStore.use(hash, of: entry.tenant, at: now, in: connection)
            try RefreshTokenStore.insert(
                next.hash, of: user, family: entry.familyID,
                expiresAt: min(now.adding(seconds: times.token), entry.familyExpiresAt),
                familyExpiresAt: entry.familyExpiresAt, at: now, in: connection)
            return .next(user, family: entry.familyID, end: entry.familyExpiresAt)
        }
        switch rotation {
        case .refused(let failure): throw failure
        case .next(let user, let family, let end):
            let pair = try tokens.make(for: user, family: family, until: end, at: now)
            return Grant(pair: pair, refreshToken: next.text)
        }
    }

    /// Ends the family of a refresh token, or of the access token that shows `family`, and with
    /// `all` every family of their users.
    func signOut(
        token: String?, caller: (tenant: Tenant, userID: String, family: String)?, all: Bool
    ) async throws {
        let hash = try token.map { try SHA256.hash(Array($0.utf8)) }
        let now = clock.now()
        try await database.write { connection in
            var ending = [caller].compactMap { $0 }
            if let hash, let entry = try RefreshTokenStore.find(hash, in: connection) {
                ending.append((entry.tenant, entry.userID, entry.familyID))
            }
            for (tenant, userID, family) in ending {
                if all {
                    try RefreshTokenStore.revokeAll(of: userID, tenant, at: now, in: connection)
                } else {
                    try RefreshTokenStore.revoke(
                        family: family, of: tenant, at: now, in: connection)
                }
            }
        }
    }

    /// A fresh refresh token, 256 random bits, and what is kept of it.
    private static func makeToken() throws -> (text: String, hash: String) {
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255) }
        let text = bytes.base64URL
        return (text, try SHA256.hash(Array(text.utf8)))
    }
}
