import Foundation
import JSON
import RawHTTP
import Testing
import WebPeer

/// Streams of the built program that break off at any byte, with and without its death.
struct StreamCutTests {
    /// How many bytes lie between two cuts; `STREAM_CUT_STEP=1` cuts at every byte.
    private static let cutStep = number("STREAM_CUT_STEP", or: 29)
    /// How many bytes lie between two cuts with a death; `STREAM_KILL_STEP` says another number.
    private static let killStep = number("STREAM_KILL_STEP", or: 211)

    private static func number(_ name: String, or usual: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
    }

    private let world: World
    private let peer: WebPeer

    init() async throws {
        world = try World()
        peer = try await WebPeer(script: "models/server.py")
    }

    /// A server whose model says a few words, calls a tool, and says a last one.
    private func serve() async throws -> RunningServer {
        try await world.serve([
            "FRONTDESK_AGENT_PROVIDER": "openai", "FRONTDESK_AGENT_MODEL": "m",
            "FRONTDESK_AGENT_BASE_URL": peer.url("/v1"), "FRONTDESK_AGENT_STREAM_FLUSH_MS": "0",
            "FRONTDESK_AGENT_MAX_TOOL_ROUNDS": "1", "FRONTDESK_LOG_LEVEL": "error",
        ])
    }

    /// What the model says in each turn, with so many seconds between the words.
    private func script(pause: Double) throws {
        let step: JSONValue = [
            "text": [
                "Grüße, ", "👩‍👩‍👧", "! Mo\u{0301}", "ment \"bitte\"", "\n\n", "– gleich.", " 1", " 2",
            ],
            "calls": [["name": "get_order", "arguments": #"{"order_id": "ORD-10001"}"#]],
            "repeat": "while_tools", "pause": JSONValue(pause),
        ]
        _ = try peer.line(for: JSONValue.object(["script": [step]]).text)
    }

    @Test(.timeLimit(.minutes(30)))
    func `a stream cut at a byte is taken up there, until its text is the stored reply`()
        async throws
    {
        try script(pause: 0)
        var server = try await serve()
        let whole = try await Listener(server, "whole").hear()
        #expect(whole.bytes.count > 600)
        let cuts = Array(stride(from: 0, through: whole.bytes.count, by: Self.cutStep))
        for (number, cut) in cuts.enumerated() {
            // No server under test lives for longer than some minutes.
            if number % 100 == 99 {
                #expect(await server.stop() == .exit(0))
                server = try await serve()
            }
            let listener = Listener(server, "r\(cut)")
            try await listener.hear(until: cut)
            try await listener.takeUp(with: server)
            try await listener.expectWhole(of: server)
            #expect(listener.starts == 1)
        }
        #expect(await server.stop() == .exit(0))
    }

    @Test(.timeLimit(.minutes(30)))
    func `a stream cut at a byte by kill -9 is taken up, until its text is the stored reply`()
        async throws
    {
        try script(pause: 0.02)
        var server = try await serve()
        let length = try await Listener(server, "whole").hear().bytes.count
        var interrupted = 0
        for cut in Array(stride(from: 0, to: length, by: Self.killStep)) + [length] {
            let listener = Listener(server, "r\(cut)")
            try await listener.hear(until: cut)
            await server.kill()
            server = try await serve()
            try await listener.takeUp(with: server)
            if listener.last?["code"] == "turn_interrupted" {
                interrupted += 1
                // The same key runs the turn again, and its stream goes on.
                try await listener.repeatAll(with: server)
                #expect(listener.starts == 2)
            }
            try await listener.expectWhole(of: server)
        }
        #expect(interrupted > 0)
        #expect(
            try await world.query("SELECT DISTINCT status FROM messages") == ["complete"])
        #expect(await server.stop() == .exit(0))
    }
}

/// A client of one turn, who keeps of its stream what came whole.
private final class Listener {
    /// The turn's request id, its session and its key.
    private let name: String
    private let first: RunningServer
    /// The bytes of the first connection.
    private(set) var bytes: [UInt8] = []
    /// The events so far, without those that were cut.
    private var events: [(id: Int, data: JSONValue)] = []

