import HTTP
import JSON
import Testing

@testable import Frontdesk

/// What a model adds to recommendations, and what becomes of them when it does not.
struct AdviceTests {
    private static let path = "/tickets/DEMO-1001/recommendations"

    /// The data of recommendations without the two fields that a model may change.
    private func rest(_ answer: Answer) throws -> JSONObject {
        var data = try #require(answer["data"]?.object)
        data["advice"] = nil
        data["advice_status"] = nil
        return data
    }

    @Test(arguments: ModelTurnTests.providers)
    func `a model words advice and changes nothing else`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(
            provider, environment: ["ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k"])
        let plain = try await Service().get(Self.path)
        try model.script(.says("Take ", "the standard one. "))
        let answer = try await model.service.get(Self.path)
        #expect(answer.status == 200)
        #expect(answer["data"]?["advice"] == "Take the standard one.")
        #expect(answer["data"]?["advice_status"] == "ok")
        #expect(try rest(answer) == rest(plain))
        #expect(plain["data"]?["advice_status"] == "off")
        let used = try model.service.rows(
            "SELECT tenant_id, requests, input_tokens, output_tokens FROM token_usage")
        #expect(used == ["default|1|10|5"])
    }

    @Test func `a model learns what is for sale and nothing about the customer`() async throws {
        let model = try await ModelService()
        try model.script(.says("Fine."))
        _ = try await model.service.get(Self.path)
        let request = try model.diary.body(0)
        let question = try #require(request["messages"]?[1]?["content"]?.string)
        let facts = try JSONValue(parsing: question)
        #expect(facts["ticket_type"] == "general")
        #expect(facts["event_date"] == "2026-03-22")
        #expect(facts["tiers"]?.array?.map { $0["upgrade_price"] } == [30, 60, 90])
        #expect(facts.object?.keys == ["ticket_type", "event_date", "currency", "tiers"])
        for word in ["Sarah", "Johnson", "cus_", "tkt_", "DEMO-", "example.com"] {
            #expect(!request.text.contains(word), "\(word)")
        }
        #expect(request["tools"] == nil)
    }

    @Test(
        arguments: [
            ["status": 500], ["status": 429], ["drop": true], ["text": ["  ", "\n"]],
            ["text": ["Half"], "silent_end": true], ["raw": "data: nonsense\n\n"],
        ] as [JSONValue])
    func `without words there are still recommendations`(_ step: JSONValue) async throws {
        let model = try await ModelService()
        try model.script(step)
        let answer = try await model.service.get(Self.path)
        #expect(answer.status == 200)
        #expect(answer["data"]?["advice"] == .null)
        #expect(answer["data"]?["advice_status"] == "failed")
        #expect(answer["data"]?["recommendations"]?.array?.count == 3)
        // Nobody waits for a second try.
        #expect(try model.diary.requests.count == 1)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [["hang": true], ["text": ["Well"], "hold": 1]] as [JSONValue])
    func `a model that takes too long is not waited for`(_ step: JSONValue) async throws {
        #expect(App.Surroundings().adviceTime == .seconds(2))
        let model = try await ModelService(adviceTime: .milliseconds(200))
        try model.script(step)
        let answer = try await model.service.get(Self.path)
        #expect(answer.status == 200)
        #expect(answer["data"]?["advice"] == .null)
        #expect(answer["data"]?["advice_status"] == "timeout")
        #expect(answer["data"]?["recommendations"]?.array?.count == 3)
    }

    @Test func `long advice is cut`() async throws {
        let model = try await ModelService()
        try model.script(.says(String(repeating: "ü", count: 1500)))
        let answer = try await model.service.get(Self.path)
        #expect(answer["data"]?["advice"]?.string == String(repeating: "ü", count: 1000))
        #expect(answer["data"]?["advice_status"] == "ok")
    }

    @Test func `nobody is asked when there is nothing to sell or advice is off`() async throws {
        let model = try await ModelService()
        try model.script(.says("Buy it anyway."))
        let none = try await model.service.get("/tickets/DEMO-2002/recommendations")
        #expect(none["data"]?["advice_status"] == "off")
        #expect(none["data"]?["advice"] == .null)
        #expect(try model.diary.requests.isEmpty)
        let silent = try await ModelService { $0.tickets.advice = false }
        #expect(try await silent.service.get(Self.path)["data"]?["advice_status"] == "off")
        #expect(try silent.diary.requests.isEmpty)
    }

    @Test func `a tenant whose tokens are used up gets no advice`() async throws {
        let model = try await ModelService { $0.agent.dailyTokensPerTenant = 15 }
        try model.script(.says("One."), .says("Two."))
        let statuses = try await [model.service.get(Self.path), model.service.get(Self.path)]
            .map { $0["data"]?["advice_status"] }
        #expect(statuses == ["ok", "failed"])
        #expect(try model.diary.requests.count == 1)
    }

    @Test func `the tool says what the route says`() async throws {
        let model = try await ModelService()
        try model.script(.says("Take it."))
        let answer = try await MCPClient(service: model.service).legacy(
            "tools/call",
            ["name": "get_upgrade_recommendations", "arguments": ["ticket_id": "DEMO-1001"]])
        let result = try #require(answer["result"]?["structuredContent"])
        #expect(result["advice"] == "Take it.")
        #expect(result["advice_status"] == "ok")
    }
}
