import SQLite

/// The books of the test provider: its charges by key.
struct TestChargeStore: Sendable {
    let database: Database
    let clock: Clock

    /// The reference of the charge with a key, nil if nothing was charged.
    func reference(of key: String) throws -> String? {
        try database.read { connection in
            try connection.first(
                "SELECT reference FROM test_charges WHERE charge_key = \(key)"
            ) { try $0.text(0) }
        }
    }

    /// The reference of a charge by its key.
    static func reference(_ key: String) -> String { "test_" + key }

    /// Notes a charge as if it had never been given back.
    static func restore(
        _ charge: Charge, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO test_charges (charge_key, reference, amount_cents, currency, charged_at)
            VALUES (\(charge.key), \(reference(charge.key)), \(charge.cents),
                \(charge.currency), \(now))
            ON CONFLICT (charge_key) DO UPDATE
            SET amount_cents = excluded.amount_cents, currency = excluded.currency,
                charged_at = excluded.charged_at, refund_key = NULL, refunded_at = NULL
            """)
    }

    /// Notes a charge, once for its key, and returns its reference.
    func insert(_ charge: Charge) async throws -> String {
        let reference = Self.reference(charge.key)
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO test_charges (charge_key, reference, amount_cents, currency, charged_at)
                VALUES (\(charge.key), \(reference), \(charge.cents), \(charge.currency), \(now))
                ON CONFLICT (charge_key) DO NOTHING
                """)
        }
        return reference
    }

    /// Notes that a charge was given back; false if there is none of that size, or another refund
    /// of it.
    func refund(_ reference: String, cents: Int, key: String) async throws -> Bool {
        let now = clock.now()
        return try await database.write { connection in
            try connection.execute(
                """
                UPDATE test_charges
                SET refund_key = \(key), refunded_at = coalesce(refunded_at, \(now))
                WHERE reference = \(reference) AND amount_cents = \(cents)
                    AND (refund_key IS NULL OR refund_key = \(key))
                """) > 0
        }
    }
}
