import Foundation
import JSON
import MCPPeer
import Testing
import WebPeer

/// A server that is killed while another server does something for it.
struct RemoteKillTests {
    /// How often it is killed at a moment that nobody chose.
    private static let rounds =
        ProcessInfo.processInfo.environment["FRONTDESK_KILL_ROUNDS"].flatMap { Int($0) } ?? 6

    /// The model's server, the other server, and the program between them.
    private struct Stage {
        let world: World
        let model: WebPeer
        let hotel: ScriptedServer
        let settings: [String: String]

        /// An empty database and two servers, of which the other follows `faults`.
        init(_ faults: JSONValue = []) async throws {
            world = try World()
            model = try await WebPeer(script: "models/server.py")
            hotel = try await ScriptedServer([
                "tools": [ScriptedServer.tool("book", ["room"])],
                "results": ["book": ["structuredContent": ["booking": 7]]], "faults": faults,
            ])
            settings = [
                "FRONTDESK_AGENT_PROVIDER": "openai", "FRONTDESK_AGENT_MODEL": "m",
                "FRONTDESK_AGENT_BASE_URL": model.url("/v1"),
                "FRONTDESK_MCP_SERVERS": #"[{"name": "hotel", "url": "\#(hotel.url())"}]"#,
            ]
        }

        /// Lets the model book a room, and then do as `last` says.
        func script(_ room: String, then last: JSONValue) throws {
            let arguments: JSONValue = ["room": .string(room)]
            let call: JSONValue = [
                "calls": [["name": "hotel__book", "arguments": .string(arguments.text)]]
            ]
            let order: JSONValue = ["script": [call, last]]
            _ = try model.ask(order.text, as: Diary.self)
        }

        /// How many requests the model has had since its script.
        func requests() throws -> Int { try model.ask("{}", as: Diary.self).requests.count }

        /// How often a room was booked.
        func bookings(_ room: String) throws -> Int {
            try hotel.diary.all("tools/call").filter {
                $0.json?["params"]?["arguments"]?["room"]?.string == room
            }.count
        }

        /// Sends the message that books a room.
        func send(_ room: String, to server: RunningServer) async throws -> Answer {
            try await server.say("Book \(room)", in: "s-\(room)", key: room, id: room)
        }

        /// The rows of the ledger about a room.
        func ledger(_ room: String) async throws -> [String] {
            try await world.query(
                "SELECT state FROM tool_effects WHERE arguments LIKE '%\"\(room)\"%'")
        }

        /// Sends the message again to a new server and returns what it came to.
        func again(_ room: String) async throws -> Answer {
            let server = try await world.serve(settings)
            try script(room, then: ["text": ["Done."]])
            let answer = try await send(room, to: server)
            #expect(await server.stop() == .exit(0))
            return answer
        }
    }

    /// What the model's server has seen.
    private struct Diary: Decodable {
        let requests: [Request]

        /// A request, of which nothing matters here.
        struct Request: Decodable {}
    }

    @Test(.timeLimit(.minutes(5)))
    func `what was done before the kill is not done again`() async throws {
        let stage = try await Stage()
        let server = try await stage.world.serve(stage.settings)
        try stage.script("a", then: ["hang": true])
        let turn = Task { try await stage.send("a", to: server) }
        try await wait(for: "the model's second request") { try stage.requests() == 2 }
        await server.kill()
        _ = try? await turn.value
        #expect(try await stage.ledger("a") == ["done"])
        let answer = try await stage.again("a")
        #expect(answer["response"] == "Done.", "\(answer.body)")
        #expect(try stage.bookings("a") == 1)
        #expect(try await stage.ledger("a") == ["done"])
    }

    @Test(.timeLimit(.minutes(5)))
    func `what may have been done before the kill is marked and not done again`() async throws {
        let stage = try await Stage([["on": "tools/call", "do": "hang", "times": 1]])
        let server = try await stage.world.serve(stage.settings)
        try stage.script("a", then: ["text": ["Never."]])
        let turn = Task { try await stage.send("a", to: server) }
        try await wait(for: "the call") { try stage.bookings("a") == 1 }
        await server.kill()
        _ = try? await turn.value
        #expect(try await stage.ledger("a") == ["started"])
        let answer = try await stage.again("a")
        #expect(answer["response"] == "Done.", "\(answer.body)")
        #expect(try stage.bookings("a") == 1)
        #expect(try await stage.ledger("a") == ["unknown"])
        let told = try await stage.world.query(
            "SELECT json_extract(result, '$.error_type') FROM tool_effects")
        #expect(told == ["OutcomeUnknown"])
    }

    @Test(.timeLimit(.minutes(5)))
    func `a call of another agent with a key is not made again after the kill`() async throws {
        let world = try World()
        let desk = try await ScriptedServer([
            "tools": [ScriptedServer.tool("resolve_complaint")],
            "faults": [["on": "tools/call", "do": "hang", "times": 1]],
        ])
        let settings = [
            "FRONTDESK_MCP_SERVERS":
                #"[{"name": "desk", "role": "complaint", "url": "\#(desk.url())"}]"#
        ]
        let call: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": ["name": "resolve_complaint", "arguments": ["complaint_id": 3]],
        ]
        let first = try await world.serve(settings)
        let asked = Task { try await first.post("/mcp", call, key: "k") }
        try await wait(for: "the call") { try desk.diary.all("tools/call").count == 1 }
        await first.kill()
        _ = try? await asked.value
        let second = try await world.serve(settings)
        let again = try await second.post("/mcp", call, key: "k")
        #expect(
            again["result"]?["structuredContent"]?["error_type"] == "OutcomeUnknown",
            "\(again.body)")
        #expect(try desk.diary.all("tools/call").count == 1)
        _ = try await second.post("/mcp", call, key: "another")
        #expect(try desk.diary.all("tools/call").count == 2)
        #expect(await second.stop() == .exit(0))
    }

    @Test(.timeLimit(.minutes(10)))
    func `whenever the kill comes, nothing is done twice`() async throws {
        let stage = try await Stage()
        for round in 1...Self.rounds {
            let room = "room-\(round)"
            let server = try await stage.world.serve(stage.settings)
            try stage.script(room, then: ["text": ["Done."]])
            let turn = Task { try? await stage.send(room, to: server) }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60) * Sanitizer.slowness))
            await server.kill()
            _ = await turn.value
            let before = try stage.bookings(room)
            let answer = try await stage.again(room)
            #expect(answer["response"] == "Done.", "\(answer.body)")
            let bookings = try stage.bookings(room)
            let ledger = try await stage.ledger(room)
            #expect(bookings == 1 || bookings == 0 && ledger == ["unknown"], "\(ledger)")
            #expect(before <= bookings)
            #expect(ledger == ["done"] || ledger == ["unknown"])
        }
    }
}
