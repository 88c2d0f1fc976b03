import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// What tools see when a customer, or somebody in a customer's session, asks.
struct OwnRecordTests {
    private static let password = "frontdesk-demo-1"

    /// The header of a demo user.
    private func signIn(_ email: String, _ service: Service) async throws -> Headers {
        let answer = try await service.trySignIn(email, Self.password)
        return .bearer(try #require(answer["tokens"]?["access_token"]?.string))
    }

    private func say(
        _ text: String, in session: String, _ headers: Headers, _ service: Service
    ) async throws -> String {
        let answer = try await service.post(
            "/agent/messages", ["session_id": .string(session), "message": .string(text)],
            headers: headers)
        return try #require(answer["response"]?.string)
    }

    @Test func `a customer's conversation knows the customer's own orders only`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let sarah = try await signIn("sarah.johnson@example.com", service)
        let agent = try await signIn("agent@example.com", service)
        let own = try await say("Status of ORD-10001", in: "s", sarah, service)
        #expect(own.contains("in transit"))
        let other = try await say("Status of ORD-10002", in: "s", sarah, service)
        #expect(other.contains("couldn't find an order with the number ORD-10002"))
        // Whoever speaks there, it is the customer's session.
        let helped = try await say("Status of ORD-10002", in: "s", agent, service)
        #expect(helped.contains("couldn't find"))
        let free = try await say("Status of ORD-10002", in: "elsewhere", agent, service)
        #expect(free.contains("delivered"))
    }

    /// What tokens say of an outsider, and whether they are Sarah, whose order is asked for.
    @Test(
        arguments: [
            (["sub": "evil", "email": "sarah.johnson@example.com"], false),
            (["sub": "known"], true), (["sub": "known", "email": "else@example.com"], true),
        ] as [(JSONObject, Bool)])
    func `an outsider's orders are those of the customer's record, whatever the token says`(
        _ claims: JSONObject, _ isSarah: Bool
    ) async throws {
        let issuer = try await Issuer()
        let external = try ExternalIssuer(issuer, ["default_role": "customer"])
        let service = try await Service(clock: TestClock(step: 0)) { configuration in
            configuration.auth.mode = .required
            configuration.auth.externalIssuers = [external]
        }
        _ = try await service.app.database.write {
            try $0.execute(
                """
                UPDATE customers SET auth_subject = 'known'
                WHERE tenant_id = 'default' AND email = 'sarah.johnson@example.com'
                """)
        }
        var claims = claims
        claims["cognito:groups"] = JSONValue.null
        let token = try issuer.token(at: service.clock.now, claims)
        let reply = try await say("Status of ORD-10001", in: "s", .bearer(token), service)
        #expect(reply.contains("in transit") == isSarah, "\(reply)")
        #expect(reply.contains("couldn't find an order") != isSarah, "\(reply)")
        // Who is known keeps others' orders out of the session, whoever speaks there.
        let agent = try await signIn("agent@example.com", service)
        let helped = try await say("Status of ORD-10002", in: "s", agent, service)
        #expect(helped.contains("couldn't find an order") == isSarah, "\(helped)")
    }

    @Test func `a user's orders follow the address of the customer's record`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let sarah = try await signIn("sarah.johnson@example.com", service)
        _ = try await service.app.database.write {
            try $0.execute(
                """
                UPDATE customers SET email = 'sarah.new@example.com'
                WHERE tenant_id = 'default' AND email = 'sarah.johnson@example.com'
                """)
        }
        let agent = try await signIn("agent@example.com", service)
        for speaker in [sarah, agent] {
            let reply = try await say("Status of ORD-10001", in: "s", speaker, service)
            #expect(reply.contains("couldn't find an order with the number ORD-10001"))
        }
    }

    @Test func `a customer's conversation knows the customer's own tickets only`() async throws {
        let service = try await Service {
            $0.auth.mode = .required
            $0.agent.ticketTools = true
        }
        let sarah = try await signIn("sarah.johnson@example.com", service)
        let own = try await say("What does non-stop cost for DEMO-1001?", in: "s", sarah, service)
        #expect(own.contains("for ticket DEMO-1001 costs $"))
        let other = try await say(
            "What does double fun cost for DEMO-2001?", in: "s", sarah, service)
        #expect(!other.contains("$"))
        #expect(try service.rows("SELECT DISTINCT ticket_id FROM price_quotes").count == 1)
    }

    @Test func `a customer calls ticket tools over MCP, for own tickets`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let sarah = try await signIn("sarah.johnson@example.com", service)
        let client = MCPClient(service: service)
        let list = try await client.legacy("tools/list", headers: sarah)
        let tools = list["result"]?["tools"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(tools.contains("validate_ticket_eligibility"))
        #expect(!tools.contains("get_order"))
        let refused = try await client.legacy(
            "tools/call", ["name": "get_order", "arguments": ["order_id": "ORD-10001"]],
            headers: sarah)
        #expect(refused.status == 403)
        #expect(refused.code == "scope_missing")
        for (ticket, isError) in [("DEMO-1001", false), ("DEMO-2001", true)] {
            let answer = try await client.legacy(
                "tools/call",
                [
                    "name": "validate_ticket_eligibility",
                    "arguments": ["ticket_id": .string(ticket)],
                ], headers: sarah)
            #expect(answer["result"]?["isError"] == .bool(isError), "\(ticket)")
        }
        let nobody = try await client.legacy("tools/list")
        #expect(nobody.status == 401)
    }
}
