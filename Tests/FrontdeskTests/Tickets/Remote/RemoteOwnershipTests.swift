import HTTP
import JSON
import MCPPeer
import Testing

@testable import Frontdesk

/// What customers see of a remote agent's answers: only what is theirs.
struct RemoteOwnershipTests {
    @Test(arguments: RemoteCase.all)
    func `customers see and order what is their own`(_ example: RemoteCase) async throws {
        let world = try await RemoteWorld()
        let ann = try await world.service.signedIn("ann@example.com", role: .customer)
        let answer = try await example.send(to: world.service, headers: ann.headers)
        #expect(answer.status == (example.path == "/orders" ? 201 : 200), "\(answer.body)")
        let names = try world.calls().compactMap { $0["name"]?.string }
        let isValidated = example.path.hasPrefix("/tickets") || example.path == "/orders"
        #expect(names.last == example.tool)
        #expect(names.contains("validate_ticket_eligibility") == isValidated)
    }

    @Test(arguments: RemoteCase.all)
    func `what is somebody else's is neither shown nor changed`(
        _ example: RemoteCase
    ) async throws {
        let world = try await RemoteWorld()
        let bob = try await world.service.signedIn("bob@example.com", role: .customer)
        let answer = try await example.send(to: world.service, headers: bob.headers)
        #expect(answer.status == 403, "\(answer.body)")
        #expect(answer.code == "not_owner")
        #expect(answer["data"] == nil)
        let names = try world.calls().compactMap { $0["name"]?.string }
        #expect(!names.contains("create_upgrade_order") && !names.contains("get_customer"))
    }

    @Test(arguments: RemoteCase.all)
    func `what names nobody is not shown`(_ example: RemoteCase) async throws {
        var results = RemoteWorld.plan([:])["results"]?.object ?? JSONObject()
        results["validate_ticket_eligibility"] = [
            "structuredContent": ["eligible": true, "ticket": ["ticket_id": "tkt_1"]]
        ]
        results["get_customer"] = ["structuredContent": ["customer": ["email": "a@example.com"]]]
        results["get_tickets_for_customer"] = [
            "structuredContent": ["tickets": [["ticket_id": "tkt_1"]]]
        ]
        let world = try await RemoteWorld(["results": .object(results)])
        let ann = try await world.service.signedIn("ann@example.com", role: .customer)
        let answer = try await example.send(to: world.service, headers: ann.headers)
        #expect(answer.status == 403, "\(answer.body)")
        let names = try world.calls().compactMap { $0["name"]?.string }
        #expect(!names.contains("create_upgrade_order"))
        #expect(!names.contains("calculate_upgrade_pricing"))
    }

    @Test func `a customer's own order needs no customer_id`() async throws {
        let world = try await RemoteWorld()
        let ann = try await world.service.signedIn("ann@example.com", role: .customer)
        var body = RemoteCase.order.object ?? JSONObject()
        body["customer_id"] = nil
        let answer = try await world.service.post("/orders", .object(body), headers: ann.headers)
        #expect(answer.status == 201, "\(answer.body)")
        #expect(try world.calls().last?["arguments"]?["customer_id"] == "cus_ann")
    }

    @Test func `nobody orders who may not`() async throws {
        let world = try await RemoteWorld()
        let key = try await world.service.addKey(scopes: [.ticketsRead])
        let answer = try await world.service.post(
            "/orders", RemoteCase.order, headers: .bearer(key))
        #expect(answer.status == 403)
        #expect(answer.code == "scope_missing")
        let shown = try await world.service.get("/tickets/tkt_1", headers: .bearer(key))
        #expect(shown.status == 200)
    }
}
