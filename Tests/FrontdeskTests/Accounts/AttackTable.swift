import JSON
import JWT
import Testing

@testable import Frontdesk

extension AttackTests {
    /// Every attempt.
    static let all = shapes + algorithms + claims + times + keys + lives + foreign + programs

    /// Texts that are no tokens, or hardly.
    private static let shapes: [Attack] = [
        Attack("one word") { _ in "password" },
        Attack("three empty parts") { _ in ".." },
        Attack("cut off in the signature") { String($0.victim.access.dropLast(4)) },
        Attack("cut off in the payload") { scene in
            scene.victim.access.split(separator: ".")[0] + "." + "eyJz" + ".AAAA"
        },
        Attack("without its signature") { scene in
            scene.victim.access.split(separator: ".").prefix(2).joined(separator: ".") + "."
        },
        Attack("with a fourth part") { $0.victim.access + ".AAAA" },
        Attack("with padding") { $0.victim.access + "=" },
        Attack("with another letter in the payload") { scene in
            var parts = scene.victim.access.split(separator: ".").map(String.init)
            parts[1] = String(parts[1].dropLast()) + (parts[1].last == "Q" ? "R" : "Q")
            return parts.joined(separator: ".")
        },
        Attack("with another one's payload") { scene in
            let mine = scene.victim.access.split(separator: ".")
            let other = try scene.signed(["roles": ["admin"]]).split(separator: ".")
            return "\(mine[0]).\(other[1]).\(mine[2])"
        },
        Attack("longer than 8 KiB") {
            try $0.signed(["x": .string(String(repeating: "x", count: 8000))])
        },
        Attack("the refresh token") { $0.victim.refresh },
        Attack("SQL") { _ in "'OR'1'='1" },
    ]

    /// Signatures that are none, or of another kind.
    private static let algorithms: [Attack] = [
        Attack("alg none") { try $0.forged(["alg": "none", "typ": "JWT"]) },
        Attack("alg None") { try $0.forged(["alg": "None"], [:], ["signature": "AAAA"]) },
        Attack("alg NONE") { try $0.forged(["alg": "NONE"], [:], ["signature": "AAAA"]) },
        Attack("alg nOnE") { try $0.forged(["alg": "nOnE"], [:], ["signature": "AAAA"]) },
        Attack("alg missing") { try $0.forged(["typ": "JWT"], [:], ["signature": "AAAA"]) },
        Attack("alg a list") { try $0.forged(["alg": ["ES256"]], [:], ["signature": "AAAA"]) },
        Attack("alg in small letters") {
            try $0.forged(["alg": "es256"], [:], ["signature": "AAAA"])
        },
        Attack("HS256 with our public key as the secret") { scene in
            try scene.forged(
                ["alg": "HS256", "kid": scene.key["kid"] ?? nil], [:],
                ["secret": .string(scene.key["x"]?.string ?? "")])
        },
        Attack("HS256 with the name of our key as the secret") { scene in
            try scene.forged(
                ["alg": "HS256", "kid": scene.key["kid"] ?? nil], [:],
                ["secret": scene.key["kid"] ?? nil])
        },
        Attack("HS256 with an empty secret") { scene in
            try scene.forged(
                ["alg": "HS256", "kid": scene.key["kid"] ?? nil], [:], ["secret": ""])
        },
        Attack("HS256 with the issuer's public key in PEM as the secret") { scene in
            try scene.forged(
                ["alg": "HS256", "kid": "rsa"], ["iss": .string(scene.issuer.name)],
                ["secret": "pem"])
        },
        Attack("RS256 with our issuer and the other's key") { scene in
            try scene.foreign(["iss": scene.claims["iss"] ?? nil])
        },
        Attack("a critical extension") { try $0.signed(header: ["crit": ["exp"]]) },
        Attack("an empty critical extension") { try $0.signed(header: ["crit": []]) },
        Attack("a signature of zeros") { scene in
            try scene.forged(
                ["alg": "ES256", "kid": scene.key["kid"] ?? nil], [:],
                ["signature": .string(String(repeating: "A", count: 86))])
        },
    ]

