import SQLite

/// The rows of held prices.
struct PriceQuoteStore: Sendable {
    /// Where they are.
    let database: Database
    /// Tells which have ended.
    let clock: Clock

    /// How long an unused quote stays after its end, in seconds.
    static let afterlife = 86_400.0

    /// The quote with an id, nil if the tenant has none.
    static func find(
        _ id: String, tenant: Tenant, in connection: borrowing Connection
    ) throws -> PriceQuote? {
        try connection.first(
            """
            SELECT quote_id, ticket_id, upgrade_tier, event_date, category, factor_bp, base_cents,
                upgrade_cents, original_cents, total_cents, currency, expires_at, created_at
            FROM price_quotes WHERE tenant_id = \(tenant.name) AND quote_id = \(id)
            """, PriceQuote.init)
    }

    /// Adds a quote's row.
    static func insert(
        _ quote: PriceQuote, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO price_quotes (
                tenant_id, quote_id, ticket_id, upgrade_tier, event_date, category, factor_bp,
                base_cents, upgrade_cents, original_cents, total_cents, currency, expires_at,
                created_at)
            VALUES (
                \(tenant.name), \(quote.id), \(quote.ticketID), \(quote.tier.rawValue),
                \(quote.eventDay.text), \(quote.category.rawValue),
                \(quote.factor.tenThousandths), \(quote.baseCents), \(quote.upgradeCents),
                \(quote.originalCents), \(quote.totalCents), \(quote.currency),
                \(quote.expiresAt), \(quote.createdAt))
            """)
    }

    /// Removes at most `limit` unused quotes that ended a day ago, and returns how many.
    func removeBatch(atMost limit: Int) async throws -> Int {
        let oldest = clock.now().adding(seconds: -Self.afterlife)
        // Looking for them passes all that were used, which is no work for the writer.
        let due = try database.read { connection in
            try connection.all(
                """
                SELECT tenant_id, quote_id FROM price_quotes
                WHERE \(Self.isDue(oldest)) ORDER BY expires_at LIMIT \(limit)
                """
            ) { (tenant: try $0.text(0), id: try $0.text(1)) }
        }
        if due.isEmpty { return 0 }
        return try await database.write { connection in
            try due.reduce(0) { count, quote in
                try count
                    + connection.execute(
                        """
                        DELETE FROM price_quotes
                        WHERE tenant_id = \(quote.tenant) AND quote_id = \(quote.id)
                            AND \(Self.isDue(oldest))
                        """)
            }
        }
    }

    /// How many unused quotes ended a day ago.
    func countDue() throws -> Int {
        let oldest = clock.now().adding(seconds: -Self.afterlife)
        return try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM price_quotes WHERE \(Self.isDue(oldest))"
            ) { try $0.integer(0) } ?? 0
        }
    }

    private static func isDue(_ oldest: Timestamp) -> SQL {
        """
        expires_at < \(oldest) AND NOT EXISTS (
            SELECT 1 FROM ticket_orders AS used
            WHERE used.tenant_id = price_quotes.tenant_id
                AND used.quote_id = price_quotes.quote_id)
        """
    }
}

extension PriceQuote {
    fileprivate init(row: borrowing Row) throws {
        id = try row.text(0)
        ticketID = try row.text(1)
        tier = try row.choice(2)
        eventDay = try row.day(3)
        category = try row.choice(4)
        factor = Factor(tenThousandths: try row.integer(5))
        baseCents = try row.integer(6)
        upgradeCents = try row.integer(7)
        originalCents = try row.integer(8)
        totalCents = try row.integer(9)
        currency = try row.text(10)
        expiresAt = try row.timestamp(11)
        createdAt = try row.timestamp(12)
    }
}
