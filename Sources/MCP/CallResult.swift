public import JSON

/// What a tool answered.
public struct CallResult: Sendable {
    /// The whole result as it came.
    public let result: JSONObject

    /// A result.
    init(_ result: JSONObject) {
        self.result = result
    }

    /// Whether the tool says that it failed.
    public var isError: Bool { result["isError"]?.bool == true }

    /// The texts of the content, in order.
    public var texts: [String] {
        (result["content"]?.array ?? []).compactMap { item in
            item["type"]?.string == "text" ? item["text"]?.string : nil
        }
    }

    /// The object that the tool means: its structured content, from which a lone `result` is
    /// unwrapped, else the JSON of the first text; nil when there is none.
    public var payload: JSONObject? {
        if let structured = result["structuredContent"]?.object.flatMap(Self.unwrapped) {
            return structured
        }
        guard let text = texts.first, let value = try? JSONValue(parsing: text) else { return nil }
        return value.object.flatMap(Self.unwrapped)
    }

    private static func unwrapped(_ object: JSONObject) -> JSONObject? {
        guard object.count == 1, let inner = object["result"] else { return object }
        if let object = inner.object { return object }
        // Servers that know no structure wrap the text that they would have sent.
        return inner.string.flatMap { try? JSONValue(parsing: $0) }?.object
    }
}
