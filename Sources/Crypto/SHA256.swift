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
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// An operation of libcrypto that failed, which happens only when memory or the library is broken.
public struct CryptoError: Error {
    /// The function of libcrypto that failed.
    public let operation: String
}
