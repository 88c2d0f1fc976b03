import Foundation
import JSON

/// The two ways in which clients speak the Model Context Protocol (conversations.md, section 7).
enum MCPProtocol: Sendable {
    /// 2026-07-28: every request says all about itself, in `_meta` and in the header.
    case modern
    /// 2025-11-25 and 2025-06-18: an `initialize` first.
    case legacy

    /// The version in which every request stands for itself.
    static let modernVersion = "2026-07-28"
    /// The versions of a conversation that `initialize` begins, the newest first.
    static let legacyVersions = ["2025-11-25", "2025-06-18"]
    /// The key under which a request names its version.
    static let versionKey = "io.modelcontextprotocol/protocolVersion"
    /// What else every modern request names.
    private static let otherKeys = [
        "io.modelcontextprotocol/clientInfo", "io.modelcontextprotocol/clientCapabilities",
    ]

    /// What a request's header says about the message in its body.
    struct Header: Sendable {
        /// `MCP-Protocol-Version`
        var version: String?
        /// `Mcp-Method`
        var method: String?
        /// `Mcp-Name`
        var name: String?
    }

    /// Which of the two a request is, once header and body agree; throws what does not fit.
    init(_ request: RPCRequest, _ header: Header) throws(RPCError) {
        let version = request.meta[MCPProtocol.versionKey]
        let named = version?.string
        if version != nil, named == nil {
            throw RPCError(
                .invalidParams, "'\(MCPProtocol.versionKey)' must be a text.", id: request.id)
        }
        if let named, MCPProtocol.legacyVersions.contains(named) {
            if let sent = header.version {
                try MCPProtocol.match("MCP-Protocol-Version", sent, named, request)
            }
            self = .legacy
            return
        }
        guard named != nil || header.version == MCPProtocol.modernVersion else {
            if let version = header.version, !MCPProtocol.legacyVersions.contains(version) {
                throw MCPProtocol.unsupported(version, request)
            }
            self = .legacy
            return
        }
        guard let named else {
            throw RPCError(
                .invalidParams, "'_meta' must name '\(MCPProtocol.versionKey)'.", id: request.id)
        }
        try MCPProtocol.match("MCP-Protocol-Version", header.version, named, request)
        guard named == MCPProtocol.modernVersion else {
            throw MCPProtocol.unsupported(named, request)
        }
        try MCPProtocol.match("Mcp-Method", header.method, request.method, request)
        if request.method == "tools/call", let name = request.parameters["name"]?.string {
            try MCPProtocol.match("Mcp-Name", header.name.map(MCPProtocol.decoded), name, request)
        }
        if let missing = MCPProtocol.otherKeys.first(where: { request.meta[$0]?.object == nil }) {
            throw RPCError(.invalidParams, "'_meta' must name '\(missing)'.", id: request.id)
        }
        self = .modern
    }

    private static func match(
        _ field: String, _ sent: String?, _ expected: String, _ request: RPCRequest
    ) throws(RPCError) {
        guard let sent else {
            throw RPCError(.headerMismatch, "The header lacks \(field).", id: request.id)
        }
        guard sent == expected else {
            throw RPCError(
                .headerMismatch, "\(field) must be what the body says, '\(expected.prefix(100))'.",
                id: request.id)
        }
    }

    private static func unsupported(_ version: String, _ request: RPCRequest) -> RPCError {
        RPCError(
            .unsupportedVersion, "This version of the protocol is not spoken here.",
            id: request.id,
            data: [
                "supported": .array(([modernVersion] + legacyVersions).map { .string($0) }),
                "requested": .string(String(version.prefix(100))),
            ])
    }

    /// The text of a header field that may be written as `=?base64?…?=`.
    private static func decoded(_ field: String) -> String {
        let (start, end) = ("=?base64?", "?=")
        guard field.hasPrefix(start), field.hasSuffix(end), field.count >= 11 else { return field }
        let coded = String(field.dropFirst(start.count).dropLast(end.count))
        return Data(base64Encoded: coded).map { String(decoding: $0, as: UTF8.self) } ?? field
    }
}
