import JSON
import SQLite
import Testing

@testable import Frontdesk

/// The users of the demo data, whose password everybody knows.
struct DemoUserTests {
    private static let password = "frontdesk-demo-1"

    @Test(arguments: [
        ("sarah.johnson@example.com", "customer", "cus_demo0000000000000001"),
        ("michael.chen@example.com", "customer", "cus_demo0000000000000002"),
        ("emma.oneil@example.com", "customer", "cus_demo0000000000000003"),
        ("jose.garcia@example.com", "customer", "cus_demo0000000000000004"),
        ("priya.patel@example.com", "customer", "cus_demo0000000000000005"),
        ("agent@example.com", "agent", nil), ("admin@example.com", "admin", nil),
    ])
    func `each signs in and is who the demo says`(
        _ email: String, _ role: String, _ customer: String?
    ) async throws {
        let service = try await Service()
        let tokens = try SignedIn(await service.trySignIn(email, Self.password))
        let me = try await service.me(tokens.headers)
        #expect(me["data"]?["roles"] == [.string(role)])
        #expect(me["data"]?["customer_id"] == JSONValue(customer))
    }

    @Test(arguments: [("127.0.0.1", false, true), ("0.0.0.0", false, false), ("::", true, true)])
    func `they sign in only where no other machine can, unless that is allowed`(
        _ host: String, _ isAllowed: Bool, _ works: Bool
    ) async throws {
        let service = try await Service { configuration in
            configuration.auth.mode = .required
            configuration.server.host = host
            configuration.auth.demoUsers = isAllowed
        }
        let answer = try await service.trySignIn("admin@example.com", Self.password)
        #expect(answer.status == (works ? 200 : 401))
        #expect(answer.code == (works ? nil : "invalid_credentials"))
    }

    @Test func `a reset restores them, and a plain load leaves them alone`() async throws {
        let service = try await Service()
        let now = service.clock.now
        let users = service.app.accounts.users
        _ = try await users.setPassword("x", of: "agent@example.com", .default, at: now)
        _ = try await users.disable("admin@example.com", of: .default, at: now)
        let kept = try await service.app.database.write {
            try DemoData.load(in: $0, reset: false, at: now)
        }
        #expect(kept.users == 0)
        #expect(try await service.trySignIn("agent@example.com", Self.password).status == 401)
        let restored = try await service.app.database.write {
            try DemoData.load(in: $0, reset: true, at: now)
        }
        #expect(restored.users == 7)
        for email in ["agent@example.com", "admin@example.com"] {
            #expect(
                try await service.trySignIn(email, Self.password, from: "10.0.0.1").status == 200)
        }
    }
}
