import JSON

// What routes answer.
extension OpenAPIDraft {
    /// The answers and refusals of an operation by status.
    mutating func responses(of operation: Operation) -> JSONObject {
        let errors = OpenAPI.errors(of: operation, common)
        let answered = Set(operation.responses.map(\.status))
        var object = JSONObject()
        for status in answered.union(errors).sorted() {
            let answers = operation.responses.filter { $0.status == status }
            object[String(status.code)] =
                if answers.isEmpty {
                    refusal(status)
                } else {
                    response(answers, status, isAlsoRefusal: errors.contains(status))
                }
        }
        return object
    }

    /// The answers of one status, by media type; two of one type are alternatives.
    private mutating func response(
        _ answers: [Operation.Answer], _ status: Status, isAlsoRefusal: Bool
    ) -> JSONValue {
        var byType: [(type: String, forms: [JSONSchema], example: JSONValue?)] = []
        for answer in answers {
            guard let type = answer.contentType else { continue }
            let form = answer.schema ?? Self.opaque(type)
            let example = answer.example ?? answer.schema?.sample
            if let place = byType.firstIndex(where: { $0.type == type }) {
                byType[place].forms.append(form)
            } else {
                byType.append((type, [form], example))
            }
        }
        for form in isAlsoRefusal ? common.errorForms : [] {
            if let place = byType.firstIndex(where: { $0.type == form.contentType }) {
                byType[place].forms.append(form.schema)
            } else {
                byType.append((form.contentType, [form.schema], form.example(status)))
            }
        }
        var content = JSONObject()
        for entry in byType {
            content[entry.type] = self.content(entry.forms, example: entry.example)
        }
        var texts: [String] = []
        for text in answers.map(\.description) where !text.isEmpty && !texts.contains(text) {
            texts.append(text)
        }
        var object: JSONObject = [
            "description": .string(texts.isEmpty ? status.reason : texts.joined(separator: "\n\n"))
        ]
        let all = common.headers + answers.flatMap(\.headers)
        if !all.isEmpty { object["headers"] = .object(headerReferences(all)) }
        if !content.isEmpty { object["content"] = .object(content) }
        return .object(object)
    }

    /// A body that is not JSON: text, or bytes.
    private static func opaque(_ type: String) -> JSONSchema {
        type.hasPrefix("text/") ? .string : .string(format: "binary")
    }

    /// A reference to a refusal that routes share.
    private mutating func refusal(_ status: Status) -> JSONValue {
        if refusals[status] == nil {
            var object: JSONObject = ["description": .string(status.reason)]
            let all = common.headers + (common.errorHeaders[status] ?? [])
            if !all.isEmpty { object["headers"] = .object(headerReferences(all)) }
            var contents = JSONObject()
            for form in common.errorForms {
                contents[form.contentType] = content([form.schema], example: form.example(status))
            }
            object["content"] = .object(contents)
            refusals[status] = .object(object)
        }
        return ["$ref": .string("#/components/responses/\(status.componentName)")]
    }

    /// References to header fields; one that means something else elsewhere is written out.
    private mutating func headerReferences(_ all: [Operation.Header]) -> JSONObject {
        var references = JSONObject()
        for header in all {
            let object: JSONValue = [
                "description": .string(header.description),
                "schema": header.schema.openAPI(&schemas),
            ]
            if let known = headers[header.name], known != object {
                references[header.name] = object
                continue
            }
            headers[header.name] = object
            references[header.name] = [
                "$ref": .string("#/components/headers/\(header.name)")
            ]
        }
        return references
    }
}
