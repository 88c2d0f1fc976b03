/// Everything about who may use the server, put together.
final class Accounts: Sendable {
    let users: UserStore
    let keys: APIKeyStore
    let passwords: Passwords
    let signIn: SignInStore
    let signingKeys: SigningKeys
    let authenticator: Authenticator
    let failures: LoginFailureStore
    let refreshTokens: RefreshTokenStore

    /// The parts over their stores; `fetch` gets the keys of external issuers.
    init(
        _ configuration: Configuration, stores: Stores, clock: Clock, ids: IDMaker, log: Log,
        fetch: @escaping IssuerKeys.Fetch
    ) {
        let auth = configuration.auth
        users = stores.users
        keys = stores.keys
        failures = stores.failures
        refreshTokens = stores.refreshTokens
        passwords = Passwords(cost: auth.passwordCost)
        signingKeys = SigningKeys(configuration)
        let tokens = LocalTokens(
            keys: signingKeys, issuer: auth.issuer.isEmpty ? configuration.baseURL : auth.issuer,
            audience: auth.audience, lifetime: auth.accessTokenSeconds, ids: ids)
        let allowsDemoUsers = configuration.isLoopbackOnly || auth.demoUsers
        signIn = SignInStore(
            database: stores.users.database, tokens: tokens, passwords: passwords,
            failures: stores.failures, clock: clock, ids: ids, times: .init(auth),
            allowsDemoUsers: allowsDemoUsers)
        authenticator = Authenticator(
            tokens: tokens,
            issuers: auth.externalIssuers.map { issuer in
                Authenticator.Issuer(
                    configuration: issuer,
                    keys: IssuerKeys(issuer, clock: clock, log: log, fetch: fetch))
            },
            users: stores.users, keys: stores.keys, allowsDemoUsers: allowsDemoUsers,
            clock: clock, log: log)
    }

    /// Where accounts are kept.
    struct Stores: Sendable {
        let users: UserStore
        let keys: APIKeyStore
        let failures: LoginFailureStore
        let refreshTokens: RefreshTokenStore
    }
}

// MARK: - What the sweeper removes

extension Accounts {
    /// Removes at most `limit` failed sign-ins that count no more, and returns how many.
    func removeFailures(atMost limit: Int) async throws -> Int {
        try await failures.removeBatch(at: signIn.clock.now(), atMost: limit)
    }

    /// Removes at most `limit` refresh tokens whose family has ended, and returns how many.
    func removeTokens(atMost limit: Int) async throws -> Int {
        try await refreshTokens.removeBatch(endedBefore: signIn.clock.now(), atMost: limit)
    }

    /// How many failed sign-ins count no more.
    func countFailures() throws -> Int { try failures.countDue(at: signIn.clock.now()) }

    /// How many refresh tokens are of families that have ended.
    func countTokens() throws -> Int {
        try refreshTokens.count(endedBefore: signIn.clock.now())
    }
}
