import HTTP
import JSON
import Testing

@testable import Frontdesk

/// What the table of routes asks of callers; a new route is tested by being there.
struct RouteGuardTests {
    /// The routes that everybody may use, whatever the mode.
    private static let open: Set = [
        "/", "/health", "/health/ready", "/health/live", "/info", "/info/tools", "/openapi.json",
        "/docs", "/redoc", "/docs/assets/{folder}/{file}", "/auth", "/auth/refresh",
        "/auth/logout", "/.well-known/jwks.json",
    ]

    /// A request of a route as a caller would send it.
    private func sample(_ route: Route) -> (path: String, body: [UInt8]) {
        let path = route.pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("{") ? "some-id" : String($0) }.joined(separator: "/")
        let body = route.operation.body.map { ($0.example ?? $0.schema.sample ?? [:]).bytes }
        return (path, body ?? [])
    }

    @Test func `exactly the routes that are meant to be open are open`() async throws {
        let service = try await Service()
        let open = service.app.router.routes.filter { $0.operation.access == .open }
        #expect(Set(open.map(\.pattern)) == Self.open)
    }

    @Test func `every scope that a route asks for is one that a credential can have`() async throws
    {
        let service = try await Service()
        for route in service.app.router.routes {
            guard case .anyOf(let words) = route.operation.access else { continue }
            #expect(!words.isEmpty && words.allSatisfy { Scope(rawValue: $0) != nil })
        }
    }

    @Test func `without a credential every other route is 401`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        for route in service.app.router.routes {
            let (path, body) = sample(route)
            let response = await service.send(route.method, path, body: body)
            if route.operation.access == .open {
                if route.pattern == "/auth/logout" || route.pattern == "/auth/refresh" { continue }
                #expect(response.status.code != 403, "\(route.method) \(route.pattern)")
                if route.pattern != "/auth" {
                    #expect(response.status.code != 401, "\(route.method) \(route.pattern)")
                }
                continue
            }
            #expect(response.status.code == 401, "\(route.method) \(route.pattern)")
            #expect(response.headers["WWW-Authenticate"] == "Bearer", "\(route.pattern)")
            #expect(try response.jsonBody()["code"] == "token_missing", "\(route.pattern)")
        }
    }

    @Test(arguments: [Configuration.Auth.Mode.off, .required])
    func `a bad credential is 401 everywhere but for health, figures and pages`(
        _ mode: Configuration.Auth.Mode
    ) async throws {
        let service = try await Service { $0.auth.mode = mode }
        for route in service.app.router.routes {
            let (path, body) = sample(route)
            let response = await service.send(
                route.method, path, body: body, headers: .bearer("nonsense"))
            let ignores =
                ["/health", "/docs", "/redoc", "/openapi.json"].contains {
                    route.pattern.hasPrefix($0)
                } || (route.pattern == "/metrics" && mode == .off)
            #expect((response.status.code == 401) == !ignores, "\(route.method) \(route.pattern)")
        }
        let unknown = try await service.get("/no/such/route", headers: .bearer("nonsense"))
        #expect(unknown.status == 404)
    }

    @Test func `a credential without any right opens only what asks for none`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let key = try await service.addKey("idle", scopes: [])
        for route in service.app.router.routes {
            guard case .anyOf = route.operation.access else { continue }
            let (path, body) = sample(route)
            let response = await service.send(
                route.method, path, body: body, headers: .bearer(key))
            #expect(response.status.code == 403, "\(route.method) \(route.pattern)")
            #expect(try response.jsonBody()["code"] == "scope_missing", "\(route.pattern)")
        }
    }

    @Test(arguments: [Configuration.Auth.Mode.off, .required])
    func `another tenant's name beside a credential is 403 on every route`(
        _ mode: Configuration.Auth.Mode
    ) async throws {
        let service = try await Service { $0.auth.mode = mode }
        let headers = try await service.signedIn("admin@acme.test", tenant: "acme").headers
        for route in service.app.router.routes where !isAlwaysServed(route.pattern) {
            if route.pattern == "/metrics" && mode == .off { continue }
            let (path, body) = sample(route)
            var named = headers
            named["X-Tenant-ID"] = "beta"
            for (target, headers) in [(path, named), ("\(path)?tenant_id=beta", headers)] {
                let response = await service.send(
                    route.method, target, body: body, headers: headers)
                #expect(response.status.code == 403, "\(route.method) \(target)")
                #expect(try response.jsonBody()["code"] == "wrong_tenant", "\(target)")
            }
        }
        let inBody = try await service.post(
            "/agent/sessions", ["tenant_id": "beta"], headers: headers)
        #expect(inBody.code == "wrong_tenant")
        // Without a name it is the credential's tenant, not `default`.
        let created = try await service.post(
            "/agent/sessions", ["session_id": "mine"], headers: headers)
        #expect(created.status == 201)
        #expect(
            try service.rows("SELECT tenant_id FROM sessions WHERE session_id = 'mine'")
                == ["acme"])
    }

    @Test func `with mode off a caller without a credential may do everything`() async throws {
        let service = try await Service()
        let me = try await service.get("/auth/me")
        #expect(me["data"]?["credential"] == "none")
        #expect(me["data"]?["roles"] == ["admin"])
        #expect(me["data"]?["tenant"] == "default")
        let elsewhere = try await service.get("/auth/me", headers: ["X-Tenant-ID": "acme"])
        #expect(elsewhere["data"]?["tenant"] == "acme")
        // And a good credential limits, in this mode too.
        let key = try await service.addKey(scopes: [.sessionsRead])
        let lists = try await service.get("/agent/sessions", headers: .bearer(key))
        #expect(lists.status == 200)
        let creates = try await service.post("/agent/sessions", [:], headers: .bearer(key))
        #expect(creates.code == "scope_missing")
    }

    @Test(arguments: [
        ("0.0.0.0", false), ("::", false), ("192.168.1.5", false), ("example.com", false),
        ("127.evil.test", false), ("127.0.0.1", true), ("127.0.0.2", true), ("::1", true),
        ("localhost", true),
    ])
    func `a server that others can reach needs sign-in`(
        _ host: String, _ isLocal: Bool
    ) async throws {
        let service = try await Service { $0.server.host = host }
        if isLocal {
            try service.app.checkServing()
        } else {
            let error = #expect(throws: ConfigurationLoader.Invalid.self) {
                try service.app.checkServing()
            }
            #expect(error?.problems.first?.contains("'auth.mode'") == true)
        }
        let guarded = try await Service {
            $0.server.host = host
            $0.auth.mode = .required
        }
        try guarded.app.checkServing()
    }
}
