import HTTP
import JSON
import JWT

/// Sign-in over HTTP: `/auth*` and the public keys.
struct AccountRoutes: Sendable {
    let signIn: SignInStore
    let keys: SigningKeys
    let address: ClientAddress

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/auth", Self.signingIn, use: create)
        router.post("/auth/refresh", Self.refreshing, use: refresh)
        router.post("/auth/logout", Self.signingOut, use: signOut)
        router.get("/auth/me", Self.showing, use: show)
        router.get("/.well-known/jwks.json", Self.showingKeys, use: showKeys)
    }

    /// handles `POST /auth`
    @Sendable private func create(_ request: Request) async throws -> Response {
        let body = try request.json()
        var reader = try BodyReader(body, Self.credentials)
        let email = User.normalized(reader.text("email") ?? "")
        let password = reader.text("password") ?? ""
        if let problem = EmailAddress.problem(of: email) { reader.refuse("email", problem) }
        if !(1...512).contains(password.utf8.count) {
            reader.refuse("password", "must be 1 to 512 bytes long")
        }
        try reader.check()
        let attempt = LoginFailureStore.Attempt(
            tenant: try request.tenant(body: body), email: email, address: address.of(request))
        return Self.answer(try await signIn.signIn(attempt, password: password))
    }

    /// handles `POST /auth/refresh`
    @Sendable private func refresh(_ request: Request) async throws -> Response {
        let body = try request.body(Self.refreshBody)
        let named = try request.namedTenant(body: body)
        let token = body["refresh_token"]?.string ?? ""
        return Self.answer(try await signIn.refresh(token, named: named))
    }

    /// handles `POST /auth/logout`
    @Sendable private func signOut(_ request: Request) async throws -> Response {
        let body = try request.body(Self.signOutBody, allowsEmpty: true)
        let token = body["refresh_token"]?.string
        let caller = request.caller
        guard token != nil || caller.credential != .none else { throw Failure.tokenMissing }
        try await signIn.signOut(
            token: token, caller: caller.signIn, all: body["all"]?.bool ?? false)
        return .data(["logged_out": true])
    }

    /// handles `GET /auth/me`
    @Sendable private func show(_ request: Request) throws -> Response {
        let caller = request.caller
        let tenant = try request.tenant()
        let roles = Caller.Role.allCases.filter(caller.roles.contains)
        let scopes = Scope.allCases.filter(caller.scopes.contains)
        return .data([
            "subject": JSONValue(caller.subject), "email": JSONValue(caller.email),
            "tenant": .string(tenant.name),
            "roles": .array(roles.map { .string($0.rawValue) }),
            "scopes": .array(scopes.map { .string($0.rawValue) }),
            "customer_id": JSONValue(caller.customerID),
            "credential": .string(caller.credential.rawValue),
            "expires_at": JSONValue(caller.expiresAt?.text),
        ])
    }

    /// handles `GET /.well-known/jwks.json`
    @Sendable private func showKeys(_ request: Request) throws -> Response {
        let loaded = try keys.load()
        guard loaded.algorithm != .hs256 else {
            throw Failure(.notFound, "The tokens of this server are signed without a public key.")
        }
        var response = Response.json(loaded.known.jwks)
        response.headers["Cache-Control"] = "public, max-age=300"
        return response
    }

    private static func answer(_ grant: SignInStore.Grant) -> Response {
        var response = Response.json { json in
            json.field("success", true)
            json.object("tokens") { json in
                json.field("access_token", grant.pair.access)
                json.field("id_token", grant.pair.id)
                json.field("refresh_token", grant.refreshToken)
            }
            json.field("expires_in", grant.pair.seconds)
            json.field("token_type", "Bearer")
        }
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}

extension Caller {
    /// The sign-in that can be ended, where the credential is a token of this server.
    fileprivate var signIn: (tenant: Tenant, userID: String, family: String)? {
        guard credential == .local, let tenant, let subject, let familyID else { return nil }
        return (tenant, subject, familyID)
    }
}
