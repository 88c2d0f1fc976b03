import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct ComplaintSearchTests {
    private func numbers(_ result: JSONValue) -> [Int] {
        result["complaints"]?.array?.compactMap { $0["complaint_id"]?.int } ?? []
    }

    @Test(
        arguments: [
            (["order_number": "ord-10004", "status": "open"], [4]),
            (["order_number": "10004", "status": "CLOSED"], []),
            (["customer_name": "garcia"], [4, 15]),
            (["customer_name": "o’neil"], [3, 11]),
            (["title": "late DELIVERY"], [1, 11]),
            (["title": "colour"], []),
            (["title": "colour", "include_archived": true], [10, 20]),
            (["status": "closed"], [17]),
            (["status": "closed", "include_archived": true], [10, 17]),
            (["customer_name": "%"], []), (["title": "_"], []),
        ] as [(JSONValue, [Int])])
    func `every criterion narrows the search`(criteria: JSONValue, found: [Int]) async throws {
        let result = await (try await ToolWorld()).turn().call("search_complaints", criteria)
        #expect(numbers(result) == found)
        #expect(result["count"]?.int == found.count)
        #expect(result.object?.keys == ["status", "message", "count", "complaints"])
    }

    @Test func `at most fifty are shown and all are counted`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        for _ in 0..<52 { _ = await turn.call("register_complaint", newComplaint()) }
        let staged = await turn.call("search_complaints", ["order_number": "10002"])
        #expect(staged["count"] == 53)
        #expect(numbers(staged) == Array((23...72).reversed()))
        try await turn.commit()
        let stored = await world.turn().call("search_complaints", ["order_number": "10002"])
        #expect(stored == staged)
        #expect(stored["message"] == "53 complaints found.")
    }

    @Test func `a turn's own changes are found, and only by that turn`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        _ = await turn.call("resolve_complaint", ["complaint_id": 4])
        _ = await turn.call("register_complaint", newComplaint(["order_number": "10004"]))
        let open: JSONValue = ["order_number": "10004", "status": "OPEN"]
        #expect(numbers(await turn.call("search_complaints", open)) == [21])
        #expect(numbers(await world.turn().call("search_complaints", open)) == [4])
        let both = await turn.call("search_complaints", ["order_number": "10004"])
        #expect(numbers(both) == [21, 4])
    }

    @Test func `tenants never see each other's complaints, even with the same number`()
        async throws
    {
        let world = try await ToolWorld()
        let other = world.turn(try #require(Tenant("other")))
        #expect(await other.error("get_complaint", ["complaint_id": 3]) == "ComplaintNotFound")
        #expect(await other.call("search_complaints", ["status": "OPEN"])["count"] == 0)
        #expect(
            await other.error("register_complaint", newComplaint(["order_number": "10002"]))
                == "OrderNotFound")
        _ = await other.call("create_new_order", newOrder())
        let result = await other.call("register_complaint", newComplaint(["order_number": "10001"]))
        #expect(result["complaint"]?["complaint_id"] == 1)
        try await other.commit()
        #expect(
            try world.rows("SELECT tenant_id, title FROM complaints WHERE complaint_id = 1") == [
                "default|Late delivery", "other|Mouse arrived broken",
            ])
    }

    @Test func `a customer's conversation sees complaints about that customer's orders only`()
        async throws
    {
        let turn = (try await ToolWorld()).turn(customer: "jose.garcia@example.com")
        #expect(await turn.error("get_complaint", ["complaint_id": 4]) == nil)
        #expect(await turn.error("get_complaint", ["complaint_id": 3]) == "ComplaintNotFound")
        #expect(await turn.error("resolve_complaint", ["complaint_id": 2]) == "ComplaintNotFound")
        #expect(await turn.error("archive_complaint", ["complaint_id": 2]) == "ComplaintNotFound")
        #expect(
            await turn.error("register_complaint", newComplaint(["order_number": "10002"]))
                == "OrderNotFound")
        #expect(numbers(await turn.call("search_complaints", ["status": "OPEN"])) == [4])
        #expect(numbers(await turn.call("search_complaints", ["customer_name": "a"])) == [4, 15])
        _ = await turn.call("create_new_order", newOrder())
        _ = await turn.call("register_complaint", newComplaint(["order_number": "10021"]))
        #expect(numbers(await turn.call("search_complaints", ["order_number": "10021"])) == [21])
    }
}