    /// Signed well, but saying the wrong thing.
    private static let claims: [Attack] = [
        Attack("an ID token") { $0.victim.id },
        Attack("token_use missing") { try $0.signed(["token_use": nil]) },
        Attack("token_use in capitals") { try $0.signed(["token_use": "ACCESS"]) },
        Attack("another audience") { try $0.signed(["aud": "backdesk"]) },
        Attack("no audience") { try $0.signed(["aud": nil]) },
        Attack("an empty list of audiences") { try $0.signed(["aud": []]) },
        Attack("another issuer") { try $0.signed(["iss": "http://localhost:9081"]) },
        Attack("the issuer with a slash") { try $0.signed(["iss": "http://localhost:9080/"]) },
        Attack("no issuer") { try $0.signed(["iss": nil]) },
        Attack("the issuer as a list") { try $0.signed(["iss": ["http://localhost:9080"]]) },
        Attack("no subject") { try $0.signed(["sub": nil]) },
        Attack("an empty subject") { try $0.signed(["sub": ""]) },
        Attack("another subject") { try $0.signed(["sub": "usr_other"]) },
        Attack("SQL as subject") { try $0.signed(["sub": "' OR 1=1 --"]) },
        Attack("no sign-in") { try $0.signed(["sid": nil]) },
        Attack("another sign-in") { try $0.signed(["sid": "fam_other"]) },
        Attack("SQL as sign-in") { try $0.signed(["sid": "' OR '1'='1"]) },
        Attack("another tenant") { try $0.signed(["tenant": "acme"]) },
        Attack("no tenant") { try $0.signed(["tenant": nil]) },
        Attack("a path as tenant") { try $0.signed(["tenant": "../default"]) },
    ]

    /// Signed well, but not now.
    private static let times: [Attack] = [
        Attack("no end") { try $0.signed(["exp": nil]) },
        Attack("an end that is a text") { try $0.signed(["exp": "4102444800"]) },
        Attack("ended a minute ago", "token_expired") { try $0.signed(["exp": $0.now(-60)]) },
        Attack("ended long ago", "token_expired") { try $0.signed(["exp": 1]) },
        Attack("begins in more than a minute") { try $0.signed(["nbf": $0.now(61)]) },
        Attack("made in the future") { try $0.signed(["iat": $0.now(61)]) },
        Attack("a beginning that is a text") { try $0.signed(["nbf": "now"]) },
    ]

    /// Keys that are not ours, however they are offered.
    private static let keys: [Attack] = [
        Attack("no name of a key") { try $0.signed(header: ["kid": nil]) },
        Attack("another name of a key") { try $0.signed(header: ["kid": "other"]) },
        Attack("a path as name of a key") { try $0.signed(header: ["kid": "../../dev/null"]) },
        Attack("SQL as name of a key") { try $0.signed(header: ["kid": "x' UNION SELECT 'k"]) },
        Attack("a number as name of a key") { try $0.signed(header: ["kid": 7]) },
        Attack("another key of the same name") { scene in
            let other = try Key.make(.es256).jwk(includingPrivate: true)
            return try scene.issuer.ask([
                "do": "sign", "alg": "ES256", "jwk": other, "claims": .object(scene.claims),
                "header": ["kid": scene.key["kid"] ?? nil],
            ])
        },
        Attack("a key brought along") { scene in
            let other = try Key.make(.es256)
            return try scene.issuer.ask([
                "do": "sign", "alg": "ES256", "jwk": other.jwk(includingPrivate: true),
                "claims": .object(scene.claims),
                "header": ["kid": .string(other.id), "jwk": other.jwk()],
            ])
        },
        Attack("a key behind an address") { scene in
            let other = try Key.make(.es256)
            return try scene.issuer.ask([
                "do": "sign", "alg": "ES256", "jwk": other.jwk(includingPrivate: true),
                "claims": .object(scene.claims),
                "header": [
                    "kid": .string(other.id),
                    "jku": .string(scene.issuer.name + "/.well-known/jwks.json"),
                ],
            ])
        },
    ]
}
