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

    /// Removes what counts no more, at most `limit` rows of each kind; returns whether there may
    /// be more.
    func sweep(at now: Timestamp, atMost limit: Int) async throws -> Bool {
        let failures = try await failures.removeBatch(at: now, atMost: limit)
        let tokens = try await refreshTokens.removeBatch(endedBefore: now, atMost: limit)
        return failures == limit || tokens == limit
    }
}
