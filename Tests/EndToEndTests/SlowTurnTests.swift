import Glibc
import JSON
import MailServer
import RawHTTP
import Testing

/// A turn that waits for something outside while the server is killed or stopped.
///
/// The question whether e-mail works makes the agent connect to a mail server that says nothing.
struct SlowTurnTests {
    private let world: World
    private let mail = SilentMailServer()
    private let question = "Is email working?"

    init() throws {
        world = try World()
    }

    private func serve(_ settings: [String: String] = [:]) async throws -> RunningServer {
        try await world.serve(mail.settings.merging(settings) { $1 })
    }

    /// Returns when so many user messages are stored and wait for their replies.
    private func waitForPending(_ count: Int) async throws {
        try await wait(for: "\(count) pending messages") {
            try await world.query("SELECT count(*) FROM messages WHERE status = 'pending'")
                == [String(count)]
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a turn that kill -9 cut short is interrupted, and its session goes on`() async throws {
        let first = try await serve()
        let cut = Task { try await first.say(question, in: "sess_cut", id: "req_cut") }
        try await waitForPending(1)
        await first.kill()
        await #expect(throws: (any Error).self) { try await cut.value }

        let second = try await serve()
        let history = try await second.get("/api/v1/sessions/sess_cut/history")
        let messages = try #require(history["messages"]?.array)
        #expect(messages.count == 1)
        #expect(messages[0]["content"]?.string == question)
        #expect(messages[0]["status"] == "interrupted")
        #expect(messages[0]["error_code"] == "turn_interrupted")
        let turn = try await second.get("/agent/messages/req_cut")
        #expect(turn.status == 200)
        #expect(turn["status"] == "interrupted")
        #expect(turn["error"]?["code"] == "turn_interrupted")

        let next = try await second.say("Hi", in: "sess_cut")
        #expect(next.status == 200)
        let rows = try await world.query(
            "SELECT seq, role, status FROM messages ORDER BY row_no")
        #expect(rows == ["1|user|interrupted", "2|user|complete", "3|assistant|complete"])
        #expect(await second.stop() == .exit(0))
    }

    @Test(.timeLimit(.minutes(5)))
    func `the same Idempotency-Key runs an interrupted turn again, without a copy`() async throws {
        let first = try await serve()
        let cut = Task {
            try await first.say(question, in: "sess_key", key: "key-1", id: "req_first")
        }
        try await waitForPending(1)
        await first.kill()
        await #expect(throws: (any Error).self) { try await cut.value }

        let second = try await serve()
        mail.hangUp()
        let other = try await second.say("Hi", in: "sess_key", key: "key-1", id: "req_other")
        #expect(other.status == 422)
        let again = try await second.say(question, in: "sess_key", key: "key-1", id: "req_again")
        #expect(again.status == 200)
        #expect(again["metadata"]?["request_id"] == "req_first")
        #expect(again["metadata"]?["tool_calls"] == ["test_email_connection"])
        let replayed = try await second.say(question, in: "sess_key", key: "key-1", id: "req_3")
        #expect(replayed.body == again.body)
        #expect(
            replayed.headers.contains { $0.name == "Idempotent-Replayed" && $0.value == "true" })
        let rows = try await world.query(
            "SELECT seq, role, status, error_code, request_id FROM messages ORDER BY seq")
        #expect(rows == ["1|user|complete||req_first", "2|assistant|complete||req_first"])
        #expect(await second.stop() == .exit(0))
    }

    @Test(.timeLimit(.minutes(5)))
    func `SIGTERM ends a slow turn and an open stream in good order`() async throws {
        let server = try await serve(["FRONTDESK_SERVER_SHUTDOWN_SECONDS": "1"])
        let slow = Task { try await server.say(question, in: "sess_slow") }
        let stream = try server.connect()
        try await stream.sendMessage(question, in: "sess_stream")
        let (status, _) = try await stream.receiveHead()
        #expect(status == 200)
        #expect(try await stream.receive(through: "\n\n").contains(#""type":"start""#))
        try await waitForPending(2)
        let idle = try server.connect()
        #expect(try await idle.call("GET", "/health/ready").status == 200)

        let begun = ContinuousClock.now
        server.child.send(SIGTERM)
        try await wait(for: "the end of listening") {
            (try? server.connect()) == nil
        }
        let answer = try await slow.value
        #expect(answer.status == 503)
        #expect(answer["code"] == "not_ready")
        #expect(answer.headers.contains { $0.name == "Retry-After" })
        let rest = try await stream.receiveAll()
        #expect(rest.contains(#""type":"error""#))
        #expect(rest.contains(#""code":"not_ready""#))
        #expect(try await idle.receiveAll() == "")
        #expect(await server.child.end() == .exit(0))
        #expect(ContinuousClock.now - begun < .seconds(30))
        #expect(try server.logged().contains("server.stopped"))
        try await expectInterrupted()
    }

    /// What a stop must leave of two turns that were not done.
    private func expectInterrupted() async throws {
        // Without its log the file holds everything.
        #expect(world.size(of: "frontdesk.db-wal") == 0)
        let again = try await world.serve()
        let rows = try await world.query(
            "SELECT status, error_code, count(*) FROM messages GROUP BY status, error_code")
        #expect(rows == ["interrupted|turn_interrupted|2"])
        let last = try await world.query(
            """
            SELECT data ->> 'type', data ->> 'code' FROM stream_events
            WHERE event_no = (SELECT max(event_no) FROM stream_events)
            """)
        #expect(last == ["error|not_ready"])
        #expect(try await again.say("Hi", in: "sess_slow").status == 200)
        #expect(await again.stop() == .exit(0))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a turn that SIGTERM interrupted runs again with its Idempotency-Key`() async throws {
        let first = try await serve(["FRONTDESK_SERVER_SHUTDOWN_SECONDS": "0"])
        let cut = Task { try await first.say(question, in: "sess_key", key: "key-1") }
        try await waitForPending(1)
        #expect(await first.stop() == .exit(0))
        #expect(try await cut.value.status == 503)

        let second = try await serve()
        mail.hangUp()
        let again = try await second.say(question, in: "sess_key", key: "key-1")
        #expect(again.status == 200, "\(again.body.text)")
        let rows = try await world.query("SELECT seq, role, status FROM messages ORDER BY seq")
        #expect(rows == ["1|user|complete", "2|assistant|complete"])
    }
}

extension RawClient {
    /// Sends a message whose answer is a stream.
    fileprivate func sendMessage(_ message: String, in session: String) async throws {
        let body: JSONValue = ["session_id": .string(session), "message": .string(message)]
        try await send(
            "POST /agent/messages/stream HTTP/1.1\r\nHost: test\r\n"
                + "Content-Length: \(body.text.utf8.count)\r\n\r\n\(body.text)")
    }
}

extension SilentMailServer {
    /// The settings of a server that sends its mail here.
    var settings: [String: String] {
        [
            "FRONTDESK_EMAIL_SMTP_URL": "smtp://127.0.0.1:\(port)",
            "FRONTDESK_EMAIL_SENDER": "desk@example.com", "FRONTDESK_EMAIL_STARTTLS": "off",
        ]
    }
}
