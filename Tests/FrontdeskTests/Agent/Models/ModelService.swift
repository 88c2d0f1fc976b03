import Foundation
import HTTP
import JSON
import Testing
import WebPeer

@testable import Frontdesk

/// The product with a model behind it that says what a test has written down.
final class ModelService: Sendable {
    let service: Service
    private let peer: WebPeer

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

    /// The product with this provider, and a server for its model.
    init(
        _ provider: Configuration.Agent.Provider = .openai, peer shared: WebPeer? = nil,
        environment: [String: String] = [:],
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws {
        if let shared { peer = shared } else { peer = try await Self.makePeer() }
        let port = peer.port
        service = try await Service(environment: environment) { configuration in
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
        let answer = try peer.ask(JSONValue.object(order).text, as: AnyJSON.self).value
        return Diary(
            requests: answer["requests"]?.array ?? [], left: answer["left"]?.int ?? 0)
    }

    /// Sends a message and returns the answer.
    func say(
        _ message: String, in session: String = "s", headers: Headers = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await service.post(
            "/agent/messages", ["session_id": .string(session), "message": .string(message)],
            headers: headers, location)
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
        return try await response.events()
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

/// JSON of any form, read by our own parser.
private struct AnyJSON: Decodable {
    let value: JSONValue

    /// Reads what Foundation has taken apart.
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let flag = try? container.decode(Bool.self) {
            value = .bool(flag)
        } else if let number = try? container.decode(Int.self) {
            value = JSONValue(number)
        } else if let text = try? container.decode(String.self) {
            value = .string(text)
        } else if let items = try? container.decode([AnyJSON].self) {
            value = .array(items.map(\.value))
        } else {
            var object = JSONObject()
            for (key, item) in try container.decode([String: AnyJSON].self) {
                object[key] = item.value
            }
            value = .object(object)
        }
    }
}
