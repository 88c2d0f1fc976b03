internal import JSON

/// One message of JSON-RPC from a server.
enum Message {
    /// The answer to our request.
    case result(JSONObject)
    /// The refusal of our request.
    case refusal(code: Int, message: String, data: JSONValue?)
    /// A request of the server's own, with its id.
    case request(JSONValue, method: String)
    /// Something that the server lets us know.
    case notice(method: String)
    /// The answer to somebody else's request, or nothing of JSON-RPC.
    case foreign

    /// The message in `value`, of which replies to `id` are ours; with `takesNull` also a refusal
    /// of a server that did not get as far as the id.
    init(_ value: JSONValue, for id: Int?, takesNull: Bool = false) {
        self = .foreign
        guard value["jsonrpc"]?.string == "2.0" else { return }
        if let method = value["method"]?.string {
            if let id = value["id"], !id.isNull {
                self = .request(id, method: method)
            } else {
                self = .notice(method: method)
            }
            return
        }
        let theirs = value["id"] ?? .null
        let isOurs = id != nil && theirs.int == id
        if isOurs, let result = value["result"]?.object {
            self = .result(result)
        } else if isOurs || takesNull && theirs.isNull, let error = value["error"]?.object {
            self = .refusal(
                code: error["code"]?.int ?? 0, message: error["message"]?.string ?? "",
                data: error["data"])
        }
    }

    /// The messages of a body, which is one of them or a list.
    static func all(in value: JSONValue, for id: Int?, takesNull: Bool) -> [Message] {
        (value.array ?? [value]).map { Message($0, for: id, takesNull: takesNull) }
    }

    /// The error that a refusal stands for.
    static func error(code: Int, message: String, data: JSONValue?, status: Int?) -> MCPError {
        MCPError(
            .jsonrpc, .rpc(code), "the server refused (\(code)): \(excerpt(Array(message.utf8)))",
            data: data, status: status)
    }
}

/// A message on its way to a server.
struct Letter: Sendable {
    /// The message.
    var body: JSONObject
    /// The id of a request, by which its reply is known; nil for what has none.
    var id: Int?
    /// The fields that belong to this message.
    var headers: [(name: String, value: String)] = []
    /// Whether it goes over a connection of its own, so that nothing sends it twice.
    var isSentOnce = false

    /// A request.
    static func request(_ method: String, _ params: JSONObject, id: Int) -> Letter {
        Letter(
            body: [
                "jsonrpc": "2.0", "id": JSONValue(id), "method": .string(method),
                "params": .object(params),
            ], id: id)
    }

    /// A notification.
    static func notice(_ method: String, _ params: JSONObject? = nil) -> Letter {
        var body: JSONObject = ["jsonrpc": "2.0", "method": .string(method)]
        body["params"] = params.map(JSONValue.object)
        return Letter(body: body, id: nil)
    }

    /// The answer to a request of the server: what a client without any abilities says.
    static func answer(to id: JSONValue, method: String) -> Letter {
        let isPing = method == "ping"
        var body: JSONObject = ["jsonrpc": "2.0", "id": id]
        if isPing {
            body["result"] = [:]
        } else {
            body["error"] = ["code": -32601, "message": "Method not found"]
        }
        return Letter(body: body, id: nil)
    }
}
