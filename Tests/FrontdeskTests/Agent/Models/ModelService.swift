import Foundation
import HTTP
import JSON
import Testing
import WebPeer

@testable import Frontdesk

/// The product with a model behind it that says what a test has written down.
final class ModelService: Sendable {
    let service: Service
    /// The model's server.
    let peer: WebPeer
    private let provider: Configuration.Agent.Provider
    /// Whether the requests that the model's server sees are ours.
    private let asksDirectly: Bool
    /// What the makers of the protocols think of requests, for all tests.
    static let makers = Task { try await WebPeer(script: "models/makers.py", packages: true) }

    /// What the model's server has seen.
    struct Diary {
        let requests: [JSONValue]
        /// Steps of the script that are left.
        let left: Int

        /// The body of a request.
        func body(_ index: Int) throws -> JSONValue {
            try JSONValue(parsing: try #require(requests[index]["body"]?.string))
        }

        /// A header field of a request, by its name in small letters.
        func header(_ index: Int, _ name: String) -> String? {
            requests[index]["headers"]?[name]?.string
        }
    }

    /// The product with this provider, and a server for its model, which has time.
    init(
        _ provider: Configuration.Agent.Provider = .openai, peer shared: WebPeer? = nil,
        environment: [String: String] = [:], adviceTime: Duration = .seconds(600),
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws {
        if let shared { peer = shared } else { peer = try await Self.makePeer() }
        self.provider = provider
        asksDirectly = shared == nil
        let port = peer.port
        let surroundings = App.Surroundings(pause: { _ in }, adviceTime: adviceTime)
        service = try await Service(environment: environment, surroundings: surroundings) {
            configuration in
            configuration.agent.provider = provider
            configuration.agent.model = "model-1"
            configuration.agent.baseURL =
                "http://127.0.0.1:\(port)" + (provider == .openai ? "/v1/" : "")
            configuration.agent.streamFlushMS = 0
            change(&configuration)
        }
    }

    /// A server whose model says what a script says.
    static func makePeer() async throws -> WebPeer {
        try await WebPeer(script: "models/server.py")
    }

    /// Says what the model does at the next requests.
    func script(_ steps: JSONValue...) throws {
        _ = try order(["script": .array(steps)])
    }

    /// Lets a stream that holds go on.
    func go() throws {
        _ = try order(["go": true])
    }

    /// What the model's server has seen since the script.
    var diary: Diary {
        get throws { try order([:]) }
    }

    private func order(_ order: JSONObject) throws -> Diary {
        let answer = try JSONValue(parsing: peer.line(for: JSONValue.object(order).text))
        return Diary(
            requests: answer["requests"]?.array ?? [], left: answer["left"]?.int ?? 0)
    }

    /// Sends a message and returns the answer.
    func say(
        _ message: String, in session: String = "s", headers: Headers = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let answer = try await service.post(
            "/agent/messages", ["session_id": .string(session), "message": .string(message)],
            headers: headers, location)
        try await checkRequests(location)
        return answer
    }

    /// Sends a message and returns the events of its stream.
    func stream(
        _ message: String, in session: String = "s", headers: Headers = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [StreamedEvent] {
        let body: JSONValue = ["session_id": .string(session), "message": .string(message)]
        let response = await service.send(
            .post, "/agent/messages/stream", body: body.bytes, headers: headers, location)
        #expect(response.status.code == 200, sourceLocation: location)
        let events = try await response.events()
        try await checkRequests(location)
        return events
    }

    /// Holds every request that the model has got against its maker's types.
    private func checkRequests(_ location: SourceLocation) async throws {
        guard asksDirectly else { return }
        for request in try diary.requests {
            let problems = try await Self.makers.value.answer(
                to: ["path": request["path"] ?? .null, "body": request["body"] ?? .null])
            #expect(problems == ["problems": []], sourceLocation: location)
        }
    }

    /// What the maker's own client makes of the model's next answer.
    func askByMaker(tool: String) async throws -> JSONValue {
        try await Self.makers.value.answer(to: [
            "provider": .string(provider.rawValue), "tool": .string(tool),
            "url": .string(peer.url(provider == .openai ? "/v1" : "")),
        ])
    }
}

extension JSONValue {
    /// A step in which the model calls tools with arguments as it writes them.
    static func calls(
        _ calls: (name: String, arguments: String)..., saying text: [String] = []
    ) -> JSONValue {
        [
            "text": .array(text.map { .string($0) }),
            "calls": .array(
                calls.map { ["name": .string($0.name), "arguments": .string($0.arguments)] }),
        ]
    }

    /// A step in which the model writes a text, piece by piece.
    static func says(_ pieces: String...) -> JSONValue {
        ["text": .array(pieces.map { .string($0) })]
    }
}
