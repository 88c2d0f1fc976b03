internal import CCrypt
import CCrypto

/// A password as yescrypt keeps it; its text names the way it was made.
public struct PasswordHash: Sendable, Equatable {
    /// `$y$`, parameters, salt and digest.
    public let text: String

    /// The cost of new hashes that libcrypt recommends: 16 MiB and some hundredths of a second.
    public static let usualCost = 5
    /// What a cost may be.
    public static let costs = 1...11

    /// A hash as it was stored; nil for another kind of text.
    public init?(_ text: String) {
        guard text.hasPrefix("$y$"), text.utf8.count < 384 else { return nil }
        self.text = text
    }

    /// Hashes a password with a fresh salt; takes as long as `cost` says.
    public init(of password: [UInt8], cost: Int = usualCost) throws {
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        guard ccrypt_setting(UInt(cost), &setting) != 0,
            let text = Self.crypt(password, setting), let hash = PasswordHash(text)
        else { throw CryptoError(operation: "crypt") }
        self = hash
    }

    /// Whether this is the hash of `password`; takes as long as making it took.
    public func matches(_ password: [UInt8]) -> Bool {
        guard let other = Self.crypt(password, Array(text.utf8CString)) else { return false }
        let (mine, theirs) = (Array(text.utf8), Array(other.utf8))
        return mine.count == theirs.count && CRYPTO_memcmp(mine, theirs, mine.count) == 0
    }

    /// How much work the hash is, to be compared with others'; 0 when the text does not say.
    public var work: Int {
        let alphabet = Array(
            "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        let parameters = Array(text.utf8.dropFirst(3).prefix { $0 != UInt8(ascii: "$") })
        guard parameters.count >= 3, let rounds = alphabet.firstIndex(of: parameters[1]),
            let size = alphabet.firstIndex(of: parameters[2]), rounds < 40
        else { return 0 }
        return (size + 1) << (rounds + 1)
    }

    /// A hash of no password at all, as costly to compare with as those of `cost`.
    public init?(dummyOfCost cost: Int) {
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        guard ccrypt_setting(UInt(cost), &setting) != 0 else { return nil }
        self.init(Self.string(setting) + "$" + String(repeating: ".", count: 43))
    }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// libcrypt's answer, nil when it refuses the password or the setting.
    ///
    /// A NUL would end the password early, and libcrypt takes 511 bytes at most.
    private static func crypt(_ password: [UInt8], _ setting: [CChar]) -> String? {
        guard password.count < Int(CRYPT_MAX_PASSPHRASE_SIZE), !password.contains(0) else {
            return nil
        }
        var phrase = password.map { CChar(bitPattern: $0) } + [0]
        var output = [CChar](repeating: 0, count: Int(CRYPT_OUTPUT_SIZE))
        defer { OPENSSL_cleanse(&phrase, phrase.count) }
        guard ccrypt_hash(phrase, setting, &output) != 0, output[0] != CChar(UInt8(ascii: "*"))
        else { return nil }
        return string(output)
    }
}
