import Foundation
import JSON
import JWT
import Subprocess
import Testing

/// Keys that are made, read, named and kept.
struct KeyTests {
    @Test func `a thumbprint is the one that the standard prints`() throws {
        let key = try Key(jwk: Vectors.rsa)
        #expect(try key.thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
        #expect(key.id == "2011-04-29")
        #expect(!key.canSign)
    }

    @Test(arguments: [Algorithm.es256, .rs256])
    func `a fresh key is named by its thumbprint and tells no secret`(
        _ algorithm: Algorithm
    ) throws {
        let key = try Key.make(algorithm)
        let known = key.jwk()
        #expect(try key.id == key.thumbprint())
        #expect(known["alg"] == .string(algorithm.rawValue))
        for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] { #expect(known[secret] == nil) }
        let again = try Key(jwk: key.jwk(includingPrivate: true))
        #expect(again.canSign && again.id == key.id)
        #expect(throws: KeyError.self) { try Key(jwk: known).sign([:], with: algorithm) }
    }

    @Test(
        arguments: [
            ["kty": "OKP"], ["use": "enc"], ["alg": "HS256"], ["alg": "ES512"], ["crv": "P-384"],
            ["x": nil], ["x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVE="],
            // Off the curve by one.
            ["y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1"],
            ["y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4"],
        ] as [[String: JSONValue?]])
    func `a key that cannot be right is refused`(_ changes: [String: JSONValue?]) throws {
        var jwk = try #require(Vectors.elliptic.object)
        for (name, value) in changes { jwk[name] = value }
        #expect(throws: KeyError.self) { try Key(jwk: .object(jwk)) }
    }

    @Test func `short keys and unsound exponents are refused`() throws {
        var rsa = try #require(Vectors.rsa.object)
        rsa["e"] = "AQ"
        #expect(throws: KeyError.self) { try Key(jwk: .object(rsa)) }
        rsa["e"] = "AQAB"
        rsa["n"] = .string(String((Vectors.rsa["n"]?.string ?? "").prefix(171)))
        #expect(throws: KeyError.self) { try Key(jwk: .object(rsa)) }
        #expect(throws: KeyError.self) {
            try Key(jwk: ["kty": "oct", "k": "c2hvcnQ"])
        }
    }

    @Test func `a set passes over what it cannot use, and shows no symmetric key`() throws {
        let set = try KeySet(jwks: [
            "keys": [Vectors.rsa, Vectors.symmetric, ["kty": "OKP"], "text", ["kty": "RSA"]]
        ])
        #expect(set.keys.map(\.kind) == [.rsa, .symmetric])
        #expect(set.jwks["keys"]?.array?.count == 1)
        #expect(throws: KeyError.self) { try KeySet(jwks: ["key": []]) }
    }

    @Test(arguments: ["rsa", "ec"])
    func `a key in PEM signs what openssl finds valid`(_ kind: String) throws {
        let folder = try TemporaryFolder()
        let (secret, known) = (folder.path("secret.pem"), folder.path("public.pem"))
        let options =
            kind == "rsa"
            ? "RSA -pkeyopt rsa_keygen_bits:2048" : "EC -pkeyopt ec_paramgen_curve:P-256"
        try folder.run("openssl genpkey -out \(secret) -algorithm \(options)")
        try folder.run("openssl pkey -in \(secret) -pubout -out \(known)")
        let key = try Key(pem: Array(Data(contentsOf: URL(filePath: secret))), id: "mine")
        let algorithm = kind == "rsa" ? Algorithm.rs256 : .es256
        let text = try key.sign(["sub": "x"], with: algorithm)
        let other = try Key(pem: Array(Data(contentsOf: URL(filePath: known))), id: "mine")
        #expect(!other.canSign)
        try Token(parsing: text).verify(with: KeySet([other]), allowing: [algorithm])
        guard kind == "rsa" else { return }
        let parts = text.split(separator: ".").map(String.init)
        let padded = parts[2].replacing("-", with: "+").replacing("_", with: "/") + "=="
        try Data(base64Encoded: padded)?.write(to: URL(filePath: folder.path("signature")))
        try Data("\(parts[0]).\(parts[1])".utf8).write(to: URL(filePath: folder.path("text")))
        try folder.run(
            "openssl dgst -sha256 -verify \(known) -signature \(folder.path("signature")) "
                + folder.path("text"))
    }

    @Test func `a PEM file under a passphrase, cut off, or without a key is refused`() throws {
        let folder = try TemporaryFolder()
        let secret = folder.path("secret.pem")
        try folder.run(
            "openssl genpkey -out \(secret) -algorithm RSA -aes256 -pass pass:word")
        let pem = try Array(Data(contentsOf: URL(filePath: secret)))
        for bytes in [pem, Array(pem.prefix(300)), [], Array("hello".utf8)] {
            #expect(throws: KeyError.self) { try Key(pem: bytes) }
        }
    }

    @Test func `a key file is made once, for its owner only, and refused when others can read it`()
        throws
    {
        let folder = try TemporaryFolder()
        let path = folder.path("signing.jwk")
        #expect(try KeyFile.read(path) == nil)
        let key = try KeyFile.make(path, .es256)
        #expect(try KeyFile.read(path)?.id == key.id)
        #expect(throws: KeyError.self) { try KeyFile.make(path, .es256) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root) == ["signing.jwk"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        chmod(path, 0o640)
        #expect(throws: KeyError.self) { try KeyFile.read(path) }
        #expect(try KeyFile.read(path, secret: false)?.id == key.id)
        #expect(throws: KeyError.self) { try KeyFile.read(folder.root) }
    }
}

/// A folder of one test.
private final class TemporaryFolder: Sendable {
    let root: String

    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/jwt-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Runs a command line without quotes in it, which must succeed.
    func run(_ line: String) throws {
        let process = try Subprocess(line.split(separator: " ").map(String.init))
        #expect(process.end() == .exit(0), "\(line)")
    }
}
