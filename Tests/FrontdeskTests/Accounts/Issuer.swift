import JSON
import JWT
import WebPeer

@testable import Frontdesk

/// Another issuer of tokens, in Python: PyJWT and Authlib make and check what we did not.
final class Issuer: Sendable {
    private let peer: WebPeer

    /// What it answers.
    private struct Reply: Decodable {
        let text: String?
        let error: String?
    }

    /// It could not do what it was told.
    struct Refusal: Error {
        let text: String
    }

    /// Starts it with two published keys, `rsa` and `ec`.
    init() async throws {
        peer = try await WebPeer(script: "jwt/issuer.py", packages: true)
    }

    /// Its `iss`, and the address below which its keys are.
    var name: String { peer.url("") }

    /// Does what an order says and returns the text it comes to.
    func ask(_ order: JSONValue) throws -> String {
        let reply = try peer.ask(order.text, as: Reply.self)
        guard let text = reply.text else { throw Refusal(text: reply.error ?? "") }
        return text
    }

    /// Changes how it serves its keys.
    func set(_ changes: JSONValue) throws { _ = try ask(["set": changes]) }

    /// How often its keys were asked for.
    func requests() throws -> Int { Int(try ask(["do": "requests"])) ?? -1 }

    /// A signed token of it for the audience `frontdesk`, ending an hour after `now`.
    ///
    /// A change to null takes a claim away.
    func token(
        at now: Timestamp, _ changes: JSONObject = [:], key: String = "rsa", alg: String = "RS256",
        header: JSONObject = [:]
    ) throws -> String {
        let claims = claims(at: now, changes)
        return try ask([
            "do": "sign", "claims": .object(claims), "key": .string(key), "alg": .string(alg),
            "header": .object(header),
        ])
    }

    /// The claims of such a token.
    func claims(at now: Timestamp, _ changes: JSONObject = [:]) -> JSONObject {
        var claims: JSONObject = [
            "iss": .string(name), "sub": "outside-1", "aud": "frontdesk",
            "iat": JSONValue(Int(now.unixSeconds)), "exp": JSONValue(Int(now.unixSeconds) + 3600),
            "cognito:groups": ["agent"],
        ]
        for change in changes.members {
            claims[change.key] = change.value.isNull ? nil : change.value
        }
        return claims
    }
}

extension ExternalIssuer {
    /// The issuer as an operator configures it.
    init(_ issuer: Issuer, _ changes: JSONObject = [:]) throws {
        var value: JSONObject = [
            "issuer": .string(issuer.name), "audience": "frontdesk",
            "algorithms": ["RS256", "ES256"],
        ]
        for change in changes.members { value[change.key] = change.value }
        try self.init(JSONValue.object(value))
    }
}
