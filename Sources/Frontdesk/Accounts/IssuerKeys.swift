import JSON
import JWT
import Synchronization

/// The keys of an external issuer, fetched when needed and kept for a while.
final class IssuerKeys: Sendable {
    /// Fetches an address and returns the body; throws for any answer that is no success.
    typealias Fetch = @Sendable (String) async throws -> [UInt8]

    private struct State {
        var keys: KeySet?
        var fetchedAt: Timestamp?
        var triedAt: Timestamp?
        var running: Task<Void, Never>?
        var version = 0
    }

    /// Seconds for which keys are fresh.
    static let freshness = 3600.0
    /// Seconds for which they serve beyond that while the issuer cannot be reached.
    static let staleness = 86_400.0
    /// Seconds between fetches for an unknown key, and of stale keys.
    static let pause = 30.0
    /// Seconds between fetches while there are no keys at all.
    static let shortPause = 5.0

    private let address: String
    private let clock: Clock
    private let log: Log
    private let fetch: Fetch
    private let state = Mutex(State())

    /// No keys yet.
    init(_ issuer: ExternalIssuer, clock: Clock, log: Log, fetch: @escaping Fetch) {
        address = issuer.jwksURI
        self.clock = clock
        self.log = log
        self.fetch = fetch
    }

    /// The keys that count now, and a number that changes with them; nil when there are none.
    func current() -> (keys: KeySet, version: Int)? {
        let oldest = clock.now().adding(seconds: -(Self.freshness + Self.staleness))
        return state.withLock { state in
            guard let keys = state.keys, let fetchedAt = state.fetchedAt, fetchedAt > oldest
            else { return nil }
            return (keys, state.version)
        }
    }

    /// Whether keys should be fetched before a token of this key is judged.
    func needsFetch(for keyID: String?) -> Bool {
        let now = clock.now()
        return state.withLock { state in
            let sinceTry = state.triedAt.map { now.seconds(since: $0) } ?? .infinity
            guard let keys = state.keys, let fetchedAt = state.fetchedAt else {
                return state.running != nil || sinceTry >= Self.shortPause
            }
            let isStale = now.seconds(since: fetchedAt) >= Self.freshness
            let isUnknown = keyID.map { !keys.contains($0) } ?? false
            guard isStale || isUnknown else { return false }
            return state.running != nil || sinceTry >= Self.pause
        }
    }

    /// Fetches the keys, once for all who ask meanwhile; without success the old ones stay.
    func refresh() async {
        let task = state.withLock { state in
            if let running = state.running { return running }
            state.triedAt = clock.now()
            let task = Task { await self.load() }
            state.running = task
            return task
        }
        await task.value
    }

    private func load() async {
        let result: Result<KeySet, any Error>
        do {
            let body = try await fetch(address)
            let keys = try KeySet(jwks: try JSONValue(parsing: body))
            result = keys.keys.isEmpty ? .failure(NoKeys()) : .success(keys)
        } catch {
            result = .failure(error)
        }
        let now = clock.now()
        state.withLock { state in
            state.running = nil
            guard case .success(let keys) = result else { return }
            state.keys = keys
            state.fetchedAt = now
            state.version += 1
        }
        if case .failure(let error) = result {
            log.warning(
                "issuer.failed", [("address", .text(address)), ("error", .text("\(error)"))])
        }
    }

    /// The set holds no key that can be used.
    private struct NoKeys: Error {}
}
