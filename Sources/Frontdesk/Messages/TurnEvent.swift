import JSON

/// One event of a streamed turn (conversations.md, section 4), in the seed's form.
enum TurnEvent: Sendable {
    case start(sessionID: String, requestID: String)
    case chunk(String)
    case toolCall(String)
    case toolResult(String, succeeded: Bool)
    case end(sessionID: String, chunks: Int, metadata: TurnReply.Metadata)
    case error(Failure)
}

extension TurnEvent: JSONWritable {
    /// Writes the `data` of the event.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .start(let sessionID, let requestID):
                writer.field("type", "start")
                writer.field("session_id", sessionID)
                writer.field("request_id", requestID)
            case .chunk(let content):
                writer.field("type", "chunk")
                writer.field("content", content)
            case .toolCall(let tool):
                writer.field("type", "tool_call")
                writer.field("tool", tool)
                writer.field("status", "executing")
            case .toolResult(let tool, let succeeded):
                writer.field("type", "tool_result")
                writer.field("tool", tool)
                writer.field("status", succeeded ? "completed" : "failed")
            case .end(let sessionID, let chunks, let metadata):
                writer.field("type", "end")
                writer.field("session_id", sessionID)
                writer.field("total_chunks", chunks)
                writer.field("metadata", metadata)
            case .error(let failure):
                writer.field("type", "error")
                writer.field("error", failure.code.title)
                writer.field("detail", failure.detail)
                writer.field("code", failure.code.word)
            }
        }
    }
}

/// The answer to a message, as `POST /agent/messages` returns it.
struct TurnReply: JSONWritable, Sendable {
    /// What the turn took and used.
    struct Metadata: JSONWritable, Sendable {
        let requestID: String
        /// The tools in order of call, repeats kept.
        let toolCalls: [String]
        /// From the start of the turn, waiting in line not counted.
        let processingTimeMS: Int
        /// The provider that wrote the reply.
        let agent: String
        /// The model behind it and what it used, nil for the builtin agent.
        var model: String?
        var usage: TokenUsage?

        /// Writes the `metadata` of the answer.
        func write(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.field("request_id", requestID)
                writer.array("tool_calls") { writer in
                    for tool in toolCalls { writer.string(tool) }
                }
                writer.field("processing_time_ms", processingTimeMS)
                writer.field("agent", agent)
                if let model { writer.field("model", model) }
                if let usage { writer.field("usage", usage) }
            }
        }
    }

    let sessionID: String
    let response: String
    let timestamp: Timestamp
    let metadata: Metadata

    /// Writes the answer's body.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("session_id", sessionID)
            writer.field("response", response)
            writer.field("status", "success")
            writer.field("timestamp", timestamp.text)
            writer.field("metadata", metadata)
        }
    }
}

extension TurnReply.Metadata {
    /// The metadata of a stored reply.
    init(_ json: JSONValue) {
        requestID = json["request_id"]?.string ?? ""
        toolCalls = json["tool_calls"]?.array?.compactMap(\.string) ?? []
        processingTimeMS = json["processing_time_ms"]?.int ?? 0
        agent = json["agent"]?.string ?? ""
        model = json["model"]?.string
        usage = json["usage"].map { usage in
            TokenUsage(
                input: usage["input_tokens"]?.int ?? 0, output: usage["output_tokens"]?.int ?? 0)
        }
    }
}
