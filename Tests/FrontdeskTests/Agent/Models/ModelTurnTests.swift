import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Turns whose replies a model writes.
@Suite struct ModelTurnTests {
    static let providers: [Configuration.Agent.Provider] = [.openai, .anthropic]

    @Test(arguments: providers)
    func `a reply is the model's text, with what it used`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider)
        try model.script(["text": ["Hel", "lo, ", "Zoë 👩‍👩‍👧!"], "usage": [21, 7]])
        let answer = try await model.say("Hi there")
        #expect(answer.status == 200)
        #expect(answer["response"] == "Hello, Zoë 👩‍👩‍👧!")
        let metadata = answer["metadata"]
        #expect(metadata?["agent"] == .string(provider.rawValue))
        #expect(metadata?["model"] == "model-1")
        #expect(metadata?["usage"] == ["input_tokens": 21, "output_tokens": 7])
        #expect(metadata?["tool_calls"] == [])
        let service = model.service
        #expect(
            try service.rows("SELECT role, author, content, status FROM messages ORDER BY seq")
                == [
                    "user|customer|Hi there|complete",
                    "assistant|\(provider.rawValue)|Hello, Zoë 👩‍👩‍👧!|complete",
                ])
        #expect(
            try service.rows(
                "SELECT tenant_id, day, provider, requests, input_tokens, output_tokens "
                    + "FROM token_usage") == ["default|2026-02-20|\(provider.rawValue)|1|21|7"])
        #expect(try service.miscounts() == [])
    }

    @Test func `chat completions are asked as their protocol says`() async throws {
        let model = try await ModelService(.openai, environment: ["OPENAI_API_KEY": "sk-1"])
        try model.script(.says("Hi."), .says("Yes."))
        _ = try await model.say("One")
        _ = try await model.say("Two")
        let diary = try model.diary
        #expect(
            diary.requests.map { $0["path"] } == ["/v1/chat/completions", "/v1/chat/completions"])
        #expect(diary.header(0, "authorization") == "Bearer sk-1")
        let body = try diary.body(1)
        #expect(body["model"] == "model-1")
        #expect(body["stream"] == true)
        #expect(body["stream_options"]?["include_usage"] == true)
        #expect(body["tool_choice"] == "auto")
        #expect(body["parallel_tool_calls"] == true)
        #expect(body["max_tokens"] == 1024)
        #expect(body["max_completion_tokens"] == nil)
        let messages = body["messages"]?.array ?? []
        #expect(messages.map { $0["role"] } == ["system", "user", "assistant", "user"])
        #expect(messages.dropFirst().map { $0["content"] } == ["One", "Hi.", "Two"])
        let prompt = messages.first?["content"]?.string ?? ""
        #expect(prompt.contains("Today is 2026-02-20."))
        #expect(prompt.hasSuffix("offer to register a complaint."))
        let tools = body["tools"]?.array ?? []
        #expect(tools.count == 17)
        #expect(tools.allSatisfy { $0["type"] == "function" })
        #expect(tools.first?["function"]?["name"] == "create_new_order")
        #expect(tools.first?["function"]?["parameters"]?["additionalProperties"] == false)
    }

    @Test func `messages are asked as their protocol says`() async throws {
        let model = try await ModelService(.anthropic, environment: ["K": "key-1"]) {
            $0.agent.apiKeyEnv = "K"
            $0.agent.systemPrompt = "Be kind. {date}!"
            $0.agent.maxOutputTokens = 77
        }
        try model.script(["status": 400], .says("Yes."))
        #expect(try await model.say("One").code == "upstream_failed")
        _ = try await model.say("Two")
        let diary = try model.diary
        #expect(diary.requests.last?["path"] == "/v1/messages")
        #expect(diary.header(1, "x-api-key") == "key-1")
        #expect(diary.header(1, "anthropic-version") == "2023-06-01")
        #expect(diary.header(1, "authorization") == nil)
        let body = try diary.body(1)
        #expect(body["system"] == "Be kind. 2026-02-20!")
        #expect(body["max_tokens"] == 77)
        #expect(body["stream"] == true)
        // The failed message has no reply, and roles alternate.
        #expect(
            body["messages"]?.text
                == #"[{"role":"user","content":[{"type":"text","text":"One"},"#
                + #"{"type":"text","text":"Two"}]}]"#)
        #expect(body["tools"]?[0]?["input_schema"]?["type"] == "object")
    }

    @Test(arguments: providers)
    func `tools are called for the tenant, and their results go back`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider)
        try model.script(
            .calls(
                ("get_order", #"{"order_id": "ORD-10001"}"#),
                ("get_order", #"{"order_id": "ORD-99999"}"#), saying: ["Let me ", "look."]),
            .says("Found ", "one."))
        let answer = try await model.say("Which orders are there?")
        #expect(answer["response"] == "Let me look.\n\nFound one.")
        #expect(answer["metadata"]?["tool_calls"] == ["get_order", "get_order"])
        #expect(
            answer["metadata"]?["usage"] == ["input_tokens": 20, "output_tokens": 10])
        let messages = try model.diary.body(1)["messages"]?.array ?? []
        let text = messages.map(\.text).joined()
        #expect(text.contains("Sarah Johnson"))
        #expect(text.contains("OrderNotFound"))
        if provider == .openai {
            #expect(messages.suffix(3).map { $0["role"] } == ["assistant", "tool", "tool"])
            #expect(messages.suffix(2).map { $0["tool_call_id"] } == ["call_0", "call_1"])
        } else {
            // All results of one round in one user message.
            #expect(messages.map { $0["role"] } == ["user", "assistant", "user"])
            let results = messages.last?["content"]?.array ?? []
            #expect(results.map { $0["type"] } == ["tool_result", "tool_result"])
            #expect(results.map { $0["tool_use_id"] } == ["toolu_1", "toolu_2"])
            #expect(results.map { $0["is_error"] } == [false, true])
        }
        #expect(
            try model.service.rows("SELECT call_no, tool, state FROM tool_effects ORDER BY 1")
                == ["1|get_order|done", "2|get_order|failed"])
    }

    @Test func `what tools change is kept with the reply only`() async throws {
        let model = try await ModelService()
        let order = #"{"order_id": "ORD-10004", "new_status": "CANCELLED"}"#
        let state = "SELECT status FROM orders WHERE order_id = 'ORD-10004'"
        try model.script(.calls(("update_order", order)), ["status": 400])
        #expect(try await model.say("Cancel it").status == 502)
        #expect(try model.service.rows(state) == ["PENDING"])
        try model.script(
            .calls(("update_order", order)),
            .calls(("get_order", #"{"order_id": "ORD-10004"}"#)), .says("Cancelled."))
        #expect(try await model.say("Cancel it").status == 200)
        #expect(try model.service.rows(state) == ["CANCELLED"])
        // A later call saw what the earlier one had done.
        let last = try model.diary.body(2)["messages"]?.array?.last
        #expect(last?["content"]?.string?.contains("CANCELLED") == true)
    }

    @Test(arguments: providers)
    func `calls that make no sense go back to the model as errors`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider)
        try model.script(
            .calls(
                ("get_order", #"{"order_id": "#), ("get_order", #"{"number": 1}"#),
                ("drop tables\u{7}é", "{}"), ("get_order", "[]"), ("get_order", "")),
            .says("Sorry."))
        let answer = try await model.say("Hi")
        #expect(answer["response"] == "Sorry.")
        #expect(
            answer["metadata"]?["tool_calls"]
                == ["get_order", "get_order", "drop_tables__", "get_order", "get_order"])
        let types = try model.service.rows(
            "SELECT json_extract(result, '$.error_type') FROM tool_effects ORDER BY call_no")
        #expect(
            types == [
                "ValidationError", "ValidationError", "UnknownTool", "ValidationError",
                "ValidationError",
            ])
        #expect(try model.diary.requests.count == 2)
    }

    @Test(arguments: providers)
    func `a model that never stops calling is asked once more without tools`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider) { $0.agent.maxToolRounds = 3 }
        try model.script([
            "calls": [["name": "get_order", "arguments": #"{"order_id": "ORD-10001"}"#]],
            "repeat": "while_tools",
        ])
        let answer = try await model.say("Hi")
        #expect(answer["response"] == "Enough.")
        #expect(answer["metadata"]?["tool_calls"]?.array?.count == 3)
        let diary = try model.diary
        #expect(diary.requests.count == 4)
        #expect(try diary.body(3)["tools"] == nil)
        // What cannot be said as calls any more is told.
        #expect(try diary.body(3)["messages"]?.text.contains("Sarah Johnson") == true)
        try model.script([
            "calls": [["name": "get_order", "arguments": "{}"]], "repeat": true,
        ])
        let failed = try await model.say("Again")
        #expect(failed.status == 500)
        #expect(failed.code == "agent_failed")
        #expect(failed["error"] == "Service Error")
        #expect(try model.diary.requests.count == 4)
    }

    @Test(arguments: providers)
    func `a server that does not stream is understood, too`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider)
        let call: JSONValue = ["name": "get_order", "arguments": #"{"order_id": "ORD-10001"}"#]
        try model.script(
            ["whole": true, "text": [], "calls": [call]], ["whole": true, "text": ["Done."]])
        let answer = try await model.say("Hi")
        #expect(answer["response"] == "Done.")
        #expect(answer["metadata"]?["tool_calls"] == ["get_order"])
    }

    @Test func `a session belongs to its customer, whatever the model asks for`() async throws {
        let model = try await ModelService { $0.agent.bindCustomer = true }
        let service = model.service
        _ = try await service.post(
            "/agent/sessions",
            ["session_id": "s", "metadata": ["customer_email": "michael.chen@example.com"]])
        try model.script(
            .calls(("get_order", #"{"order_id": "ORD-10001"}"#)), .says("Not found."))
        _ = try await model.say("Show me ORD-10001")
        #expect(
            try service.rows("SELECT json_extract(result, '$.error_type') FROM tool_effects")
                == ["OrderNotFound"])
    }

    @Test func `what a turn without a reply did is not told as done`() async throws {
        let model = try await ModelService()
        let order =
            #"{"customer_name": "Anna", "billing_address": "1 Elm", "product_sku": "S-1", "#
            + #""quantity": 1, "order_amount": 5}"#
        try model.script(
            .calls(("get_order", #"{"order_id": "ORD-10001"}"#), ("create_new_order", order)),
            ["status": 400])
        #expect(try await model.say("Hi").status == 502)
        #expect(
            try model.service.rows("SELECT tool, state FROM tool_effects ORDER BY call_no")
                == ["get_order|done", "create_new_order|failed"])
    }

    // MARK: - Context

    @Test func `history is the newest whole turns that fit`() {
        func past(_ texts: String...) -> [PastMessage] {
            texts.map { PastMessage(isFromCustomer: $0.hasPrefix("u"), text: $0) }
        }
        #expect(
            MessageStore.fitting(past("a3", "u3", "a2", "u2"), into: 60)
                == past("u2", "a2", "u3", "a3"))
        #expect(MessageStore.fitting(past("a3", "u3", "a2"), into: 60) == past("u3", "a3"))
        #expect(MessageStore.fitting(past("a3", "u3", "a2", "u2"), into: 7) == past("u3", "a3"))
        #expect(MessageStore.fitting(past("a3", "u3"), into: 3) == [])
        #expect(MessageStore.fitting(past("u3", "a2", "u2"), into: 4) == past("u3"))
        #expect(MessageStore.fitting([], into: 4) == [])
    }

    @Test func `a model is told no more of a session than is configured`() async throws {
        let model = try await ModelService { $0.agent.historyMessages = 5 }
        try await model.service.create("s").expectCreated()
        try await model.service.fill("s", messages: 20)
        try model.script(.says("Yes."))
        _ = try await model.say("New")
        let contents = try model.diary.body(0)["messages"]?.array?.map { $0["content"] } ?? []
        // The fifth would be a reply without its question.
        #expect(
            contents.dropFirst()
                == ["Message 17", "Message 18", "Message 19", "Message 20", "New"])
    }
}

extension Answer {
    /// Expects that something was created.
    fileprivate func expectCreated() {
        #expect(status == 201)
    }
}
