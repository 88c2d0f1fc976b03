import JSON

/// Messages as Anthropic offers them.
struct AnthropicDialect: ModelDialect {
    let path = "/v1/messages"

    /// The key and the version of the protocol.
    func headers(key: String?) -> [(name: String, value: String)] {
        (key.map { [("x-api-key", $0)] } ?? []) + [("anthropic-version", "2023-06-01")]
    }

    /// The body of a streamed request.
    func body(of dialogue: ModelDialogue, tools: [Tool]?) -> [UInt8] {
        var writer = JSONWriter(capacity: 16_384)
        writer.object { json in
            json.field("model", dialogue.model)
            json.field("max_tokens", dialogue.maxOutputTokens)
            json.field("system", dialogue.prompt)
            json.field("messages", Self.messages(dialogue.passages, withTools: tools != nil))
            if let tools, !tools.isEmpty {
                json.array("tools") { json in
                    for tool in tools { write(tool, to: &json) }
                }
            }
            json.field("stream", true)
        }
        return writer.bytes
    }

    private func write(_ tool: Tool, to json: inout JSONWriter) {
        json.object { json in
            json.field("name", tool.name)
            json.field("description", tool.description)
            json.field("input_schema", tool.inputSchema)
        }
    }

    /// The messages, roles alternating as the protocol wants them.
    private static func messages(
        _ passages: [ModelDialogue.Passage], withTools: Bool
    ) -> [JSONValue] {
        var messages: [(role: String, blocks: [JSONValue])] = []
        for passage in passages {
            let role: String
            if case .agent = passage { role = "assistant" } else { role = "user" }
            let blocks = withTools ? Self.blocks(passage) : Self.told(passage)
            if messages.last?.role == role {
                messages[messages.count - 1].blocks += blocks
            } else if !blocks.isEmpty {
                messages.append((role, blocks))
            }
        }
        return messages.map { ["role": .string($0.role), "content": .array($0.blocks)] }
    }

    private static func blocks(_ passage: ModelDialogue.Passage) -> [JSONValue] {
        switch passage {
        case .customer(let text): return block(text)
        case .agent(let text, let calls):
            return block(text)
                + calls.map { call in
                    [
                        "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                        "input": call.object,
                    ]
                }
        case .results(let results):
            return results.map { call, result in
                [
                    "type": "tool_result", "tool_use_id": .string(call.id),
                    "content": .string(result.text),
                    "is_error": .bool(result["status"] == "error"),
                ]
            }
        }
    }

    /// Calls and results as texts: a request without tools must not speak of their use.
    private static func told(_ passage: ModelDialogue.Passage) -> [JSONValue] {
        switch passage {
        case .customer(let text): return block(text)
        case .agent(let text, let calls):
            return block(text)
                + calls.flatMap { block("(Asked \($0.name) with \($0.object.text).)") }
        case .results(let results):
            return results.flatMap { call, result in
                block("Result of \(call.name): \(result.text)")
            }
        }
    }

    /// A block of text; none for white space, which is refused.
    private static func block(_ text: String) -> [JSONValue] {
        text.isBlank ? [] : [["type": "text", "text": .string(text)]]
    }
}

// MARK: - Answers

extension AnthropicDialect {
    /// Takes one event of the stream.
    func read(_ event: JSONValue, into reply: inout ModelReply) throws(ModelTrouble) {
        switch event["type"]?.string {
        case "message_start": count(event["message"]?["usage"], into: &reply)
        case "content_block_start":
            if let block = event["content_block"] {
                begin(block, at: event["index"]?.int ?? 0, isWhole: false, in: &reply)
            }
        case "content_block_delta":
            let delta = event["delta"]
            if let text = delta?["text"]?.string { reply.add(text: text) }
            if let json = delta?["partial_json"]?.string {
                reply.add(
                    callAt: event["index"]?.int ?? 0, id: nil, name: nil, arguments: json)
            }
        case "message_delta": count(event["usage"], into: &reply)
        case "message_stop": reply.isComplete = true
        case "error": throw Self.trouble(event["error"])
        case nil: throw .malformed
        // Pings and what later versions add.
        default: break
        }
    }

    /// Takes a whole message.
    func readWhole(_ answer: JSONValue, into reply: inout ModelReply) throws(ModelTrouble) {
        if answer["type"] == "error" { throw Self.trouble(answer["error"]) }
        guard let blocks = answer["content"]?.array else { throw .malformed }
        for (index, block) in blocks.enumerated() {
            begin(block, at: index, isWhole: true, in: &reply)
        }
        count(answer["usage"], into: &reply)
        reply.isComplete = true
    }

    private func begin(
        _ block: JSONValue, at index: Int, isWhole: Bool, in reply: inout ModelReply
    ) {
        switch block["type"]?.string {
        case "text": reply.add(text: block["text"]?.string ?? "")
        case "tool_use":
            // A stream begins with an empty object and sends the arguments after it.
            reply.add(
                callAt: index, id: block["id"]?.string, name: block["name"]?.string,
                arguments: isWhole ? block["input"]?.text : nil)
        default: break
        }
    }

    /// Figures are sent in parts, each the total so far.
    private func count(_ usage: JSONValue?, into reply: inout ModelReply) {
        guard let usage, usage.object != nil else { return }
        var total = reply.usage ?? TokenUsage()
        let inputs = [
            "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens",
        ].map { TokenUsage.count(usage[$0]) }
        total.input = max(total.input, inputs.reduce(0, +))
        total.output = max(total.output, TokenUsage.count(usage["output_tokens"]))
        reply.usage = total
    }

    private static func trouble(_ error: JSONValue?) -> ModelTrouble {
        switch error?["type"]?.string {
        case "rate_limit_error": .status(429)
        case "overloaded_error": .status(529)
        case "invalid_request_error": .status(400)
        case "authentication_error": .status(401)
        case "permission_error": .status(403)
        case "not_found_error": .status(404)
        case "request_too_large": .status(413)
        default: .status(500)
        }
    }
}