    init(_ server: RunningServer, _ name: String) {
        first = server
        self.name = name
    }

    /// What the last event said.
    var last: JSONValue? { events.last?.data }

    /// How often the turn began.
    var starts: Int { events.filter { $0.data["type"] == "start" }.count }

    /// The text since the turn began for the last time.
    private var text: String {
        let begin = events.lastIndex { $0.data["type"] == "start" } ?? 0
        return events.dropFirst(begin).compactMap { $0.data["content"]?.string }.joined()
    }

    /// Sends the message and hears its stream, the whole or so many bytes before it hangs up.
    @discardableResult
    func hear(until cut: Int? = nil) async throws -> Listener {
        let client = try await ask(first)
        while cut.map({ bytes.count < $0 }) ?? true {
            let chunk = try await client.receiveChunk()
            if chunk.isEmpty { break }
            bytes += chunk
        }
        client.reset()
        if let cut { bytes = Array(bytes.prefix(cut)) }
        try take(bytes)
        return self
    }

    /// Hears what it lacks, if anything.
    func takeUp(with server: RunningServer) async throws {
        try take(try await resume(server, after: events.last?.id ?? 0))
    }

    /// Sends the message once more, under the same key.
    func repeatAll(with server: RunningServer) async throws {
        let client = try await ask(server)
        try take(try await rest(of: client))
    }

    /// Expects that it heard every event once, and the text that is stored.
    func expectWhole(of server: RunningServer) async throws {
        let turn = try await server.get("/agent/messages/\(name)")
        let reply = try #require(turn["response"]?.string, "\(name): \(turn.body)")
        #expect(Array(text.utf8) == Array(reply.utf8), "\(name)")
        #expect(last?["type"] == "end", "\(name)")
        #expect(events.map(\.id) == Array(1...events.count), "\(name)")
        // Who comes now hears the very same.
        let other = Listener(server, name)
        try other.take(try await other.resume(server, after: 0))
        #expect(other.events.map(\.data) == events.map(\.data), "\(name)")
    }

    private func ask(_ server: RunningServer) async throws -> RawClient {
        let body = #"{"session_id": "\#(name)", "message": "Tell me"}"#
        let client = try server.connect()
        try await client.send(
            "POST /agent/messages/stream HTTP/1.1\r\nHost: test\r\nIdempotency-Key: \(name)\r\n"
                + "X-Request-ID: \(name)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(try await client.receiveHead().0 == 200)
        return client
    }

    private func resume(_ server: RunningServer, after id: Int) async throws -> [UInt8] {
        let client = try server.connect()
        try await client.send(
            "GET /agent/messages/\(name)/events HTTP/1.1\r\nHost: test\r\n"
                + "Last-Event-ID: \(id)\r\n\r\n")
        let (status, _) = try await client.receiveHead()
        if status == 204 { return [] }
        #expect(status == 200)
        return try await rest(of: client)
    }

    private func rest(of client: RawClient) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while case let chunk = try await client.receiveChunk(), !chunk.isEmpty { bytes += chunk }
        return bytes
    }

    /// Adds the events that are there to the empty line at their end.
    private func take(_ bytes: [UInt8]) throws {
        let newline = UInt8(ascii: "\n")
        let end = bytes.indices.dropFirst().last {
            bytes[$0] == newline && bytes[$0 - 1] == newline
        }
        let text = String(decoding: bytes[..<(end ?? 0)], as: UTF8.self)
        for block in text.split(separator: "\n\n") where block.hasPrefix("id: ") {
            let lines = block.split(separator: "\n")
            events.append(
                (
                    id: Int(lines[0].dropFirst(4)) ?? 0,
                    data: try JSONValue(parsing: String(lines[2].dropFirst(6)))
                ))
        }
    }
}
