import JSON

/// One operation of the reference.
struct ReferenceOperation {
    /// The verb in small letters, as documents write it.
    let method: String
    /// The path with its parameters in braces.
    let path: String
    /// What the document says about it.
    let operation: JSONValue
    /// The document, for what the operation refers to.
    let document: JSONValue
    /// Where the server is reached.
    let address: String

    /// Where links to it lead.
    var id: String { operation["operationId"]?.string ?? "" }

    /// The verb in its colour.
    var badge: HTMLText {
        "<span class=\"verb \(method)\">\(method.uppercased())</span>"
    }

    /// The refusals that all operations share, with their statuses.
    var refusals: [(status: String, name: String)] {
        (operation["responses"]?.object?.members ?? []).compactMap { member in
            let name = member.value["$ref"]?.string?.split(separator: "/").last
            return name.map { (member.key, String($0)) }
        }
    }

    /// The whole operation.
    var html: HTMLText {
        """
        <article id="\(id)">
        <h3>\(operation["summary"]?.string ?? "")</h3>
        <p class="route">\(badge) <code>\(path)</code></p>
        \(HTMLText.markdown(operation["description"]?.string ?? ""))
        \(parameters)\(requestBody)
        <h4>Request</h4><pre>\(call)</pre>
        \(answers)
        </article>
        """
    }

    private var parameters: HTMLText {
        // Those that every request may carry stand once, at the head of the page.
        let own = (operation["parameters"]?.array ?? []).filter { $0["$ref"] == nil }
        return own.isEmpty ? "" : "<h4>Parameters</h4>\(Self.table(of: own, document))"
    }

    /// Parameters, one a line.
    static func table(of parameters: [JSONValue], _ document: JSONValue) -> HTMLText {
        let rows = parameters.map { parameter -> HTMLText in
            let schema = ReferenceSchema(schema: parameter["schema"] ?? [:], document: document)
            let isRequired = parameter["required"]?.bool ?? false
            return """
                <tr><td><code>\(parameter["name"]?.string ?? "")</code>\
                \(ReferenceSchema.mark(isRequired: isRequired))</td>
                <td>\(parameter["in"]?.string ?? "")</td><td>\(schema.type)</td>
                <td>\(HTMLText.line(parameter["description"]?.string ?? ""))
                \(schema.limits)</td></tr>
                """
        }
        return """
            <div class="scroll"><table>
            <tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr>\(rows)
            </table></div>
            """
    }

    private var body: JSONValue? {
        operation["requestBody"]?["content"]?["application/json"]
    }

    private var requestBody: HTMLText {
        guard let body else { return "" }
        let schema = ReferenceSchema(schema: body["schema"] ?? [:], document: document)
        let isRequired = operation["requestBody"]?["required"]?.bool ?? false
        return """
            <h4>Body \(isRequired ? "" : "(optional)")</h4>
            <p>\(schema.type)</p>\(schema.resolved.table)
            """
    }

    /// The operation as a line for a shell.
    private var call: String {
        var line = "curl"
        if method != "get" { line += " -X \(method.uppercased())" }
        line += " '\(address)\(target)'"
        guard let example = body?["example"] else { return line }
        // A quote inside a quoted word of the shell ends it, stands for itself, and begins another.
        let quoted = example.prettyText.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''")
        return line + " \\\n  -H 'Content-Type: application/json' \\\n  -d '\(quoted)'"
    }

    /// The path and the query with an example of everything that must be there.
    private var target: String {
        var target = path
        var query: [String] = []
        for parameter in operation["parameters"]?.array ?? [] where parameter["required"] == true {
            let name = parameter["name"]?.string ?? ""
            let example = Self.sample(of: parameter["schema"])
            switch parameter["in"]?.string {
            case "path":
                target = target.split(separator: "{\(name)}", omittingEmptySubsequences: false)
                    .joined(separator: example)
            case "query": query.append("\(name)=\(example)")
            default: break
            }
        }
        return query.isEmpty ? target : "\(target)?\(query.joined(separator: "&"))"
    }

    /// A value of a parameter, ready to stand in an address.
    private static func sample(of schema: JSONValue?) -> String {
        let value = schema?["example"] ?? schema?["enum"]?[0] ?? schema?["default"]
        let text = value?.string ?? value?.text ?? "VALUE"
        return text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            let isPlain = character.isASCII && (character.isLetter || character.isNumber)
            if isPlain || "-._~".contains(character) { return String(character) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private var answers: HTMLText {
        let own = (operation["responses"]?.object?.members ?? []).filter {
            $0.value["$ref"] == nil
        }.map { ReferenceAnswer(status: $0.key, answer: $0.value, document: document).html }
        let links = refusals.map { refusal -> HTMLText in
            "<a class=\"refusal\" href=\"#response-\(refusal.name)\">\(refusal.status)</a>"
        }
        let errors: HTMLText =
            links.isEmpty ? "" : "<p>Errors: \(HTMLText.joined(links, by: " "))</p>"
        return "<h4>Answers</h4>\(own)\(errors)"
    }
}

/// One answer of an operation, or one of the shared refusals.
struct ReferenceAnswer {
    /// The status in digits.
    let status: String
    /// What the document says about it.
    let answer: JSONValue
    /// The document, for what the answer refers to.
    let document: JSONValue

    /// The answer as a part that opens.
    var html: HTMLText {
        let contents = (answer["content"]?.object?.members ?? []).map(content)
        return """
            <details><summary><b class="status s\(String(status.prefix(1)))">\(status)</b> \
            \(HTMLText.line(answer["description"]?.string ?? ""))</summary>
            \(headers)\(contents)</details>
            """
    }

    private var headers: HTMLText {
        let names = (answer["headers"]?.object?.keys ?? []).map { name -> HTMLText in
            "<code>\(name)</code>"
        }
        return names.isEmpty ? "" : "<p>Headers: \(HTMLText.joined(names, by: ", "))</p>"
    }

    private func content(_ member: JSONObject.Member) -> HTMLText {
        let schema = ReferenceSchema(schema: member.value["schema"] ?? [:], document: document)
        let example: HTMLText =
            member.value["example"].map { "<pre>\($0.prettyText)</pre>" } ?? ""
        return """
            <p><code>\(member.key)</code>: \(schema.type)</p>\(schema.inlineTable)\(example)
            """
    }
}

extension JSONValue {
    /// What a `$ref` of this document leads to, or the value itself.
    func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        return reference.split(separator: "/").dropFirst().reduce(self as JSONValue?) {
            $0?[String($1)]
        } ?? value
    }
}
