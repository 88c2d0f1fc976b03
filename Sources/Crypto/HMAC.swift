internal import CCrypto

/// Codes by which the holder of a key knows that bytes are from another holder.
public enum HMAC {
    /// The 32 bytes of HMAC-SHA256; throws `CryptoError` when libcrypto refuses it.
    public static func sha256(_ message: [UInt8], key: [UInt8]) throws -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        // An empty key has no address, and libcrypto would take that for "the key of last time".
        let secret = key.isEmpty ? [0] : key
        guard
            CCrypto.HMAC(
                EVP_sha256(), secret, Int32(key.count), message, message.count, &code, &count)
                != nil, count == 32
        else { throw CryptoError(operation: "HMAC") }
        return code
    }
}
