import JSON

/// A document in the making: the paths, and what they refer to.
struct OpenAPIDraft {
    /// What holds for every route.
    let common: OpenAPI.Common
    /// The operations by path and verb, in the order of the routes.
    private(set) var paths = JSONObject()
    /// What is wrong with the routes.
    private(set) var mistakes: [String] = []
    /// The named schemas.
    var schemas = JSONComponents()
    /// The header fields of answers by name.
    var headers = JSONObject()
    /// The refusals that routes share.
    var refusals: [Status: JSONValue] = [:]
    /// What every request may carry, by name.
    private var parameters = JSONObject()
    /// The ids that are taken.
    private var operationIDs: Set<String> = []
    /// Each path without the names in its braces, with the first pattern that has it.
    private var shapes: [String: String] = [:]

    /// A draft without paths.
    init(common: OpenAPI.Common) {
        self.common = common
    }

    /// What the paths refer to, in alphabetical order.
    var components: JSONValue {
        var mine = JSONObject()
        let sections: [(String, JSONObject)] = [
            ("schemas", schemas.schemas), ("parameters", sorted(parameters)),
            ("headers", sorted(headers)), ("responses", responses),
            ("securitySchemes", credentials),
        ]
        for (name, section) in sections where !section.isEmpty { mine[name] = .object(section) }
        return .object(mine)
    }

    private var credentials: JSONObject {
        var object = JSONObject()
        if let credential = common.credential { object[credential.name] = credential.scheme }
        return object
    }

    private var responses: JSONObject {
        var object = JSONObject()
        for (status, response) in refusals.sorted(by: { $0.key < $1.key }) {
            object[status.componentName] = response
        }
        return object
    }

    private func sorted(_ object: JSONObject) -> JSONObject {
        var result = JSONObject()
        for member in object.members.sorted(by: { $0.key < $1.key }) {
            result[member.key] = member.value
        }
        return result
    }

    /// Adds a route under its path.
    mutating func add(_ route: Route) {
        let shape = route.pattern.split(separator: "/")
            .map { $0.hasPrefix("{") ? "{}" : $0 }.joined(separator: "/")
        let known = shapes[shape] ?? route.pattern
        if known != route.pattern {
            mistakes.append("'\(known)' and '\(route.pattern)' are one path with two names.")
        }
        shapes[shape] = known
        let verb = route.method.name.lowercased()
        var item = paths[route.pattern]?.object ?? JSONObject()
        if item[verb] != nil {
            mistakes.append("\(route.method) \(route.pattern) is there twice.")
            return
        }
        item[verb] = operation(of: route)
        paths[route.pattern] = .object(item)
        for name in schemas.conflicts {
            let mistake = "The name '\(name)' stands for two different schemas."
            if !mistakes.contains(mistake) { mistakes.append(mistake) }
        }
    }

    private mutating func operation(of route: Route) -> JSONValue {
        let operation = route.operation
        var object: JSONObject = [
            "tags": [.string(operation.tag)], "summary": .string(operation.summary),
        ]
        let description = [operation.description, operation.access.sentence]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
        if !description.isEmpty { object["description"] = .string(description) }
        object["operationId"] = .string(operationID(of: route))
        let parameters = parameters(of: route)
        if !parameters.isEmpty { object["parameters"] = .array(parameters) }
        if let body = operation.body { object["requestBody"] = requestBody(body) }
        object["responses"] = .object(responses(of: operation))
        if let credential = common.credential, operation.access != .open {
            let needed: JSONValue = [credential.name: []]
            object["security"] = .array(credential.isOptional ? [[:], needed] : [needed])
        }
        return .object(object)
    }

    /// `GET /api/v1/sessions/{session_id}` is `getApiV1SessionsSessionId`, `GET /` is `getRoot`.
    private mutating func operationID(of route: Route) -> String {
        let words = route.pattern.split { !$0.isLetter && !$0.isNumber }
        let name = (words.isEmpty ? ["root"] : words).reduce(route.method.name.lowercased()) {
            $0 + $1.prefix(1).uppercased() + $1.dropFirst()
        }
        var candidate = name
        var number = 2
        while !operationIDs.insert(candidate).inserted {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }

    /// The parameters of the pattern, of the operation and of every route.
    private mutating func parameters(of route: Route) -> [JSONValue] {
        let declared = route.operation.parameters
        let inPath = declared.filter { $0.place == .path }.map(\.name)
        for name in inPath where !route.parameterNames.contains(name) {
            mistakes.append("\(route.method) \(route.pattern) has no '{\(name)}'.")
        }
        let undescribed = route.parameterNames.filter { !inPath.contains($0) }.map {
            Operation.Parameter.path($0, .string, "")
        }
        let own = (undescribed + declared).map { parameter($0) }
        return own + common.parameters.map { shared($0) }
    }

    private mutating func parameter(_ parameter: Operation.Parameter) -> JSONValue {
        var object: JSONObject = [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
        ]
        if !parameter.description.isEmpty {
            object["description"] = .string(parameter.description)
        }
        if parameter.isRequired { object["required"] = true }
        object["schema"] = parameter.schema.openAPI(&schemas)
        return .object(object)
    }

    /// A reference to a parameter that every route has.
    private mutating func shared(_ common: Operation.Parameter) -> JSONValue {
        if parameters[common.name] == nil { parameters[common.name] = parameter(common) }
        return ["$ref": .string("#/components/parameters/\(common.name)")]
    }

    private mutating func requestBody(_ body: Operation.Body) -> JSONValue {
        var object = JSONObject()
        if !body.description.isEmpty { object["description"] = .string(body.description) }
        object["required"] = .bool(!body.isOptional)
        object["content"] = [
            body.contentType: content([body.schema], example: body.example ?? body.schema.sample)
        ]
        return .object(object)
    }

    /// A media type's schema, of one form or of alternatives, with an example.
    mutating func content(_ forms: [JSONSchema], example: JSONValue?) -> JSONValue {
        let schema = forms.count == 1 ? forms[0] : .anyOf(forms)
        var object: JSONObject = ["schema": schema.openAPI(&schemas)]
        if let example { object["example"] = example }
        return .object(object)
    }
}

extension Operation.Access {
    /// What a caller needs, in a sentence; empty when a credential is enough.
    fileprivate var sentence: String {
        guard case .anyOf(let scopes) = self else { return "" }
        let words = scopes.map { "`\($0)`" }.joined(separator: " or ")
        return "Needs the scope \(words)."
    }
}

extension Status {
    /// The name of a shared answer in a document: `NotFound`.
    var componentName: String {
        let words = reason.split { !$0.isLetter }.joined()
        return words == "Unknown" ? "Status\(code)" : words
    }
}
