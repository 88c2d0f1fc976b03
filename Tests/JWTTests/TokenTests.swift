import Foundation
import JSON
import JWT
import Testing

/// Tokens that are read, signed, verified and refused.
struct TokenTests {
    private static let claims: JSONValue = [
        "iss": "here", "sub": "usr_1", "exp": 1000, "iat": 900, "text": "é \"quoted\"",
    ]

    @Test(arguments: [(Vectors.hs256, Vectors.symmetric), (Vectors.es256, Vectors.elliptic)])
    func `the tokens of the standard are valid`(_ text: String, _ jwk: JSONValue) throws {
        let token = try Token(parsing: text)
        try token.verify(with: KeySet([Key(jwk: jwk)]), allowing: Algorithm.allCases)
        #expect(token.claims.issuer == "joe")
        #expect(token.claims.expiry == 1_300_819_380)
    }

    @Test(arguments: Algorithm.allCases)
    func `what a key signs it knows again, and no other key does`(_ algorithm: Algorithm) throws {
        let key = try Key.make(algorithm)
        let token = try Token(parsing: key.sign(Self.claims, with: algorithm))
        #expect(token.keyID == key.id)
        #expect(JSONValue.object(token.claims.members) == Self.claims)
        try token.verify(with: KeySet([Key.make(algorithm), key]), allowing: [algorithm])
        let others = Algorithm.allCases.filter { $0 != algorithm }
        #expect(throws: TokenError.algorithm(algorithm.rawValue)) {
            try token.verify(with: KeySet([key]), allowing: others)
        }
        #expect(throws: TokenError.unknownKey) {
            try token.verify(with: KeySet([Key.make(algorithm)]), allowing: [algorithm])
        }
        var jwk = try #require(try Key.make(algorithm).jwk(includingPrivate: true).object)
        jwk["kid"] = .string(key.id)
        #expect(throws: TokenError.signature) {
            try token.verify(with: KeySet([Key(jwk: .object(jwk))]), allowing: [algorithm])
        }
    }

    @Test func `not one letter of a token can be changed`() throws {
        let key = try Key.make(.es256)
        let text = try Array(key.sign(Self.claims, with: .es256).utf8)
        for index in text.indices {
            var changed = text
            changed[index] = text[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : 65
            #expect(throws: TokenError.self, "letter \(index)") {
                try Token(parsing: String(decoding: changed, as: UTF8.self))
                    .verify(with: KeySet([key]), allowing: [.es256])
            }
        }
    }

    @Test(arguments: [
        "", ".", "..", "a.b", "a.b.c", "a.b.c.d", "e30.e30.", "e30.e30.AA", "=.e30.AA",
        Token.made(#"{"alg":"none"}"#), Token.made(#"{"alg":"NoNe"}"#),
        Token.made(#"{"alg":"hs256"}"#), Token.made(#"{"alg":"RS512"}"#),
        Token.made(#"{"alg":["HS256"]}"#), Token.made(#"{"alg":"HS256","alg":"ES256"}"#),
        Token.made(#"{"alg":"ES256","crit":["exp"]}"#), Token.made(#"{"alg":"ES256","kid":7}"#),
        Token.made(#"["ES256"]"#), Token.made(#"{"alg":"ES256"}"#, "[]"),
        Token.made(#"{"alg":"ES256"}"#, "{} {}"), Token.made(#"{"alg":"ES256"}"#, "\u{FEFF}{}"),
        Token.made(#"{"alg":"ES256"}"#) + "=", Token.made(#"{"alg":"ES256"}"#) + "\n",
        Token.made(#"{"alg":"ES256"}"#, signature: "AB"),
        Token.made(#"{"alg":"ES256","x":"\#(String(repeating: "x", count: 9000))"}"#),
    ])
    func `what can never be valid is not even read`(_ text: String) {
        #expect(throws: TokenError.self) { try Token(parsing: text) }
    }

    @Test func `a public key is no secret to sign with`() throws {
        let pair = try Key.make(.rs256)
        let text = try Key.make(.hs256).sign(Self.claims, with: .hs256, header: [("kid", pair.id)])
        #expect(throws: TokenError.unknownKey) {
            try Token(parsing: text)
                .verify(with: KeySet([Key(jwk: pair.jwk())]), allowing: [.rs256, .hs256])
        }
    }

    @Test func `a token without a key's name needs a set with one fitting key`() throws {
        let token = try Token(parsing: Vectors.es256)
        let key = try Key(jwk: Vectors.elliptic)
        try token.verify(
            with: KeySet([Key.make(.rs256), key]), allowing: Algorithm.allCases)
        #expect(throws: TokenError.unknownKey) {
            try token.verify(with: KeySet([Key.make(.es256), key]), allowing: [.es256])
        }
    }

    @Test(
        arguments: [
            ([:], 0, nil), (["exp": nil], 0, .claim("exp")), (["exp": "1000"], 0, .claim("exp")),
            (["sub": nil], 0, .claim("sub")), (["sub": ""], 0, .claim("sub")),
            (["sub": 7], 0, .claim("sub")), (["iss": nil], 0, .claim("iss")),
            (["iss": "Here"], 0, .claim("iss")), (["iss": "here/"], 0, .claim("iss")),
            (["iss": ["here"]], 0, .claim("iss")), ([:], 109, nil), ([:], 110, .expired),
            (["exp": 1000.5], 110.25, nil), (["nbf": 1010], 0, nil),
            (["nbf": 1011], 0, .notYetValid), (["nbf": "soon"], 0, .claim("nbf")),
            (["iat": 1011], 0, .notYetValid), (["iat": true], 0, .claim("iat")),
            (["exp": 1e300], 0, nil), (["nbf": 1e300], 0, .notYetValid),
        ] as [([String: JSONValue?], Double, TokenError?)])
    func `times have a minute to spare, and the rest must fit`(
        _ changes: [String: JSONValue?], _ later: Double, _ error: TokenError?
    ) throws {
        var members = try #require(Self.claims.object)
        for (name, value) in changes { members[name] = value }
        let result = Result { () throws(TokenError) in
            try Claims(members).check(issuer: "here", at: 950 + later)
        }
        switch result {
        case .success: #expect(error == nil)
        case .failure(let found): #expect(found == error)
        }
    }
}

extension Token {
    /// A token with a header as written, and a signature that is none.
    static func made(
        _ header: String, _ payload: String = "{}", signature: String = "AAAA"
    ) -> String {
        let parts = [header, payload].map { part in
            Data(part.utf8).base64EncodedString().replacing("+", with: "-")
                .replacing("/", with: "_").replacing("=", with: "")
        }
        return "\(parts[0]).\(parts[1]).\(signature)"
    }
}
