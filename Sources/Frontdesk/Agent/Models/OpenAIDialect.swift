import JSON

/// Chat completions as OpenAI and many compatible servers offer them.
struct OpenAIDialect: ModelDialect {
    /// Whether this is OpenAI itself, which has another name for the limit of output.
    let isOpenAI: Bool

    let path = "/chat/completions"

    /// The key as a bearer token.
    func headers(key: String?) -> [(name: String, value: String)] {
        key.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    /// The body of a streamed request.
    func body(of dialogue: ModelDialogue, tools: [Tool]?) -> [UInt8] {
        var writer = JSONWriter(capacity: 16_384)
        writer.object { json in
            json.field("model", dialogue.model)
            json.array("messages") { json in
                write(role: "system", dialogue.prompt, to: &json)
                for passage in dialogue.passages { write(passage, to: &json) }
            }
            if let tools, !tools.isEmpty {
                json.array("tools") { json in
                    for tool in tools { write(tool, to: &json) }
                }
                json.field("tool_choice", "auto")
                json.field("parallel_tool_calls", true)
            }
            json.field("stream", true)
            json.object("stream_options") { $0.field("include_usage", true) }
            if isOpenAI {
                json.field("max_completion_tokens", dialogue.maxOutputTokens)
            } else {
                json.field("max_tokens", dialogue.maxOutputTokens)
            }
        }
        return writer.bytes
    }

    private func write(role: String, _ content: String, to json: inout JSONWriter) {
        json.object { json in
            json.field("role", role)
            json.field("content", content)
        }
    }

    private func write(_ passage: ModelDialogue.Passage, to json: inout JSONWriter) {
        switch passage {
        case .customer(let text): write(role: "user", text, to: &json)
        case .agent(let text, []): write(role: "assistant", text, to: &json)
        case .agent(let text, let calls):
            json.object { json in
                json.field("role", "assistant")
                json.field("content", text.isEmpty ? nil : text)
                json.array("tool_calls") { json in
                    for call in calls { write(call, to: &json) }
                }
            }
        case .results(let results):
            for (call, result) in results {
                json.object { json in
                    json.field("role", "tool")
                    json.field("tool_call_id", call.id)
                    json.field("content", result.text)
                }
            }
        }
    }

    private func write(_ call: ModelCall, to json: inout JSONWriter) {
        json.object { json in
            json.field("id", call.id)
            json.field("type", "function")
            json.object("function") { json in
                json.field("name", call.name)
                json.field("arguments", call.object.text)
            }
        }
    }

    private func write(_ tool: Tool, to json: inout JSONWriter) {
        json.object { json in
            json.field("type", "function")
            json.object("function") { json in
                json.field("name", tool.name)
                json.field("description", tool.description)
                json.field("parameters", tool.inputSchema)
            }
        }
    }
}

// MARK: - Answers

extension OpenAIDialect {
    /// Takes a `chat.completion.chunk`.
    func read(_ event: JSONValue, into reply: inout ModelReply) throws(ModelTrouble) {
        try read(event, part: "delta", into: &reply)
    }

    /// Takes a `chat.completion`.
    func readWhole(_ answer: JSONValue, into reply: inout ModelReply) throws(ModelTrouble) {
        guard answer["choices"]?.array?.isEmpty == false || answer["error"] != nil else {
            throw .malformed
        }
        try read(answer, part: "message", into: &reply)
        reply.isComplete = true
    }

    private func read(
        _ event: JSONValue, part: String, into reply: inout ModelReply
    ) throws(ModelTrouble) {
        guard event.object != nil else { throw .malformed }
        if let error = event["error"], !error.isNull { throw Self.trouble(error) }
        if let usage = event["usage"], usage.object != nil {
            reply.usage = TokenUsage(
                input: TokenUsage.count(usage["prompt_tokens"]),
                output: TokenUsage.count(usage["completion_tokens"]))
        }
        // One answer is asked for; usage comes in an event without any.
        guard let choice = event["choices"]?[0] else { return }
        if let piece = choice[part] {
            if let text = piece["content"]?.string { reply.add(text: text) }
            if let refusal = piece["refusal"]?.string { reply.add(text: refusal) }
            for (place, call) in (piece["tool_calls"]?.array ?? []).enumerated() {
                let function = call["function"]
                reply.add(
                    callAt: call["index"]?.int ?? place, id: call["id"]?.string,
                    name: function?["name"]?.string, arguments: function?["arguments"]?.string)
            }
        }
        if choice["finish_reason"]?.string != nil { reply.isComplete = true }
    }

    /// An error that comes in the middle of an answer that began well.
    private static func trouble(_ error: JSONValue) -> ModelTrouble {
        let code = error["code"]
        return .status(code?.int ?? code?.string.flatMap { Int($0) } ?? 500)
    }
}
