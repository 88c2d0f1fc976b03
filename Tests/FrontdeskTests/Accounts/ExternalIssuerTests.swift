import JSON
import Testing

@testable import Frontdesk

/// Tokens of other issuers: what they mean here, and where their keys come from.
struct ExternalIssuerTests {
    /// A service that believes an issuer, configured with changes.
    private func world(
        _ changes: JSONObject = [:]
    ) async throws -> (service: Service, issuer: Issuer) {
        let issuer = try await Issuer()
        let external = try ExternalIssuer(issuer, changes)
        let service = try await Service(clock: TestClock(step: 0)) { configuration in
            configuration.auth.mode = .required
            configuration.auth.externalIssuers = [external]
        }
        return (service, issuer)
    }

    @Test(
        arguments: [
            ([:], [:], ["agent"]),
            ([:], ["cognito:groups": ["admin", "unknown"]], ["admin"]),
            ([:], ["cognito:groups": "agent"], ["agent"]),
            ([:], ["cognito:groups": nil], []),
            (["default_role": "agent"], ["cognito:groups": ["x"]], ["agent"]),
            (["role_map": ["staff": "agent"]], ["cognito:groups": ["staff"]], ["agent"]),
            (["role_map": ["staff": "agent"]], ["cognito:groups": ["admin"]], []),
            (["roles_claim": "roles"], ["roles": ["agent", "admin"]], ["admin", "agent"]),
        ] as [(JSONObject, JSONObject, [String])])
    func `groups become roles as configured`(
        _ configured: JSONObject, _ claims: JSONObject, _ roles: [String]
    ) async throws {
        let (service, issuer) = try await world(configured)
        let token = try issuer.token(at: service.clock.now, claims)
        let me = try await service.me(.bearer(token))
        #expect(me["data"]?["roles"] == .array(roles.map { .string($0) }))
        #expect(me["data"]?["credential"] == "external")
        #expect(me["data"]?["subject"] == "outside-1")
    }

