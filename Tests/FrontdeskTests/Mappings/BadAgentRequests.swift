import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Requests about agents that must be refused.
@Suite struct BadAgentRequests {
    /// An agent whose record no bad request may change.
    private static let fixed = "fixed@example.com"

    private func refuse(_ requests: [BadRequest]) async throws {
        let service = try await Service(demo: false)
        let before = try await service.register(Self.fixed)
        for bad in requests {
            let answer = try Answer(
                await service.send(bad.method, bad.target, body: bad.body, headers: bad.headers))
            let place = Comment(rawValue: bad.testDescription)
            #expect(answer.status == bad.status, place)
            #expect(answer.code == bad.code, place)
            if let field = bad.field {
                #expect(answer["fields"]?[0]?["field"] == .string(field), place)
            }
            #expect(answer["detail"]?.string?.hasSuffix(".") == true, place)
        }
        #expect(try await service.agent(Self.fixed).body == before.body)
        #expect(try service.rows("SELECT count(*) FROM agent_inboxes") == ["1"])
        #expect(try service.rows("SELECT count(*) FROM agent_health_checks") == ["0"])
    }

    /// A registration with one field replaced, or taken away.
    private static func registration(_ name: String, _ value: String?) -> BadRequest {
        var fields: [(String, String)] = [
            ("aiAgentAddress", "\"a\""), ("inboxDestinationType", "\"FRONTDESK_INBOX\""),
            ("inboxName", "\"x\""),
        ]
        fields.removeAll { $0.0 == name }
        if let value { fields.append((name, value)) }
        let body = fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
        return .post("/v1/agent-inboxes", "{\(body)}", name)
    }

    private static func long(_ count: Int) -> String {
        "\"" + String(repeating: "x", count: count) + "\""
    }

    static let registrations: [BadRequest] =
        [
            nil, "null", "5", "[]", "\"\"", "\".\"", "\"..\"", "\"a b\"", "\"é\"", "\"a,b\"",
            long(256),
        ]
        .map { registration("aiAgentAddress", $0) }
        + [nil, "null", "5", "\"\"", "\"webhook\"", "\"9X\"", "\"A B\"", long(51)]
        .map { registration("inboxDestinationType", $0) }
        + [nil, "null", "5", "\"\"", "\"  \"", "\"a\\u0000b\"", long(256), long(1025)]
        .map { registration("inboxName", $0) }
        + ["5", "[]", long(2001)].map { registration("description", $0) }
        + ["5", "{}", long(256)].map { registration("ownerTeam", $0) }
        + ["5", "\"a b\""].map { registration("tenant_id", $0) }

    static let names: [BadRequest] = [
        ("HTTP_WEBHOOK", "example.com/in"), ("HTTP_WEBHOOK", "ftp://example.com/"),
        ("HTTP_WEBHOOK", "/in"), ("HTTP_WEBHOOK", "http://"), ("HTTP_WEBHOOK", "https:///in"),
        ("HTTP_WEBHOOK", "https://user@example.com/"), ("HTTP_WEBHOOK", "https://@example.com/"),
        ("HTTP_WEBHOOK", "https://user:pw@example.com/"), ("HTTP_WEBHOOK", "https://e.com/#top"),
        ("HTTP_WEBHOOK", "https://e.com/#"), ("HTTP_WEBHOOK", "https://e.com/a b"),
        ("HTTP_WEBHOOK", "https://e.com:99999/"), ("HTTP_WEBHOOK", "https://e.com:x/"),
        ("HTTP_WEBHOOK", "https://e.com:0/"), ("HTTP_WEBHOOK", "https://é.com/"),
        ("GCP_PUBSUB_TOPIC", "topic"), ("GCP_PUBSUB_TOPIC", "projects/p/topics/"),
        ("GCP_PUBSUB_TOPIC", "projects//topics/t"), ("GCP_PUBSUB_TOPIC", "projects/p/topics/t/u"),
        ("GCP_PUBSUB_TOPIC", "projects/p/subscriptions/t"),
        ("GCP_PUBSUB_TOPIC", "projects/p/topics/a b"),
    ].map { type, name in
        .post(
            "/v1/agent-inboxes",
            """
            {"aiAgentAddress": "a", "inboxDestinationType": "\(type)", "inboxName": "\(name)"}
            """, "inboxName")
    }

    private static func change(_ body: String, _ field: String?) -> BadRequest {
        BadRequest(
            method: .put, target: "/v1/agent-inboxes/\(fixed)", body: Array(body.utf8),
            field: field)
    }

