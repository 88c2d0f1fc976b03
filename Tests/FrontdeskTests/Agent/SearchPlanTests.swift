import SQLite
import Testing

@testable import Frontdesk

/// With a million orders a search must read no row that it does not show, so the plans are fixed
/// here.
@Suite struct SearchPlanTests {
    private static let id = Order.ID(number: 10001)

    private func plan(_ query: SQL) async throws -> [String] {
        let world = try await ToolWorld()
        return try world.database.read { connection in
            try connection.all("EXPLAIN QUERY PLAN \(query)") { try $0.text(3) }
        }
    }

    @Test(
        arguments: [
            (OrderSearch(), nil, "orders_by_date (tenant_id=?)"),
            (OrderSearch(customerName: "chen"), nil, "orders_by_date (tenant_id=?)"),
            (OrderSearch(productSKU: "desk"), nil, "orders_by_date (tenant_id=?)"),
            (
                OrderSearch(customerName: "chen", status: .pending), nil,
                "orders_by_status (tenant_id=? AND status=?)"
            ),
            (
                OrderSearch(placedFrom: "2026-02-01", placedTo: "2026-02-02"), nil,
                "orders_by_date (tenant_id=? AND order_date>? AND order_date<?)"
            ),
            (
                OrderSearch(customerName: "chen"), "a@example.com",
                "orders_by_email (tenant_id=? AND <expr>=?)"
            ),
        ] as [(OrderSearch, String?, String)])
    func `a search for orders reads one index, newest first`(
        search: OrderSearch, email: String?, index: String
    ) async throws {
        let condition = OrderStore.condition(search, .default, email, [Self.id])
        #expect(
            try await plan(OrderStore.newest(21, where: condition))
                == ["SEARCH orders USING INDEX \(index)"])
        let count = try await plan("SELECT count(*) FROM orders WHERE \(condition)")
        if email == nil { #expect(count.allSatisfy { $0.contains("USING COVERING INDEX") }) }
    }

    @Test(
        arguments: [
            (ComplaintSearch(customerName: "chen"), nil, "complaints_by_change (tenant_id=?)"),
            (ComplaintSearch(title: "late"), nil, "complaints_by_change (tenant_id=?)"),
            (ComplaintSearch(title: "late"), "a@example.com", "complaints_by_change (tenant_id=?)"),
            (
                ComplaintSearch(status: .open), nil,
                "complaints_by_status (tenant_id=? AND status=?)"
            ),
        ] as [(ComplaintSearch, String?, String)])
    func `a search for complaints reads one index, newest change first`(
        search: ComplaintSearch, email: String?, index: String
    ) async throws {
        let condition = ComplaintStore.condition(search, .default, email, [4])
        let plan = try await plan(ComplaintStore.latest(51, where: condition))
        #expect(plan.first == "SEARCH complaints USING INDEX \(index)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.contains("SCAN") })
        let count = try await self.plan("SELECT count(*) FROM complaints WHERE \(condition)")
        #expect(count.first?.contains("USING COVERING INDEX") == true)
    }
}
