import HTTP
import JSON
import MailServer
import Testing
import WebPeer

@testable import Frontdesk

@Suite struct `Webhooks: from sender to receiver` {
    private let service: Service
    private let receiver: WebPeer

    init() async throws {
        service = try await Service(
            demo: false, clock: TestClock(Clock.system.now().text)
        ) { $0.router.webhookAllowPrivate = true }
        receiver = try await WebPeer(script: "webhook/receiver.py", packages: true)
        service.app.parts.dispatcher.start(every: nil)
    }

    private func tell(_ order: JSONValue) throws {
        _ = try receiver.ask(order.text, as: [String: Int].self)
    }

    /// Registers the receiver, which checks signatures by the secret that is shown.
    private func register() async throws {
        let made = try await service.post(
            "/v1/agent-inboxes",
            [
                "aiAgentAddress": "hook", "inboxDestinationType": "HTTP_WEBHOOK",
                "inboxName": .string(receiver.url("/hook")),
            ])
        let secret = try #require(made["webhookSecret"])
        try tell(["secret-of": "/hook", "secrets": [secret]])
    }

    private func send() async throws -> String {
        let sent = try await service.post(
            "/v1/messages", ["aiAgentAddress": "hook", "payload": ["text": "Hi"]],
            headers: ["X-Request-ID": "req-abc"])
        #expect(sent.status == 202)
        return try #require(sent["messageId"]?.string)
    }

    private func state(_ id: String) async throws -> JSONValue? {
        try await service.get("/v1/messages/\(id)")["state"]
    }

    @Test func `what is sent is delivered at once, signed by the secret that was shown`()
        async throws
    {
        try await register()
        let id = try await send()
        try await eventually { try await state(id) == "delivered" }
        let diary = try receiver.ask("{\"diary\": true}", as: WebhookDiary.self)
        #expect(diary.requests.map(\.valid) == [[true]])
        #expect(diary.requests.first?.headers["webhook-id"] == id)
        #expect(diary.requests.first?.headers["x-request-id"] == "req-abc")
        #expect(diary.requests.first?.headers["user-agent"] == "Frontdesk/\(Product.version)")
    }

    @Test func `what fails can be read, and comes again`() async throws {
        try await register()
        try tell(["at": "/hook", "status": 503])
        let id = try await send()
        try await eventually {
            try await service.get("/v1/messages/\(id)")["lastError"] != nil
        }
        let message = try await service.get("/v1/messages/\(id)")
        #expect(message["state"] == "queued" && message["attempts"] == 1)
        #expect(message["lastError"] == "the receiver answered 503")
        service.clock.advance(seconds: 6.1)
        await service.app.parts.dispatcher.deliverDue()
        #expect(try await state(id) == "delivered")
    }

    @Test func `a receiver that is gone parks its messages until its agent returns`()
        async throws
    {
        try await register()
        try tell(["at": "/hook", "status": 410])
        let id = try await send()
        try await eventually { try await state(id) == "parked" }
        let mapping = try await service.get("/v1/agent-inboxes/hook")
        #expect(mapping["status"] == "INACTIVE" && mapping["statusReason"] == "gone")
        #expect(mapping["updatedBy"] == "router_service/delivery")
        _ = try await service.put("/v1/agent-inboxes/hook", ["status": "ACTIVE"])
        try await eventually { try await state(id) == "delivered" }
    }
}
