import Synchronization

/// The sessions of the ten minutes in which the border between active and expired falls, counted by
/// second, so that no list counts them all again.
///
/// Nobody becomes active in the past: while those ten minutes hold as many sessions as when they
/// were counted, they hold the same.
final class BorderCounts: Sendable {
    /// Sessions of ten minutes.
    struct Spread: Sendable {
        /// The ten minutes: `2026-02-20T10:3`.
        let span: String
        /// How many were last active in each second of them or later; one more than seconds.
        let since: [Int]

        /// Adds up the sessions of each second, given as `4:56` within the ten minutes.
        init(span: String, seconds: [(second: String, sessions: Int)]) {
            var since = [Int](repeating: 0, count: 601)
            for (second, sessions) in seconds {
                if let place = Self.place(of: second) { since[place] += sessions }
            }
            for place in (0..<600).reversed() { since[place] += since[place + 1] }
            self.span = span
            self.since = since
        }

        /// The number of a second like `4:56` within ten minutes.
        static func place(of second: String) -> Int? {
            let parts = second.split(separator: ":").compactMap { Int($0) }
            guard parts.count == 2, (0..<10).contains(parts[0]), (0..<60).contains(parts[1]) else {
                return nil
            }
            return parts[0] * 60 + parts[1]
        }
    }

    /// So few rows are counted where they lie.
    static let few = 200
    /// Beyond so many tenants all are counted anew.
    private static let most = 256

    private let spreads = Mutex<[Tenant: Spread]>([:])

    /// What is kept of the tenant's ten minutes, unless they have changed.
    func spread(of tenant: Tenant, in span: String, total: Int) -> Spread? {
        spreads.withLock { spreads in
            guard let spread = spreads[tenant], spread.span == span, spread.since[0] == total
            else { return nil }
            return spread
        }
    }

    /// Keeps what was counted.
    func keep(_ spread: Spread, of tenant: Tenant) {
        spreads.withLock { spreads in
            if spreads.count >= Self.most { spreads.removeAll() }
            spreads[tenant] = spread
        }
    }
}
