import HTTP
import JSON
import MailServer
import Testing

@testable import Frontdesk

/// Models and servers that misbehave.
@Suite struct ModelTroubleTests {
    /// What a model's server does, and what a caller is told.
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let steps: [JSONValue]
        let status: Int
        var code: String?
        /// How many requests the model gets.
        let requests: Int
        /// The waits between them, each within 20 %.
        var waits: [Double] = []
        /// The only provider whose bytes the case writes; nil for both.
        var only: Configuration.Agent.Provider?

        /// The case's name.
        var testDescription: String { what }

        /// Whether the case means this provider.
        func isFor(_ provider: Configuration.Agent.Provider) -> Bool {
            only.map { $0 == provider } ?? true
        }
    }

    private static let good: JSONValue = .says("Fine.")

    static let cases: [Case] = [
        Case(
            what: "429 once", steps: [["status": 429], good], status: 200, requests: 2, waits: [1]),
        Case(
            what: "429 with Retry-After",
            steps: [
                ["status": 429, "headers": ["Retry-After": "7"]], good,
            ], status: 200, requests: 2, waits: [7]),
        Case(
            what: "429 with Retry-After for ever",
            steps: [["status": 429, "headers": ["Retry-After": "2"], "repeat": true]],
            status: 502, code: "upstream_failed", requests: 4, waits: [2, 2, 2]),
        Case(
            what: "429 with a date in Retry-After",
            steps: [
                ["status": 429, "headers": ["Retry-After": "Fri, 20 Feb 2026 12:00:10 GMT"]], good,
            ], status: 200, requests: 2, waits: [10]),
        Case(
            what: "Retry-After of an hour",
            steps: [
                ["status": 503, "headers": ["Retry-After": "3600"]], good,
            ], status: 200, requests: 2, waits: [30]),
        Case(
            what: "500 for ever", steps: [["status": 500, "repeat": true]], status: 502,
            code: "upstream_failed", requests: 4, waits: [1, 2, 4]),
        Case(
            what: "529, 408, 409",
            steps: [
                ["status": 529], ["status": 408], ["status": 409], good,
            ], status: 200, requests: 4, waits: [1, 2, 4]),
        Case(
            what: "401", steps: [["status": 401]], status: 502, code: "upstream_failed",
            requests: 1),
        Case(
            what: "400", steps: [["status": 400]], status: 502, code: "upstream_failed",
            requests: 1),
        Case(
            what: "a redirect", steps: [["status": 302, "headers": ["Location": "/"]]],
            status: 502, code: "upstream_failed", requests: 1),
        Case(
            what: "no answer at all", steps: [["drop": true], good], status: 200, requests: 2,
            waits: [1]),
        Case(
            what: "half an event", steps: [["text": ["Hello"], "cut": 60], good], status: 200,
            requests: 2, waits: [1]),
        Case(
            what: "half an event after some text",
            steps: [["text": ["Hello ", "there"], "half": 1]], status: 502,
            code: "upstream_failed", requests: 1),
        Case(
            what: "a stream that stops within a call",
            steps: [
                [
                    "calls": [["name": "get_order", "arguments": #"{"order_id": "ORD-10001"}"#]],
                    "silent_end": true,
                ], good,
            ], status: 200, requests: 2, waits: [1]),
        Case(
            what: "a stream that stops after some text",
            steps: [["text": ["Half an answer"], "silent_end": true]], status: 502,
            code: "upstream_failed", requests: 1),
        Case(
            what: "invalid JSON", steps: [["raw": "data: {\"choices\": [\n\n"]], status: 502,
            code: "upstream_failed", requests: 1),
        Case(
            what: "JSON that is no event", steps: [["raw": "data: 5\n\n"]], status: 502,
            code: "upstream_failed", requests: 1),
        Case(
            what: "an error in the stream",
            steps: [["raw": "data: {\"error\": {\"code\": \"429\"}}\n\n"], good], status: 200,
            requests: 2, waits: [1], only: .openai),
        Case(
            what: "an error event in the stream",
            steps: [
                [
                    "raw": .string(
                        "event: error\ndata: {\"type\": \"error\", "
                            + "\"error\": {\"type\": \"overloaded_error\"}}\n\n")
                ], good,
            ], status: 200, requests: 2, waits: [1], only: .anthropic),
        Case(
            what: "an end without a text", steps: [["text": []]], status: 500,
            code: "agent_failed", requests: 1),
        Case(
            what: "white space", steps: [["text": [" ", "\n"]]], status: 500,
            code: "agent_failed", requests: 1),
        Case(
            what: "an end without [DONE]",
            steps: [
                [
                    "raw": .string(
                        "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},"
                            + "\"finish_reason\":\"stop\"}]}")
                ]
            ], status: 200, requests: 1, only: .openai),
    ]

    @Test(arguments: cases, ModelTurnTests.providers)
    func `each trouble ends as it should, and the session goes on`(
        _ trouble: Case, _ provider: Configuration.Agent.Provider
    ) async throws {
        guard trouble.isFor(provider) else { return }
        let model = try await ModelService(provider)
        try model.script(trouble.steps)
        let answer = try await model.say("Hi")
        #expect(answer.status == trouble.status)
        #expect(answer.code == trouble.code)
        #expect(answer["detail"]?.string?.contains("sk-secret") != true)
        #expect(try model.diary.requests.count == trouble.requests)
        let waits = model.service.clock.waits
        try #require(waits.count == trouble.waits.count)
        for (wait, expected) in zip(waits, trouble.waits) {
            #expect((expected * 0.8...expected * 1.2).contains(wait))
        }
        let stored = try model.service.rows("SELECT status, error_code FROM messages WHERE seq = 1")
        #expect(stored == [answer.status == 200 ? "complete|∅" : "failed|\(trouble.code ?? "")"])
        // Half a call is none.
        #expect(try model.service.rows("SELECT tool FROM tool_effects") == [])
        try model.script(.says("Still here."))
        #expect(try await model.say("And now?")["response"] == "Still here.")
        #expect(try model.service.miscounts() == [])
    }

    @Test(arguments: cases, ModelTurnTests.providers)
    func `each trouble shows in a stream, too`(
        _ trouble: Case, _ provider: Configuration.Agent.Provider
    ) async throws {
        guard trouble.isFor(provider) else { return }
        let model = try await ModelService(provider)
        try model.script(trouble.steps)
        let events = try await model.stream("Hi", headers: ["X-Request-ID": "r"])
        #expect(events.first?.type == "start")
        #expect(events.map(\.id) == Array(1...events.count))
        #expect(events.filter { ["end", "error"].contains($0.type) }.count == 1)
        #expect(events.last?.data["code"]?.string == trouble.code)
        let chunks = events.compactMap { $0.data["content"]?.string }.joined()
        if trouble.status == 200 {
            let state = try await model.service.get("/agent/messages/r")
            #expect(state["response"]?.string == chunks)
        }
        // Who comes later is told the same.
        let again = await model.service.send(.get, "/agent/messages/r/events")
        #expect(try await again.events() == events)
        try model.script(.says("Still here."))
        #expect(try await model.stream("And now?").last?.type == "end")
    }

    @Test(
        arguments: [["hang": true], ["text": ["Well, "], "hold": 1]] as [JSONValue],
        ModelTurnTests.providers)
    func `a model that hangs is given up`(
        _ step: JSONValue, _ provider: Configuration.Agent.Provider
    ) async throws {
        // Long enough for the answer at the end, on a machine that has much else to do.
        let model = try await ModelService(provider) { $0.agent.timeoutSeconds = 4 }
        try model.script(step)
        let answer = try await model.say("Hi")
        #expect(answer.status == 504)
        #expect(answer.code == "upstream_timeout")
        try model.script(step)
        let events = try await model.stream("Hi")
        #expect(events.last?.type == "error")
        #expect(events.last?.data["code"] == "upstream_timeout")
        try model.script(.says("Back."))
        #expect(try await model.say("Hi")["response"] == "Back.")
    }

    @Test(arguments: ModelTurnTests.providers)
    func `calls that make no sense and calls without end show in a stream`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider) { $0.agent.maxToolRounds = 2 }
        try model.script(
            .calls(("get_order", #"{"order_id": "#), ("no_such_tool", "{}")), .says("Sorry."))
        let wrong = try await model.stream("Hi")
        #expect(wrong.map(\.type).contains("tool_call"))
        let results = wrong.filter { $0.type == "tool_result" }
        #expect(results.map { $0.data["tool"] } == ["get_order", "no_such_tool"])
        #expect(results.map { $0.data["status"] } == ["failed", "failed"])
        #expect(wrong.last?.type == "end")
        try model.script([
            "calls": [["name": "get_order", "arguments": #"{"order_id": "ORD-10001"}"#]],
            "repeat": "while_tools",
        ])
        let endless = try await model.stream("Again")
        #expect(endless.filter { $0.type == "tool_result" }.count == 2)
        #expect(endless.compactMap { $0.data["content"]?.string }.joined() == "Enough.")
        #expect(endless.last?.type == "end")
        #expect(try model.service.miscounts() == [])
    }

    @Test func `no wait goes beyond the turn's time`() async throws {
        let model = try await ModelService { $0.agent.timeoutSeconds = 5 }
        try model.script(["status": 429, "headers": ["Retry-After": "9"]])
        #expect(try await model.say("Hi").code == "upstream_failed")
        #expect(model.service.clock.waits == [])
        try model.script(["status": 500, "repeat": true])
        #expect(try await model.say("Hi").code == "upstream_failed")
        #expect(model.service.clock.waits.count == 2)
    }

    @Test func `a model that listens nowhere is out of reach`() async throws {
        let service = try await Service { configuration in
            configuration.agent.provider = .openai
            configuration.agent.model = "m"
            configuration.agent.baseURL = "http://127.0.0.1:1"
        }
        let answer = try await service.say("Hi")
        #expect(answer.code == "upstream_failed")
        #expect(answer["detail"] == "The model's server cannot be reached.")
        #expect(service.clock.waits.count == 3)
    }

    @Test(arguments: ModelTurnTests.providers)
    func `a megabyte of text is a reply`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider)
        let piece = String(repeating: "Größe 🧵 ", count: 700)
        try model.script(["text": .array(Array(repeating: .string(piece), count: 130))])
        let events = try await model.stream("Tell me all", headers: ["X-Request-ID": "r"])
        let chunks = events.compactMap { $0.data["content"]?.string }
        let text = String(repeating: piece, count: 130)
        #expect(text.utf8.count > 1_048_576)
        #expect(chunks.joined() == text)
        #expect(events.last?.data["total_chunks"]?.int == chunks.count)
        #expect(try await model.service.get("/agent/messages/r")["response"]?.string == text)
        try model.script(.says("Short."))
        #expect(try await model.say("And short?")["response"] == "Short.")
    }

    @Test func `a turn that waits for its model can be cancelled`() async throws {
        let model = try await ModelService()
        try model.script(["text": ["One ", "two"], "hold": 1])
        let turn = Task { try await model.stream("Hi", headers: ["X-Request-ID": "r"]) }
        try await eventually {
            try model.service.rows("SELECT data FROM stream_events").count > 1
        }
        #expect(try await model.service.post("/agent/messages/r/cancel").status == 200)
        let events = try await turn.value
        #expect(events.map(\.type) == ["start", "chunk", "error"])
        #expect(events.last?.data["code"] == "turn_cancelled")
        #expect(try await model.service.get("/agent/messages/r")["status"] == "cancelled")
        try model.script(.says("Fresh."))
        #expect(try await model.say("Hi again")["response"] == "Fresh.")
        // The model is not told what was taken back.
        let contents = try model.diary.body(0)["messages"]?.array?.map { $0["content"] }
        #expect(contents?.dropFirst() == ["Hi again"])
    }
}

extension ModelService {
    /// Says what the model does at the next requests.
    fileprivate func script(_ steps: [JSONValue]) throws {
        switch steps.count {
        case 1: try script(steps[0])
        case 2: try script(steps[0], steps[1])
        default: try script(steps[0], steps[1], steps[2], steps[3])
        }
    }
}
