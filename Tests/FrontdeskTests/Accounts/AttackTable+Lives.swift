import JSON
import JWT
import Testing

@testable import Frontdesk

extension AttackTests {
    /// Tokens that were good once.
    static let lives: [Attack] = [
        Attack("of a sign-in that is over") { scene in
            let other = try await scene.service.signIn("sarah@example.com")
            _ = try await scene.service.post("/auth/logout", nil, headers: other.headers)
            return other.access
        },
        Attack("of a family that was used twice") { scene in
            let other = try await scene.service.signIn("sarah@example.com")
            let next = try SignedIn(await scene.service.refresh(other.refresh))
            _ = try await scene.service.refresh(other.refresh)
            return next.access
        },
        Attack("of a disabled user") { scene in
            let other = try await scene.service.signedIn("gone@example.com")
            _ = try await scene.service.app.accounts.users.disable(
                "gone@example.com", of: .default, at: scene.service.clock.now)
            return other.access
        },
        Attack("from before the password changed") { scene in
            let other = try await scene.service.signedIn("new@example.com")
            _ = try await scene.service.app.accounts.users.setPassword(
                "x", of: "new@example.com", .default, at: scene.service.clock.now)
            return other.access
        },
    ]

    /// Tokens of the issuer that is believed, but not all it says.
    static let foreign: [Attack] = [
        Attack("of an issuer that nobody knows") { try $0.foreign(["iss": "https://evil.test"]) },
        Attack("of the issuer for somebody else") { try $0.foreign(["aud": "other"]) },
        Attack("of the issuer for nobody") { try $0.foreign(["aud": nil]) },
        Attack("of a client that nobody knows") {
            try $0.foreign(["aud": nil, "client_id": "other"])
        },
        Attack("an ID token of the issuer") { try $0.foreign(["token_use": "id"]) },
        Attack("of the issuer without an end") { try $0.foreign(["exp": nil]) },
        Attack("of the issuer without a subject") { try $0.foreign(["sub": nil]) },
        Attack("of the issuer, ended", "token_expired") { try $0.foreign(["exp": $0.now(-61)]) },
        Attack("of a key that the issuer does not publish") {
            try $0.foreign(key: "next")
        },
        Attack("of an unpublished key under a published name") {
            try $0.foreign(key: "next", header: ["kid": "rsa"])
        },
        Attack("of an RSA key under the name of the elliptic one") {
            try $0.foreign(header: ["kid": "ec"])
        },
        Attack("signed as RS512") { try $0.foreign(alg: "RS512") },
        Attack("signed as PS256") { try $0.foreign(alg: "PS256") },
        Attack("signed with 1024 bits") { scene in
            try scene.issuer.set(["published": ["rsa", "ec", "weak"]])
            return try scene.foreign(key: "weak")
        },
    ]

    /// Keys of programs that are none.
    static let programs: [Attack] = [
        Attack("a made-up key") { _ in APIKey.makeText() },
        Attack("a key with a letter more") { try await $0.service.addKey("long") + "a" },
        Attack("a key in capitals") { try await $0.service.addKey("loud").uppercased() },
        Attack("the first 12 characters of a key") {
            String(try await $0.service.addKey("short").prefix(12))
        },
        Attack("a revoked key") { scene in
            let text = try await scene.service.addKey("revoked")
            let keys = scene.service.app.accounts.keys
            let id = try keys.find(hash: APIKey.hash(of: text))?.id ?? ""
            _ = try await keys.revoke(id, of: .default, at: scene.service.clock.now)
            return text
        },
        Attack("a key that has ended", "token_expired") { scene in
            try await scene.service.addKey("ended", until: scene.service.clock.now)
        },
    ]
}
