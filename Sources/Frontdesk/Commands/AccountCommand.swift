import SQLite

/// A command about the accounts of one tenant, as it was typed.
struct AccountCommand {
    let arguments: Arguments
    let console: Console
    let tenant: Tenant
    let clock = Clock.system

    /// The command of these words. Throws `Misuse` when `--tenant` names none.
    init(_ arguments: Arguments, _ console: Console) throws {
        self.arguments = arguments
        self.console = console
        tenant = try arguments.tenant() ?? .default
    }

    /// Runs `body` on the accounts of the configured database, beside its server if it has one.
    func withAccounts(_ body: (Accounts) async throws -> Void) async throws {
        let configuration = try arguments.configuration(console).configuration
        let log = Log(level: .warning, format: configuration.log.format)
        let database = try Database.shared(configuration.database, log: log)
        defer { database.close() }
        try await body(
            App.accounts(
                configuration, database: database, clock: clock, ids: IDMaker(clock: clock),
                log: log))
        log.flush()
    }
}
