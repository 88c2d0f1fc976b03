internal import CCjose
import Glibc
import JSON

/// A key of libcjose. The library only reads it once it is made, so threads may share it.
struct KeyHandle: ~Copyable, Sendable {
    /// The pointer as a number, because libcjose's type says nothing about threads.
    private let address: UInt

    private init(adopting pointer: OpaquePointer) {
        address = UInt(bitPattern: pointer)
    }

    /// A key from a JWK that was checked before.
    init(jwk: JSONValue) throws(KeyError) {
        var error = cjose_err()
        let text = jwk.text
        guard let pointer = cjose_jwk_import(text, text.utf8.count, &error) else {
            throw KeyError("the key's numbers do not make a key")
        }
        self.init(adopting: pointer)
    }

    deinit {
        _ = cjose_jwk_release(OpaquePointer(bitPattern: address))
    }

    private var pointer: OpaquePointer? { OpaquePointer(bitPattern: address) }

    /// A fresh key for an algorithm, as a JWK with its private part.
    static func random(_ algorithm: Algorithm) throws(KeyError) -> JSONValue {
        var error = cjose_err()
        let made =
            switch algorithm {
            case .es256: cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error)
            case .rs256: cjose_jwk_create_RSA_random(2048, nil, 0, &error)
            case .hs256: cjose_jwk_create_oct_random(256, &error)
            }
        guard let made else { throw KeyError("no key could be made") }
        let handle = KeyHandle(adopting: made)
        guard let text = cjose_jwk_to_json(handle.pointer, true, &error) else {
            throw KeyError("the new key could not be written")
        }
        defer { free(text) }
        do {
            return try JSONValue(parsing: String(cString: text))
        } catch {
            throw KeyError("the new key could not be written")
        }
    }

    /// How many bits the key has.
    var bits: Int {
        var error = cjose_err()
        return cjose_jwk_get_keysize(pointer, &error)
    }

    /// The compact JWS of a payload under header fields that are texts.
    func sign(_ payload: [UInt8], header: [(String, String)]) throws(KeyError) -> String {
        var error = cjose_err()
        guard let fields = cjose_header_new(&error) else { throw KeyError("out of memory") }
        defer { cjose_header_release(fields) }
        for (name, value) in header where !cjose_header_set(fields, name, value, &error) {
            throw KeyError("the header field '\(name)' cannot be set")
        }
        guard let jws = cjose_jws_sign(pointer, fields, payload, payload.count, &error) else {
            throw KeyError("the key cannot sign")
        }
        defer { cjose_jws_release(jws) }
        var text: UnsafePointer<CChar>?
        guard cjose_jws_export(jws, &text, &error), let text else {
            throw KeyError("the token could not be written")
        }
        return String(cString: text)
    }

    /// Whether a compact JWS bears this key's signature.
    func verifies(_ token: String) -> Bool {
        var error = cjose_err()
        guard let jws = cjose_jws_import(token, token.utf8.count, &error) else { return false }
        defer { cjose_jws_release(jws) }
        return cjose_jws_verify(jws, pointer, &error)
    }
}
