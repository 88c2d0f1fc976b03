internal import CCrypto
import JSON

extension Key {
    /// A private or public key in PEM: PKCS #8, SubjectPublicKeyInfo, or OpenSSL's older forms.
    ///
    /// Keys under a passphrase are refused.
    public convenience init(pem: [UInt8], id: String? = nil) throws(KeyError) {
        let key = try PEMKey(pem)
        var jwk = try key.jwk()
        if let id { jwk["kid"] = .string(id) }
        try self.init(jwk: .object(jwk))
    }
}

/// A key as libcrypto reads it from PEM.
private struct PEMKey: ~Copyable {
    private let pointer: OpaquePointer

    init(_ pem: [UInt8]) throws(KeyError) {
        guard pem.count <= 65_536 else { throw KeyError("too long for a key") }
        guard let found = PEMKey.read(pem) else { throw KeyError("no key in PEM") }
        pointer = found
    }

    deinit { EVP_PKEY_free(pointer) }

    /// The private key of the text, else the public one.
    private static func read(_ pem: [UInt8]) -> OpaquePointer? {
        // Without a passphrase of ours, libcrypto would ask on the terminal.
        var passphrase: [CChar] = [0]
        return passphrase.withUnsafeMutableBufferPointer { passphrase in
            for read in [PEM_read_bio_PrivateKey, PEM_read_bio_PUBKEY] {
                guard let source = BIO_new_mem_buf(pem, Int32(pem.count)) else { return nil }
                defer { BIO_free(source) }
                if let key = read(source, nil, nil, passphrase.baseAddress) { return key }
            }
            return nil
        }
    }

    func jwk() throws(KeyError) -> JSONObject {
        if EVP_PKEY_is_a(pointer, "RSA") == 1 {
            var jwk: JSONObject = ["kty": "RSA"]
            for (member, name) in [
                ("n", OSSL_PKEY_PARAM_RSA_N), ("e", OSSL_PKEY_PARAM_RSA_E),
                ("d", OSSL_PKEY_PARAM_RSA_D), ("p", "rsa-factor1"),
                ("q", "rsa-factor2"), ("dp", "rsa-exponent1"),
                ("dq", "rsa-exponent2"), ("qi", "rsa-coefficient1"),
            ] {
                jwk[member] = number(name, bytes: 0).map { .string($0.base64URL) }
            }
            return jwk
        }
        guard EVP_PKEY_is_a(pointer, "EC") == 1 else { throw KeyError("neither RSA nor EC") }
        guard EVP_PKEY_get_bits(pointer) == 256 else { throw KeyError("the curve is not P-256") }
        var jwk: JSONObject = ["kty": "EC", "crv": "P-256"]
        for (member, name) in [
            ("x", OSSL_PKEY_PARAM_EC_PUB_X), ("y", OSSL_PKEY_PARAM_EC_PUB_Y),
            ("d", OSSL_PKEY_PARAM_PRIV_KEY),
        ] {
            jwk[member] = number(name, bytes: 32).map { .string($0.base64URL) }
        }
        return jwk
    }

    /// A number of the key, big-endian, filled up with zeros to `bytes`.
    private func number(_ name: String, bytes least: Int) -> [UInt8]? {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number else { return nil }
        defer { BN_clear_free(number) }
        let count = max(least, (Int(BN_num_bits(number)) + 7) / 8)
        var bytes = [UInt8](repeating: 0, count: count)
        guard BN_bn2binpad(number, &bytes, Int32(count)) == count else { return nil }
        return bytes
    }
}
