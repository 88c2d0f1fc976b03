import JSON
import MCP

/// Finds in a tool's result either what was asked for or why it is not there, layer by layer.
struct RemoteReading {
    private let tool: RemoteTool
    private let result: CallResult

    /// A reading of what a tool answered.
    init(_ tool: RemoteTool, _ result: CallResult) {
        self.tool = tool
        self.result = result
    }

    /// What was asked for; throws the `Failure` that stands there instead.
    func payload() throws -> JSONObject {
        let payload = result.payload
        if let refusal = payload.flatMap({ Self.refusal(in: .object($0), depth: 8) }) {
            throw Failure.refusal(Self.word(of: refusal), isError: result.isError)
        }
        if result.isError {
            throw Failure.refusal(payload.flatMap(Self.word), isError: true)
        }
        guard let payload else {
            throw Failure.upstreamInvalid(
                "The ticket agent's answer holds no object.", code: "no_object")
        }
        if let missing = tool.missing(in: payload) {
            throw Failure.upstreamInvalid(
                "The ticket agent's answer lacks '\(missing)'.", code: "key_missing")
        }
        return payload
    }

    /// The object that says that something failed, at whatever depth: a success never holds one.
    private static func refusal(in value: JSONValue, depth: Int) -> JSONObject? {
        guard depth > 0 else { return nil }
        switch value {
        case .object(let object):
            if isRefusal(object) { return object }
            // What customers keep with a ticket is theirs to word.
            return object.members.lazy.filter { $0.key != "metadata" }
                .compactMap { refusal(in: $0.value, depth: depth - 1) }.first
        case .array(let elements):
            return elements.lazy.compactMap { refusal(in: $0, depth: depth - 1) }.first
        default: return nil
        }
    }

    private static func isRefusal(_ object: JSONObject) -> Bool {
        if object["success"]?.bool == false || object["status"]?.string == "error" { return true }
        switch object["error"] {
        case .none, .null, .bool(false): return false
        default: return true
        }
    }

    /// The word that a refusal has for its reason, in the spelling of our own codes.
    private static func word(of refusal: JSONObject) -> String? {
        let error = refusal["error"]
        let words = [
            refusal["code"], refusal["error_code"], error?["code"], refusal["error_type"],
            error?["type"], error,
        ]
        let found = words.compactMap { $0?.string }.filter { !$0.isEmpty }
        // A sentence is no word.
        return (found.first { Failure.isKnownRefusal(snake($0)) } ?? found.first).map(snake)
    }

    /// `TicketNotFound` and `TICKET_NOT_FOUND` as `ticket_not_found`.
    private static func snake(_ word: String) -> String {
        guard word.contains(where: \.isLowercase) else { return word.lowercased() }
        var text = ""
        for character in word {
            if character.isUppercase, let last = text.last, last != "_" { text += "_" }
            text += character.lowercased()
        }
        return text
    }
}
