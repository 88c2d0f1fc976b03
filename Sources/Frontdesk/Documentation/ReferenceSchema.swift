import JSON

/// A schema of the reference: its type in words, and its fields as a table.
struct ReferenceSchema {
    /// The schema as the document has it.
    let schema: JSONValue
    /// The document, for what the schema refers to.
    let document: JSONValue

    /// A star beside what must be there.
    static func mark(isRequired: Bool) -> HTMLText {
        isRequired ? "<sup title=\"required\">*</sup>" : ""
    }

    /// The type in words, named schemas as links.
    var type: HTMLText {
        if let name = schema["$ref"]?.string?.split(separator: "/").last {
            return "<a href=\"#schema-\(String(name))\">\(String(name))</a>"
        }
        if let forms = schema["anyOf"]?.array {
            let types = forms.map { ReferenceSchema(schema: $0, document: document).type }
            return HTMLText.joined(types, by: " or ")
        }
        let orNull: HTMLText = schema["nullable"] == true ? " or null" : ""
        switch schema["type"]?.string {
        case "array":
            let items = ReferenceSchema(schema: schema["items"] ?? [:], document: document)
            return "array of \(items.type)\(orNull)"
        case let type?:
            let format: HTMLText = schema["format"]?.string.map { " (\($0))" } ?? ""
            return "\(type)\(format)\(orNull)"
        case nil: return "any value"
        }
    }

    /// What the value may be, in a few words.
    var limits: HTMLText {
        var words: [HTMLText] = []
        if let values = schema["enum"]?.array {
            words.append(
                HTMLText.joined(values.map { "<code>\($0.text)</code>" }, by: " "))
        }
        let bounds = [
            ("minimum", "maximum", ""), ("minLength", "maxLength", " characters"),
            ("minItems", "maxItems", " items"),
        ]
        for (least, greatest, noun) in bounds {
            let range = Self.range(schema[least]?.text, schema[greatest]?.text)
            if let range { words.append("\(range)\(noun)") }
        }
        if let value = schema["default"] { words.append("default <code>\(value.text)</code>") }
        if let pattern = schema["pattern"]?.string, pattern != #"\S"# {
            words.append("<code>\(pattern)</code>")
        }
        return words.isEmpty
            ? "" : "<span class=\"limits\">\(HTMLText.joined(words, by: " · "))</span>"
    }

    private static func range(_ least: String?, _ greatest: String?) -> String? {
        switch (least, greatest) {
        case (nil, nil): nil
        case (let least?, nil): "at least \(least)"
        case (nil, let greatest?): "at most \(greatest)"
        case (let least?, let greatest?): "\(least) to \(greatest)"
        }
    }

    /// What the schema refers to, when it refers to one with a name.
    var resolved: ReferenceSchema {
        ReferenceSchema(schema: document.resolved(schema), document: document)
    }

    /// The fields, unless the schema is one with a name, whose fields stand elsewhere.
    var inlineTable: HTMLText {
        schema["$ref"] == nil ? table : ""
    }

    /// The fields as a table, those of objects inside under a longer name.
    var table: HTMLText {
        let rows = rows(prefix: "")
        guard !rows.isEmpty else {
            return schema["properties"] == nil && schema["anyOf"] == nil
                ? "<p>\(type) \(limits)</p>" : ""
        }
        return """
            <div class="scroll"><table>
            <tr><th>Field</th><th>Type</th><th>Meaning</th></tr>\(rows)
            </table></div>
            """
    }

    private func rows(prefix: String) -> [HTMLText] {
        let required = schema["required"]?.array ?? []
        return (schema["properties"]?.object?.members ?? []).flatMap { member -> [HTMLText] in
            let inner = ReferenceSchema(schema: member.value, document: document)
            let name = prefix + member.key
            let isRequired = required.contains(.string(member.key))
            let row: HTMLText = """
                <tr><td><code>\(name)</code>\(Self.mark(isRequired: isRequired))</td>
                <td>\(inner.type)</td>
                <td>\(HTMLText.line(member.value["description"]?.string ?? ""))
                \(inner.limits)</td></tr>
                """
            let items = ReferenceSchema(schema: member.value["items"] ?? [:], document: document)
            return [row] + inner.rows(prefix: name + ".") + items.rows(prefix: name + "[].")
        }
    }
}
