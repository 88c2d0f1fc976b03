import Glibc
import JSON

/// A key in a file that nobody but its owner may read, as a JWK or in PEM.
public enum KeyFile {
    /// Reads the key; nil when there is no such file. Throws when others can read it.
    public static func read(_ path: String, secret: Bool = true) throws(KeyError) -> Key? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw KeyError("'\(path)' cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw KeyError("'\(path)' is no file")
        }
        guard !secret || facts.st_mode & 0o077 == 0 else {
            throw KeyError("others can read '\(path)': run chmod 600 on it")
        }
        return try key(bytes(of: file, path), path)
    }

    /// Writes a fresh key to a file that must not exist, readable for its owner only.
    public static func make(_ path: String, _ algorithm: Algorithm) throws(KeyError) -> Key {
        let key = try Key.make(algorithm)
        let bytes = Array((key.jwk(includingPrivate: true).text + "\n").utf8)
        // A name of its own first, so that no one ever finds half a key.
        let fresh = "\(path).\(getpid()).new"
        let file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw KeyError("'\(path)' cannot be made: \(String(cString: strerror(errno)))")
        }
        let isWritten = write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        defer { unlink(fresh) }
        guard isWritten, link(fresh, path) == 0 else {
            throw KeyError("'\(path)' cannot be written: \(String(cString: strerror(errno)))")
        }
        return key
    }

    private static func bytes(of file: Int32, _ path: String) throws(KeyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0, count < bytes.count else {
            throw KeyError("'\(path)' holds no key")
        }
        return Array(bytes.prefix(count))
    }

    private static func key(_ bytes: [UInt8], _ path: String) throws(KeyError) -> Key {
        do throws(KeyError) {
            if let jwk = try? JSONValue(parsing: bytes) { return try Key(jwk: jwk) }
            return try Key(pem: bytes)
        } catch {
            throw KeyError("'\(path)' holds no key that can be used: \(error)")
        }
    }
}
