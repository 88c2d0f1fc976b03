import Dispatch
import HTTP
import JSON
import MailServer
import SQLite
import Testing

@testable import Frontdesk

@Suite struct SendingTests {
    private func service(
        _ change: (inout Configuration) -> Void = { _ in }
    ) async throws -> Service {
        let service = try await Service(demo: false, change)
        try await service.register("agent")
        return service
    }

    private let simple: JSONValue = ["aiAgentAddress": "agent", "payload": ["a": 1]]

    @Test func `a message arrives as it was sent, with what the sender said of itself`()
        async throws
    {
        let service = try await service()
        let payload: JSONValue = ["z": 1.50, "text": "grüß \u{1F9E6}", "a": ["b": nil]]
        let sent = try await service.post(
            "/v1/messages",
            [
                "aiAgentAddress": "agent", "payload": payload,
                "senderMetadata": [
                    "serviceName": "shop", "correlationId": "c-1",
                    "senderProvidedMessageId": "m-1",
                ],
                "orderingKey": "k", "priority": 3,
            ])
        #expect(sent.status == 202)
        let id = try #require(sent["messageId"]?.string)
        #expect(sent.body.object?.keys == ["messageId"])
        #expect(id.utf8.count == 36 && Array(id)[14] == "4")
        let pulled = try #require(try await service.pull().first)
        #expect(pulled.attempt == 1)
        #expect(pulled.payload?.text == payload.text)
        #expect(pulled.message["orderingKey"] == "k")
        let time = try #require(pulled.message["publishTime"]?.string)
        #expect(time.utf8.count == 24)
        let attributes: JSONValue = [
            "messageId": .string(id), "aiAgentAddress": "agent",
            "timestampPublished": .string(time), "contentType": "application/json",
            "senderId": "shop", "correlationId": "c-1", "senderProvidedMessageId": "m-1",
        ]
        #expect(pulled.message["attributes"] == attributes)
    }

    @Test func `refusals carry the words of the first description`() async throws {
        let service = try await service()
        try await service.register(
            "strange", [("inboxDestinationType", "SMOKE_SIGNAL"), ("inboxName", "hill")])
        try await service.register("gone")
        _ = await service.send(.delete, "/v1/agent-inboxes/gone")
        try await service.register("broken")
        try await service.app.database.write { connection in
            try connection.execute(
                "UPDATE agent_inboxes SET inbox_name = '' WHERE ai_agent_address = 'broken'")
        }
        let cases: [(JSONValue, Int, String, String)] = [
            (["payload": [:]], 400, "validation_error", "INVALID_REQUEST"),
            (
                ["aiAgentAddress": " ", "payload": [:]], 400, "validation_error",
                "INVALID_REQUEST"
            ),
            (["aiAgentAddress": "agent"], 400, "validation_error", "INVALID_REQUEST"),
            (
                ["aiAgentAddress": "agent", "payload": "x"], 400, "validation_error",
                "INVALID_REQUEST"
            ),
            (
                ["aiAgentAddress": "nobody", "payload": [:]], 404, "agent_not_found",
                "AGENT_NOT_FOUND"
            ),
            (
                ["aiAgentAddress": "gone", "payload": [:]], 404, "agent_inactive",
                "AGENT_INACTIVE"
            ),
            (
                ["aiAgentAddress": "strange", "payload": [:]], 500, "destination_unsupported",
                "DESTINATION_UNSUPPORTED"
            ),
            (["aiAgentAddress": "broken", "payload": [:]], 500, "config_error", "CONFIG_ERROR"),
        ]
        for (body, status, code, errorCode) in cases {
            let answer = try await service.post("/v1/messages", body)
            #expect(answer.status == status, "\(body)")
            #expect(answer.code == code)
            #expect(answer["errorCode"]?.string == errorCode)
            #expect(answer["message"] == answer["detail"])
        }
        let inactive = try await service.post(
            "/v1/messages", ["aiAgentAddress": "gone", "payload": [:]])
        #expect(inactive["error"] == "Agent Inactive")
        #expect(try service.rows("SELECT count(*) FROM inbox_messages") == ["0"])
    }

