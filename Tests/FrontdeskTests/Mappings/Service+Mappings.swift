import HTTP
import JSON
import Testing

@testable import Frontdesk

extension Service {
    /// `PUT`s JSON and gets JSON.
    func put(
        _ target: String, _ body: JSONValue, headers: Headers = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try Answer(await send(.put, target, body: body.bytes, headers: headers, location))
    }

    /// Registers an agent with an inbox in this server, and whatever else is said.
    @discardableResult
    func register(
        _ address: String, tenant: String = "default", _ more: [(String, JSONValue)] = [],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        var body: JSONObject = [
            "aiAgentAddress": .string(address), "inboxDestinationType": "FRONTDESK_INBOX",
            "inboxName": "inbox",
        ]
        for (name, value) in more { body[name] = value }
        let answer = try await post(
            "/v1/agent-inboxes", .object(body), headers: ["X-Tenant-ID": tenant], location)
        #expect(answer.status == 201, sourceLocation: location)
        return answer
    }

    /// Reads an agent's record.
    func agent(
        _ address: String, tenant: String = "default",
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await get(
            "/v1/agent-inboxes/\(address)", headers: ["X-Tenant-ID": tenant], location)
    }

    /// Reports an agent's health, at a time of its own when one is given.
    @discardableResult
    func report(
        _ address: String, _ status: String, at time: Timestamp? = nil,
        tenant: String = "default", _ location: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        var body: JSONObject = [
            "ai_agent_address": .string(address), "status": .string(status),
        ]
        if let time { body["timestamp"] = .string(time.text) }
        let answer = try await post(
            "/v1/agent-health-check", .object(body), headers: ["X-Tenant-ID": tenant], location)
        #expect(answer.status == 200, sourceLocation: location)
        return answer
    }

    /// What is not as it should be between the counters and the rows they count.
    func miscountedAgents() throws -> [String] {
        let counted = try rows(
            """
            SELECT tenant_id, status, inbox_destination_type, coalesce(owner_team, ''), count(*)
            FROM agent_inboxes WHERE removing_since IS NULL GROUP BY 1, 2, 3, 4
            ORDER BY 1, 2, 3, 4
            """)
        let kept = try rows("SELECT * FROM agent_inbox_counts ORDER BY 1, 2, 3, 4")
        let checks = try rows(
            """
            SELECT ai_agent_address, health_checks FROM agent_inboxes AS agent
            WHERE removing_since IS NULL AND health_checks <> (
                SELECT count(*) FROM agent_health_checks AS report
                WHERE report.tenant_id = agent.tenant_id
                  AND report.ai_agent_address = agent.ai_agent_address)
            """)
        return (counted == kept ? [] : ["rows \(counted), counters \(kept)"])
            + checks.map { "health_checks: \($0)" }
    }
}

extension Answer {
    /// The addresses of a list.
    var addresses: [String] {
        body["items"]?.array?.compactMap { $0["aiAgentAddress"]?.string } ?? []
    }

    /// Status and reason of an agent, separated by a blank.
    var state: String {
        [body["status"]?.string, body["statusReason"]?.string].compactMap { $0 }
            .joined(separator: " ")
    }
}
