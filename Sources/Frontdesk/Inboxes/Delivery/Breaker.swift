/// Keeps from a receiver that fails again and again what would only fail again.
///
/// It opens after some failures in a row. When its time is over, one message is tried: its success
/// closes it, its failure opens it anew.
struct Breaker: Sendable {
    /// When a breaker opens, and for how long.
    struct Limits: Sendable {
        var failures = 5
        var seconds = 30.0
    }

    private let limits: Limits
    private var failures = 0
    private var openUntil: Timestamp?

    /// A closed breaker.
    init(_ limits: Limits) {
        self.limits = limits
    }

    /// Whether it never opened since the last success, nor counts towards that.
    var isFresh: Bool { failures == 0 && openUntil == nil }

    /// How many attempts may be under way now, of at most `width`.
    func room(at now: Timestamp, width: Int) -> Int {
        guard let openUntil else { return width }
        return now >= openUntil ? 1 : 0
    }

    /// Notes that the receiver took something.
    mutating func succeed() {
        failures = 0
        openUntil = nil
    }

    /// Notes a failure; true when it opens by that.
    mutating func fail(at now: Timestamp) -> Bool {
        failures += 1
        guard failures >= limits.failures else { return false }
        // Those that were under way when it opened say nothing new.
        if let openUntil, now < openUntil { return false }
        openUntil = now.adding(seconds: limits.seconds)
        return true
    }
}
