import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct `Webhooks: secrets over HTTP` {
    private static let url: JSONValue = "https://receiver.example.com/hook"
    private static let webhook: JSONValue = [
        "aiAgentAddress": "hook", "inboxDestinationType": "HTTP_WEBHOOK", "inboxName": url,
    ]

    @Test func `the secret is shown once, when the webhook is registered`() async throws {
        let service = try await Service(demo: false)
        let made = try await service.post("/v1/agent-inboxes", Self.webhook)
        #expect(made.status == 201)
        let secret = try #require(made["webhookSecret"]?.string)
        #expect(try service.rows("SELECT secret FROM webhook_secrets") == [secret])
        #expect(try await service.get("/v1/agent-inboxes/hook")["webhookSecret"] == nil)
        let list = try await service.get("/v1/agent-inboxes")
        #expect(list["items"]?.array?.first?["webhookSecret"] == nil)
    }

    @Test func `a replay leaves the secret out, and so does what is kept for it`() async throws {
        let service = try await Service(demo: false)
        let headers: Headers = ["Idempotency-Key": "once"]
        let first = try await service.post("/v1/agent-inboxes", Self.webhook, headers: headers)
        let again = try await service.post("/v1/agent-inboxes", Self.webhook, headers: headers)
        #expect(first["webhookSecret"] != nil && again["webhookSecret"] == nil)
        #expect(again.status == 201 && again.header("Idempotent-Replayed") == "true")
        let path = "/v1/agent-inboxes/hook/rotate-secret"
        let rotation: Headers = ["Idempotency-Key": "rotate"]
        let rotated = try await service.post(path, headers: rotation)
        let repeated = try await service.post(path, headers: rotation)
        #expect(rotated["webhookSecret"] != nil && repeated["webhookSecret"] == nil)
        #expect(repeated["previousValidUntil"] == rotated["previousValidUntil"])
        #expect(
            try service.rows("SELECT body FROM idempotency_keys WHERE body LIKE '%whsec%'") == [])
        #expect(try service.rows("SELECT count(*) FROM webhook_secrets") == ["2"])
    }

    @Test func `others have no secret until they become webhooks`() async throws {
        let service = try await Service(demo: false)
        let made = try await service.post(
            "/v1/agent-inboxes",
            ["aiAgentAddress": "a", "inboxDestinationType": "FRONTDESK_INBOX", "inboxName": "a"])
        #expect(made["webhookSecret"] == nil)
        let turn: JSONValue = ["inboxDestinationType": "HTTP_WEBHOOK", "inboxName": Self.url]
        let turned = try await service.put("/v1/agent-inboxes/a", turn)
        let secret = try #require(turned["webhookSecret"]?.string)
        #expect(try service.rows("SELECT secret FROM webhook_secrets") == [secret])
        let same = try await service.put("/v1/agent-inboxes/a", turn)
        #expect(same.status == 200 && same["webhookSecret"] == nil)
        #expect(try service.rows("SELECT secret FROM webhook_secrets") == [secret])
        let moved = try await service.put(
            "/v1/agent-inboxes/a", ["inboxName": "https://other.example.com/"])
        #expect(moved["webhookSecret"] == nil)
        _ = try await service.put(
            "/v1/agent-inboxes/a",
            ["inboxDestinationType": "FRONTDESK_INBOX", "inboxName": "a"])
        #expect(try service.rows("SELECT count(*) FROM webhook_secrets") == ["0"])
        let anew = try await service.put("/v1/agent-inboxes/a", turn)
        #expect(anew["webhookSecret"]?.string.map { $0 != secret } == true)
    }

    @Test func `rotating gives a new secret and tells how long the old one signs`() async throws {
        let service = try await Service(demo: false)
        let made = try await service.post("/v1/agent-inboxes", Self.webhook)
        let rotated = try await service.post("/v1/agent-inboxes/hook/rotate-secret")
        #expect(rotated.status == 200)
        #expect(rotated["webhookSecret"] != made["webhookSecret"])
        let until = try #require(
            rotated["previousValidUntil"]?.string.flatMap { Timestamp(parsing: $0) })
        #expect(abs(until.seconds(since: service.clock.now) - 86_400) < 1)
    }

    @Test func `there must be a webhook to rotate`() async throws {
        let service = try await Service(demo: false)
        _ = try await service.post(
            "/v1/agent-inboxes",
            ["aiAgentAddress": "a", "inboxDestinationType": "FRONTDESK_INBOX", "inboxName": "a"])
        let other = try await service.post("/v1/agent-inboxes/a/rotate-secret")
        #expect(other.status == 409 && other.code == "not_a_webhook")
        let missing = try await service.post("/v1/agent-inboxes/nobody/rotate-secret")
        #expect(missing.status == 404 && missing.code == "agent_not_found")
    }

    @Test func `removing the agent removes its secrets`() async throws {
        let service = try await Service(demo: false)
        _ = try await service.post("/v1/agent-inboxes", Self.webhook)
        let gone = await service.send(.delete, "/v1/agent-inboxes/hook?purge=true")
        #expect(gone.status.code == 204)
        #expect(try service.rows("SELECT count(*) FROM webhook_secrets") == ["0"])
    }
}
