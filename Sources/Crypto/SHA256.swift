import CCrypto

/// A SHA-256 digest in the making; feed it with `update`, read it once with `finish`.
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Begins an empty digest; throws `CryptoError` when libcrypto refuses it.
    public init() throws {
        guard let context = EVP_MD_CTX_new() else { throw CryptoError(operation: "EVP_MD_CTX_new") }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw CryptoError(operation: "EVP_DigestInit_ex")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes to the digest.
    public func update(_ bytes: UnsafeRawBufferPointer) throws {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
            throw CryptoError(operation: "EVP_DigestUpdate")
        }
    }

    /// Ends the digest and returns it as 64 lower-case hexadecimal digits.
    public consuming func finish() throws -> String {
        Self.hexadecimal(try finishedBytes())
    }

    /// Ends the digest and returns its 32 bytes.
    private consuming func finishedBytes() throws -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard EVP_DigestFinal_ex(context, &digest, &count) == 1, count == 32 else {
            throw CryptoError(operation: "EVP_DigestFinal_ex")
        }
        return digest
    }

    /// Returns the digest of `bytes` as 32 bytes.
    public static func digest(_ bytes: [UInt8]) throws -> [UInt8] {
        let digest = try SHA256()
        try bytes.withUnsafeBytes { try digest.update($0) }
        return try digest.finishedBytes()
    }

    /// Returns the digest of `bytes` as 64 lower-case hexadecimal digits.
    public static func hash(_ bytes: [UInt8]) throws -> String {
        let digest = try SHA256()
        try bytes.withUnsafeBytes { try digest.update($0) }
        return try digest.finish()
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            for (index, byte) in bytes.enumerated() {
                text[2 * index] = digit(byte >> 4)
                text[2 * index + 1] = digit(byte & 15)
            }
            return 2 * bytes.count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }
}

/// An operation of libcrypto that failed, which happens only when memory or the library is broken.
public struct CryptoError: Error {
    /// The function of libcrypto that failed.
    public let operation: String
}
