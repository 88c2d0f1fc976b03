import HTTP
import JSON
import MCP
import MCPPeer
import MailServer
import Testing

@testable import Frontdesk

/// What the ledger remembers of calls to other servers when a turn is cut short and runs again.
@Suite struct EffectLedgerTests {
    private static let book: (name: String, arguments: String) = (
        "hotel__book", #"{"room": "9"}"#
    )
    private static let look: (name: String, arguments: String) = (
        "hotel__weather", #"{"city": "York"}"#
    )
    private static let key: Headers = ["Idempotency-Key": "k", "X-Request-ID": "r"]

    /// Lets a turn run until `condition`, cuts it short as the server's stop does, and returns what
    /// the caller got.
    private func cut(
        _ world: ServersWorld, when condition: @escaping @Sendable () throws -> Bool
    ) async throws -> Answer {
        let turn = Task { try await world.model.say("Do it", headers: Self.key) }
        try await eventually { try condition() }
        world.service.app.turns.abortAll()
        return try await turn.value
    }

    private func requests(_ world: ServersWorld) -> @Sendable () throws -> Int {
        { try world.model.diary.requests.count }
    }

    @Test func `a call is on disk before it leaves, and its result right after`() async throws {
        let world = try await ServersWorld([
            "faults": [["on": "tools/call", "do": "wait", "for": 2]]
        ])
        try world.model.script(.calls(Self.book), ["hang": true])
        let turn = Task { try await world.model.say("Do it", headers: Self.key) }
        try await eventually { try world.calls().count == 1 }
        #expect(try world.ledger() == ["1|hotel|hotel__book|started"])
        #expect(
            try world.service.rows("SELECT role, status FROM messages") == ["user|pending"])
        // A second call lets the first go on.
        _ = try await world.hotel.client.call("book", [:])
        try await eventually { try world.model.diary.requests.count == 2 }
        #expect(try world.ledger() == ["1|hotel|hotel__book|done"])
        #expect(
            try world.service.rows("SELECT result FROM tool_effects")
                == [#"{"status":"success","result":{"booking":7}}"#])
        world.service.app.turns.abortAll()
        #expect(try await turn.value.status == 503)
    }

    @Test func `what is done is not done again`() async throws {
        let world = try await ServersWorld()
        let requests = requests(world)
        try world.model.script(.calls(Self.book), ["hang": true])
        #expect(try await cut(world) { try requests() == 2 }.code == "not_ready")
        #expect(try world.ledger() == ["1|hotel|hotel__book|done"])
        try world.model.script(
            .calls((Self.book.name, #"{ "room" : "9" }"#)), .says("Booked."))
        let answer = try await world.model.say("Do it", headers: Self.key)
        #expect(answer["response"] == "Booked.", "\(answer.body)")
        #expect(try world.told() == [["status": "success", "result": ["booking": 7]]])
        #expect(try world.calls().count == 1)
        #expect(try world.ledger() == ["1|hotel|hotel__book|done"])
        #expect(try world.service.miscounts() == [])
    }

    @Test func `what may have been done is not done again, unless that does no harm`()
        async throws
    {
        let world = try await ServersWorld([
            "faults": [["on": "tools/call", "do": "hang", "times": 2]]
        ])
        try world.model.script(.calls(Self.book, Self.look))
        let sent = try await cut(world) { try world.calls().count == 2 }
        #expect(sent.code == "not_ready")
        try await eventually {
            try world.ledger() == ["1|hotel|hotel__book|unknown", "2|hotel|hotel__weather|unknown"]
        }
        try world.model.script(.calls(Self.book, Self.look), .says("Not sure."))
        let answer = try await world.model.say("Do it", headers: Self.key)
        #expect(answer["response"] == "Not sure.", "\(answer.body)")
        let told = try world.told()
        #expect(told[0]["error_type"] == "OutcomeUnknown")
        #expect(told[1]["result"] == ["sky": "clear"])
        #expect(try world.calls().filter { $0["room"] != nil }.count == 1)
        #expect(try world.calls().filter { $0["city"] != nil }.count == 2)
        #expect(
            try world.ledger() == [
                "1|hotel|hotel__book|unknown", "2|hotel|hotel__weather|done",
            ])
    }

    @Test func `equal calls are told apart by their order`() async throws {
        let world = try await ServersWorld()
        let requests = requests(world)
        try world.model.script(.calls(Self.book), .calls(Self.book), ["hang": true])
        _ = try await cut(world) { try requests() == 3 }
        try world.model.script(
            .calls(Self.book), .calls(Self.book), .calls(Self.book), .says("Thrice."))
        let answer = try await world.model.say("Do it", headers: Self.key)
        #expect(answer["response"] == "Thrice.", "\(answer.body)")
        #expect(try world.calls().count == 3)
        #expect(try world.ledger() == (1...3).map { "\($0)|hotel|hotel__book|done" })
    }

    @Test func `what a later life of the turn does not ask for stays in the ledger, aside`()
        async throws
    {
        let world = try await ServersWorld()
        let requests = requests(world)
        try world.model.script(.calls(Self.book), ["hang": true])
        _ = try await cut(world) { try requests() == 2 }
        try world.model.script(.calls(Self.look), ["hang": true])
        _ = try await cut(world) { try requests() == 2 }
        try world.model.script(
            .calls(("get_order", #"{"order_id": "10001"}"#), Self.look), .says("Looked."))
        let answer = try await world.model.say("Do it", headers: Self.key)
        #expect(answer["metadata"]?["tool_calls"] == ["get_order", "hotel__weather"])
        #expect(try world.calls().count == 2)
        #expect(
            try world.ledger().suffix(2) == [
                "1|local|get_order|done", "2|hotel|hotel__weather|done",
            ])
        let aside = try world.service.rows(
            "SELECT tool, state, call_no < 0 FROM tool_effects WHERE call_no < 1")
        #expect(aside == ["hotel__book|done|1"])
        // Whoever follows the turn is told of every life.
        let events = try await world.service.send(.get, "/agent/messages/r/events").events()
        #expect(
            events.compactMap { $0.type == "tool_call" ? $0.data["tool"] : nil } == [
                "hotel__book", "hotel__weather", "get_order", "hotel__weather",
            ])
        #expect(events.map(\.id) == Array(1...events.count))
        #expect(events.filter { $0.type == "error" }.count == 2)
    }

    @Test func `a turn that is cancelled leaves what it has asked for`() async throws {
        let world = try await ServersWorld(["faults": [["on": "tools/call", "do": "hang"]]])
        try world.model.script(.calls(Self.book))
        let turn = Task { try await world.model.say("Do it", headers: Self.key) }
        try await eventually { try world.calls().count == 1 }
        #expect(try await world.service.post("/agent/messages/r/cancel").status == 200)
        #expect(try await turn.value.code == "turn_cancelled")
        try await eventually { try world.ledger() == ["1|hotel|hotel__book|unknown"] }
        #expect(try await world.service.delete("/agent/sessions/s").status == 200)
        #expect(try world.ledger() == [])
    }

    @Test func `a start finds what a crash has left in doubt`() async throws {
        let world = try await ServersWorld(["faults": [["on": "tools/call", "do": "hang"]]])
        try world.model.script(.calls(Self.book))
        let turn = Task { try await world.model.say("Do it", headers: Self.key) }
        try await eventually { try world.ledger() == ["1|hotel|hotel__book|started"] }
        let count = try await world.service.app.turns.environment.store.interruptPending()
        #expect(count == 1)
        #expect(try world.ledger() == ["1|hotel|hotel__book|unknown"])
        world.service.app.turns.abortAll()
        _ = try? await turn.value
    }
}
