public import HTTPClient
public import JSON
internal import Synchronization

/// Asks one MCP server over streamable HTTP, in the revision that the server knows.
///
/// Handshake, session, token and list of tools are had when they are needed, once for all who
/// need them, and anew after a failure.
public final class MCPClient: Sendable {
    /// Where the time comes from by which lists and tokens age.
    public typealias Now = @Sendable () -> ContinuousClock.Instant

    /// Who this client says it is.
    public struct Identity: Sendable {
        /// The program's name.
        public var name: String
        /// The program's version.
        public var version: String

        /// A name and a version.
        public init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    /// How one call is made.
    public struct Options: Sendable {
        /// Fields that this call carries.
        public var headers: [(name: String, value: String)] = []
        /// Whether the call may be sent again when its connection breaks.
        public var isRepeatable = false
        /// Awaited before the call leaves, each time that it does; what it throws is thrown on.
        public var beforeSending: @Sendable () async throws -> Void = {}

        /// A call that is sent once.
        public init() {}
    }

    /// What changes while the client is used.
    struct State {
        var era: Era?
        var nextEra = 0
        var list: ToolList?
        /// The newest list that was read, however old.
        var knownTools: [Tool]?
        var nextID = 1
        var watch = Watch()
    }

    /// The server.
    public let endpoint: MCPEndpoint
    /// Who the client says it is.
    let identity: Identity
    /// The time by which lists age.
    let now: Now
    /// Takes what is odd about the server but stops nothing.
    let warn: @Sendable (String) -> Void
    /// The way to the server.
    let wire: Wire
    /// The handshake, one at a time.
    let greeting = Flight<Era>()
    /// The reading of the list, one at a time.
    let listing = Flight<ToolList>()
    /// What changes.
    let state = Mutex(State())

    /// A client that connects when it is first used.
    public init(
        _ endpoint: MCPEndpoint, identity: Identity, http: HTTPClient,
        now: @escaping Now = { .now }, warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.endpoint = endpoint
        self.identity = identity
        self.now = now
        self.warn = warn
        var tokens: TokenSource?
        if case .grant(let grant) = endpoint.credential {
            tokens = TokenSource(grant, http: http, now: now)
        }
        wire = Wire(endpoint: endpoint, http: http, tokens: tokens)
    }

    deinit { stopWatching() }

    /// The tools that the server offers, nil when it answers calls but lists none; throws
    /// `MCPError`.
    public func tools() async throws -> [Tool]? {
        try await guarded { deadline in try await self.list(deadline).tools }
    }

    /// The tools as the newest list had them, however old it is; nil before the first.
    public var knownTools: [Tool]? { state.withLock(\.knownTools) }

    /// Whether the newest list is still to be believed.
    public var hasCurrentTools: Bool { listAtHand != nil }

    /// Calls a tool with the arguments that `arguments` makes for its definition, which is nil
    /// when the server lists none; throws `MCPError`, and what `arguments` throws.
    ///
    /// A tool that answers with an error of its own has answered: that is a result.
    public func call(
        _ name: String, _ options: Options = Options(),
        arguments: @escaping @Sendable (Tool?) throws -> JSONObject
    ) async throws -> CallResult {
        try await guarded { deadline in
            let tool = try await self.tool(name, deadline)
            do {
                return try await self.invoke(name, tool, try arguments(tool), options, deadline)
            } catch let error as MCPError where tool != nil && error.doubtsDefinition {
                self.state.withLock { $0.list = nil }
                let newTool = try await self.tool(name, deadline)
                guard newTool != tool else { throw error }
                return try await self.invoke(
                    name, newTool, try arguments(newTool), options, deadline)
            }
        }
    }

    /// Calls a tool with these arguments; throws `MCPError`.
    public func call(
        _ name: String, _ arguments: JSONObject, _ options: Options = Options()
    ) async throws -> CallResult {
        try await call(name, options) { _ in arguments }
    }

    /// Runs a piece of work within the server's time, unless the server is known to be down.
    private func guarded<Value: Sendable>(
        _ work: @Sendable (Deadline) async throws -> Value
    ) async throws -> Value {
        if isDown {
            throw MCPError.transport(.down, "the server is known to be down")
        }
        do {
            return try await work(Deadline(after: endpoint.timeout))
        } catch is CancellationError {
            throw MCPError.cancelled
        } catch let error as MCPError where error.isOutage {
            look()
            throw error
        }
    }

    private func invoke(
        _ name: String, _ tool: Tool?, _ arguments: JSONObject, _ options: Options,
        _ deadline: Deadline
    ) async throws -> CallResult {
        var question = Question(
            method: "tools/call", params: ["name": .string(name), "arguments": .object(arguments)])
        question.name = name
        question.headers = options.headers
        question.mirrored = tool?.headers(for: arguments) ?? []
        question.isRepeatable = options.isRepeatable
        question.beforeSending = options.beforeSending
        let result = try await ask(question, deadline)
        if result["resultType"]?.string == "input_required" {
            throw MCPError(.tool, .inputRequired, "the tool asks for more than it was given")
        }
        return CallResult(result)
    }
}

extension MCPError {
    /// Whether the tool may look different from what the list said.
    fileprivate var doubtsDefinition: Bool {
        [.rpc(-32601), .rpc(-32602), .rpc(-32020)].contains(kind)
    }
}
