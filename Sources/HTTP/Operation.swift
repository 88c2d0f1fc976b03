public import JSON

/// What documents say about a route; the OpenAPI document is made from it and the pattern.
public struct Operation: Sendable {
    /// A few words: `Create a session`.
    public var summary: String
    /// Some sentences, Markdown; empty when the summary says it all.
    public var description: String
    /// The group that the route belongs to.
    public var tag: String
    /// What query, header and, where there is more to say than the name, path carry.
    public var parameters: [Parameter]
    /// The body that is expected; nil when a body is ignored.
    public var body: Body?
    /// The answers of the route, errors with a shape of their own included.
    public var responses: [Answer]
    /// The refusals, all of which have the product's common error shape.
    public var errors: [Status]
    /// What a caller must show; enforcing it is the product's business.
    public var access: Access

    /// The words about a route.
    public init(
        _ summary: String, tag: String, description: String = "", parameters: [Parameter] = [],
        body: Body? = nil, responses: [Answer] = [], errors: [Status] = [],
        access: Access = .signedIn
    ) {
        self.summary = summary
        self.description = description
        self.tag = tag
        self.parameters = parameters
        self.body = body
        self.responses = responses
        self.errors = errors
        self.access = access
    }
}

extension Operation {
    /// What a caller must show before a route serves them.
    public enum Access: Sendable, Equatable {
        /// Nothing: everyone may call it.
        case open
        /// A valid credential, whatever its rights.
        case signedIn
        /// A credential that has at least one of these scopes.
        case anyOf([String])
    }

    /// One value that a caller sends outside of the body.
    public struct Parameter: Sendable {
        /// Where it is sent.
        public enum Place: String, Sendable {
            /// Behind the question mark.
            case query
            /// In a header field.
            case header
            /// In braces of the pattern; only for those that need more than their name.
            case path
        }

        /// Where it is sent.
        public let place: Place
        /// Its name.
        public let name: String
        /// What it may look like.
        public let schema: JSONSchema
        /// Whether leaving it out is an error.
        public let isRequired: Bool
        /// What it means.
        public let description: String

        /// A value behind the question mark.
        public static func query(
            _ name: String, _ schema: JSONSchema, required: Bool = false, _ description: String
        ) -> Parameter {
            Parameter(
                place: .query, name: name, schema: schema, isRequired: required,
                description: description)
        }

        /// A value in a header field.
        public static func header(
            _ name: String, _ schema: JSONSchema, required: Bool = false, _ description: String
        ) -> Parameter {
            Parameter(
                place: .header, name: name, schema: schema, isRequired: required,
                description: description)
        }

        /// A value in braces of the pattern.
        public static func path(
            _ name: String, _ schema: JSONSchema, _ description: String
        ) -> Parameter {
            Parameter(
                place: .path, name: name, schema: schema, isRequired: true,
                description: description)
        }
    }

    /// A header field of an answer.
    public struct Header: Sendable {
        /// Its name.
        public let name: String
        /// What it may look like.
        public let schema: JSONSchema
        /// Whether no such answer lacks it.
        public let isAlwaysThere: Bool
        /// What it means.
        public let description: String

        /// A header field.
        public init(
            _ name: String, _ description: String, schema: JSONSchema = .string,
            always: Bool = true
        ) {
            self.name = name
            self.schema = schema
            self.isAlwaysThere = always
            self.description = description
        }
    }

    /// The body that a route expects.
    public struct Body: Sendable {
        /// Its media type.
        public let contentType: String
        /// What it may look like.
        public let schema: JSONSchema
        /// A body as a caller would send it.
        public let example: JSONValue?
        /// Whether no body at all is fine too.
        public let isOptional: Bool
        /// What it means; often empty.
        public let description: String

        /// A body of JSON.
        public static func json(
            _ schema: JSONSchema, example: JSONValue? = nil, optional: Bool = false,
            description: String = ""
        ) -> Body {
            Body(
                contentType: "application/json", schema: schema, example: example,
                isOptional: optional, description: description)
        }
    }

    /// One answer that a route may give.
    public struct Answer: Sendable {
        /// Its status.
        public let status: Status
        /// When it is given or what it holds.
        public let description: String
        /// Its media type; nil for an answer without a body.
        public let contentType: String?
        /// What its body looks like; nil when that is not JSON.
        public let schema: JSONSchema?
        /// An answer as a caller would see it.
        public let example: JSONValue?
        /// What its header holds beside the fields of all answers.
        public private(set) var headers: [Header] = []

        /// The same answer with a header field more.
        public func header(
            _ name: String, _ description: String, schema: JSONSchema = .string,
            always: Bool = true
        ) -> Answer {
            var copy = self
            copy.headers.append(Header(name, description, schema: schema, always: always))
            return copy
        }

        /// An answer of JSON.
        public static func json(
            _ status: Status, _ description: String, _ schema: JSONSchema,
            example: JSONValue? = nil
        ) -> Answer {
            Answer(
                status: status, description: description, contentType: "application/json",
                schema: schema, example: example)
        }

        /// An answer of server-sent events; the schema is that of one event's data.
        public static func events(
            _ description: String, _ schema: JSONSchema? = nil, example: JSONValue? = nil
        ) -> Answer {
            Answer(
                status: .ok, description: description, contentType: "text/event-stream",
                schema: schema, example: example)
        }

        /// An answer of another type, such as `text/html` or `text/plain`.
        public static func other(
            _ status: Status, _ description: String, contentType: String
        ) -> Answer {
            Answer(
                status: status, description: description, contentType: contentType, schema: nil,
                example: nil)
        }

        /// An answer without a body.
        public static func empty(_ status: Status, _ description: String) -> Answer {
            Answer(
                status: status, description: description, contentType: nil, schema: nil,
                example: nil)
        }
    }
}
