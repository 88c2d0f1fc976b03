import HTTP
import HTTPClient
import SQLite

extension App {
    /// Sign-in and what belongs to it.
    static func accounts(
        _ configuration: Configuration, database: Database, clock: Clock, ids: IDMaker, log: Log
    ) -> Accounts {
        let client = HTTPClient()
        return Accounts(
            configuration,
            stores: Accounts.Stores(
                users: UserStore(database: database), keys: APIKeyStore(database: database),
                failures: LoginFailureStore(database: database),
                refreshTokens: RefreshTokenStore(database: database)),
            clock: clock, ids: ids, log: log,
            fetch: { address in
                var request = HTTPClient.Request("GET", address)
                request.timeout = .seconds(5)
                request.connectTimeout = .seconds(5)
                request.maxResponseBytes = 262_144
                // The operator names the address, which may be one of their own network.
                request.addresses = .any
                let response = try await client.send(request)
                guard response.status == 200 else {
                    throw UnexpectedStatus(status: response.status)
                }
                return response.body
            })
    }

    /// An issuer answered something else than its keys.
    private struct UnexpectedStatus: Error {
        let status: Int
    }

    /// What the sweeper does about sign-in.
    static func chores(of accounts: Accounts) -> [Chore] {
        [
            Chore(
                "login_failures", batch: accounts.removeFailures,
                countDue: accounts.countFailures),
            Chore(
                "refresh_tokens", batch: accounts.removeTokens, countDue: accounts.countTokens),
        ]
    }

    /// Who asks, how often they may, and whether they may at all: before every route.
    static func guardRoutes(
        _ router: inout Router, _ configuration: Configuration, accounts: Accounts, clock: Clock
    ) {
        let mode = configuration.auth.mode
        router.middleware.append(
            Authentication(authenticator: accounts.authenticator, mode: mode))
        if let limit = RateLimit(configuration, clock: clock) { router.middleware.append(limit) }
        router.middleware.append(Authorization(router.routes, mode: mode))
    }

    /// What a server must not start with, whatever else it is good for.
    ///
    /// Throws `ConfigurationLoader.Invalid`.
    func checkServing() throws {
        try configuration.checkServing()
        _ = try accounts.signingKeys.load()
    }
}

extension Configuration {
    /// What the configuration must not be for a server, found before there is one.
    ///
    /// Throws `ConfigurationLoader.Invalid`.
    func checkServing() throws {
        guard auth.mode == .off && !isLoopbackOnly else { return }
        throw ConfigurationLoader.Invalid(
            problems: [
                "'server.host' is '\(server.host)', which other machines can reach, but "
                    + "'auth.mode' is 'off': everybody there would be admin; set 'auth.mode' to "
                    + "'required', or 'server.host' to '127.0.0.1'"
            ])
    }
}
