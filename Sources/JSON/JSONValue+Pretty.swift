extension JSONValue {
    /// The JSON text for people: a member or an element a line, indented by two spaces.
    public var prettyText: String {
        var text = ""
        writePretty(to: &text, indentation: "")
        return text
    }

    private func writePretty(to text: inout String, indentation: String) {
        let inner = indentation + "  "
        switch self {
        case .array(let elements) where !elements.isEmpty:
            text += "["
            for (index, element) in elements.enumerated() {
                text += index == 0 ? "\n\(inner)" : ",\n\(inner)"
                element.writePretty(to: &text, indentation: inner)
            }
            text += "\n\(indentation)]"
        case .object(let object) where !object.isEmpty:
            text += "{"
            for (index, member) in object.members.enumerated() {
                text += index == 0 ? "\n\(inner)" : ",\n\(inner)"
                text += JSONValue.string(member.key).text + ": "
                member.value.writePretty(to: &text, indentation: inner)
            }
            text += "\n\(indentation)}"
        default: text += self.text
        }
    }
}
