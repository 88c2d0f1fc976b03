import HTTP
import JSON
import Testing

@testable import Frontdesk

/// The examples of the router's first description, which clients were written against.
@Suite struct AgentSeedTests {
    /// Puts the agents of the examples in place.
    private static let agents: @Sendable (Service) async throws -> Void = { service in
        for (address, topic) in [
            ("agent-sales@yourorg.com", "agent-sales-inbox"), ("agent@example.com", "agent-inbox"),
            ("agent-to-delete@yourorg.com", "agent-to-delete-inbox"),
        ] {
            try await service.register(
                address,
                [
                    ("inboxDestinationType", "GCP_PUBSUB_TOPIC"),
                    ("inboxName", .string("projects/your-gcp-project/topics/\(topic)")),
                    ("description", "Sales agent"), ("ownerTeam", "Sales Team"),
                ])
        }
    }

    private static let sales = #"""
        {"aiAgentAddress": "agent-sales@yourorg.com",
         "inboxDestinationType": "GCP_PUBSUB_TOPIC",
         "inboxName": "projects/your-gcp-project/topics/agent-sales-inbox",
         "status": "ACTIVE", "registrationTimestamp": "YYYY-MM-DDTHH:MM:SS.sssZ",
         "lastUpdatedTimestamp": "YYYY-MM-DDTHH:MM:SS.sssZ",
         "description": "Sales agent", "ownerTeam": "Sales Team"}
        """#

    static let examples: [SeedExample] = [
        SeedExample(
            method: .post, path: "/v1/agent-inboxes",
            body: #"""
                {"aiAgentAddress": "agent-new@example.com",
                 "inboxDestinationType": "GCP_PUBSUB_TOPIC",
                 "inboxName": "projects/your-gcp-project/topics/agent-new-inbox",
                 "description": "New agent for customer support", "ownerTeam": "Support-A"}
                """#, status: 201,
            answer: #"""
                {"aiAgentAddress": "agent-new@example.com",
                 "inboxDestinationType": "GCP_PUBSUB_TOPIC",
                 "inboxName": "projects/your-gcp-project/topics/agent-new-inbox",
                 "status": "ACTIVE", "registrationTimestamp": "2025-06-24T10:00:00.000Z",
                 "lastUpdatedTimestamp": "2025-06-24T10:00:00.000Z",
                 "description": "New agent for customer support", "ownerTeam": "Support-A",
                 "updatedBy": "router_service"}
                """#,
            fixed: [
                "aiAgentAddress", "inboxDestinationType", "inboxName", "status", "description",
                "ownerTeam", "updatedBy",
            ]),
        SeedExample(
            method: .get, path: "/v1/agent-inboxes/agent-sales@yourorg.com", answer: sales,
            fixed: [
                "aiAgentAddress", "inboxDestinationType", "inboxName", "status", "description",
                "ownerTeam",
            ], prepare: agents),
        SeedExample(
            method: .put, path: "/v1/agent-inboxes/agent-sales@yourorg.com",
            body: #"""
                {"inboxDestinationType": "GCP_PUBSUB_TOPIC",
                 "inboxName": "projects/your-gcp-project/topics/other", "status": "INACTIVE"}
                """#, answer: sales, fixed: ["aiAgentAddress", "description", "ownerTeam"],
            prepare: agents),
        SeedExample(
            method: .post, path: "/v1/agent-health-check",
            body: #"""
                {"ai_agent_address": "agent@example.com", "status": "HEALTHY",
                 "details": {"component": "string", "metrics": {}},
                 "timestamp": "2025-06-24T12:00:00.000000+00:00"}
                """#,
            answer: #"""
                {"status": "success",
                 "message": "Health status recorded for agent agent@example.com",
                 "timestamp": "2025-06-24T12:00:00.000000+00:00"}
                """#, fixed: ["status", "message"], prepare: agents),
    ]

    @Test(arguments: examples)
    func `an example of the description is answered as described`(
        _ example: SeedExample
    ) async throws {
        let service = try await Service(demo: false)
        try await example.prepare(service)
        let response = await service.send(
            example.method, example.path, body: Array(example.body.utf8))
        #expect(response.status.code == example.status)
        #expect(response.headers["Content-Type"] == "application/json")
        #expect(try example.problems(in: response.jsonBody()) == [])
    }

    @Test func `a deletion answers without a body and keeps the agent as inactive`()
        async throws
    {
        let service = try await Service(demo: false)
        try await Self.agents(service)
        let path = "/v1/agent-inboxes/agent-to-delete@yourorg.com"
        let response = await service.send(.delete, path)
        #expect(response.status.code == 204)
        #expect(try await response.collectBody() == [])
        #expect(try await service.get(path)["status"] == "INACTIVE")
    }

    @Test func `ill health makes an agent inactive`() async throws {
        let service = try await Service(demo: false)
        try await Self.agents(service)
        try await service.report("agent@example.com", "UNHEALTHY")
        let agent = try await service.agent("agent@example.com")
        #expect(agent["status"] == "INACTIVE")
        #expect(agent["lastHealthCheckTimestamp"]?.string?.hasSuffix("Z") == true)
    }

    @Test(arguments: [
        (HTTP.Method.post, "/v1/agent-inboxes", "{", 400, "Validation Error"),
        (.post, "/v1/agent-inboxes", "{}", 400, "Validation Error"),
        (
            .post, "/v1/agent-inboxes",
            #"""
            {"aiAgentAddress": "agent@example.com", "inboxDestinationType": "FRONTDESK_INBOX",
             "inboxName": "x"}
            """#, 409, "Conflict"
        ),
        (.get, "/v1/agent-inboxes/nobody", "", 404, "Agent Not Found"),
        (
            .put, "/v1/agent-inboxes/agent@example.com", #"{"status": "OFF"}"#, 400,
            "Validation Error"
        ),
        (.put, "/v1/agent-inboxes/nobody", #"{"status": "ACTIVE"}"#, 404, "Agent Not Found"),
        (.delete, "/v1/agent-inboxes/nobody", "", 404, "Agent Not Found"),
        (
            .post, "/v1/agent-health-check",
            #"{"ai_agent_address": "nobody", "status": "HEALTHY"}"#, 404, "Agent Not Found"
        ),
        (
            .post, "/v1/agent-health-check",
            #"{"ai_agent_address": "agent@example.com", "status": "SICK"}"#, 400,
            "Validation Error"
        ),
    ])
    func `a refusal has the described status and an error field`(
        _ method: HTTP.Method, _ path: String, _ body: String, _ status: Int, _ title: String
    ) async throws {
        let service = try await Service(demo: false)
        try await Self.agents(service)
        let answer = try Answer(await service.send(method, path, body: Array(body.utf8)))
        #expect(answer.status == status)
        #expect(answer["error"] == .string(title))
    }
}
