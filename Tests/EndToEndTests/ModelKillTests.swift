import Foundation
import JSON
import RawHTTP
import Testing
import WebPeer

/// A server that dies while a model writes.
struct ModelKillTests {
    private static let settings = [
        "FRONTDESK_AGENT_PROVIDER": "openai", "FRONTDESK_AGENT_MODEL": "m",
        "FRONTDESK_AGENT_STREAM_FLUSH_MS": "0",
    ]

    /// The model's next replies.
    private func script(_ peer: WebPeer, _ steps: JSONValue...) throws {
        let order: JSONValue = ["script": .array(steps)]
        _ = try peer.ask(order.text, as: Diary.self)
    }

    /// What is left of the model's script.
    private struct Diary: Decodable {
        let left: Int
    }

    /// The events of a text of events.
    private func events(_ text: String) throws -> [(id: Int, data: JSONValue)] {
        try text.split(separator: "\n\n").filter { $0.hasPrefix("id: ") }.map { block in
            let lines = block.split(separator: "\n")
            return (
                id: Int(lines[0].dropFirst(4)) ?? 0,
                data: try JSONValue(parsing: String(lines[2].dropFirst(6)))
            )
        }
    }

    /// Begins a stream under the key `k` and the id `r`.
    private func begin(_ server: RunningServer) async throws -> RawClient {
        let body = #"{"session_id": "s", "message": "Tell me a story"}"#
        let client = try server.connect()
        try await client.send(
            "POST /agent/messages/stream HTTP/1.1\r\nHost: test\r\nIdempotency-Key: k\r\n"
                + "X-Request-ID: r\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(try await client.receiveHead().0 == 200)
        return client
    }

    /// What comes until the stream ends, or until a text was seen.
    private func read(_ client: RawClient, until mark: String? = nil) async throws -> String {
        var text = ""
        while case let chunk = try await client.receiveChunk(), !chunk.isEmpty {
            text += String(decoding: chunk, as: UTF8.self)
            if let mark, text.contains(mark) { break }
        }
        return text
    }

    /// The events after one, as somebody gets them who comes back.
    private func resume(_ server: RunningServer, after id: Int) async throws -> String {
        let client = try server.connect()
        try await client.send(
            "GET /agent/messages/r/events HTTP/1.1\r\nHost: test\r\nLast-Event-ID: \(id)\r\n\r\n")
        #expect(try await client.receiveHead().0 == 200)
        return try await read(client)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a stream that a kill cuts short is told, taken up, and whole in the end`()
        async throws
    {
        let peer = try await WebPeer(script: "models/server.py")
        var settings = Self.settings
        settings["FRONTDESK_AGENT_BASE_URL"] = peer.url("/v1")
        let world = try World()
        let first = try await world.serve(settings)
        try script(
            peer, ["text": ["Once ", "upon ", "a time"], "hold": 2],
            ["text": ["There ", "was ", "Zoë."]])
        let seen = try events(try await read(try await begin(first), until: "upon"))
        #expect(seen.first?.data["type"] == "start")
        await first.kill()
        let second = try await world.serve(settings)
        let rest = try events(try await resume(second, after: try #require(seen.last).id))
        #expect(rest.map { $0.data["code"] } == ["turn_interrupted"])
        let lost = try await second.get("/agent/messages/r")
        #expect(lost["status"] == "interrupted")
        let again = try events(try await read(try await begin(second)))
        let broken = seen.count + rest.count
        #expect(again.map(\.id) == Array(broken + 1...broken + again.count))
        let reply = again.compactMap { $0.data["content"]?.string }.joined()
        #expect(reply == "There was Zoë.")
        let state = try await second.get("/agent/messages/r")
        #expect(state["status"] == "complete")
        #expect(state["response"]?.string == reply)
        #expect(await second.stop() == .exit(0))
        // One message, one reply, and what the model used for it.
        let third = try await world.serve(settings)
        let all = try events(try await resume(third, after: 0))
        #expect(all.map(\.id) == Array(1...broken + again.count))
        #expect(
            try await world.query("SELECT role, status FROM messages ORDER BY seq")
                == ["user|complete", "assistant|complete"])
        #expect(try await world.query("SELECT requests FROM token_usage") == ["1"])
        #expect(await third.stop() == .exit(0))
    }
}
