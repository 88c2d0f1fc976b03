internal import Foundation
public import JSON

/// A tool that a server offers.
public struct Tool: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// What it does; empty when the server does not say.
    public let description: String
    /// What its arguments look like, as JSON Schema.
    public let inputSchema: JSONObject
    /// What the server says of its effects, such as `readOnlyHint`.
    public let annotations: JSONObject

    /// The tool in a definition; throws what is wrong with it.
    init(_ definition: JSONValue) throws(Flaw) {
        guard let name = definition["name"]?.string, !name.isEmpty, name.utf8.count <= 256 else {
            throw Flaw(text: "a tool has no usable name")
        }
        guard let schema = definition["inputSchema"]?.object else {
            throw Flaw(text: "'\(name)' has no input schema")
        }
        guard schema["type"].map({ $0.string == "object" }) ?? true else {
            throw Flaw(text: "the input schema of '\(name)' is not that of an object")
        }
        self.name = name
        description = definition["description"]?.string ?? ""
        inputSchema = schema
        annotations = definition["annotations"]?.object ?? JSONObject()
        if let problem = mirrored.problem { throw Flaw(text: "'\(name)': \(problem)") }
    }

    /// Why a definition is left out.
    struct Flaw: Error {
        let text: String
    }

    /// The names of the arguments that the schema declares, in its order.
    public var argumentNames: [String] { inputSchema["properties"]?.object?.keys ?? [] }

    /// The names of the arguments that a call must have.
    public var requiredNames: [String] {
        inputSchema["required"]?.array?.compactMap(\.string) ?? []
    }

    /// Whether equal calls do no more than one of them.
    public var isRepeatable: Bool {
        annotations["readOnlyHint"]?.bool == true || annotations["idempotentHint"]?.bool == true
    }
}

// MARK: - Arguments in header fields

extension Tool {
    /// The arguments that the revision without sessions wants in header fields, too.
    private struct Mirrored {
        var fields: [(path: [String], name: String)] = []
        var problem: String?
    }

    private static let marker = "x-mcp-header"

    private var mirrored: Mirrored {
        var found = Mirrored()
        Self.look(through: inputSchema, at: [], &found)
        return found
    }

    private static func look(
        through schema: JSONObject, at path: [String], _ found: inout Mirrored
    ) {
        for member in schema["properties"]?.object?.members ?? [] {
            guard let property = member.value.object else { continue }
            let place = path + [member.key]
            if let mark = property[marker] {
                let type = property["type"]?.string ?? ""
                guard let name = mark.string, isToken(name),
                    ["string", "integer", "boolean"].contains(type),
                    !found.fields.contains(where: { $0.name.lowercased() == name.lowercased() })
                else {
                    found.problem =
                        "the header field of '\(place.joined(separator: "."))' "
                        + "cannot be sent"
                    return
                }
                found.fields.append((place, name))
            }
            look(through: property, at: place, &found)
        }
    }

    /// The header fields that mirror these arguments.
    func headers(for arguments: JSONObject) -> [(name: String, value: String)] {
        mirrored.fields.compactMap { path, name in
            var value: JSONValue? = .object(arguments)
            for step in path { value = value?[step] }
            let text: String? =
                switch value {
                case .string(let text): text
                case .number(let number): number.text
                case .bool(let flag): flag ? "true" : "false"
                default: nil
                }
            return text.map { ("Mcp-Param-\(name)", headerValue($0)) }
        }
    }

    private static func isToken(_ text: String) -> Bool {
        let signs = Set("!#$%&'*+-.^_`|~")
        return !text.isEmpty
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || signs.contains($0)) }
    }
}

/// A text as a header field carries it: as it is, or in base64 with a mark when it would suffer.
func headerValue(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    let isEdged = text.hasPrefix(" ") || text.hasSuffix(" ")
    let looksMarked = text.hasPrefix("=?base64?") && text.hasSuffix("?=")
    if isPlain, !isEdged, !looksMarked { return text }
    return "=?base64?\(Data(text.utf8).base64EncodedString())?="
}
