import Foundation
import JSON
import Testing
import WebPeer

@testable import Frontdesk

/// Models behind LiteLLM's proxy, whose two protocols others have written.
///
/// The proxy is large and starts slowly: without it these tests are skipped, unless
/// `REQUIRE_LITELLM` is set, as `make check` does.
@Suite(
    .serialized,
    .enabled(
        if: WebPeer.has("litellm")
            || ProcessInfo.processInfo.environment["REQUIRE_LITELLM"] != nil,
        "LiteLLM is not installed; Tests/Support/litellm/venv.sh does it"))
struct LiteLLMTests {
    /// One proxy for all tests, and the scripted server behind it.
    private static let shared = Task {
        let upstream = try await ModelService.makePeer()
        let proxy = try await WebPeer(
            script: "litellm/server.py", arguments: ["--upstream", "\(upstream.port)"],
            packages: true, environment: "litellm")
        return (upstream: upstream, proxy: proxy)
    }

    private func service(
        _ provider: Configuration.Agent.Provider, model: String,
        key: String = "sk-local-0123456789abcdef0123456789abcdef"
    ) async throws -> ModelService {
        let (upstream, proxy) = try await Self.shared.value
        return try await ModelService(
            provider, peer: upstream, environment: ["LITELLM_KEY": key]
        ) { configuration in
            configuration.agent.baseURL = proxy.url(provider == .openai ? "/v1" : "")
            configuration.agent.apiKeyEnv = "LITELLM_KEY"
            configuration.agent.model = model
        }
    }

    @Test(arguments: ModelTurnTests.providers)
    func `a text comes through`(_ provider: Configuration.Agent.Provider) async throws {
        let model = try await service(provider, model: "mock")
        let events = try await model.stream("Hi")
        #expect(events.map(\.id) == Array(1...events.count))
        #expect(events.last?.type == "end")
        let chunks = events.compactMap { $0.data["content"]?.string }
        #expect(chunks.joined() == "Grüße from the mock.")
        let usage = events.last?.data["metadata"]?["usage"]
        #expect((usage?["input_tokens"]?.int ?? 0) > 0)
        #expect((usage?["output_tokens"]?.int ?? 0) > 0)
    }

    @Test(arguments: ModelTurnTests.providers)
    func `tools are called through it, round after round`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await service(provider, model: "scripted")
        try model.script(
            .calls(
                ("get_order", #"{"order_id": "ORD-10004"}"#),
                ("search_orders", #"{"customer_name": "José"}"#), saying: ["A ", "moment."]),
            .calls(("update_order", #"{"order_id": "ORD-10004", "new_status": "CANCELLED"}"#)),
            .says("It is ", "cancelled."))
        let events = try await model.stream("Cancel ORD-10004")
        #expect(events.last?.type == "end")
        let metadata = events.last?.data["metadata"]
        #expect(metadata?["tool_calls"] == ["get_order", "search_orders", "update_order"])
        let chunks = events.compactMap { $0.data["content"]?.string }
        #expect(chunks.joined() == "A moment.\n\nIt is cancelled.")
        #expect(
            try model.service.rows("SELECT status FROM orders WHERE order_id = 'ORD-10004'")
                == ["CANCELLED"])
        let results = try model.service.rows("SELECT state FROM tool_effects")
        #expect(results == ["done", "done", "done"])
        // What the model behind it was told of the second round.
        let messages = try model.diary.body(2)["messages"]?.array ?? []
        #expect(messages.filter { $0["role"] == "tool" }.count == 3)
        #expect(metadata?["usage"]?["output_tokens"] == 15)
    }

    @Test(arguments: ModelTurnTests.providers)
    func `a model that never stops calling is stopped`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await service(provider, model: "scripted")
        try model.script([
            "calls": [["name": "get_order", "arguments": #"{"order_id": "ORD-10001"}"#]],
            "repeat": "while_tools",
        ])
        let answer = try await model.say("Hi")
        #expect(answer["response"] == "Enough.")
        #expect(answer["metadata"]?["tool_calls"]?.array?.count == 8)
    }

    @Test(arguments: ModelTurnTests.providers)
    func `what it refuses is an upstream's failure`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let stranger = try await service(provider, model: "mock", key: "sk-wrong")
        #expect(try await stranger.say("Hi").code == "upstream_failed")
        let unknown = try await service(provider, model: "no-such-model")
        let answer = try await unknown.say("Hi")
        #expect(answer.status == 502)
        #expect(answer["detail"]?.string?.hasPrefix("The model's server answered 4") == true)
        let model = try await service(provider, model: "scripted")
        try model.script(["status": 500], .says("Again."))
        #expect(try await model.say("Hi")["response"] == "Again.")
    }
}
