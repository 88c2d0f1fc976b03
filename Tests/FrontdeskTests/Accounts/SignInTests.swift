import JSON
import JWT
import Testing

@testable import Frontdesk

/// Signing in, refreshing and signing out.
struct SignInTests {
    @Test func `who signs in gets three tokens that say who they are`() async throws {
        let service = try await Service()
        try await service.addUser("sarah@example.com", role: .customer)
        let answer = try await service.trySignIn(" Sarah@Example.COM ")
        #expect(answer.status == 200)
        #expect(answer["success"] == true)
        #expect(answer["expires_in"] == 3600)
        #expect(answer["token_type"] == "Bearer")
        #expect(answer.header("Cache-Control") == "no-store")
        let tokens = try SignedIn(answer)
        for (text, use) in [(tokens.access, "access"), (tokens.id, "id")] {
            let claims = try Token(parsing: text).claims
            #expect(claims.issuer == "http://localhost:9080")
            #expect(claims.audiences == ["frontdesk"])
            #expect(claims["token_use"] == .string(use))
            #expect(claims["email"] == "sarah@example.com")
            #expect(claims["tenant"] == "default")
            #expect(claims["roles"] == ["customer"])
            #expect(claims["customer_id"] == "cus_sarah")
            #expect(claims["exp"]?.int == (claims["iat"]?.int ?? 0) + 3600)
        }
        let me = try await service.me(tokens.headers)
        #expect(me["data"]?["email"] == "sarah@example.com")
        #expect(me["data"]?["credential"] == "local")
        #expect(me["data"]?["roles"] == ["customer"])
        #expect(me["data"]?["customer_id"] == "cus_sarah")
    }

    @Test func `whatever is wrong, the answer is the same`() async throws {
        let service = try await Service()
        try await service.addUser("sarah@example.com")
        try await service.addUser("gone@example.com")
        _ = try await service.app.accounts.users.disable(
            "gone@example.com", of: .default, at: service.clock.now)
        let answers = [
            try await service.trySignIn("sarah@example.com", "wrong password"),
            try await service.trySignIn("nobody@example.com"),
            try await service.trySignIn("gone@example.com"),
            try await service.trySignIn("sarah@example.com", tenant: "acme"),
            try await service.trySignIn("sarah@example.com", Service.password + " "),
            try await service.trySignIn(
                "sarah@example.com", String(repeating: "x", count: 512)),
        ]
        for answer in answers {
            #expect(answer.status == 401)
            #expect(answer.code == "invalid_credentials")
            #expect(answer["success"] == false)
            #expect(answer["detail"] == answers[0]["detail"])
            #expect(answer.header("WWW-Authenticate") == "Bearer")
        }
    }

    @Test(
        arguments: [
            [:], ["email": "sarah@example.com"], ["password": "x"],
            ["email": "no address", "password": "x"], ["email": "a@b", "password": "x"],
            ["email": "sarah@example.com", "password": ""],
            ["email": "sarah@example.com", "password": 7],
            [
                "email": .string("a@example.com" + String(repeating: "x", count: 254)),
                "password": "x",
            ],
            [
                "email": "sarah@example.com",
                "password": .string(String(repeating: "é", count: 257)),
            ],
        ] as [JSONValue])
    func `what cannot be an account is told as such`(_ body: JSONValue) async throws {
        let service = try await Service()
        let answer = try await service.post("/auth", body)
        #expect(answer.status == 400)
        #expect(answer["success"] == false)
    }

