public import JSON

/// Makes the OpenAPI 3.0.3 document of a table of routes, and compares real answers with it.
public struct OpenAPI: Sendable {
    /// Who offers the interface.
    public struct Info: Sendable {
        /// Its name.
        public let title: String
        /// The version of the program.
        public let version: String
        /// What it is for, Markdown.
        public let description: String
        /// Whom to ask.
        public let contact: Contact?

        /// The facts at the head of the document.
        public init(title: String, version: String, description: String, contact: Contact? = nil) {
            self.title = title
            self.version = version
            self.description = description
            self.contact = contact
        }
    }

    /// Whom to ask; what is empty is left out.
    public struct Contact: Sendable {
        /// A person or a team.
        public let name: String
        /// Their address.
        public let email: String
        /// Their page.
        public let url: String

        /// Whom to ask.
        public init(name: String, email: String, url: String) {
            self.name = name
            self.email = email
            self.url = url
        }
    }

    /// What a tag groups.
    public struct Group: Sendable {
        /// The tag of the operations.
        public let name: String
        /// What they have in common, Markdown.
        public let description: String

        /// A group in the order in which it is shown.
        public init(_ name: String, _ description: String) {
            self.name = name
            self.description = description
        }
    }

    /// What holds for every route without its operation saying so.
    public struct Common: Sendable {
        /// What every request may carry.
        public var parameters: [Operation.Parameter] = []
        /// What every answer carries.
        public var headers: [Operation.Header] = []
        /// The shapes of every refusal, the usual one first.
        public var errorForms: [ErrorForm] = []
        /// What refusals of a status carry beside the headers of all answers.
        public var errorHeaders: [Status: [Operation.Header]] = [:]
        /// The refusals that any route may give.
        public var errors: [Status] = []
        /// The refusals that any route may give that asks for a credential.
        public var guardedErrors: [Status] = []
        /// How a caller shows who they are; nil when no route asks.
        public var credential: Credential?
        /// The refusals that any route with a body may give.
        public var bodyErrors: [Status] = []

        /// Nothing is common.
        public init() {}
    }

    /// How a caller shows who they are.
    public struct Credential: Sendable {
        /// The name by which operations refer to it.
        public let name: String
        /// The security scheme.
        public let scheme: JSONValue
        /// Whether routes serve those who show nothing, too.
        public let isOptional: Bool

        /// A security scheme with its name.
        public init(_ name: String, _ scheme: JSONValue, isOptional: Bool) {
            self.name = name
            self.scheme = scheme
            self.isOptional = isOptional
        }
    }

    /// A shape of refusals.
    public struct ErrorForm: Sendable {
        /// Its media type.
        public let contentType: String
        /// What it may look like, best a named schema.
        public let schema: JSONSchema
        /// A refusal of a status as a caller would see it.
        public let example: @Sendable (Status) -> JSONValue?

        /// A shape with an example for each status.
        public init(
            contentType: String = "application/json", _ schema: JSONSchema,
            example: @escaping @Sendable (Status) -> JSONValue? = { _ in nil }
        ) {
            self.contentType = contentType
            self.schema = schema
            self.example = example
        }
    }

    /// A document and what is wrong with the routes it was made of.
    public struct Document: Sendable {
        /// The document.
        public let json: JSONValue
        /// Mistakes of the program that no caller should see, a sentence each.
        public let mistakes: [String]
    }

    /// Who offers the interface.
    let info: Info
    /// The tags in their order.
    let groups: [Group]
    /// What holds for every route.
    let common: Common

    /// A maker of documents with what is said beside the routes.
    public init(info: Info, groups: [Group] = [], common: Common = Common()) {
        self.info = info
        self.groups = groups
        self.common = common
    }

    /// The document of all `routes`, always the same for the same routes.
    public func document(of routes: [Route]) -> Document {
        var draft = OpenAPIDraft(common: common)
        for route in routes { draft.add(route) }
        let json: JSONValue = [
            "openapi": "3.0.3",
            "info": infoObject,
            "servers": [["url": "/"]],
            "tags": tags(of: routes),
            "paths": .object(draft.paths),
            "components": draft.components,
        ]
        return Document(json: json, mistakes: draft.mistakes)
    }

    private var infoObject: JSONValue {
        var object: JSONObject = ["title": .string(info.title), "version": .string(info.version)]
        if !info.description.isEmpty { object["description"] = .string(info.description) }
        if let contact = info.contact {
            var fields = JSONObject()
            let facts = [("name", contact.name), ("email", contact.email), ("url", contact.url)]
            for (name, value) in facts where !value.isEmpty { fields[name] = .string(value) }
            if !fields.isEmpty { object["contact"] = .object(fields) }
        }
        return .object(object)
    }

    /// The tags in use: those with a description in their order, then the others as they come.
    private func tags(of routes: [Route]) -> JSONValue {
        var names: [String] = groups.map(\.name)
        let used = routes.map(\.operation.tag)
        for tag in used where !names.contains(tag) { names.append(tag) }
        let tags = names.filter(used.contains).map { name -> JSONValue in
            var tag: JSONObject = ["name": .string(name)]
            if let group = groups.first(where: { $0.name == name }) {
                tag["description"] = .string(group.description)
            }
            return .object(tag)
        }
        return .array(tags)
    }

    /// All refusals that a route may give, in order.
    func errors(of operation: Operation) -> [Status] {
        Self.errors(of: operation, common)
    }

    /// All refusals that a route may give: its own, and the common ones that it does not answer
    /// itself.
    static func errors(of operation: Operation, _ common: Common) -> [Status] {
        let answered = Set(operation.responses.map(\.status))
        let implied =
            common.errors + (operation.body == nil ? [] : common.bodyErrors)
            + (operation.access == .open ? [] : common.guardedErrors)
        return Set(operation.errors).union(implied.filter { !answered.contains($0) }).sorted()
    }
}
