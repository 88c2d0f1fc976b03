import HTTP
import JSON
import Testing

@testable import Frontdesk

/// The endpoints that the first document lists, of which six answered with an error of their agent.
struct SeedEndpointTests {
    /// An endpoint beside the one that signs in, and what its data must hold.
    struct Case: Sendable, CustomTestStringConvertible {
        let method: HTTP.Method
        let path: String
        var body: JSONValue?
        let keys: [String]

        var testDescription: String { "\(method) \(path)" }
    }

    static let cases = [
        Case(
            method: .get, path: "/customers/cus_demo0000000000000001", keys: ["customer"]),
        Case(
            method: .post, path: "/tickets/tkt_demo0000000000000101/validate",
            body: ["upgrade_tier": "Double Fun"], keys: ["ticket", "eligible", "availability"]),
        Case(
            method: .post, path: "/tickets/tkt_demo0000000000000101/pricing",
            body: ["upgrade_tier": "NonStop", "travel_date": "2026-03-24"],
            keys: ["upgrade_price", "total_amount", "quote_id"]),
        Case(
            method: .get, path: "/tickets/tkt_demo0000000000000101/recommendations",
            keys: ["recommendations", "best_value", "message"]),
        Case(
            method: .get, path: "/tickets/tkt_demo0000000000000101/tiers",
            keys: ["tiers", "best_value", "currency"]),
        Case(
            method: .post, path: "/orders",
            body: [
                "ticket_id": "tkt_demo0000000000000101", "upgrade_tier": "standard",
                "customer_id": "cus_demo0000000000000001", "travel_date": "2026-03-24",
            ], keys: ["order"]),
    ]

    @Test func `every endpoint answers a token of the first one with data`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let signedIn = try SignedIn(
            await service.post(
                "/auth",
                ["email": "sarah.johnson@example.com", "password": "frontdesk-demo-1"]))
        #expect(Self.cases.count + 1 == 7)
        for row in Self.cases {
            let body = row.body?.bytes ?? []
            let without = try Answer(await service.send(row.method, row.path, body: body))
            #expect(without.status == 401 && without.code == "token_missing", "\(row)")
            let answer = try Answer(
                await service.send(row.method, row.path, body: body, headers: signedIn.headers))
            #expect((200...201).contains(answer.status), "\(row): \(answer.body)")
            #expect(answer["success"] == true, "\(row)")
            for key in row.keys {
                let value = answer["data"]?[key]
                #expect(value != nil && value != .null, "\(row): \(key)")
            }
            // An error hides at no depth.
            #expect(!answer.body.text.contains("\"error\""), "\(row)")
        }
    }
}
