import HTTP
import JSON
import MailServer
import Testing

@testable import Frontdesk

/// Messages that meet in one session or in one server.
@Suite struct WaitingTests {
    /// Contents of a session's messages by role, in order.
    private func conversation(_ service: Service, _ id: String) throws -> [String] {
        try service.rows(
            "SELECT role, content FROM messages WHERE session_id = '\(id)' ORDER BY seq")
    }

    @Test func `a thousand messages to one session are answered in order of arrival`()
        async throws
    {
        let service = try await Service(demo: false) { $0.sessions.laneDepth = 1000 }
        let key = Session.Key(tenant: .default, id: "s")
        let turns = service.app.turns
        let tickets = try (1...1000).map { number in
            try turns.enter(
                session: key, message: "Hi \(number)", requestID: "req-\(number)", claim: nil)
        }
        // Who waits for an answer first must not matter.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for ticket in tickets.shuffled() {
                group.addTask { _ = try await turns.run(ticket) }
            }
            try await group.waitForAll()
        }
        let stored = try service.rows("SELECT seq, role, request_id FROM messages ORDER BY row_no")
        let expected = (1...1000).flatMap { number in
            ["\(2 * number - 1)|user|req-\(number)", "\(2 * number)|assistant|req-\(number)"]
        }
        #expect(stored == expected)
        #expect(try service.rows("SELECT message_count FROM sessions") == ["2000"])
        #expect(turns.count == 0)
    }

    @Test func `every reply stands directly after its message`() async throws {
        let service = try await Service(demo: false) { $0.sessions.laneDepth = 200 }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...100 {
                group.addTask { try await service.say("Hi \(number)", in: "s").status }
            }
            for try await status in group { #expect(status == 200) }
        }
        let rows = try service.rows("SELECT role, request_id FROM messages ORDER BY seq")
        try #require(rows.count == 200)
        for index in stride(from: 0, to: 200, by: 2) {
            let request = rows[index].dropFirst("user|".count)
            #expect(rows[index] == "user|\(request)")
            #expect(rows[index + 1] == "assistant|\(request)")
        }
        #expect(try service.miscounts() == [])
    }

    @Test func `two hundred sessions at once are all answered`() async throws {
        let service = try await Service()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...200 {
                group.addTask {
                    try await service.say("Status of ORD-10001", in: "s\(number)").status
                }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(
            try service.rows("SELECT count(*), sum(message_count) FROM sessions") == ["200|400"])
        #expect(try service.miscounts() == [])
    }

    @Test func `a message waits behind a slow one and is then answered`() async throws {
        let slow = try await SlowService()
        let service = slow.service
        let first = try await slow.ask(in: "s")
        let second = Task { try await service.say("Hi", in: "s") }
        let third = try await service.waiting(2, in: "s") { try await service.say("Bye", in: "s") }
        #expect(try await service.get("/api/v1/sessions/s")["turns_waiting"] == 2)
        #expect(try conversation(service, "s") == ["user|\(SlowService.question)"])
        // Other sessions go on.
        #expect(try await service.say("Hi", in: "other").status == 200)
        slow.release()
        #expect(try await first.value.status == 200)
        #expect(try await second.value.status == 200)
        #expect(try await third.value.status == 200)
        let said = try conversation(service, "s").filter { $0.hasPrefix("user|") }
        #expect(said == ["user|\(SlowService.question)", "user|Hi", "user|Bye"])
        #expect(try await service.get("/api/v1/sessions/s")["turns_waiting"] == 0)
    }

    @Test func `where messages do not wait, a second one is told to come again`() async throws {
        let slow = try await SlowService { $0.sessions.admission = .reject }
        let first = try await slow.ask(in: "s")
        let second = try await slow.service.say("Hi", in: "s")
        #expect(second.status == 409)
        #expect(second.code == "session_busy")
        #expect(second.header("Retry-After") == "1")
        #expect(try await slow.service.say("Hi", in: "other").status == 200)
        slow.release()
        #expect(try await first.value.status == 200)
        #expect(try await slow.service.say("Hi", in: "s").status == 200)
    }

    @Test func `a lane that is full refuses at once`() async throws {
        let slow = try await SlowService { $0.sessions.laneDepth = 1 }
        let service = slow.service
        let first = try await slow.ask(in: "s")
        let second = try await service.waiting(1, in: "s") { try await service.say("Hi", in: "s") }
        let third = try await service.say("Hi", in: "s")
        #expect(third.status == 503)
        #expect(third.code == "overloaded")
        #expect(third["error"] == "Service Unavailable")
        #expect(third.header("Retry-After") == "1")
        slow.release()
        #expect(try await [first.value, second.value].map(\.status) == [200, 200])
        #expect(try service.rows("SELECT count(*) FROM messages") == ["4"])
    }

    @Test func `a server with all its turns taken lets other sessions wait`() async throws {
        let slow = try await SlowService { $0.agent.maxConcurrentTurns = 1 }
        let service = slow.service
        let first = try await slow.ask(in: "s")
        let second = Task { try await service.say("Hi", in: "other") }
        try await eventually { service.app.turns.count == 2 }
        #expect(service.app.turns.environment.lanes.load == (1, 1))
        slow.release()
        #expect(try await [first.value, second.value].map(\.status) == [200, 200])
    }
}

extension Service {
    /// Sends something that must wait, and returns once so many wait in its session.
    func waiting(
        _ count: Int, in session: String,
        _ send: @escaping @Sendable () async throws -> Answer
    ) async throws -> Task<Answer, any Error> {
        let key = Session.Key(tenant: .default, id: session)
        try await eventually { self.app.turns.waiting(in: key) == count - 1 }
        let task = Task { try await send() }
        try await eventually { self.app.turns.waiting(in: key) == count }
        return task
    }
}
