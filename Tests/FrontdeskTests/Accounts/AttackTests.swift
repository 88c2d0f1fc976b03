import HTTP
import JSON
import JWT
import Testing

@testable import Frontdesk

/// Tokens that must not open anything, made by other libraries with whatever keys it takes.
struct AttackTests {
    /// What an attack has to work with.
    struct Scene: Sendable {
        let service: Service
        let issuer: Issuer
        let victim: SignedIn
        /// Our own private key, for tokens that are signed well and still wrong.
        let key: JSONValue
        /// The claims of a valid access token of ours.
        let claims: JSONObject

        /// Our claims with changes, signed with our key by PyJWT.
        func signed(
            _ changes: JSONObject = [:], header: JSONObject = [:], by: String = "pyjwt"
        ) throws -> String {
            try issuer.ask([
                "do": "sign", "alg": "ES256", "jwk": key, "by": .string(by),
                "header": .object(merged(["kid": key["kid"] ?? nil], header)),
                "claims": .object(changed(changes)),
            ])
        }

        /// Our claims with changes and any header, signed as `more` says.
        func forged(
            _ header: JSONObject, _ changes: JSONObject = [:], _ more: JSONObject = [:]
        ) throws -> String {
            let order: JSONObject = [
                "do": "forge", "header": .object(header), "claims": .object(changed(changes)),
            ]
            return try issuer.ask(.object(merged(order, more)))
        }

        /// A token of the other issuer.
        func foreign(
            _ changes: JSONObject = [:], key: String = "rsa", alg: String = "RS256",
            header: JSONObject = [:]
        ) throws -> String {
            try issuer.token(
                at: service.clock.now, changes, key: key, alg: alg, header: header)
        }

        /// The seconds of the present, so many later.
        func now(_ later: Int = 0) -> JSONValue {
            JSONValue(Int(service.clock.now.unixSeconds) + later)
        }

        private func changed(_ changes: JSONObject) -> JSONObject {
            var claims = claims
            for change in changes.members {
                claims[change.key] = change.value.isNull ? nil : change.value
            }
            return claims
        }

        private func merged(_ one: JSONObject, _ other: JSONObject) -> JSONObject {
            var both = one
            for member in other.members { both[member.key] = member.value }
            return both
        }
    }

    /// One attempt: its name, the credential it shows, and what it is told.
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        var code = "token_invalid"
        let credential: @Sendable (Scene) async throws -> String

        init(
            _ name: String, _ code: String = "token_invalid",
            _ credential: @escaping @Sendable (Scene) async throws -> String
        ) {
            self.name = name
            self.code = code
            self.credential = credential
        }

        var testDescription: String { name }
    }

    private static func scene() async throws -> Scene {
        let issuer = try await Issuer()
        let service = try await Service(clock: TestClock(step: 0)) { configuration in
            configuration.auth.mode = .required
            configuration.auth.externalIssuers = [try? ExternalIssuer(issuer)].compactMap { $0 }
        }
        let victim = try await service.signedIn("sarah@example.com")
        let key = try service.app.accounts.signingKeys.load().signing
        return Scene(
            service: service, issuer: issuer, victim: victim,
            key: key.jwk(includingPrivate: true),
            claims: try Token(parsing: victim.access).claims.members)
    }

    @Test func `what other libraries sign with our key and sound claims is valid`() async throws {
        let scene = try await Self.scene()
        for library in ["pyjwt", "authlib"] {
            let token = try scene.signed(by: library)
            #expect(try await scene.service.me(.bearer(token)).status == 200, "\(library)")
        }
        for (key, alg) in [("rsa", "RS256"), ("ec", "ES256")] {
            let token = try scene.foreign(key: key, alg: alg)
            #expect(try await scene.service.me(.bearer(token)).status == 200, "\(alg)")
        }
    }

    @Test(arguments: ["pyjwt", "authlib"])
    func `other libraries find our tokens valid`(_ library: String) async throws {
        let scene = try await Self.scene()
        // They look at the present time themselves, where the service's clock stands still.
        let now = Clock.system.now()
        let pair = try LocalTokens(
            keys: scene.service.app.accounts.signingKeys, issuer: "here", audience: "frontdesk",
            lifetime: 3600, ids: IDMaker(clock: .system)
        ).make(
            for: await scene.service.addUser("now@example.com"), family: "fam_1",
            until: now.adding(seconds: 1000), at: now)
        let keys = try await scene.service.get("/.well-known/jwks.json").body
        for token in [pair.access, pair.id] {
            let claims = try scene.issuer.ask([
                "do": "verify", "token": .string(token), "jwks": keys, "issuer": "here",
                "audience": "frontdesk", "by": .string(library),
            ])
            #expect(try JSONValue(parsing: claims)["email"] == "now@example.com")
        }
    }

    @Test func `no attack opens a route, and each is told the same as the others`() async throws {
        let scene = try await Self.scene()
        #expect(Self.all.count >= 50)
        for attack in Self.all {
            let credential = try await attack.credential(scene)
            for path in ["/auth/me", "/api/v1/sessions", "/", "/auth/logout"] {
                let method: HTTP.Method = path == "/auth/logout" ? .post : .get
                let answer = try Answer(
                    await scene.service.send(method, path, headers: .bearer(credential)))
                #expect(answer.status == 401, "\(attack.name) on \(path)")
                #expect(answer.code == attack.code, "\(attack.name) on \(path)")
                #expect(answer.header("WWW-Authenticate") == "Bearer", "\(attack.name)")
            }
        }
    }

    @Test(
        arguments: [
            "Basic c2FyYWg6cGFzc3dvcmQ=", "Bearer", "Bearer ", "Token abc", "Digest username=x",
            "Bearer a b", "bearer", "null", " ",
        ])
    func `what is no bearer token is refused`(_ line: String) async throws {
        let service = try await Service()
        let answer = try await service.me(["Authorization": line])
        #expect(answer.status == 401)
        #expect(answer.code == "token_invalid")
    }

    @Test func `two credentials at once are none`() async throws {
        let service = try await Service()
        let tokens = try await service.signedIn("sarah@example.com")
        var headers = tokens.headers
        headers.add("Authorization", "Bearer \(tokens.access)")
        #expect(try await service.me(headers).status == 401)
    }
}
