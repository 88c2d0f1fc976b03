import SQLite
import Testing

@testable import Frontdesk

/// With a hundred thousand messages waiting, nothing may read more rows than it takes, so the
/// plans are fixed here.
@Suite struct InboxPlanTests {
    private static let key = Mapping.Key(tenant: .default, address: "a")
    private static let now = Timestamp(microseconds: 0)

    @Test(
        arguments: [
            (InboxStore.nextReady(key, limit: 10), "inbox_messages_ready"),
            (InboxStore.readyQuery(key, priority: 0, limit: 1), "inbox_messages_ready"),
            (InboxStore.due(key, limit: 1), "inbox_messages_delayed"),
            (InboxStore.due(key, before: now, limit: 500), "inbox_messages_delayed"),
            (InboxStore.ended(key, limit: 1), "inbox_messages_leased"),
            (InboxStore.ended(key, before: now, limit: 500), "inbox_messages_leased"),
            (InboxStore.headQuery("k", key), "inbox_messages_heads"),
            (InboxStore.heldQuery("k", key), "inbox_messages_held"),
            (
                InboxStore.deadLetterQuery(key, limit: 10, after: nil),
                "inbox_messages_dead"
            ),
            (
                InboxStore.replayQuery(key, from: now, before: now),
                "inbox_messages_acknowledged"
            ),
        ] as [(SQL, String)])
    func `every step reads one index, in its order`(query: SQL, index: String) async throws {
        let world = try await InboxWorld()
        let plan = try world.store.database.read { connection in
            try connection.all("EXPLAIN QUERY PLAN \(query)") { try $0.text(3) }
        }
        #expect(plan.first?.contains(" \(index) (tenant_id=?") == true, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN") }, "\(plan)")
    }
}
