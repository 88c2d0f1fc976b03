import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct InboxRetentionTests {
    private let day = 86_400.0

    @Test func `each kind of message is kept for its time`() async throws {
        let service = try await Service(demo: false) { configuration in
            configuration.router.maxDeliveryAttempts = 1
            configuration.cleanup.batch = 3
        }
        try await service.register("agent")
        for number in 1...8 { try await service.message("done \(number)") }
        let done = try await service.pull()
        _ = try await service.answer("ack", done)
        for number in 1...4 { try await service.message("bad \(number)") }
        _ = try await service.answer("nack", try await service.pull())
        for number in 1...5 { try await service.message("left \(number)", [("priority", 9)]) }
        let sweeper = service.app.sweeper
        #expect(try await sweeper.sweep()["inbox_messages"] == 0)
        service.clock.advance(seconds: day + 60)
        #expect(try sweeper.preview()["inbox_messages"] == 8)
        #expect(try await sweeper.sweep()["inbox_messages"] == 8)
        #expect(try await service.get("/v1/messages/\(done[0].id)").status == 404)
        #expect(try await service.figures() == [5, 0, 0, 0, 4])
        service.clock.advance(seconds: 6 * day)
        #expect(try sweeper.preview()["inbox_messages"] == 5)
        #expect(try await sweeper.sweep()["inbox_messages"] == 5)
        #expect(try await service.figures() == [0, 0, 0, 0, 4])
        service.clock.advance(seconds: 23 * day)
        #expect(try await sweeper.sweep()["inbox_messages"] == 4)
        #expect(try service.rows("SELECT count(*) FROM inbox_messages") == ["0"])
        #expect(try service.inboxMistakes() == [])
    }

    @Test func `what is brought back has its time anew`() async throws {
        let service = try await Service(demo: false) { configuration in
            configuration.router.maxDeliveryAttempts = 1
        }
        try await service.register("agent")
        try await service.message("dead")
        _ = try await service.answer("nack", try await service.pull())
        service.clock.advance(seconds: 8 * day)
        let answer = try await service.post(
            "/v1/inboxes/agent/dead-letters/redrive", ["all": true])
        #expect(answer["redriven"] == 1)
        #expect(try service.app.sweeper.preview()["inbox_messages"] == 0)
        #expect(try await service.app.sweeper.sweep()["inbox_messages"] == 0)
        #expect(try await service.figures() == [1, 0, 0, 0, 0])
        service.clock.advance(seconds: 7 * day + 60)
        #expect(try await service.app.sweeper.sweep()["inbox_messages"] == 1)
        #expect(try service.inboxMistakes() == [])
    }

    @Test func `those behind a message that is too old come forward`() async throws {
        let service = try await Service(demo: false)
        try await service.register("agent")
        for number in 1...3 { try await service.message("\(number)", [("orderingKey", "k")]) }
        service.clock.advance(seconds: 4 * day)
        try await service.message("young", [("orderingKey", "k")])
        service.clock.advance(seconds: 3 * day + 60)
        #expect(try await service.app.sweeper.sweep()["inbox_messages"] == 3)
        #expect(try await service.pull().map(\.text) == ["young"])
        #expect(try service.inboxMistakes() == [])
    }

    @Test func `parking a full inbox changes no message`() async throws {
        let world = try await InboxWorld()
        let key = try await world.register()
        try await world.fill(key, 20_000, keys: 10)
        let before = world.store.database.statistics.walBytes
        try await world.set(key, .inactive)
        let figures = try await world.store.figures(key)
        #expect(figures.parked == 20_000 && figures.depth == 0)
        #expect(world.store.database.statistics.walBytes - before < 200_000)
        try await world.set(key, .active)
        #expect(try await world.store.figures(key).parked == 0)
        #expect(try await world.pull(key).count == 10)
    }
}

extension InboxWorld {
    /// Puts many messages into an inbox, every fifth of them under one of so many ordering keys.
    func fill(_ key: Mapping.Key, _ count: Int, keys: Int) async throws {
        let (tenant, address) = (key.tenant.name, key.address)
        try await store.database.write { connection in
            try connection.execute(
                """
                WITH RECURSIVE numbers (n) AS (
                    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
                INSERT INTO inbox_messages
                    (message_id, tenant_id, ai_agent_address, ordering_key, priority, payload,
                     attributes, sender_id, state, available_at, request_id, created_at)
                SELECT printf('%08d-0000-4000-8000-000000000000', n), \(tenant), \(address),
                    CASE WHEN n % 5 = 0 THEN 'k' || (n / 5 % \(keys)) END, n % 3, '{}', '{}', '',
                    CASE WHEN n % 5 = 0 AND n / 5 > \(keys) THEN 'held' ELSE 'ready' END,
                    '2026-02-20T12:00:00.000000Z', 'req', '2026-02-20T12:00:00.000000Z'
                FROM numbers
                """)
            try connection.execute(
                """
                INSERT INTO inbox_depths (tenant_id, ai_agent_address, ready, held)
                SELECT \(tenant), \(address), count(*) FILTER (WHERE state = 'ready'),
                    count(*) FILTER (WHERE state = 'held')
                FROM inbox_messages
                WHERE tenant_id = \(tenant) AND ai_agent_address = \(address)
                """)
        }
    }
}