    @Test func `all that is wrong with a sign-in is told at once`() async throws {
        let answer = try await Service().post(
            "/auth", ["email": "nobody", "password": ""])
        let fields = answer["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(Set(fields) == ["email", "password"])
    }

    @Test func `a refresh token works once, and coming back ends the family`() async throws {
        let service = try await Service()
        let first = try await service.signedIn("sarah@example.com")
        let second = try SignedIn(await service.refresh(first.refresh))
        let third = try SignedIn(await service.refresh(second.refresh))
        #expect(try await service.me(third.headers).status == 200)
        #expect(try await service.refresh(first.refresh).code == "refresh_reused")
        #expect(try await service.refresh(third.refresh).code == "token_invalid")
        for tokens in [first, second, third] {
            #expect(try await service.me(tokens.headers).code == "token_invalid")
        }
        // Another sign-in of the same user is another family.
        #expect(try await service.me(service.signIn("sarah@example.com").headers).status == 200)
    }

    @Test func `of two refreshes at once one wins and the other is reuse`() async throws {
        let service = try await Service()
        let first = try await service.signedIn("sarah@example.com")
        async let one = service.refresh(first.refresh)
        async let other = service.refresh(first.refresh)
        let answers = try await [one, other]
        #expect(answers.map(\.status).sorted() == [200, 401])
        #expect(answers.compactMap(\.code) == ["refresh_reused"])
        let winner = try SignedIn(#require(answers.first { $0.status == 200 }))
        #expect(try await service.me(winner.headers).status == 401)
    }

    @Test func `tokens end after an hour, 30 days and 90 days`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        var tokens = try await service.signedIn("sarah@example.com")
        service.clock.advance(seconds: 3600 + 59)
        #expect(try await service.me(tokens.headers).status == 200)
        service.clock.advance(seconds: 1)
        #expect(try await service.me(tokens.headers).code == "token_expired")
        for _ in 0..<3 {
            service.clock.advance(seconds: 29 * 86_400)
            tokens = try SignedIn(await service.refresh(tokens.refresh))
        }
        // 87 days and an hour after the sign-in; the family ends after 90, not after 117.
        service.clock.advance(seconds: 3 * 86_400)
        #expect(try await service.refresh(tokens.refresh).code == "token_expired")
        let late = try await service.signIn("sarah@example.com")
        service.clock.advance(seconds: 30 * 86_400)
        #expect(try await service.refresh(late.refresh).code == "token_expired")
    }

    @Test func `signing out ends this family, or all of the user's`() async throws {
        let service = try await Service()
        let one = try await service.signedIn("sarah@example.com")
        let two = try await service.signIn("sarah@example.com")
        let three = try await service.signIn("sarah@example.com")
        let byToken = try await service.post(
            "/auth/logout", ["refresh_token": .string(one.refresh)])
        #expect(byToken.body == ["success": true, "data": ["logged_out": true]])
        #expect(try await service.me(one.headers).status == 401)
        #expect(try await service.refresh(one.refresh).code == "token_invalid")
        #expect(try await service.me(two.headers).status == 200)
        #expect(try await service.post("/auth/logout", nil, headers: two.headers).status == 200)
        #expect(try await service.me(two.headers).status == 401)
        let four = try await service.signIn("sarah@example.com")
        let all = try await service.post("/auth/logout", ["all": true], headers: four.headers)
        #expect(all.status == 200)
        #expect(try await service.me(three.headers).status == 401)
        #expect(try await service.me(four.headers).status == 401)
        let again = try await service.post(
            "/auth/logout", ["refresh_token": .string(one.refresh)])
        #expect(again.status == 200)
        #expect(try await service.post("/auth/logout").code == "token_missing")
        #expect(try await service.post("/auth/logout", ["all": true]).code == "token_missing")
    }

    @Test func `a disabled user and a changed password end every sign-in at once`() async throws {
        let service = try await Service()
        let users = service.app.accounts.users
        let before = try await service.signedIn("sarah@example.com")
        let hash = try await service.app.accounts.passwords.hash("another password")
        _ = try await users.setPassword(
            hash, of: "sarah@example.com", .default, at: service.clock.now)
        #expect(try await service.me(before.headers).status == 401)
        #expect(try await service.trySignIn("sarah@example.com").status == 401)
        let after = try SignedIn(
            await service.trySignIn("sarah@example.com", "another password"))
        _ = try await users.disable("sarah@example.com", of: .default, at: service.clock.now)
        #expect(try await service.me(after.headers).status == 401)
        #expect(try await service.refresh(after.refresh).status == 401)
        #expect(
            try await service.trySignIn("sarah@example.com", "another password").status == 401)
    }

    @Test func `a hash that has become cheap is made anew at sign-in`() async throws {
        let service = try await Service { $0.auth.passwordCost = 3 }
        let user = try await service.addUser("sarah@example.com")
        let cheap = try await Passwords(cost: 1).hash(Service.password)
        _ = try await service.app.accounts.users.setPassword(
            cheap, of: user.email, .default, at: service.clock.now)
        _ = try await service.signIn("sarah@example.com")
        let stored = try service.rows("SELECT password_hash FROM users WHERE is_demo = 0")[0]
        #expect(stored != cheap)
        _ = try await service.signIn("sarah@example.com")
        #expect(try service.rows("SELECT password_hash FROM users WHERE is_demo = 0") == [stored])
    }

    @Test func `no secret is stored as it is`() async throws {
        let service = try await Service()
        let tokens = try await service.signedIn("sarah@example.com")
        let key = try await service.addKey()
        let rows =
            try service.rows("SELECT * FROM users") + service.rows("SELECT * FROM api_keys")
            + service.rows("SELECT * FROM refresh_tokens")
        for secret in [Service.password, tokens.access, tokens.refresh, key] {
            #expect(!rows.contains { $0.contains(secret) })
        }
        #expect(rows[0].contains("|$y$"))
    }

    @Test func `the public keys verify the tokens`() async throws {
        let service = try await Service()
        let tokens = try await service.signedIn("sarah@example.com")
        let answer = try await service.get("/.well-known/jwks.json")
        #expect(answer.header("Cache-Control") == "public, max-age=300")
        let keys = try KeySet(jwks: answer.body)
        try Token(parsing: tokens.access).verify(with: keys, allowing: [.es256])
        #expect(!keys.keys.contains { $0.canSign })
    }

    @Test func `with a symmetric key there is nothing to show, but all works`() async throws {
        let service = try await Service { $0.auth.signingAlgorithm = .hs256 }
        let tokens = try await service.signedIn("sarah@example.com")
        #expect(try await service.me(tokens.headers).status == 200)
        #expect(try await service.get("/.well-known/jwks.json").status == 404)
    }
}
