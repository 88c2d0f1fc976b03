/// Why there is no answer to a request.
public struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kept the answer away.
    public enum Kind: String, Sendable {
        /// The name leads to an address that this request may not go to.
        case refusedAddress
        /// The name is unknown, nobody listens, or the connection broke.
        case connection
        /// The other side could not prove who it is, or TLS failed otherwise.
        case tls
        /// It took too long.
        case timeout
        /// The answer is larger than the request allows.
        case tooLarge
        /// The task was cancelled, or the client is shut down.
        case cancelled
        /// The answer is no HTTP, or the request cannot be written as HTTP.
        case malformed
        /// The URL is none, or none of the web.
        case invalidURL
    }

    /// What kept the answer away.
    public let kind: Kind
    /// What happened, one line without a full stop.
    public let message: String
    /// Whether there was no connection over which anything could be sent.
    public let neverConnected: Bool

    /// An error with its parts.
    public init(kind: Kind, message: String, neverConnected: Bool = false) {
        self.kind = kind
        self.message = message
        self.neverConnected = neverConnected
    }

    /// What happened.
    public var description: String { message }
}
