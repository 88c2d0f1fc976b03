import JSON

/// The share of time in which an agent was healthy, over three spans until now.
struct Uptime: Sendable, Equatable {
    /// A report as far as it counts here.
    struct Point: Sendable {
        let reportedAt: Timestamp
        let receivedAt: Timestamp
        let isHealthy: Bool
    }

    /// From 0 to 1; nil while nothing is known.
    let hour: Double?
    let day: Double?
    let week: Double?

    /// The longest span, in seconds.
    static let longest = 7 * 86_400.0

    /// The shares by what was reported until `now`, oldest first. The first point may lie before
    /// the longest span: it tells how the span began.
    ///
    /// A report counts until the next one, and where silence means something, no longer than
    /// `staleAfter` seconds from when it came in.
    init(_ points: [Point], now: Timestamp, staleAfter: Double?) {
        func share(_ seconds: Double) -> Double? {
            Uptime.share(points, from: now.adding(seconds: -seconds), to: now, staleAfter)
        }
        hour = share(3600)
        day = share(86_400)
        week = share(Uptime.longest)
    }

    private static func share(
        _ points: [Point], from start: Timestamp, to now: Timestamp, _ staleAfter: Double?
    ) -> Double? {
        guard let last = points.last else { return nil }
        var known = 0.0
        var healthy = 0.0
        for (index, point) in points.enumerated() {
            let next = index + 1 < points.count ? points[index + 1].reportedAt : now
            let begin = max(start, point.reportedAt)
            let end = min(now, next)
            guard end > begin else { continue }
            known += end.seconds(since: begin)
            guard point.isHealthy else { continue }
            var until = end
            if let staleAfter {
                until = min(
                    until, max(point.receivedAt, point.reportedAt).adding(seconds: staleAfter))
            }
            healthy += max(0, until.seconds(since: begin))
        }
        // The one report came this very moment: no time has passed, but something is known.
        guard known > 0 else { return last.isHealthy ? 1 : 0 }
        return (healthy / known * 10_000).rounded() / 10_000
    }
}

extension Uptime: JSONWritable {
    /// Writes the shares with at most four digits.
    func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.field("1h", hour)
            json.field("24h", day)
            json.field("7d", week)
        }
    }
}
