import JWT
import Synchronization

/// The keys that our tokens are signed and verified with, read or made when first needed.
final class SigningKeys: Sendable {
    /// What the key files hold.
    struct Loaded: Sendable {
        /// The key of new tokens.
        let signing: Key
        let algorithm: Algorithm
        /// The keys whose tokens are valid: this one and the one before it.
        let known: KeySet
    }

    private let path: String
    private let previousPath: String
    private let algorithm: Algorithm
    private let loaded = Mutex<Loaded?>(nil)

    /// The keys of a configuration.
    init(_ configuration: Configuration) {
        let auth = configuration.auth
        path =
            auth.signingKeyFile.isEmpty
            ? configuration.database.path + ".signing-key" : auth.signingKeyFile
        previousPath = auth.previousKeyFile
        algorithm = Algorithm(rawValue: auth.signingAlgorithm.rawValue) ?? .es256
    }

    /// The keys; throws `ConfigurationLoader.Invalid` when a file cannot be used.
    func load() throws -> Loaded {
        try loaded.withLock { loaded in
            if let loaded { return loaded }
            let made = try read()
            loaded = made
            return made
        }
    }

    private func read() throws -> Loaded {
        do throws(KeyError) {
            let found = try KeyFile.read(path)
            let key = if let found { found } else { try KeyFile.make(path, algorithm) }
            let isOther = key.algorithm.map { $0 != algorithm } ?? false
            guard key.canSign, key.kind == algorithm.kind, !isOther else {
                throw KeyError(
                    "'\(path)' holds no key for \(algorithm.rawValue); name another file, and "
                        + "this one as 'auth.previous_key_file'")
            }
            var keys = [key]
            if !previousPath.isEmpty {
                guard let previous = try KeyFile.read(previousPath) else {
                    throw KeyError("'\(previousPath)' does not exist")
                }
                keys.append(previous)
            }
            return Loaded(signing: key, algorithm: algorithm, known: KeySet(keys))
        } catch {
            throw ConfigurationLoader.Invalid(problems: ["the keys for tokens: \(error)"])
        }
    }
}
