import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Which models can be used, and how much of them.
@Suite struct ModelSetupTests {
    private func missing(
        _ environment: [String: String], _ change: (inout Configuration.Agent) -> Void
    ) -> String? {
        var agent = Configuration.Agent()
        agent.provider = .openai
        agent.model = "m"
        change(&agent)
        do throws(ModelSettings.Missing) {
            _ = try ModelSettings(agent, environment: environment)
            return nil
        } catch {
            return error.sentence
        }
    }

    @Test func `a model needs a name, and a key unless it is on this machine`() {
        let key = ["OPENAI_API_KEY": "k"]
        #expect(missing(key) { _ in } == nil)
        #expect(missing(key) { $0.model = "" }?.contains("'agent.model'") == true)
        #expect(missing([:]) { _ in }?.contains("'OPENAI_API_KEY'") == true)
        #expect(missing(["OPENAI_API_KEY": " "]) { _ in } != nil)
        #expect(missing(key) { $0.provider = .anthropic }?.contains("'ANTHROPIC_API_KEY'") == true)
        #expect(missing(key) { $0.apiKeyEnv = "MINE" }?.contains("'MINE'") == true)
        #expect(missing(["MINE": "k"]) { $0.apiKeyEnv = "MINE" } == nil)
        for url in ["http://localhost:4000/v1", "http://127.0.0.2", "http://[::1]:80/x"] {
            #expect(missing([:]) { $0.baseURL = url } == nil, "\(url)")
        }
        for url in ["http://localhost.example", "http://127.0.0.1.example", "https://10.0.0.1"] {
            #expect(missing([:]) { $0.baseURL = url } != nil, "\(url)")
        }
    }

    @Test func `a provider that lacks something is not ready, and says so`() async throws {
        let service = try await Service { $0.agent.provider = .anthropic }
        let health = try await service.get("/health")
        #expect(health.status == 200)
        #expect(health["status"] == "unhealthy")
        #expect(health["checks"]?["agent_manager"] == false)
        #expect(try await service.get("/health/ready").status == 503)
        let answer = try await service.say("Hi")
        #expect(answer.status == 503)
        #expect(answer.code == "not_ready")
        #expect(answer.header("Retry-After") != nil)
        #expect(try service.rows("SELECT count(*) FROM messages") == ["0"])
        #expect(try await service.create("s").status == 201)
    }

    @Test func `the day's tokens are a tenant's own`() async throws {
        let model = try await ModelService { $0.agent.dailyTokensPerTenant = 100 }
        let service = model.service
        try model.script(["text": ["Hi."], "usage": [90, 10], "repeat": true])
        #expect(try await model.say("One").status == 200)
        let refused = try await model.say("Two")
        #expect(refused.status == 429)
        #expect(refused.code == "budget_exceeded")
        #expect(refused["retry_after"] == 43_200)
        #expect(refused.header("Retry-After") == "43200")
        // Nothing of it is stored, and another tenant and another day have their own.
        #expect(try service.rows("SELECT count(*) FROM messages") == ["2"])
        let other = try await service.post(
            "/agent/messages", ["session_id": "s", "message": "Hi", "tenant_id": "acme"])
        #expect(other.status == 200)
        service.clock.advance(seconds: 43_200)
        #expect(try await model.say("Three").status == 200)
        #expect(
            try service.rows("SELECT tenant_id, day, requests FROM token_usage ORDER BY 1, 2")
                == ["acme|2026-02-20|1", "default|2026-02-20|1", "default|2026-02-21|1"])
    }

    @Test func `a budget that ends in the middle of a turn fails it`() async throws {
        for change in [
            { $0.agent.maxTokensPerTurn = 15 }, { $0.agent.dailyTokensPerTenant = 15 },
        ] as [@Sendable (inout Configuration) -> Void] {
            let model = try await ModelService(.openai, change)
            try model.script(
                .calls(("get_order", #"{"order_id": "ORD-10001"}"#)), .says("Never."))
            let answer = try await model.say("Hi")
            #expect(answer.status == 429)
            #expect(answer.code == "budget_exceeded")
            #expect(answer["retry_after"]?.int != nil)
            #expect(try model.diary.left == 1)
            #expect(
                try model.service.rows("SELECT status, error_code FROM messages")
                    == ["failed|budget_exceeded"])
            // What was used is counted although the turn failed.
            #expect(
                try model.service.rows("SELECT input_tokens, output_tokens FROM token_usage")
                    == ["10|5"])
        }
    }

    @Test func `figures tell what models use`() async throws {
        let model = try await ModelService()
        try model.script(["status": 500], .says("Hi."))
        _ = try await model.say("Hi")
        let text = String(
            decoding: try await model.service.send(.get, "/metrics").collectBody(), as: UTF8.self)
        let provider = #"provider="openai""#
        for line in [
            "frontdesk_model_requests_total{\(provider),outcome=\"complete\"} 1",
            "frontdesk_model_requests_total{\(provider),outcome=\"failed\"} 1",
            "frontdesk_model_tokens_total{\(provider),direction=\"input\"} 10",
            "frontdesk_model_tokens_total{\(provider),direction=\"output\"} 5",
            "frontdesk_turns_total{\(provider),outcome=\"complete\"} 1",
        ] { #expect(text.contains(line), "\(line)") }
    }
}