    @Test func `a repeat within a day gets the first id, also after the agent has gone`()
        async throws
    {
        let service = try await service()
        func send(_ name: JSONValue, _ id: String, to address: String = "agent") async throws
            -> Answer
        {
            try await service.post(
                "/v1/messages",
                [
                    "aiAgentAddress": .string(address), "payload": [:],
                    "senderMetadata": [
                        "serviceName": name, "senderProvidedMessageId": .string(id),
                    ],
                ])
        }
        try await service.register("other")
        let first = try await send("shop", "1")["messageId"]
        #expect(try await send("shop", "1")["messageId"] == first)
        var others: [JSONValue?] = []
        for (name, id, address) in [
            ("shop", "2", "agent"), ("bank", "1", "agent"), (nil, "1", "agent"),
            ("shop", "1", "other"),
        ] as [(JSONValue, String, String)] {
            others.append(try await send(name, id, to: address)["messageId"])
        }
        #expect(!others.contains(first) && Set(others.compactMap { $0?.string }).count == 4)
        let pulled = try await service.pull(["maxMessages": 100])
        #expect(try await service.answer("ack", pulled).allSatisfy { $0 == "acked" })
        _ = await service.send(.delete, "/v1/agent-inboxes/agent")
        let repeated = try await send("shop", "1")
        #expect(repeated.status == 202 && repeated["messageId"] == first)
        _ = try await service.put("/v1/agent-inboxes/agent", ["status": "ACTIVE"])
        service.clock.advance(seconds: 86_401)
        #expect(try await send("shop", "1")["messageId"] != first)
    }

