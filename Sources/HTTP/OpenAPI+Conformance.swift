import JSON

extension OpenAPI {
    /// What a real answer has that the document of its route does not say, a sentence each: an
    /// unknown status or type, a field that is missing, wrong or not described.
    public func problems(with response: Response, to route: Route) -> [String] {
        let place = "\(route.method) \(route.pattern) → \(response.status.code)"
        let answers = route.operation.responses.filter { $0.status == response.status }
        let isRefusal = errors(of: route.operation).contains(response.status)
        guard !answers.isEmpty || isRefusal else { return ["\(place) is not documented."] }
        var problems = missingHeaders(response, answers, isRefusal: isRefusal).map {
            "\(place) has no header '\($0)'."
        }
        let type = Self.mediaType(response)
        var forms = answers.filter { Self.mediaType($0.contentType) == type }.map(\.schema)
        if isRefusal {
            forms += common.errorForms.filter { $0.contentType == type }.map(\.schema)
        }
        guard !forms.isEmpty else {
            return problems + ["\(place) has the undocumented type '\(type ?? "none")'."]
        }
        problems += Self.problems(in: response.body, type, forms.compactMap(\.self)).map {
            "\(place): \($0)."
        }
        return problems
    }

    private func missingHeaders(
        _ response: Response, _ answers: [Operation.Answer], isRefusal: Bool
    ) -> [String] {
        let own = answers.isEmpty ? common.errorHeaders[response.status] ?? [] : []
        let wanted = common.headers + own + answers.flatMap(\.headers)
        return wanted.filter { $0.isAlwaysThere && !response.headers.contains($0.name) }.map(\.name)
    }

    /// What is wrong with a body that should have one of `forms`.
    private static func problems(
        in body: Response.Body, _ type: String?, _ forms: [JSONSchema]
    ) -> [String] {
        guard type == "application/json" || type?.hasSuffix("+json") == true else { return [] }
        guard case .bytes(let bytes) = body else { return [] }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            return ["the body is no JSON: \(error)"]
        }
        let found = forms.map { $0.problems(in: value, strictly: true).map(\.description) }
        return found.contains([]) ? [] : found.min { $0.count < $1.count } ?? []
    }

    /// The type without its parameters; nil for an answer without a body.
    private static func mediaType(_ response: Response) -> String? {
        if case .empty = response.body { return nil }
        return mediaType(response.headers["Content-Type"])
    }

    private static func mediaType(_ text: String?) -> String? {
        text.map { String($0.prefix { $0 != ";" && $0 != " " }).lowercased() }
    }

    /// What is wrong with the examples of a route's operation, which must pass their own schemas.
    public func problemsOfExamples(in route: Route) -> [String] {
        let operation = route.operation
        var examples: [(place: String, schema: JSONSchema, example: JSONValue)] = []
        if let body = operation.body {
            if let example = body.example ?? body.schema.sample {
                examples.append(("body", body.schema, example))
            }
        }
        for answer in operation.responses {
            if let schema = answer.schema, let example = answer.example ?? schema.sample {
                examples.append(("\(answer.status.code)", schema, example))
            }
        }
        for parameter in operation.parameters {
            if let example = parameter.schema.sample {
                examples.append((parameter.name, parameter.schema, example))
            }
        }
        for status in errors(of: operation) {
            for form in common.errorForms {
                if let example = form.example(status) {
                    examples.append(("\(status.code)", form.schema, example))
                }
            }
        }
        return examples.flatMap { place, schema, example in
            schema.problems(in: example, strictly: true).map {
                "\(route.method) \(route.pattern), example of \(place): \($0)."
            }
        }
    }
}
