internal import HTTPClient
internal import JSON

/// Finds the reply to a request in a body, or in a stream of events wherever it is cut.
struct ReplyReader {
    /// The request's id.
    let id: Int?
    /// The status of the answer.
    let status: Int
    /// Hears what the server says beside the reply.
    let aside: Wire.Aside
    private var events = EventStreamReader()
    /// An event that could not be read.
    private var puzzle: String?

    /// A reader at the beginning of an answer to request `id`.
    init(id: Int?, status: Int, hears aside: @escaping Wire.Aside) {
        self.id = id
        self.status = status
        self.aside = aside
    }

    /// The result in a whole body; throws `MCPError` when it holds a refusal or none.
    func whole(_ body: [UInt8]) throws -> JSONObject {
        guard let value = try? JSONValue(parsing: body) else {
            throw MCPError.transport(
                .malformed, "the reply (\(status)) is no JSON: \(excerpt(body))", status: status)
        }
        var result: JSONObject?
        for message in Message.all(in: value, for: id, takesNull: true) {
            result = try take(message) ?? result
        }
        guard let result else {
            throw MCPError.transport(
                .malformed, "the reply is none to our request: \(excerpt(body))", status: status)
        }
        return result
    }

    /// The result, once a piece of the stream completes it; throws `MCPError` at a refusal.
    mutating func take(_ piece: [UInt8]) throws -> JSONObject? {
        for event in events.take(piece) where !event.data.isEmpty {
            guard let value = try? JSONValue(parsing: event.data) else {
                puzzle = excerpt(event.data)
                continue
            }
            for message in Message.all(in: value, for: id, takesNull: false) {
                if let result = try take(message) { return result }
            }
        }
        return nil
    }

    /// What is wrong with a stream that ended before the result.
    var lack: MCPError {
        guard let puzzle else {
            return .transport(.connection, "the stream ended before the reply")
        }
        return .transport(.malformed, "an event of the stream is no JSON: \(puzzle)")
    }

    /// The result, if this is it.
    private func take(_ message: Message) throws -> JSONObject? {
        switch message {
        case .result(let result): return result
        case .refusal(let code, let message, let data):
            throw Message.error(code: code, message: message, data: data, status: status)
        case .request, .notice: aside(message)
        case .foreign: break
        }
        return nil
    }
}