    static let changes: [BadRequest] = [
        change("{}", "body"), change(#"{"aiAgentAddress": "b"}"#, "body"),
        change(#"{"status": "PAUSED"}"#, "status"), change(#"{"status": "active"}"#, "status"),
        change(#"{"status": null}"#, "status"), change(#"{"status": true}"#, "status"),
        change(#"{"inboxName": null}"#, "inboxName"), change(#"{"inboxName": ""}"#, "inboxName"),
        change(#"{"inboxDestinationType": null}"#, "inboxDestinationType"),
        change(#"{"inboxDestinationType": "x"}"#, "inboxDestinationType"),
        change(#"{"inboxDestinationType": "HTTP_WEBHOOK"}"#, "inboxName"),
        change(#"{"inboxDestinationType": "GCP_PUBSUB_TOPIC"}"#, "inboxName"),
        change(#"{"description": 5}"#, "description"), change(#"{"ownerTeam": []}"#, "ownerTeam"),
        change("[]", nil),
    ]

    private static func report(_ body: String, _ field: String) -> BadRequest {
        .post("/v1/agent-health-check", body, field)
    }

    static let reports: [BadRequest] =
        [
            report(#"{"status": "HEALTHY"}"#, "ai_agent_address"),
            report(#"{"ai_agent_address": 5, "status": "HEALTHY"}"#, "ai_agent_address"),
            report(#"{"ai_agent_address": "a b", "status": "HEALTHY"}"#, "ai_agent_address"),
            report(#"{"ai_agent_address": "..", "status": "HEALTHY"}"#, "ai_agent_address"),
            report(#"{"ai_agent_address": "fixed@example.com"}"#, "status"),
        ]
        + [
            (#""status": "healthy""#, "status"), (#""status": "STALE""#, "status"),
            (#""status": null"#, "status"), (#""status": true"#, "status"),
            (#""status": "HEALTHY", "details": "x""#, "details"),
            (#""status": "HEALTHY", "details": []"#, "details"),
            ("\"status\": \"HEALTHY\", \"details\": {\"x\": \(long(16_384))}", "details"),
            (#""status": "HEALTHY", "timestamp": 5"#, "timestamp"),
            (#""status": "HEALTHY", "timestamp": "yesterday""#, "timestamp"),
            (#""status": "HEALTHY", "timestamp": "2026-02-20""#, "timestamp"),
            (#""status": "HEALTHY", "timestamp": "2026-02-20T12:06:00Z""#, "timestamp"),
            (#""status": "HEALTHY", "timestamp": "2026-02-20T12:00:00""#, "timestamp"),
        ].map { report("{\"ai_agent_address\": \"fixed@example.com\", \($0.0)}", $0.1) } + [
            .post(
                "/v1/agent-health-check", #"{"ai_agent_address": "nobody", "status": "HEALTHY"}"#,
                status: 404, code: "agent_not_found")
        ]

    static let addresses: [BadRequest] = [
        .get("/v1/agent-inboxes/a%20b", "aiAgentAddress"),
        .get("/v1/agent-inboxes/%C3%A9", "aiAgentAddress"),
        .get("/v1/agent-inboxes/a%2Cb/health", "aiAgentAddress"),
        .get("/v1/agent-inboxes/\(String(repeating: "x", count: 256))", "aiAgentAddress"),
        .get("/v1/agent-inboxes/%2E", "aiAgentAddress"),
        .get("/v1/agent-inboxes/%2e%2E/card", "aiAgentAddress"),
        .get("/v1/agent-inboxes/%zz", code: "malformed_url"),
        .get("/v1/agent-inboxes/%ff", code: "malformed_url"),
        .get("/v1/agent-inboxes/nobody", status: 404, code: "agent_not_found"),
        .get("/v1/agent-inboxes/nobody/health", status: 404, code: "agent_not_found"),
        .get("/v1/agent-inboxes/a/b", status: 404, code: "route_not_found"),
        .other(
            "DELETE", "/v1/agent-inboxes/\(fixed)?purge=yes", status: 400,
            code: "validation_error", field: "purge"),
        .other(
            "DELETE", "/v1/agent-inboxes/\(fixed)?purge=", status: 400,
            code: "validation_error", field: "purge"),
        .other("DELETE", "/v1/agent-inboxes"), .other("PATCH", "/v1/agent-inboxes/a"),
        .other("GET", "/v1/agent-health-check"), .other("POST", "/v1/agent-health"),
    ]

    static let queries: [BadRequest] =
        [
            "/v1/agent-inboxes", "/v1/agent-health", "/v1/agent-inboxes/\(fixed)/health",
        ].flatMap { path -> [BadRequest] in
            ["0", "501", "-1", "x", "", "1.5", "+5", "99999999999999999999"].map {
                .get("\(path)?limit=\($0)", "limit")
            } + ["x", "", "====", "Lg", "YSBi"].map { .get("\(path)?cursor=\($0)", "cursor") }
        } + [
            .get("/v1/agent-inboxes?status=active", "status"),
            .get("/v1/agent-inboxes?status=", "status"),
            .get("/v1/agent-inboxes?ownerTeam=", "ownerTeam"),
            .get("/v1/agent-inboxes?inboxDestinationType=webhook", "inboxDestinationType"),
            .get("/v1/agent-inboxes?q=\(String(repeating: "x", count: 1001))", "q"),
            .get("/v1/agent-inboxes?tenant_id=a%20b", "tenant_id"),
        ]

    @Test func `a registration that is wrong names its field`() async throws {
        try await refuse(Self.registrations)
    }

    @Test func `a name that does not fit its type is refused`() async throws {
        try await refuse(Self.names)
    }

    @Test func `a change that is wrong changes nothing`() async throws {
        try await refuse(Self.changes)
    }

    @Test func `a report that is wrong is not stored`() async throws {
        try await refuse(Self.reports)
    }

    @Test func `an address that nobody may have leads nowhere`() async throws {
        try await refuse(Self.addresses)
    }

    @Test func `a query of a list that makes no sense is refused`() async throws {
        try await refuse(Self.queries)
    }

    @Test func `all that is wrong with a registration is named at once`() async throws {
        let answer = try await Service(demo: false).post(
            "/v1/agent-inboxes",
            [
                "aiAgentAddress": "..", "inboxDestinationType": "HTTP_WEBHOOK",
                "inboxName": "x", "ownerTeam": 5,
            ])
        let named = answer["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(Set(named) == ["aiAgentAddress", "inboxName", "ownerTeam"])
    }
}
