import JSON
import SQLite

extension Command {
    /// `frontdesk user …`
    static let user = Command(
        name: "user", summary: "Add, list and disable users, and set their passwords.",
        usage: """
            user add EMAIL --role admin|agent|customer [--customer ID] [--password-stdin]
                   frontdesk user list|disable EMAIL|set-password EMAIL [--tenant T] [--json]
            """,
        details: [
            "--role R          what the user is",
            "--customer ID     the customer that a user of the role customer is",
            "--tenant T        whose user; 'default' if left out",
            "--password-stdin  read the password from standard input instead of asking for it",
            "--json            print JSON",
        ],
        valued: ["role", "customer", "tenant"], switches: ["password-stdin", "json"], operands: 2
    ) { arguments, console in
        let words = arguments.operands
        switch (words.first, words.count) {
        case ("add", 2): try await AccountCommand(arguments, console).addUser(words[1])
        case ("list", 1): try await AccountCommand(arguments, console).listUsers()
        case ("disable", 2): try await AccountCommand(arguments, console).disableUser(words[1])
        case ("set-password", 2): try await AccountCommand(arguments, console).setPassword(words[1])
        default:
            throw Arguments.Misuse(
                text: "'user' needs 'add EMAIL', 'list', 'disable EMAIL' or 'set-password EMAIL'")
        }
    }
}

/// What `frontdesk user` does.
extension AccountCommand {
    fileprivate func addUser(_ address: String) async throws {
        let email = try checked(address)
        guard let word = arguments["role"], let role = Caller.Role(rawValue: word),
            role != .service
        else { throw Arguments.Misuse(text: "--role must be 'admin', 'agent' or 'customer'") }
        let customer = arguments["customer"]
        guard role != .customer || customer != nil else {
            throw Arguments.Misuse(text: "a user of the role customer needs --customer")
        }
        let password = try newPassword(for: email)
        try await withAccounts { accounts in
            let user = User(
                tenant: tenant, id: IDMaker(clock: clock).make("usr"), email: email,
                passwordHash: try await accounts.passwords.hash(password), role: role,
                customerID: customer, createdAt: clock.now())
            let isNew = try await accounts.users.database.write { connection in
                if let customer, try !UserStore.hasCustomer(customer, of: tenant, in: connection) {
                    throw CommandFailure(
                        text: "tenant '\(tenant.name)' has no customer '\(customer)'")
                }
                return try UserStore.insert(user, in: connection)
            }
            guard isNew else {
                throw CommandFailure(text: "tenant '\(tenant.name)' has a user '\(email)' already")
            }
            console.out(arguments.has("json") ? user.json.text : "added \(user.id)  \(email)")
        }
    }

    fileprivate func listUsers() async throws {
        try await withAccounts { accounts in
            let users = try accounts.users.list(tenant)
            if arguments.has("json") {
                return console.out(JSONValue.array(users.map(\.json)).text)
            }
            for user in users {
                var line = "\(user.id)  \(user.email)  \(user.role.rawValue)"
                if let customer = user.customerID { line += "  \(customer)" }
                if user.disabledAt != nil { line += "  disabled" }
                console.out(line)
            }
        }
    }

    fileprivate func disableUser(_ address: String) async throws {
        let email = try checked(address)
        try await withAccounts { accounts in
            guard try await accounts.users.disable(email, of: tenant, at: clock.now()) else {
                throw missing(email)
            }
            tell("disabled", email)
        }
    }

    fileprivate func setPassword(_ address: String) async throws {
        let email = try checked(address)
        let password = try newPassword(for: email)
        try await withAccounts { accounts in
            let hash = try await accounts.passwords.hash(password)
            let isDone = try await accounts.users.setPassword(
                hash, of: email, tenant, at: clock.now())
            guard isDone else { throw missing(email) }
            tell("password set", email)
        }
    }

    private func tell(_ done: String, _ email: String) {
        let json: JSONValue = ["email": .string(email), "status": .string(done)]
        console.out(arguments.has("json") ? json.text : "\(done): \(email)")
    }

    private func missing(_ email: String) -> CommandFailure {
        CommandFailure(text: "tenant '\(tenant.name)' has no user '\(email)'")
    }

    private func checked(_ address: String) throws -> String {
        let email = User.normalized(address)
        if let problem = EmailAddress.problem(of: email) {
            throw Arguments.Misuse(text: "'\(address)' \(problem)")
        }
        return email
    }

    private func newPassword(for email: String) throws -> String {
        let password = try PasswordInput.read(
            isPiped: arguments.has("password-stdin"), console)
        if let problem = Passwords.problem(of: password, email: email) {
            throw CommandFailure(text: "the password \(problem)")
        }
        return password
    }
}

extension User {
    /// The user as `--json` prints it.
    fileprivate var json: JSONValue {
        [
            "user_id": .string(id), "email": .string(email), "tenant_id": .string(tenant.name),
            "role": .string(role.rawValue), "customer_id": JSONValue(customerID),
            "is_demo": .bool(isDemo), "disabled_at": JSONValue(disabledAt?.text),
            "last_login_at": JSONValue(lastLoginAt?.text), "created_at": .string(createdAt.text),
        ]
    }
}
