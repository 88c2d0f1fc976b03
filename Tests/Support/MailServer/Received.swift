import Foundation

/// A message as Python's e-mail package reads it.
public struct Received: Decodable, Sendable {
    /// The envelope's sender.
    public let mailFrom: String
    /// The envelope's recipients.
    public let rcptTos: [String]
    /// Whether it came over an encrypted connection.
    public let tls: Bool
    /// Who had signed in.
    public let login: String?
    /// The bytes after undoing the dot stuffing, in base64.
    public let raw: String
    /// Bytes of the longest line without its end.
    public let longestLine: Int
    /// Whether a line ends with anything but CRLF.
    public let hasBareLineBreak: Bool
    /// Whether every byte is ASCII.
    public let isAscii: Bool
    /// What the parser found wrong.
    public let defects: [String]
    /// The decoded headers in order.
    public let headers: [Header]
    /// The decoded From line.
    public let from: [Address]
    /// The decoded To line.
    public let to: [Address]
    /// The decoded Cc line.
    public let cc: [Address]
    /// The Date line in ISO 8601.
    public let date: String?
    /// The tree of content types.
    public let structure: String
    /// The leaves of the tree.
    public let parts: [Part]

    /// A decoded header.
    public struct Header: Decodable, Sendable {
        /// Its name as written.
        public let name: String
        /// Its decoded value.
        public let value: String
    }

    /// An address with its display name.
    public struct Address: Decodable, Sendable, Equatable {
        /// The decoded display name.
        public let name: String
        /// The bare address.
        public let address: String

        /// An address to compare with.
        public init(name: String, address: String) {
            self.name = name
            self.address = address
        }
    }

    /// A leaf of the message.
    public struct Part: Decodable, Sendable {
        /// The content type.
        public let type: String
        /// The charset of a text.
        public let charset: String?
        /// The content transfer encoding.
        public let encoding: String
        /// `attachment`, `inline` or nothing.
        public let disposition: String?
        /// The decoded file name.
        public let filename: String?
        /// The decoded text of a text part.
        public let text: String?
        /// Bytes after decoding.
        public let size: Int
        /// The digest of the decoded bytes.
        public let sha256: String
    }

    /// The first value of a header.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The bytes of the message as text.
    public var source: String {
        String(decoding: Data(base64Encoded: raw) ?? Data(), as: UTF8.self)
    }
}

/// A command that the server heard.
public struct Command: Decodable, Sendable, Equatable {
    /// Its name.
    public let command: String
    /// What came after the name; nil for a sign-in.
    public let text: String?
    /// Whether the connection was encrypted.
    public let tls: Bool
}
