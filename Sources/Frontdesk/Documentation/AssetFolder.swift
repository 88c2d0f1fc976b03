import Glibc

/// A folder whose files a page may load: plain files that lie directly in it, and nothing else.
struct AssetFolder: Sendable {
    /// A file as it goes to the browser.
    struct Asset: Sendable {
        /// What is in it.
        let bytes: [UInt8]
        /// Its media type.
        let contentType: String
    }

    /// A larger file is not served.
    private static let largest = 32 * 1024 * 1024

    /// The folder.
    let path: String

    /// The file named `name`; nil when there is none, or it is hidden, a link, no plain file, too
    /// large, or of a type that no page needs.
    func file(_ name: String) -> Asset? {
        guard let contentType = Self.contentType(of: name), Self.isPlain(name) else { return nil }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        defer { close(folder) }
        // Without O_NONBLOCK a named pipe in the folder would hold this call for ever.
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
            facts.st_size <= Self.largest
        else { return nil }
        return Self.contents(of: file, expected: Int(facts.st_size)).map {
            Asset(bytes: $0, contentType: contentType)
        }
    }

    /// Whether a name is that of a visible file in this very folder.
    private static func isPlain(_ name: String) -> Bool {
        name.utf8.count <= 128 && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private static func contents(of file: Int32, expected: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: expected)
        var filled = 0
        while filled < expected {
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(file, buffer.baseAddress?.advanced(by: filled), expected - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            filled += count
        }
        return bytes
    }

    private static func contentType(of name: String) -> String? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return types[name[name.index(after: dot)...].lowercased()]
    }

    private static let types = [
        "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "map": "application/json", "json": "application/json", "svg": "image/svg+xml",
        "png": "image/png", "ico": "image/x-icon", "woff": "font/woff", "woff2": "font/woff2",
        "ttf": "font/ttf", "txt": "text/plain; charset=utf-8",
    ]
}
