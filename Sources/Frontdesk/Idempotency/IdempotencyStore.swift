import JSON
import SQLite

/// The first outcome of requests that carried an `Idempotency-Key`, kept for 24 hours.
struct IdempotencyStore: Sendable {
    let database: Database
    let clock: Clock

    /// How long an outcome is replayed, in seconds.
    static let lifetime = 86_400.0

    /// What is known of a key.
    struct Entry: Sendable {
        /// Digest of the request that used the key first.
        let fingerprint: String
        /// Status and body of the answer, nil while a turn that was begun is not finished.
        let outcome: Outcome?
        /// The user message that the request stored, if any.
        let turnID: String?
        /// The id of the request that used the key first.
        let requestID: String
        /// The payment that the request began, if any.
        let paymentID: String?
    }

    /// An answer as it is replayed.
    struct Outcome: Sendable {
        let status: Int
        let body: String
        /// `Location`, where the answer had one.
        var location: String?
    }

    /// What is known of a request's key, nil when nothing is or it is too old.
    func find(_ claim: IdempotencyClaim) throws -> Entry? {
        let oldest = clock.now().adding(seconds: -IdempotencyStore.lifetime)
        return try database.read { connection in
            try connection.first(
                """
                SELECT fingerprint, status, body, location, turn_id, request_id, payment_id
                FROM idempotency_keys
                WHERE tenant_id = \(claim.tenant.name) AND key = \(claim.key)
                  AND caller = \(claim.caller) AND method = \(claim.method)
                  AND path = \(claim.route) AND created_at >= \(oldest)
                """
            ) { row in
                let status = try row.integerOrNil(1)
                let body = try row.textOrNil(2)
                let location = try row.textOrNil(3)
                return Entry(
                    fingerprint: try row.text(0),
                    outcome: status.map { status in
                        Outcome(status: status, body: body ?? "{}", location: location)
                    },
                    turnID: try row.textOrNil(4), requestID: try row.text(5),
                    paymentID: try row.textOrNil(6))
            }
        }
    }

    /// Stores what a request with a key came to, in the transaction of its effect.
    static func store(
        _ outcome: Outcome?, turn: String?, of claim: IdempotencyClaim, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO idempotency_keys
                (tenant_id, key, caller, method, path, fingerprint, turn_id, status, body,
                 location, request_id, created_at)
            VALUES
                (\(claim.tenant.name), \(claim.key), \(claim.caller), \(claim.method),
                 \(claim.route), \(claim.fingerprint), \(turn),
                 \(outcome?.status), \(outcome?.body), \(outcome?.location),
                 \(claim.requestID), \(now))
            ON CONFLICT (tenant_id, key, caller, method, path) DO UPDATE
            SET fingerprint = excluded.fingerprint, turn_id = excluded.turn_id,
                status = excluded.status, body = excluded.body, location = excluded.location,
                request_id = excluded.request_id, created_at = excluded.created_at
            """)
    }

    /// Removes at most `limit` outcomes that are too old, and returns how many.
    func removeBatch(atMost limit: Int) async throws -> Int {
        let oldest = clock.now().adding(seconds: -IdempotencyStore.lifetime)
        return try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM idempotency_keys
                WHERE (tenant_id, key, caller, method, path) IN (
                    SELECT tenant_id, key, caller, method, path FROM idempotency_keys
                    WHERE created_at < \(oldest) ORDER BY created_at LIMIT \(limit))
                """)
        }
    }

    /// How many outcomes are too old.
    func countDue() throws -> Int {
        let oldest = clock.now().adding(seconds: -IdempotencyStore.lifetime)
        return try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM idempotency_keys WHERE created_at < \(oldest)"
            ) { try $0.integer(0) } ?? 0
        }
    }
}

// MARK: - In the transaction of the effect

extension IdempotencyClaim {
    /// Notes that the request's turn has begun, so that a crash leaves a trace of it.
    func reserve(turn: String, at now: Timestamp, in connection: borrowing Connection) throws {
        try IdempotencyStore.store(nil, turn: turn, of: self, at: now, in: connection)
    }

    /// Notes that the request began a payment, so that a crash leaves a trace of it.
    func reserve(
        payment: String, at now: Timestamp, in connection: borrowing Connection
    ) throws {
        try IdempotencyStore.store(nil, turn: nil, of: self, at: now, in: connection)
        try connection.execute(
            """
            UPDATE idempotency_keys SET payment_id = \(payment)
            WHERE tenant_id = \(tenant.name) AND key = \(key) AND caller = \(caller)
              AND method = \(method) AND path = \(route)
            """)
    }

    /// Forgets what was stored, so that the next request with the key is the first again.
    func remove(in connection: borrowing Connection) throws {
        try connection.execute(
            """
            DELETE FROM idempotency_keys
            WHERE tenant_id = \(tenant.name) AND key = \(key) AND caller = \(caller)
              AND method = \(method) AND path = \(route)
            """)
    }

    /// Stores the answer that repeats of the request will get.
    func store(
        _ body: some JSONWritable, status: Int, location: String? = nil, turn: String? = nil,
        at now: Timestamp, in connection: borrowing Connection
    ) throws {
        try IdempotencyStore.store(
            .init(status: status, body: body.jsonText, location: location), turn: turn,
            of: self, at: now, in: connection)
    }

    /// Stores the failure that repeats of the request will get.
    func store(
        _ failure: Failure, turn: String? = nil, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        let body = failure.body(path: path, requestID: requestID, at: now, asProblem: false)
        try IdempotencyStore.store(
            .init(
                status: failure.code.status,
                body: String(decoding: body.bytes, as: UTF8.self)),
            turn: turn, of: self, at: now, in: connection)
    }
}
