public import JSON

/// Why an MCP server gave no result, and how far its answer got.
public struct MCPError: Error, Sendable, CustomStringConvertible {
    /// How far the answer got.
    public enum Layer: String, Sendable {
        /// There was no message of MCP.
        case transport
        /// There was one, and it was an error of JSON-RPC.
        case jsonrpc
        /// A tool refused.
        case tool
        /// A tool answered with something else than was asked for.
        case payload
    }

    /// What kept the result away.
    public enum Kind: Sendable, Equatable {
        /// Nobody listens, TLS failed, or the connection or stream ended before the reply.
        case connection
        /// It took too long.
        case timeout
        /// The task was cancelled.
        case cancelled
        /// The server is known to be down and was not asked.
        case down
        /// The server has too much to do, and says when to come again if it knows.
        case overloaded(retryAfter: Int?)
        /// There is no credential, or the server does not take it.
        case credential
        /// Another status that stands for failure.
        case status(Int)
        /// An answer that is no MCP, or too large.
        case malformed
        /// An error of JSON-RPC, with its code.
        case rpc(Int)
        /// The server has no tool of this name.
        case unknownTool
        /// The server wants to ask back, which nobody here can answer.
        case inputRequired
    }

    /// How far the answer got.
    public let layer: Layer
    /// What kept the result away.
    public let kind: Kind
    /// What happened, for a log: it may hold the server's own words, never a credential.
    public let message: String
    /// What a JSON-RPC error says beyond its message.
    public let data: JSONValue?
    /// The status of the answer, where there was one.
    let status: Int?
    /// Whether there was no connection over which anything could be sent.
    private let neverConnected: Bool

    /// An error with its parts.
    init(
        _ layer: Layer, _ kind: Kind, _ message: String, data: JSONValue? = nil,
        status: Int? = nil, neverConnected: Bool = false
    ) {
        self.layer = layer
        self.kind = kind
        self.message = message
        self.data = data
        self.status = status
        self.neverConnected = neverConnected
    }

    /// Whether nobody can tell what the server did with the request, once it was sent.
    public var leavesDoubt: Bool {
        switch kind {
        case .connection: !neverConnected
        case .timeout, .cancelled, .malformed: true
        case .status(let status): status >= 500
        case .down, .overloaded, .credential, .rpc, .unknownTool, .inputRequired: false
        }
    }

    /// What happened.
    public var description: String { "\(layer.rawValue): \(message)" }

    /// A failure of the transport.
    static func transport(_ kind: Kind, _ message: String, status: Int? = nil) -> MCPError {
        MCPError(.transport, kind, message, status: status)
    }

    /// What a caller gets whose time is over.
    static let timeout = MCPError.transport(.timeout, "there was no reply in time")

    /// What a cancelled task gets.
    static let cancelled = MCPError.transport(.cancelled, "the call was cancelled")

    /// Whether it says that the server itself is in trouble, not only this call.
    var isOutage: Bool {
        switch kind {
        case .connection, .timeout, .credential, .malformed: true
        case .status(let status): status >= 500
        default: false
        }
    }
}

/// At most the first 300 characters of a foreign text, on one line, for a log.
func excerpt(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes.prefix(1200), as: UTF8.self)
    return String(text.map { $0.isNewline ? " " : $0 }.prefix(300))
}
