import JSON

/// How a kind of model is spoken to over HTTP.
protocol ModelDialect: Sendable {
    /// The path behind the base URL.
    var path: String { get }

    /// The header fields beside the content type; `key` is nil when none is needed.
    func headers(key: String?) -> [(name: String, value: String)]

    /// The body of a request that goes on with a dialogue; without tools in the last round.
    func body(of dialogue: ModelDialogue, tools: [Tool]?) -> [UInt8]

    /// Takes what one event of the answer says.
    func read(_ event: JSONValue, into reply: inout ModelReply) throws(ModelTrouble)

    /// Takes a whole answer, of a server that does not stream.
    func readWhole(_ answer: JSONValue, into reply: inout ModelReply) throws(ModelTrouble)
}

/// What a model is told: the prompt, the conversation so far, and this turn's rounds.
struct ModelDialogue: Sendable {
    /// One step of it.
    enum Passage: Sendable {
        case customer(String)
        case agent(String, [ModelCall])
        case results([(call: ModelCall, result: JSONValue)])
    }

    let model: String
    let maxOutputTokens: Int
    let prompt: String
    var passages: [Passage]
}

/// A tool call as a model asks for it.
struct ModelCall: Sendable, Equatable {
    let id: String
    let name: String
    /// An object, or whatever the model wrote instead as a text, which no tool accepts.
    let arguments: JSONValue

    /// The arguments as an object, for the model's own memory; empty when they were none.
    var object: JSONValue { arguments.object == nil ? [:] : arguments }
}

/// A model's answer as far as it has come.
struct ModelReply: Sendable {
    /// A call whose arguments are still coming.
    private struct Draft {
        var id = ""
        var name = ""
        var arguments = ""
    }

    /// Whether some of its text was handed on.
    private(set) var hasText = false
    /// The whole text.
    private(set) var text = ""
    /// What it used, as far as told.
    var usage: TokenUsage?
    /// Whether its end was seen.
    var isComplete = false
    private var fresh = ""
    private var drafts: [(index: Int, draft: Draft)] = []

    /// Adds text; without the one character that no text here may hold.
    mutating func add(text piece: String) {
        let clean = piece.utf8.contains(0) ? piece.replacing("\0", with: "\u{FFFD}") : piece
        guard !clean.isEmpty else { return }
        text += clean
        fresh += clean
        hasText = true
    }

    /// The text that came since the last time.
    mutating func takeText() -> String {
        defer { fresh = "" }
        return fresh
    }

    /// Adds a piece of the call that the model counts as `index`.
    mutating func add(callAt index: Int, id: String?, name: String?, arguments: String?) {
        let place: Int
        if let known = drafts.firstIndex(where: { $0.index == index }) {
            place = known
        } else {
            place = drafts.count
            drafts.append((index, Draft()))
        }
        if let id, !id.isEmpty { drafts[place].draft.id = id }
        drafts[place].draft.name += name ?? ""
        drafts[place].draft.arguments += arguments ?? ""
    }

    /// The calls in the order in which they began.
    var calls: [ModelCall] {
        drafts.enumerated().map { place, entry in
            ModelCall(
                id: entry.draft.id.isEmpty ? "call_\(place + 1)" : entry.draft.id,
                name: Self.name(entry.draft.name), arguments: Self.value(entry.draft.arguments))
        }
    }

    /// A name that can be logged and told again: models make up all sorts.
    private static func name(_ text: String) -> String {
        let signs = text.unicodeScalars.prefix(64).map { scalar -> Character in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || scalar == "_" || scalar == "-" ? Character(scalar) : "_"
        }
        return signs.isEmpty ? "unnamed" : String(signs)
    }

    private static func value(_ text: String) -> JSONValue {
        if text.isBlank { return [:] }
        if let value = try? JSONValue(parsing: text), value.object != nil { return value }
        return .string(String(text.prefix(2000)))
    }
}

/// Why a request to a model brought no answer.
struct ModelTrouble: Error, Equatable {
    /// What happened, for the log and the caller, without anything the other side wrote.
    let summary: String
    /// Whether another try may work.
    var isTransient = false
    /// Seconds that the other side asks to wait.
    var retryAfter: Double?

    /// The trouble that a status other than 200 stands for.
    static func status(_ status: Int, retryAfter: Double? = nil) -> ModelTrouble {
        ModelTrouble(
            summary: "The model's server answered \(status).",
            isTransient: [408, 409, 429].contains(status) || (500...599).contains(status),
            retryAfter: retryAfter)
    }

    /// The answer is not what the protocol says.
    static let malformed = ModelTrouble(
        summary: "The model's server answered what is no valid reply.")

    /// The answer ended before it was whole.
    static let brokenOff = ModelTrouble(
        summary: "The model's server broke off its reply.", isTransient: true)
}
