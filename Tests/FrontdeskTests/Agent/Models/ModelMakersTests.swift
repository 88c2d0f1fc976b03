import JSON
import Testing
import WebPeer

@testable import Frontdesk

/// Both sides of our tests with models, held against the packages of the protocols' makers.
///
/// Each request of the other suites is checked against the makers' types, too: `ModelService`
/// does it.
@Suite struct ModelMakersTests {
    /// What the scripted model does, and what a client makes of it.
    private static let steps: [(step: JSONValue, understood: JSONValue)] = [
        (
            ["text": ["Grüße, ", "👩‍👩‍👧"], "usage": [3, 4]],
            ["text": "Grüße, 👩‍👩‍👧", "calls": [], "usage": [3, 4]]
        ),
        (
            .calls(
                ("get_order", #"{"order_id": "ORD-10001"}"#), ("get_order", "{}"),
                saying: ["A ", "moment."]),
            [
                "text": "A moment.",
                "calls": [["get_order", ["order_id": "ORD-10001"]], ["get_order", [:]]],
                "usage": [10, 5],
            ]
        ),
    ]

    @Test(arguments: ModelTurnTests.providers)
    func `the maker's client understands the model that our tests script`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider)
        for (step, understood) in Self.steps {
            try model.script(step)
            let heard = try await model.askByMaker(tool: "get_order")
            #expect(heard["text"] == understood["text"], "\(heard)")
            #expect(heard["usage"] == understood["usage"])
            let calls = try heard["calls"]?.array?.map { call -> JSONValue in
                let arguments = try #require(call["arguments"]?.string)
                return [call["name"] ?? .null, try JSONValue(parsing: arguments)]
            }
            #expect(calls.map(JSONValue.array) == understood["calls"])
        }
    }

    @Test(arguments: ModelTurnTests.providers)
    func `the maker's client refuses what is not the protocol, and so would the tests notice it`(
        _ provider: Configuration.Agent.Provider
    ) async throws {
        let model = try await ModelService(provider)
        for raw in ["data: {\"choices\": [{}]}\n\n", "data: {\"type\": \"message_start\"}\n\n"] {
            try model.script(["raw": .string(raw)])
            #expect(try await model.askByMaker(tool: "t")["error"] != nil)
        }
        try model.script(.says("Hi."))
        _ = try await model.say("Hi")
        let request = try #require(try model.diary.requests.first)
        let good = try model.diary.body(0)
        for (field, value) in [
            ("max_tokens", "many"), ("surprise", 1), ("messages", [["role": "nobody"]]),
            ("tools", [["name": 7]]),
        ] as [(String, JSONValue)] {
            var bad = try #require(good.object)
            bad[field] = value
            let found = try await ModelService.makers.value.answer(
                to: ["path": request["path"] ?? .null, "body": .string(JSONValue.object(bad).text)])
            #expect(found["problems"]?.array?.isEmpty == false, "\(field)")
        }
    }
}
