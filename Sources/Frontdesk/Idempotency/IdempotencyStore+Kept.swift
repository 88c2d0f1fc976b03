import JSON
import SQLite

extension IdempotencyStore {
    /// Stores what a request came to whose effect is not in this database.
    func keep(
        _ body: some JSONWritable & Sendable, status: Int, location: String? = nil,
        of claim: IdempotencyClaim
    ) async throws {
        let now = clock.now()
        try await database.write { connection in
            try claim.store(body, status: status, location: location, at: now, in: connection)
        }
    }
}
