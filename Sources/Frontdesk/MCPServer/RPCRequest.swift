import JSON

/// One JSON-RPC 2.0 message that a client sent.
struct RPCRequest: Sendable {
    /// What the answer repeats: text or a whole number; nil for a notification.
    let id: JSONValue?
    /// What is to be done; empty for an answer to a question of ours.
    let method: String
    /// The method's parameters, `{}` when there are none.
    let parameters: JSONObject

    /// Whether nothing but an acknowledgement is expected.
    var isNotification: Bool { id == nil || method.isEmpty }

    /// What the protocol adds to any parameters.
    var meta: JSONObject { parameters["_meta"]?.object ?? JSONObject() }

    /// Reads a message; throws what is wrong with it, for a client that may have sent no id.
    init(_ body: [UInt8]) throws(RPCError) {
        let message: JSONValue
        do {
            message = try JSONValue(parsing: body)
        } catch {
            throw RPCError(.parse, "The body is no JSON: \(error).")
        }
        guard let object = message.object else {
            throw RPCError(
                .invalidRequest, "The body must be one JSON-RPC message; there are no batches.")
        }
        guard object["jsonrpc"]?.string == "2.0" else {
            throw RPCError(.invalidRequest, "'jsonrpc' must be \"2.0\".")
        }
        id = try RPCRequest.id(object["id"])
        if object["method"] == nil, object["result"] != nil || object["error"] != nil {
            method = ""
        } else if let name = object["method"]?.string, !name.isEmpty {
            method = name
        } else {
            throw RPCError(.invalidRequest, "'method' must be a text.", id: id)
        }
        switch object["params"] {
        case nil: parameters = JSONObject()
        case .object(let object): parameters = object
        default: throw RPCError(.invalidRequest, "'params' must be an object.", id: id)
        }
    }

    private static func id(_ value: JSONValue?) throws(RPCError) -> JSONValue? {
        guard let value else { return nil }
        if value.string != nil || value.int != nil { return value }
        throw RPCError(.invalidRequest, "'id' must be a text or a whole number.")
    }
}

/// Why a message was refused, as JSON-RPC says it.
struct RPCError: Error, Sendable {
    /// The number of the kind of error.
    enum Code: Int, Sendable {
        case parse = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case `internal` = -32603
        /// A header is missing or says something else than the body.
        case headerMismatch = -32020
        /// A version of the protocol that this server does not speak.
        case unsupportedVersion = -32022
    }

    /// The kind of error.
    let code: Code
    /// One sentence.
    let message: String
    /// Which message was refused; null when that could not be read.
    let id: JSONValue
    /// The HTTP status that goes with it.
    let status: Int
    /// Further facts, nil for none.
    let data: JSONValue?

    /// An error, by default one that goes with 400.
    init(
        _ code: Code, _ message: String, id: JSONValue? = nil, status: Int = 400,
        data: JSONValue? = nil
    ) {
        self.code = code
        self.message = message
        self.id = id ?? .null
        self.status = status
        self.data = data
    }

    /// The message that tells it.
    var json: JSONValue {
        var error: JSONObject = ["code": JSONValue(code.rawValue), "message": .string(message)]
        if let data { error["data"] = data }
        return ["jsonrpc": "2.0", "id": id, "error": .object(error)]
    }
}