    @Test func `a dead letter that was thrown away is still known by its sender's id`()
        async throws
    {
        let service = try await service { $0.router.maxDeliveryAttempts = 1 }
        let sender: [(String, JSONValue)] = [
            ("senderMetadata", ["senderProvidedMessageId": "1"])
        ]
        let id = try await service.message("a", sender)
        _ = try await service.answer("nack", try await service.pull())
        let deleted = try Answer(
            await service.send(
                .delete, "/v1/inboxes/agent/dead-letters", body: Array(#"{"all":true}"#.utf8)))
        #expect(deleted["deleted"] == 1)
        #expect(try await service.get("/v1/messages/\(id)").code == "message_not_found")
        #expect(try await service.message("a", sender) == id)
        #expect(try await service.figures() == [0, 0, 0, 0, 0])
    }

    @Test func `an inbox that is full refuses until something is taken`() async throws {
        let service = try await service { $0.router.maxInboxDepth = 3 }
        for number in 1...3 { try await service.message("\(number)") }
        let refused = try await service.post("/v1/messages", simple)
        #expect(refused.status == 503 && refused.code == "overloaded")
        #expect(refused["errorCode"] == "OVERLOADED")
        #expect(refused.header("Retry-After") == "5")
        _ = try await service.answer("ack", try await service.pull(["maxMessages": 1]))
        #expect(try await service.post("/v1/messages", simple).status == 202)
    }

    @Test func `a writer with too much to do refuses in the sender's words`() async throws {
        let service = try await service { $0.database.writeQueue = 1 }
        let (begun, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let database = service.app.database
        // One write that goes on, and one that waits, and there is no room for a third.
        let running = Task {
            try await database.write { _ in
                begun.signal()
                end.wait()
            }
        }
        try await eventually { begun.wait(timeout: .now()) == .success }
        let queued = Task { try await service.post("/v1/messages", simple) }
        try await eventually { database.statistics.queueDepth == 1 }
        let refused = try await service.post("/v1/messages", simple)
        end.signal()
        #expect(refused.status == 503 && refused["errorCode"] == "OVERLOADED")
        #expect(refused.header("Retry-After") == "1")
        #expect(try await queued.value.status == 202)
        try await running.value
    }

    @Test func `messages to an inactive agent are parked where that is wanted`() async throws {
        let service = try await service { $0.router.parkInactive = true }
        let before = try await service.message("before")
        _ = await service.send(.delete, "/v1/agent-inboxes/agent")
        let after = try await service.message("after", [("deliverAfterSeconds", 60)])
        for id in [before, after] {
            #expect(try await service.get("/v1/messages/\(id)")["state"] == "parked")
        }
        #expect(try await service.figures() == [0, 0, 0, 2, 0])
        _ = try await service.put("/v1/agent-inboxes/agent", ["status": "ACTIVE"])
        #expect(try await service.get("/v1/messages/\(before)")["state"] == "queued")
        #expect(try await service.figures() == [1, 0, 1, 0, 0])
        // Draining an inactive one is possible.
        _ = await service.send(.delete, "/v1/agent-inboxes/agent")
        #expect(try await service.pull().map(\.id) == [before])
        #expect(try await service.figures() == [0, 1, 0, 1, 0])
    }

    @Test func `a keyed request is answered once`() async throws {
        let service = try await service()
        let headers: Headers = ["Idempotency-Key": "k"]
        let first = try await service.post("/v1/messages", simple, headers: headers)
        let second = try await service.post("/v1/messages", simple, headers: headers)
        #expect(second.status == 202 && first.body == second.body)
        #expect(second.header("Idempotent-Replayed") == "true")
        let other = try await service.post(
            "/v1/messages", ["aiAgentAddress": "agent", "payload": [:]], headers: headers)
        #expect(other.status == 422 && other["errorCode"] == "IDEMPOTENCY_MISMATCH")
        #expect(try await service.figures() == [1, 0, 0, 0, 0])
    }

    @Test func `a payload may be as large as 256 KiB and no larger`() async throws {
        let service = try await service()
        func send(_ count: Int) async throws -> Answer {
            try await service.post(
                "/v1/messages",
                [
                    "aiAgentAddress": "agent",
                    "payload": ["a": .string(String(repeating: "x", count: count))],
                ])
        }
        // {"a":"…"} has eight bytes beside the text.
        #expect(try await send(262_136).status == 202)
        let refused = try await send(262_137)
        #expect(refused.status == 413 && refused.code == "payload_too_large")
        #expect(try await service.pull().first?.payload?["a"]?.string?.utf8.count == 262_136)
    }

    @Test func `the sender can look after a message to its end`() async throws {
        let service = try await service()
        func look(_ id: String) async throws -> (String?, [String]) {
            let answer = try await service.get("/v1/messages/\(id)")
            return (answer["state"]?.string, answer["timestamps"]?.object?.keys ?? [])
        }
        let id = try await service.message("a", [("deliverAfterSeconds", 10)])
        #expect(try await look(id) == ("queued", ["queuedAt"]))
        service.clock.advance(seconds: 11)
        #expect(try await look(id) == ("queued", ["queuedAt", "availableAt"]))
        let pulled = try await service.pull()
        let seen = ["queuedAt", "availableAt", "deliveredAt"]
        #expect(try await look(id) == ("in_flight", seen))
        #expect(try await service.answer("ack", pulled) == ["acked"])
        #expect(try await look(id) == ("acknowledged", seen + ["acknowledgedAt"]))
        #expect(try await service.get("/v1/messages/\(id.uppercased())").status == 200)
        let missing = try await service.get("/v1/messages/none")
        #expect(missing.status == 404 && missing.code == "message_not_found")
    }

    @Test func `a message to a webhook or topic waits for its delivery`() async throws {
        let service = try await service()
        try await service.register(
            "hook",
            [("inboxDestinationType", "HTTP_WEBHOOK"), ("inboxName", "https://a.example/x")])
        let id = try await service.message("a", to: "hook")
        #expect(try await service.get("/v1/messages/\(id)")["state"] == "queued")
        #expect(try await service.figures("hook") == [1, 0, 0, 0, 0])
        for path in ["pull", "stream"] {
            let answer =
                path == "pull"
                ? try await service.post("/v1/inboxes/hook/pull")
                : try await service.get("/v1/inboxes/hook/stream")
            #expect(answer.status == 409 && answer.code == "not_an_inbox")
        }
        // The new kind of place applies to what is not delivered.
        _ = try await service.put(
            "/v1/agent-inboxes/hook",
            ["inboxDestinationType": "FRONTDESK_INBOX", "inboxName": "inbox"])
        #expect(try await service.pull(from: "hook").map(\.id) == [id])
    }
}
