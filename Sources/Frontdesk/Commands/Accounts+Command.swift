import SQLite

/// Runs `body` on the accounts of the configured database, beside its server if it has one.
func withAccounts(
    _ arguments: Arguments, _ console: Console, _ body: (Accounts) async throws -> Void
) async throws {
    let configuration = try arguments.configuration(console).configuration
    let log = Log(level: .warning, format: configuration.log.format)
    let database = try Database.shared(configuration.database, log: log)
    defer { database.close() }
    let clock = Clock.system
    try await body(
        App.accounts(
            configuration, database: database, clock: clock, ids: IDMaker(clock: clock), log: log))
    log.flush()
}
