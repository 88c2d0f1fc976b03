import Foundation
import Testing

/// A server that is killed over and over while customers pay.
struct PaymentKillTests {
    /// How often it is killed.
    private static let rounds = 60

    @Test(.timeLimit(.minutes(10)))
    func `kill -9 between any two steps charges nobody twice and completes nothing by half`()
        async throws
    {
        let world = try World()
        let settings = ["FRONTDESK_PAYMENTS_RETRY_BASE_MS": "5"]
        let buyers = ["amber", "birch", "cedar"].map { Buyer(name: $0) }
        let first = try await world.serve(settings)
        for buyer in buyers { try await buyer.introduce(to: first) }
        #expect(await first.stop() == .exit(0))
        for _ in 1...Self.rounds {
            let server = try await world.serve(settings)
            let load = Task {
                await withTaskGroup(of: Void.self) { group in
                    for buyer in buyers { group.addTask { await buyer.buy(from: server) } }
                }
            }
            // So many answers later and then some: a slow machine gets as far as a fast one.
            let wanted = await answers(to: buyers) + Int.random(in: 0...16)
            try await wait(for: "the buyers' answers") { await answers(to: buyers) >= wanted }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...30)))
            await server.kill()
            await load.value
            try await check(world, buyers)
            // What pays is nobody's business.
            #expect(!(try server.logged()).contains("tok_"))
        }
        let last = try await world.serve(settings)
        try await wait(for: "payments to be settled") {
            try await world.query(
                """
                SELECT payment_id FROM payments WHERE status = 'processing'
                UNION ALL SELECT payment_id FROM open_refunds
                """) == []
        }
        try await check(world, buyers)
        #expect(try await world.query(Self.loose) == [])
        #expect(await last.stop() == .exit(0))
        var completed = 0
        for buyer in buyers { completed += await buyer.knowledge.completed.count }
        #expect(completed > Self.rounds)
        // Some deaths came in the middle of a payment.
        let interrupted = try await world.query(
            "SELECT count(*) FROM payments WHERE failure_reason = 'interrupted'")
        #expect(try #require(interrupted.first.flatMap { Int($0) }) > 0)
    }

    private func answers(to buyers: [Buyer]) async -> Int {
        var count = 0
        for buyer in buyers { count += await buyer.answers }
        return count
    }

    /// Holds the database against itself and against what the buyers know.
    private func check(_ world: World, _ buyers: [Buyer]) async throws {
        try #require(try await world.query(Self.problems) == [])
        let rows = try await world.query("SELECT order_id, status FROM ticket_orders")
        let orders = Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let parts = row.split(separator: "|").map(String.init)
                return (parts[0], parts[1])
            })
        for buyer in buyers {
            let known = await buyer.knowledge
            try #require(known.surprises == [])
            for id in known.placed { try #require(orders[id] != nil) }
            for id in known.completed {
                try #require(["completed", "refunded"].contains(orders[id]))
            }
            for id in known.cancelled { try #require(orders[id] == "cancelled") }
            for id in known.refunded { try #require(orders[id] == "refunded") }
        }
    }

    /// One line for everything in the database that contradicts itself, at any instant.
    private static let problems = """
        SELECT 'damaged: ' || integrity_check FROM pragma_integrity_check
        WHERE integrity_check <> 'ok'
        UNION ALL
        SELECT 'refers to nothing: ' || "table" FROM pragma_foreign_key_check
        UNION ALL
        SELECT 'completed without its payment: ' || order_id FROM ticket_orders AS o
        WHERE status IN ('completed', 'refunded') AND NOT EXISTS (
            SELECT 1 FROM payments AS p WHERE p.tenant_id = o.tenant_id
                AND p.payment_id = o.payment_id AND p.order_id = o.order_id
                AND p.status = o.status AND p.amount_cents = o.upgrade_cents)
        UNION ALL
        SELECT 'paid without its order: ' || payment_id FROM payments AS p
        WHERE status = 'completed' AND NOT EXISTS (
            SELECT 1 FROM ticket_orders AS o WHERE o.tenant_id = p.tenant_id
                AND o.payment_id = p.payment_id AND o.status = 'completed')
        UNION ALL
        SELECT 'completed without its ticket: ' || order_id
        FROM ticket_orders AS o JOIN tickets AS t USING (tenant_id, ticket_id)
        WHERE o.status = 'completed' AND (t.status, t.upgrade_tier, t.ticket_type)
            IS NOT ('upgraded', o.upgrade_tier, o.new_type)
        UNION ALL
        SELECT 'upgraded without an order: ' || ticket_id FROM tickets AS t
        WHERE status = 'upgraded' AND NOT EXISTS (
            SELECT 1 FROM ticket_orders AS o WHERE o.tenant_id = t.tenant_id
                AND o.ticket_id = t.ticket_id AND o.status = 'completed')
        UNION ALL
        SELECT 'completed without mail: ' || order_id FROM ticket_orders AS o
        WHERE status IN ('completed', 'refunded') AND 2 <> (
            SELECT count(*) FROM emails AS e WHERE e.tenant_id = o.tenant_id AND
                (e.kind, e.about) IN (VALUES
                    ('payment_success', o.payment_id), ('upgrade_confirmation', o.order_id)))
        UNION ALL
        SELECT 'refunded without mail: ' || payment_id FROM payments AS p
        WHERE status = 'refunded' AND NOT EXISTS (
            SELECT 1 FROM emails AS e WHERE e.tenant_id = p.tenant_id
                AND e.kind = 'refund_processed' AND e.about = p.payment_id)
        UNION ALL
        SELECT 'failed without mail: ' || payment_id FROM payments AS p
        WHERE status = 'failed' AND NOT EXISTS (
            SELECT 1 FROM emails AS e WHERE e.tenant_id = p.tenant_id
                AND e.kind = 'payment_failed' AND e.about = p.payment_id)
        UNION ALL
        SELECT 'cancelled without mail: ' || order_id FROM ticket_orders AS o
        WHERE status = 'cancelled' AND NOT EXISTS (
            SELECT 1 FROM emails AS e WHERE e.tenant_id = o.tenant_id
                AND e.kind = 'upgrade_cancelled' AND e.about = o.order_id)
        UNION ALL
        SELECT 'mail without its reason: ' || email_id FROM emails AS e
        WHERE kind IN ('payment_success', 'upgrade_confirmation') AND NOT EXISTS (
            SELECT 1 FROM ticket_orders AS o WHERE o.tenant_id = e.tenant_id
                AND e.about IN (o.order_id, o.payment_id)
                AND o.status IN ('completed', 'refunded'))
        UNION ALL
        SELECT 'charged twice: ' || p.order_id
        FROM test_charges AS c JOIN payments AS p ON p.payment_id = c.charge_key
        WHERE c.refunded_at IS NULL GROUP BY p.tenant_id, p.order_id HAVING count(*) > 1
        UNION ALL
        SELECT 'charged for nothing: ' || charge_key FROM test_charges
        WHERE charge_key NOT IN (SELECT payment_id FROM payments)
        """

    /// One line for money that lies where it should not once everything is settled.
    private static let loose = """
        SELECT c.charge_key FROM test_charges AS c JOIN payments AS p
            ON p.payment_id = c.charge_key
        WHERE (c.refunded_at IS NULL) <> (p.status = 'completed')
        UNION ALL
        SELECT payment_id FROM payments
        WHERE status IN ('completed', 'refunded')
            AND payment_id NOT IN (SELECT charge_key FROM test_charges)
        """
}
