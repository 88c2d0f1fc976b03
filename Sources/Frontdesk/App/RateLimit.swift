import HTTP
import Synchronization

/// Limits requests per credential, else per client address, by token buckets (conventions.md,
/// "Headers").
final class RateLimit: Middleware {
    private struct Bucket {
        var tokens: Double
        var filledAt: Timestamp
    }

    private struct Buckets {
        var byClient: [String: Bucket] = [:]
        /// How many there must be before the full ones are forgotten.
        var bound = 100_000
    }

    /// What a client may still do.
    private struct Grant: Sendable {
        let remaining: Int
        /// Seconds until the next request is allowed, 0 when one is left.
        let wait: Int
        /// Seconds until the bucket is full again.
        let reset: Int
    }

    private enum Granted: RequestKey {
        static let defaultValue: Grant? = nil
    }

    private let limit: Int
    private let capacity: Double
    private let address: ClientAddress
    private let clock: Clock
    private let buckets = Mutex(Buckets())

    /// The limit of a configuration, nil when it is not enabled.
    init?(_ configuration: Configuration, clock: Clock) {
        guard configuration.rateLimit.enabled else { return nil }
        limit = configuration.rateLimit.requestsPerMinute
        let burst = configuration.rateLimit.burst
        capacity = Double(burst == 0 ? limit : burst)
        address = ClientAddress(configuration)
        self.clock = clock
    }

    /// Takes one request off the client's allowance. Throws 429 when it is used up.
    func before(_ request: inout Request) throws -> Response? {
        // A page asks by OPTIONS before each request: only the request itself counts.
        guard request.method != .options, !Self.isExempt(request.path) else { return nil }
        // A made-up credential must not get an allowance of its own: it counts for its address.
        let client = request.caller.identity.map { "credential \($0)" } ?? address.of(request)
        let grant = take(for: client)
        request.values[Granted.self] = grant
        guard grant.wait == 0 else {
            throw Failure(
                .rateLimited, "Too many requests. Try again in \(grant.wait) seconds.",
                retryAfter: grant.wait)
        }
        return nil
    }

    /// Tells the client what is left of its allowance.
    func after(_ request: Request, _ response: inout Response) {
        guard let grant = request.values[Granted.self] else { return }
        let reset = clock.now().unixSeconds + Int64(grant.reset)
        response.headers["X-RateLimit-Limit"] = String(limit)
        response.headers["X-RateLimit-Remaining"] = String(grant.remaining)
        response.headers["X-RateLimit-Reset"] = String(reset)
        response.headers["RateLimit-Policy"] = "\"default\";q=\(limit);w=60"
        response.headers["RateLimit"] = "\"default\";r=\(grant.remaining);t=\(grant.reset)"
    }

    private func take(for client: String) -> Grant {
        let now = clock.now()
        let rate = Double(limit) / 60
        return buckets.withLock { buckets in
            // Full buckets say nothing; forgetting them keeps the memory of the server bounded.
            if buckets.byClient.count > buckets.bound {
                buckets.byClient = buckets.byClient.filter { _, bucket in
                    bucket.tokens + now.seconds(since: bucket.filledAt) * rate < capacity
                }
                // Each look at all of them is paid for by as many requests.
                buckets.bound = max(100_000, 2 * buckets.byClient.count)
            }
            var bucket = buckets.byClient[client] ?? Bucket(tokens: capacity, filledAt: now)
            let elapsed = max(0, now.seconds(since: bucket.filledAt))
            bucket.tokens = min(capacity, bucket.tokens + elapsed * rate)
            bucket.filledAt = now
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            buckets.byClient[client] = bucket
            let wait = isAllowed ? 0 : max(1, Int(((1 - bucket.tokens) / rate).rounded(.up)))
            return Grant(
                remaining: Int(bucket.tokens), wait: wait,
                reset: Int(((capacity - bucket.tokens) / rate).rounded(.up)))
        }
    }

    private static func isExempt(_ path: String) -> Bool {
        isAlwaysServed(path) || path == "/metrics" || path.hasPrefix("/metrics/")
    }
}
