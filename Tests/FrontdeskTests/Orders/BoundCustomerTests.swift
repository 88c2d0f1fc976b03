import HTTP
import JSON
import Testing

@testable import Frontdesk

/// What a conversation sees whose metadata names its customer.
@Suite struct BoundCustomerTests {
    /// A service that binds conversations, and a session with this address.
    private func bound(to address: JSONValue) async throws -> Service {
        let service = try await Service { $0.agent.bindCustomer = true }
        try await open("s", for: address, in: service)
        return service
    }

    private func open(_ id: String, for address: JSONValue, in service: Service) async throws {
        let answer = try await service.post(
            "/agent/sessions",
            ["session_id": .string(id), "metadata": ["customer_email": address]])
        #expect(answer.status == 201)
    }

    /// How many orders the newest search found.
    private func found(_ service: Service) throws -> String? {
        try service.rows(
            """
            SELECT json_extract(result, '$.match_count') FROM tool_effects
            WHERE tool = 'search_orders' ORDER BY started_at DESC
            """
        ).first
    }

    @Test(
        arguments: [
            ("sarah.johnson@example.com", "1"), (" Sarah.Johnson@Example.com\n", "1"), (nil, "1"),
            ("", "0"), ("other@example.com", "0"), (5, "0"), (["sarah.johnson@example.com"], "0"),
            (["email": "sarah.johnson@example.com"], "0"), (true, "0"),
        ] as [(JSONValue, String)])
    func `an address is compared without its margin, and what is none opens nothing`(
        _ address: JSONValue, _ count: String
    ) async throws {
        let service = try await bound(to: address)
        _ = try await service.say("Status of ORD-10001", in: "s")
        #expect(try found(service) == count)
    }

    @Test func `those without an address do not share their orders`() async throws {
        let service = try await bound(to: 5)
        _ = try await service.say(
            "Order 2 of SKU-MOUSE-002 for Anna Berg, $49.98, to 5 Elm Road, Leeds", in: "s")
        #expect(try await service.say("yes", in: "s").status == 200)
        #expect(
            try service.rows("SELECT customer_email FROM orders WHERE number > 10020") == ["∅"])
        try await open("t", for: 6, in: service)
        _ = try await service.say("Status of ORD-10021", in: "t")
        #expect(try found(service) == "0")
    }
}