    @Test func `a program has the scopes that its token names`() async throws {
        let (service, issuer) = try await world([
            "default_role": "service", "audience": nil,
            "client_id": ["robot", "other"],
        ])
        let token = try issuer.token(
            at: service.clock.now,
            [
                "aud": nil, "client_id": "robot", "token_use": "access", "cognito:groups": nil,
                "scope": "https://desk.example.com/api/sessions:read chat:send x/unknown",
            ])
        let me = try await service.me(.bearer(token))
        #expect(me["data"]?["roles"] == ["service"])
        #expect(me["data"]?["scopes"] == ["sessions:read", "chat:send"])
        #expect(
            try await service.get("/agent/sessions", headers: .bearer(token)).status == 200)
        #expect(
            try await service.post("/agent/sessions", [:], headers: .bearer(token)).code
                == "scope_missing")
    }

    @Test func `the tenant is the configured one, or that of a claim`() async throws {
        let (fixed, one) = try await world(["tenant": "acme"])
        let token = try one.token(at: fixed.clock.now, ["custom:tenant": "beta"])
        #expect(try await fixed.me(.bearer(token))["data"]?["tenant"] == "acme")
        let (claimed, other) = try await world(["tenant_claim": "custom:tenant"])
        for (tenant, status) in [("beta", 200), ("../x", 401), ("", 401)] as [(String, Int)] {
            let token = try other.token(
                at: claimed.clock.now, ["custom:tenant": .string(tenant)])
            let me = try await claimed.me(.bearer(token))
            #expect(me.status == status, "\(tenant)")
            if status == 200 { #expect(me["data"]?["tenant"] == .string(tenant)) }
        }
        #expect(try await claimed.me(.bearer(other.token(at: claimed.clock.now))).status == 401)
    }

    @Test func `a customer is the one with the subject, or the one a claim names`() async throws {
        let (service, issuer) = try await world(["default_role": "customer"])
        let claims: JSONObject = ["cognito:groups": nil]
        let unknown = try issuer.token(at: service.clock.now, claims)
        #expect(try await service.me(.bearer(unknown))["data"]?["customer_id"] == nil as JSONValue)
        try await service.addCustomer("cus_1", email: "one@example.com", subject: "outside-1")
        try await service.addCustomer(
            "cus_2", email: "two@example.com", subject: "outside-1", tenant: "acme")
        #expect(try await service.me(.bearer(unknown))["data"]?["customer_id"] == "cus_1")
        let (named, other) = try await world(
            ["default_role": "customer", "customer_claim": "custom:customer"])
        let token = try other.token(
            at: named.clock.now, ["cognito:groups": nil, "custom:customer": "cus_9"])
        #expect(try await named.me(.bearer(token))["data"]?["customer_id"] == "cus_9")
    }

    // MARK: - Keys

    @Test func `keys are fetched once, however many ask, and kept for an hour`() async throws {
        let (service, issuer) = try await world()
        try issuer.set(["seconds": 0.2])
        let token = try issuer.token(at: service.clock.now)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<10 {
                group.addTask { try await service.me(.bearer(token)).status }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 10))
        #expect(try issuer.requests() == 1)
        service.clock.advance(seconds: 3599)
        #expect(try await service.me(.bearer(issuer.token(at: service.clock.now))).status == 200)
        #expect(try issuer.requests() == 1)
        service.clock.advance(seconds: 1)
        #expect(try await service.me(.bearer(issuer.token(at: service.clock.now))).status == 200)
        #expect(try issuer.requests() == 2)
    }

    @Test func `a new key is fetched when it is first seen, every 30 seconds at most`() async throws
    {
        let (service, issuer) = try await world()
        #expect(try await service.me(.bearer(issuer.token(at: service.clock.now))).status == 200)
        let token = try issuer.token(at: service.clock.now, key: "next")
        #expect(try await service.me(.bearer(token)).status == 401)
        #expect(try issuer.requests() == 1)
        service.clock.advance(seconds: 30)
        #expect(try await service.me(.bearer(token)).status == 401)
        #expect(try issuer.requests() == 2)
        try issuer.set(["published": ["next"]])
        service.clock.advance(seconds: 29)
        #expect(try await service.me(.bearer(token)).status == 401)
        service.clock.advance(seconds: 1)
        #expect(try await service.me(.bearer(token)).status == 200)
        #expect(try issuer.requests() == 3)
        // What is published no more opens nothing, though it was found valid before.
        let old = try issuer.token(at: service.clock.now)
        #expect(try await service.me(.bearer(old)).status == 401)
    }

    @Test func `while the issuer is down its keys serve for another day`() async throws {
        let (service, issuer) = try await world()
        #expect(try await service.me(.bearer(issuer.token(at: service.clock.now))).status == 200)
        try issuer.set(["status": 500])
        service.clock.advance(seconds: 3600 + 86_000)
        #expect(try await service.me(.bearer(issuer.token(at: service.clock.now))).status == 200)
        service.clock.advance(seconds: 400)
        let gone = try await service.me(.bearer(issuer.token(at: service.clock.now)))
        #expect(gone.status == 503)
        #expect(gone.code == "issuer_unavailable")
        try issuer.set(["status": 200])
        service.clock.advance(seconds: 30)
        #expect(try await service.me(.bearer(issuer.token(at: service.clock.now))).status == 200)
    }

    @Test(
        arguments: [
            ["status": 404], ["status": 500], ["body": "no JSON"], ["body": "{\"keys\": []}"],
            ["published": ["weak"]],
            ["body": .string("{\"keys\":[" + String(repeating: " ", count: 300_000) + "]}")],
        ] as [JSONValue])
    func `without any key it is 503, not 401`(_ fault: JSONValue) async throws {
        let (service, issuer) = try await world()
        try issuer.set(fault)
        let answer = try await service.me(.bearer(issuer.token(at: service.clock.now)))
        #expect(answer.status == 503)
        #expect(answer.code == "issuer_unavailable")
        #expect(answer.header("Retry-After") == "5")
    }

    // MARK: - Configuration

    @Test(
        arguments: [
            ([], "must hold objects"), (["issuer": nil], "needs an 'issuer'"),
            (["audience": nil], "needs 'audience' or 'client_id'"),
            (["audience": 7], "as 'audience'"), (["client_id": ["a", 7]], "as 'client_id'"),
            (["jwks_uri": "http://keys.example.com/"], "needs a 'jwks_uri' with https"),
            (["jwks_uri": "http://127.0.0.1@keys.example.com/"], "needs a 'jwks_uri' with https"),
            (["algorithms": ["HS256"]], "'RS256' and 'ES256'"),
            (["algorithms": ["RS256", "none"]], "'RS256' and 'ES256'"),
            (["tenant": "a/b"], "no tenant"), (["default_role": "root"], "names the role 'root'"),
            (["role_map": ["staff": "boss"]], "names the role 'boss'"),
            (["role_map": ["staff"]], "as 'role_map'"),
            (["audiense": "x"], "did you mean 'audience'"),
        ] as [(JSONValue, String)])
    func `a mistake in the configuration is named`(
        _ changes: JSONValue, _ problem: String
    ) throws {
        var entry: JSONValue = changes
        if let object = changes.object {
            var whole: JSONObject = ["issuer": "https://issuer.example.com", "audience": "x"]
            for member in object.members {
                whole[member.key] = member.value.isNull ? nil : member.value
            }
            entry = .object(whole)
        }
        let file: JSONValue = ["auth": ["external_issuers": [entry]]]
        var loader = ConfigurationLoader()
        let error = #expect(throws: ConfigurationLoader.Invalid.self) {
            try loader.apply(file: file.bytes, name: "test.json")
        }
        #expect(error?.description.contains("auth.external_issuers") == true)
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
}
