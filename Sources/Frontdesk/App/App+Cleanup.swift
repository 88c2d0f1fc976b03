extension App {
    /// Everything that does not stay for ever.
    static func chores(
        sessions: SessionStore, idempotency: IdempotencyStore, router: RouterParts,
        tickets: TicketsPart, toolCalls: ToolCallStore
    ) -> [Chore] {
        let clock = sessions.clock
        return [
            sessionChore(sessions),
            Chore(
                "idempotency_keys", batch: idempotency.removeBatch,
                countDue: idempotency.countDue),
            Chore(
                "agent_health_checks", batch: router.health.removeBatch,
                countDue: router.health.countDue),
            inboxChore(router.inboxes),
            // What a crash has left of inboxes that were being removed.
            Chore(
                "agent_inboxes",
                work: { _ in
                    let keys = try router.mappings.removalsUnderWay()
                    for key in keys { try await router.mappings.finishRemoval(of: key) }
                    return keys.count
                }, countDue: { try router.mappings.removalsUnderWay().count }),
            Chore(
                "tickets_expired", .expires, of: "tickets",
                batch: { limit in
                    let today = tickets.pricing.today(at: clock.now())
                    return try await tickets.tickets.expireBatch(before: today, atMost: limit)
                },
                countDue: {
                    let today = tickets.pricing.today(at: clock.now())
                    return try tickets.tickets.countExpiring(before: today)
                }),
            Chore(
                "price_quotes", batch: tickets.quotes.removeBatch,
                countDue: tickets.quotes.countDue),
            Chore(
                "tool_effects",
                batch: { limit in
                    try await toolCalls.removeBatch(
                        before: ToolCallStore.oldest(at: clock.now()), atMost: limit)
                },
                countDue: {
                    try toolCalls.count(before: ToolCallStore.oldest(at: clock.now()))
                }),
        ]
    }

    private static func sessionChore(_ sessions: SessionStore) -> Chore {
        Chore(
            "sessions",
            work: { sweeper in
                let instant = sessions.lifetime.purge(at: sessions.clock.now())
                var total = 0
                for tenant in try sessions.tenantsDue(before: instant) {
                    total += try await sweeper.work { _ in
                        let batch = try await sessions.removeBatch(of: tenant, before: instant)
                        return (batch.sessions, batch.more)
                    }
                }
                return total
            },
            countDue: {
                let instant = sessions.lifetime.purge(at: sessions.clock.now())
                return try sessions.tenantsDue(before: instant).reduce(0) { sum, tenant in
                    try sum + sessions.countDue(of: tenant, before: instant)
                }
            })
    }

    private static func inboxChore(_ inboxes: Inboxes) -> Chore {
        Chore(
            "inbox_messages",
            work: { sweeper in
                var total = 0
                for inbox in try inboxes.store.inboxes() {
                    total += try await sweeper.work { limit in
                        try await inboxes.removeBatch(of: inbox, atMost: limit)
                    }
                }
                return total
            },
            countDue: {
                try inboxes.store.inboxes().reduce(0) { try $0 + inboxes.store.countDue(of: $1) }
            })
    }
}
