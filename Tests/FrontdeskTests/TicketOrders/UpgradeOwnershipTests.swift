import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Who may see and do what with orders.
struct UpgradeOwnershipTests {
    /// Two customers who are signed in, a ticket each, and an agent.
    private struct People {
        let world: OrderWorld
        let ann: Headers
        let bob: Headers
        let agent: Headers

        init() async throws {
            world = try await OrderWorld()
            let service = world.service
            ann = try await service.signedIn("ann@example.com", role: .customer).headers
            bob = try await service.signedIn("bob@example.com", role: .customer).headers
            agent = try await service.signedIn("agent@example.com", role: .agent).headers
            try await world.addTicket("tkt_ann", "WEB-3001", of: "cus_ann")
            try await world.addTicket("tkt_bob", "WEB-3002", of: "cus_bob")
        }

        /// Orders as one of them.
        func place(_ fields: JSONObject, as who: Headers) async throws -> Answer {
            try await world.place(fields, headers: who)
        }
    }

    @Test func `customers order for themselves, and need not say so`() async throws {
        let people = try await People()
        var own: JSONObject = ["ticket_id": "tkt_ann", "customer_id": nil]
        let answer = try await people.place(own, as: people.ann)
        #expect(answer.status == 201)
        #expect(answer.order?["customer_id"] == "cus_ann")
        own = ["ticket_id": "tkt_bob", "customer_id": nil]
        let other = try await people.place(own, as: people.ann)
        #expect(other.status == 403 && other.code == "not_owner")
        let named = try await people.place(
            ["ticket_id": "tkt_ann", "customer_id": "cus_bob"], as: people.ann)
        #expect(named.status == 403 && named.code == "not_owner")
        let unknown = try await people.place(
            ["ticket_id": "tkt_9", "customer_id": nil], as: people.ann)
        #expect(unknown.status == 404)
    }

    @Test func `customers see, pay and cancel their own orders only`() async throws {
        let people = try await People()
        let world = people.world
        let placed = try await people.place(
            ["ticket_id": "tkt_ann", "customer_id": "cus_ann"], as: people.agent)
        let id = try #require(placed.order?["order_id"]?.string)
        let service = world.service
        for (method, path) in [
            (HTTP.Method.get, "/orders/\(id)"), (.post, "/orders/\(id)/cancel"),
            (.get, "/customers/cus_ann/orders"), (.get, "/orders?customer_id=cus_ann"),
            (.get, "/orders?ticket_id=tkt_ann"),
        ] {
            let answer = try Answer(await service.send(method, path, headers: people.bob))
            #expect(answer.status == 403 && answer.code == "not_owner", "\(path)")
        }
        let paid = try await world.pay(id, headers: people.bob)
        #expect(paid.status == 403)
        #expect(try await service.get("/orders/\(id)", headers: people.ann).status == 200)
        #expect(try await world.pay(id, headers: people.ann).status == 200)
        let refund = try await world.end(id, "refund", headers: people.ann)
        #expect(refund.status == 403 && refund.code == "scope_missing")
        #expect(try await world.end(id, "refund", headers: people.agent).status == 200)
    }

    @Test func `a list shows customers their own orders`() async throws {
        let people = try await People()
        for (ticket, customer) in [("tkt_ann", "cus_ann"), ("tkt_bob", "cus_bob")] {
            _ = try await people.world.order([
                "ticket_id": .string(ticket), "customer_id": .string(customer),
            ])
        }
        for (who, expected) in [
            (people.ann, ["cus_ann"]), (people.bob, ["cus_bob"]),
            (people.agent, ["cus_bob", "cus_ann"]),
        ] {
            let answer = try await people.world.service.get("/orders", headers: who)
            let customers = answer["data"]?["orders"]?.array?.map { $0["customer_id"]?.string }
            #expect(customers == expected)
            #expect(answer["data"]?["total"] == JSONValue(expected.count))
        }
    }

    @Test func `a key of one customer says nothing to another`() async throws {
        let people = try await People()
        let placed = try await people.place(
            ["ticket_id": "tkt_ann", "customer_id": "cus_ann"], as: people.agent)
        let id = try #require(placed.order?["order_id"]?.string)
        var headers = people.ann
        headers["Idempotency-Key"] = "same"
        #expect(try await people.world.pay(id, headers: headers).status == 200)
        headers = people.bob
        headers["Idempotency-Key"] = "same"
        let answer = try await people.world.pay(id, headers: headers)
        #expect(answer.status == 403 && answer.code == "not_owner")
    }

    @Test func `another tenant's orders are not there`() async throws {
        let world = try await OrderWorld()
        let id = try await world.order()
        let other: Headers = ["X-Tenant-ID": "acme"]
        #expect(try await world.service.get("/orders/\(id)", headers: other).status == 404)
        #expect(try await world.pay(id, headers: other).code == "order_not_found")
        #expect(try await world.end(id, "cancel", headers: other).code == "order_not_found")
        #expect(try await world.end(id, "refund", headers: other).code == "order_not_found")
        let list = try await world.service.get("/orders", headers: other)
        #expect(list["data"]?["total"] == 0)
        #expect(try await world.place(headers: other).code == "ticket_not_found")
        // The same ids, numbers and quotes may live in both.
        try await world.addCustomer("cus_sarah", "Sarah", "Smith", tenant: "acme")
        try await world.addTicket("tkt_1", "WEB-1001", of: "cus_sarah", tenant: "acme")
        try await world.addTicket("tkt_2", "WEB-1002", of: "cus_sarah")
        let quote = try await world.quote(ticket: "tkt_2")
        let stranger = try await world.place(["quote_id": .string(quote)], headers: other)
        #expect(stranger.code == "quote_not_found")
        #expect(try await world.place(headers: other).status == 201)
        #expect(try await world.pay(id).status == 200)
        let ticket = try await world.service.get("/tickets/tkt_1", headers: other)
        #expect(ticket["data"]?["ticket"]?["status"] == "active")
    }

    @Test func `lists are paged, newest first, and narrowed`() async throws {
        let world = try await OrderWorld()
        var ids: [String] = []
        for number in 2...6 {
            try await world.addTicket("tkt_\(number)", "WEB-\(1000 + number)", of: "cus_sarah")
            world.service.clock.advance(seconds: 1)
            ids.append(try await world.order(["ticket_id": .string("tkt_\(number)")]))
        }
        _ = try await world.pay(ids[1])
        let newest = Array(ids.reversed())
        func list(_ path: String) async throws -> ([String], Int?) {
            let answer = try await world.service.get(path)
            let found = answer["data"]?["orders"]?.array?.compactMap { $0["order_id"]?.string }
            return (found ?? [], answer["data"]?["total"]?.int)
        }
        #expect(try await list("/orders") == (newest, 5))
        #expect(try await list("/orders?limit=2&offset=1") == (Array(newest[1...2]), 5))
        #expect(try await list("/orders?status=completed") == ([ids[1]], 1))
        #expect(try await list("/orders?ticket_id=web-1003") == ([ids[1]], 1))
        #expect(try await list("/customers/cus_sarah/orders?limit=1") == ([newest[0]], 5))
        for path in ["/orders?ticket_id=tkt_99", "/customers/cus_9/orders"] {
            #expect(try await world.service.get(path).status == 404)
        }
        for path in [
            "/orders?status=open", "/orders?limit=0", "/orders?limit=101", "/orders?offset=-1",
            "/orders?customer_id=a%20b", "/orders?ticket_id=",
            "/customers/cus_sarah/orders?limit=x",
        ] {
            #expect(try await world.service.get(path).status == 400, "\(path)")
        }
    }
}
