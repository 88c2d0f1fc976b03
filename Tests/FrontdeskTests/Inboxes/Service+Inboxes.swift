import Foundation
import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

extension Service {
    /// Sends a message whose payload says `text`, and whatever else is said.
    @discardableResult
    func message(
        _ text: String, to address: String = "agent", tenant: String = "default",
        _ more: [(String, JSONValue)] = [], _ location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        var body: JSONObject = [
            "aiAgentAddress": .string(address), "payload": ["text": .string(text)],
        ]
        for (name, value) in more { body[name] = value }
        let answer = try await post(
            "/v1/messages", .object(body), headers: ["X-Tenant-ID": tenant], location)
        #expect(answer.status == 202, sourceLocation: location)
        return try #require(answer["messageId"]?.string, sourceLocation: location)
    }

    /// Pulls from an inbox.
    func pull(
        _ body: JSONObject = [:], from address: String = "agent", tenant: String = "default",
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [Pulled] {
        let answer = try await post(
            "/v1/inboxes/\(address)/pull", .object(body), headers: ["X-Tenant-ID": tenant],
            location)
        #expect(answer.status == 200, sourceLocation: location)
        return try #require(answer["receivedMessages"]?.array, sourceLocation: location)
            .map(Pulled.init)
    }

    /// Says something about leases and returns a word for each.
    func answer(
        _ verb: String, _ pulled: [Pulled], of address: String = "agent",
        tenant: String = "default", _ more: [(String, JSONValue)] = [],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        var body: JSONObject = ["ackIds": .array(pulled.map { .string($0.ackID) })]
        for (name, value) in more { body[name] = value }
        let answer = try await post(
            "/v1/inboxes/\(address)/\(verb)", .object(body), headers: ["X-Tenant-ID": tenant],
            location)
        #expect(answer.status == 200, sourceLocation: location)
        return answer["results"]?.array?.compactMap { $0["status"]?.string } ?? []
    }

    /// The figures of an inbox: depth, in flight, delayed, parked and dead.
    func figures(
        _ address: String = "agent", tenant: String = "default",
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [Int] {
        let answer = try await get(
            "/v1/inboxes/\(address)/stats", headers: ["X-Tenant-ID": tenant], location)
        #expect(answer.status == 200, sourceLocation: location)
        return ["depth", "inFlight", "delayed", "parked", "dead"].map { answer[$0]?.int ?? -1 }
    }

    /// What is not as it should be in inboxes.
    func inboxMistakes() throws -> [String] {
        try app.database.read { try InboxCheck.mistakes(in: $0) }
    }
}

/// A message as a puller gets it.
struct Pulled: Sendable {
    let ackID: String
    let attempt: Int
    let message: JSONValue

    /// Reads one element of `receivedMessages`.
    init(_ json: JSONValue) throws {
        ackID = try #require(json["ackId"]?.string)
        attempt = try #require(json["deliveryAttempt"]?.int)
        message = try #require(json["message"])
    }

    /// The message's id.
    var id: String { message["messageId"]?.string ?? "" }

    /// The payload.
    var payload: JSONValue? {
        let data = message["data"]?.string.flatMap { Data(base64Encoded: $0) }
        return data.flatMap { try? JSONValue(parsing: Array($0)) }
    }

    /// The payload's text.
    var text: String { payload?["text"]?.string ?? "" }
}
