import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// Another tenant's ids on every route of the server: nothing is shown, nothing changes.
struct OtherTenantTests {
    /// A word that stands in all that the other tenant owns.
    private static let secret = "zanzibar"

    /// Fills tenant `acme` and returns ids by the names that patterns have for them.
    private func fill(_ service: Service, _ headers: Headers) async throws -> [String: String] {
        let secret = JSONValue.string(Self.secret)
        var ids: [String: String] = ["folder": "page", "file": "reference.css"]
        _ = try await service.post(
            "/agent/sessions", ["session_id": "sess_acme", "metadata": ["note": secret]],
            headers: headers)
        ids["session_id"] = "sess_acme"
        var said = headers
        said["X-Request-ID"] = "req_acme"
        _ = try await service.post(
            "/agent/messages",
            ["session_id": "sess_acme", "message": .string("hi " + Self.secret)],
            headers: said)
        ids["request_id"] = "req_acme"
        let customer = try await service.post(
            "/customers",
            ["email": "zanzibar@example.com", "first_name": secret, "last_name": secret],
            headers: headers)
        ids["customer_id"] = customer["data"]?["customer"]?["customer_id"]?.string
        let ticket = try await service.post(
            "/tickets",
            [
                "customer_id": JSONValue(ids["customer_id"]), "ticket_number": "ZANZIBAR-1",
                "ticket_type": "general", "original_price": 50, "event_date": "2026-06-10",
            ], headers: headers)
        ids["ticket_id"] = ticket["data"]?["ticket"]?["ticket_id"]?.string
        let order = try await service.post(
            "/orders",
            [
                "ticket_id": JSONValue(ids["ticket_id"]), "upgrade_tier": "standard",
                "customer_id": JSONValue(ids["customer_id"]), "event_date": "2026-06-10",
            ], headers: headers)
        ids["order_id"] = order["data"]?["order"]?["order_id"]?.string
        let agent = try await service.post(
            "/v1/agent-inboxes",
            [
                "aiAgentAddress": "acme-agent", "description": secret, "inboxName": secret,
                "inboxDestinationType": "FRONTDESK_INBOX",
            ], headers: headers)
        #expect(agent.status == 201)
        ids["aiAgentAddress"] = "acme-agent"
        let message = try await service.post(
            "/v1/messages",
            ["aiAgentAddress": "acme-agent", "payload": ["note": secret]], headers: headers)
        ids["messageId"] = message["messageId"]?.string
        ids["category"] = "order"
        return ids
    }

    /// All rows of a tenant, table by table.
    private func rows(of tenant: String, _ service: Service) throws -> [String: [String]] {
        let tables = try service.rows(
            """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND sql LIKE '%tenant_id%' AND sql NOT LIKE '%VIRTUAL%'
            """)
        return try Dictionary(
            uniqueKeysWithValues: tables.map { table in
                (table, try service.rows("SELECT * FROM \(table) WHERE tenant_id = '\(tenant)'"))
            })
    }

    @Test(arguments: [true, false])
    func `another tenant's ids show nothing and change nothing`(
        _ isSignedIn: Bool
    ) async throws {
        let service = try await Service { $0.auth.mode = isSignedIn ? .required : .off }
        let owner: Headers
        let other: Headers
        if isSignedIn {
            owner = try await service.signedIn("admin@acme.test", tenant: "acme").headers
            other = try await service.signedIn("admin@beta.test", tenant: "beta").headers
        } else {
            (owner, other) = (["X-Tenant-ID": "acme"], ["X-Tenant-ID": "beta"])
        }
        let ids = try await fill(service, owner)
        let before = try rows(of: "acme", service)
        #expect(before["sessions"]?.count == 1)
        #expect(before["customers"]?.count == 1)
        // Those that create come last: with the same ids they would make the tenant's own.
        let routes = service.app.router.routes.filter { !$0.pattern.hasPrefix("/auth") }
        let creating = routes.filter { $0.parameterNames.isEmpty && $0.method == .post }
        let others = routes.filter { !$0.parameterNames.isEmpty || $0.method != .post }
        for route in others + creating {
            let unknown = route.parameterNames.filter { ids[$0] == nil }
            #expect(unknown == [], "\(route.pattern) needs an id of another tenant in this test")
            try await check(route, ids, other, service)
        }
        let after = try rows(of: "acme", service)
        for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
    }

    /// Sends a route's request with the other tenant's ids in path and body.
    private func check(
        _ route: Route, _ ids: [String: String], _ headers: Headers, _ service: Service
    ) async throws {
        var path = route.pattern
        for (name, id) in ids { path = path.replacing("{\(name)}", with: id) }
        var body: JSONValue?
        if let wanted = route.operation.body {
            var object = (wanted.example ?? wanted.schema.sample)?.object ?? JSONObject()
            object["tenant_id"] = nil
            for (name, id) in ids where object[name] != nil { object[name] = .string(id) }
            body = .object(object)
        }
        let response = await service.send(
            route.method, path, body: body?.bytes ?? [], headers: headers)
        let text = String(decoding: try await response.collectBody(), as: UTF8.self)
        #expect(!text.contains(Self.secret), "\(path): \(text)")
        guard !route.parameterNames.isEmpty, !route.pattern.hasPrefix("/docs"),
            !route.pattern.hasPrefix("/mcp"),
            !route.pattern.hasSuffix("/cleanup")
        else { return }
        #expect((400...499).contains(response.status.code), "\(route.method) \(path)")
        #expect(response.status.code != 403, "\(route.method) \(path): what is there shows")
    }
}
