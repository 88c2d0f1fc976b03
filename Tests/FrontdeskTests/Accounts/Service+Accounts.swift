import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// The tokens of a sign-in.
struct SignedIn: Sendable {
    let access: String
    let id: String
    let refresh: String

    /// The header that shows the access token.
    var headers: Headers { .bearer(access) }
}

extension Headers {
    /// The header that shows a credential.
    static func bearer(_ credential: String) -> Headers {
        ["Authorization": "Bearer \(credential)"]
    }
}

extension Service {
    /// The password of every user that tests add.
    static let password = "correct horse battery"

    /// Adds a user, and for the role customer a customer of the id `cus_` and the name before the
    /// `@`.
    @discardableResult
    func addUser(
        _ email: String, role: Caller.Role = .admin, tenant: String = "default"
    ) async throws -> User {
        let customer = role == .customer ? "cus_\(email.prefix { $0 != "@" })" : nil
        if let customer { try await addCustomer(customer, email: email, tenant: tenant) }
        let hash = try await app.accounts.passwords.hash(Self.password)
        let user = User(
            tenant: Tenant(unchecked: tenant), id: IDMaker(clock: clock.clock).make("usr"),
            email: email, passwordHash: hash, role: role, customerID: customer,
            createdAt: clock.now)
        _ = try await app.database.write { try UserStore.insert(user, in: $0) }
        return user
    }

    /// Adds a customer; one that is there stays.
    func addCustomer(
        _ id: String, email: String, subject: String? = nil, tenant: String = "default"
    ) async throws {
        let now = clock.now
        _ = try await app.database.write { connection in
            try connection.execute(
                """
                INSERT INTO customers
                    (tenant_id, customer_id, email, first_name, last_name, auth_subject,
                     created_at, updated_at)
                VALUES (\(tenant), \(id), \(email), 'Test', 'Customer', \(subject), \(now), \(now))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Adds an API key and returns its text.
    func addKey(
        _ name: String = "robot", scopes: [Scope] = [.sessionsRead], tenant: String = "default",
        until end: Timestamp? = nil
    ) async throws -> String {
        let text = APIKey.makeText()
        let key = APIKey(
            tenant: Tenant(unchecked: tenant), id: IDMaker(clock: clock.clock).make("key"),
            name: name, prefix: String(text.prefix(12)), scopes: scopes, expiresAt: end,
            createdAt: clock.now)
        let hash = try APIKey.hash(of: text)
        _ = try await app.accounts.keys.insert(key, hash: hash)
        return text
    }

    /// Tries to sign in.
    func trySignIn(
        _ email: String, _ password: String = Service.password, tenant: String = "default",
        from peer: String = "127.0.0.1"
    ) async throws -> Answer {
        let body: JSONValue = [
            "email": .string(email), "password": .string(password), "tenant_id": .string(tenant),
        ]
        return try Answer(await send(.post, "/auth", body: body.bytes, peer: peer))
    }

    /// Signs in and returns the tokens.
    func signIn(_ email: String, tenant: String = "default") async throws -> SignedIn {
        try SignedIn(await trySignIn(email, tenant: tenant))
    }

    /// Adds a user and signs them in.
    func signedIn(
        _ email: String, role: Caller.Role = .admin, tenant: String = "default"
    ) async throws -> SignedIn {
        try await addUser(email, role: role, tenant: tenant)
        return try await signIn(email, tenant: tenant)
    }

    /// Turns a refresh token into the next one.
    func refresh(_ token: String) async throws -> Answer {
        try await post("/auth/refresh", ["refresh_token": .string(token)])
    }

    /// Who the caller is to the server.
    func me(_ headers: Headers) async throws -> Answer {
        try await get("/auth/me", headers: headers)
    }
}

extension SignedIn {
    /// An answer without tokens where some were wanted.
    struct Missing: Error {
        let answer: JSONValue
    }

    /// The tokens of an answer.
    init(_ answer: Answer) throws {
        guard let access = answer["tokens"]?["access_token"]?.string,
            let id = answer["tokens"]?["id_token"]?.string,
            let refresh = answer["tokens"]?["refresh_token"]?.string
        else { throw Missing(answer: answer.body) }
        (self.access, self.id, self.refresh) = (access, id, refresh)
    }
}
