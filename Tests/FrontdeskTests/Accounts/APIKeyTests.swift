import HTTP
import JSON
import MailServer
import Testing

@testable import Frontdesk

/// Programs' keys, and how often whoever may ask.
struct APIKeyTests {
    @Test func `a key opens what its scopes say, in its tenant`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let key = try await service.addKey(
            scopes: [.sessionsRead, .sessionsWrite], tenant: "acme")
        let me = try await service.me(.bearer(key))
        #expect(me["data"]?["credential"] == "api_key")
        #expect(me["data"]?["roles"] == ["service"])
        #expect(me["data"]?["scopes"] == ["sessions:read", "sessions:write"])
        #expect(me["data"]?["tenant"] == "acme")
        #expect(
            try await service.post("/agent/sessions", [:], headers: .bearer(key)).status == 201)
        #expect(try service.rows("SELECT tenant_id FROM sessions") == ["acme"])
        let refused = try await service.post(
            "/agent/messages", ["session_id": "s", "message": "hi"], headers: .bearer(key))
        #expect(refused.code == "scope_missing")
        #expect(refused["detail"] == "The credential lacks the scope 'chat:send'.")
    }

    @Test func `a revoked key opens nothing from the next request on`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let text = try await service.addKey()
        #expect(try await service.me(.bearer(text)).status == 200)
        let keys = service.app.accounts.keys
        let id = try #require(try keys.list(.default).first?.id)
        #expect(
            try await keys.revoke(id, of: Tenant(unchecked: "acme"), at: service.clock.now) == false
        )
        #expect(try await service.me(.bearer(text)).status == 200)
        #expect(try await keys.revoke(id, of: .default, at: service.clock.now))
        #expect(try await service.me(.bearer(text)).code == "token_invalid")
    }

    @Test func `the last use is noted, once a minute at most`() async throws {
        let service = try await Service(clock: TestClock(step: 0)) { $0.auth.mode = .required }
        let text = try await service.addKey()
        func lastUse() throws -> Timestamp? {
            try service.app.accounts.keys.list(.default).first?.lastUsedAt
        }
        let begun = service.clock.now
        _ = try await service.me(.bearer(text))
        try await eventually { try lastUse() == begun }
        service.clock.advance(seconds: 59)
        _ = try await service.me(.bearer(text))
        service.clock.advance(seconds: 1)
        let later = service.clock.now
        _ = try await service.me(.bearer(text))
        try await eventually { try lastUse() == later }
    }

    @Test func `limits count per credential, and a made-up one counts for its address`()
        async throws
    {
        let service = try await Service(clock: TestClock(step: 0)) {
            $0.auth.mode = .required
            $0.rateLimit.enabled = true
            $0.rateLimit.requestsPerMinute = 3
        }
        let (one, other) = (
            try await service.addKey("one"), try await service.addKey("other")
        )
        func statuses(_ credentials: [String]) async throws -> [Int] {
            var statuses: [Int] = []
            for credential in credentials {
                statuses.append(try await service.me(.bearer(credential)).status)
            }
            return statuses
        }
        #expect(try await statuses([one, one, one, one]) == [200, 200, 200, 429])
        #expect(try await statuses([other, other]) == [200, 200])
        let made = (0..<4).map { _ in APIKey.makeText() }
        #expect(try await statuses(made) == [401, 401, 401, 429])
    }

    @Test func `a key has 40 characters of 36 kinds`() throws {
        let keys = (0..<200).map { _ in APIKey.makeText() }
        #expect(Set(keys).count == 200)
        #expect(keys.allSatisfy(APIKey.isKey))
        #expect(Set(keys.joined().dropFirst(0)).count == 37)
    }
}
