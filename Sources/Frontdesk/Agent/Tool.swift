import JSON

/// One thing the agent can do: a description for models, a schema of arguments, and the deed.
struct Tool: Sendable {
    /// The name it is called by, such as `search_orders`.
    let name: String
    /// One sentence about what it does.
    let description: String
    /// The part of the catalogue it belongs to.
    let category: Category
    /// What its arguments must look like.
    let parameters: JSONSchema
    /// What it does to the world.
    let traits: Traits
    /// The server that does the deed; nil for this one.
    private(set) var server: String?
    /// The schema of the arguments as that server has written it down; nil for our own.
    private let declaration: JSONValue?
    /// Checks the arguments and does the deed; throws `ToolError` for what the caller may know.
    private(set) var run: @Sendable (JSONValue, ToolContext) async throws -> JSONValue

    /// The parts of the catalogue, in its order.
    enum Category: String, Sendable, CaseIterable {
        case order, email, complaint, ticket
        /// Tools of other servers.
        case mcp
    }

    /// What a tool does to the world, in the words of the Model Context Protocol's annotations.
    struct Traits: OptionSet, Sendable {
        let rawValue: UInt8

        /// It changes nothing.
        static let readOnly = Traits(rawValue: 1)
        /// It overwrites or ends something, rather than only adding.
        static let destructive = Traits(rawValue: 2)
        /// Repeating the call changes nothing more.
        static let idempotent = Traits(rawValue: 4)
        /// It looks something up.
        static let reading: Traits = [.readOnly, .idempotent]
    }

    /// Whether it changes nothing.
    var isReadOnly: Bool { traits.contains(.readOnly) }

    /// Whether the server that does the deed says by now that repeating it changes nothing more.
    var isAnnotatedRepeatable: @Sendable () -> Bool = { false }

    /// Whether a call that may have been made can be made again without harm.
    var isRepeatable: Bool {
        !traits.isDisjoint(with: .reading) || isAnnotatedRepeatable()
    }

    /// What the arguments must look like, as JSON Schema.
    var inputSchema: JSONValue { declaration ?? parameters.jsonSchema }

    /// The same tool with another deed, that a server does.
    func by(
        _ server: String,
        run: @escaping @Sendable (JSONValue, ToolContext) async throws -> JSONValue
    ) -> Tool {
        var tool = self
        tool.server = server
        tool.run = run
        return tool
    }

    /// A tool of another server, whose arguments are checked against its own `declaration`.
    init(
        name: String, description: String, declaration: JSONValue, server: String,
        traits: Traits,
        run: @escaping @Sendable (JSONObject, ToolContext) async throws -> JSONValue
    ) {
        let schema = JSONSchema(reading: declaration)
        let required = Set(declaration["required"]?.array?.compactMap(\.string) ?? [])
        self.name = name
        self.description = description
        category = .mcp
        parameters = schema
        self.traits = traits
        self.server = server
        self.declaration = declaration
        self.run = { arguments, context in
            guard let given = arguments.object ?? (arguments.isNull ? JSONObject() : nil) else {
                throw ToolError.noObject
            }
            var values = JSONObject()
            for member in given.members where !member.value.isNull || required.contains(member.key)
            {
                values[member.key] = member.value
            }
            try ToolError.check(schema.problems(in: .object(values)))
            return try await run(values, context)
        }
    }

    /// A tool whose arguments are checked against `parameters` before `run` sees them.
    ///
    /// `run` gets an object in which texts are trimmed and nulls left out.
    init(
        name: String, description: String, category: Category, parameters: JSONSchema,
        traits: Traits = [],
        run: @escaping @Sendable (JSONValue, ToolContext) async throws -> JSONValue
    ) {
        self.init(
            name: name, description: description, category: category, parameters: parameters,
            traits: traits,
            read: { JSONValue.object($0.values) }, run: run)
    }

    /// A tool that first reads its arguments into an `Input`, noting at once all that is wrong.
    ///
    /// The texts of the arguments `inAnyCase` are brought to capitals before they are checked.
    init<Input: Sendable>(
        name: String, description: String, category: Category, parameters: JSONSchema,
        traits: Traits = [],
        inAnyCase: Set<String> = [],
        read: @escaping @Sendable (inout ArgumentReader) -> Input,
        run: @escaping @Sendable (Input, ToolContext) async throws -> JSONValue
    ) {
        self.name = name
        self.description = description
        self.category = category
        self.parameters = parameters
        self.traits = traits
        declaration = nil
        self.run = { arguments, context in
            var reader = try ArgumentReader(
                arguments, schema: parameters, inAnyCase: inAnyCase, now: context.now)
            let input = read(&reader)
            try reader.check()
            return try await run(input, context)
        }
    }
}

/// On whose behalf, when and in which turn a tool acts.
struct ToolContext: Sendable {
    /// The tenant whose data the tool sees.
    let tenant: Tenant
    /// The conversation, nil outside of one.
    let sessionID: String?
    /// The request that every row the tool writes names.
    let requestID: String
    /// The instant the turn takes as now.
    let now: Timestamp
    /// The address to which orders, complaints and recipients are limited, nil for no limit.
    let customerEmail: String?
    /// With whose rights it acts.
    let caller: Caller
    /// Where changes wait for the turn's end.
    let stage: Stage
    /// The W3C trace that the request belongs to, nil for none.
    let trace: String?
    /// To be awaited before anything leaves the machine; throws when the turn is over.
    let leaving: @Sendable () async throws -> Void
    /// To be awaited each time before a call is sent to a server that does the deed; throws when
    /// it must not be sent.
    var sending: @Sendable () async throws -> Void = {}

    /// A context; outside a turn nothing has to be awaited before leaving the machine.
    init(
        tenant: Tenant, sessionID: String?, requestID: String, now: Timestamp,
        customerEmail: String?, stage: Stage, caller: Caller = .unrestricted,
        trace: String? = nil, leaving: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.trace = trace
        self.tenant = tenant
        self.sessionID = sessionID
        self.requestID = requestID
        self.now = now
        self.customerEmail = customerEmail
        self.stage = stage
        self.caller = caller
        self.leaving = leaving
    }
}
