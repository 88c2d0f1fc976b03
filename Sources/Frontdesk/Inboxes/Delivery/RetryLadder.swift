/// When a message that could not be delivered is tried again (router.md, section 4).
struct RetryLadder: Sendable {
    /// Seconds after each attempt that failed; after the last of them comes no more.
    static let delays: [Double] = [
        5, 30, 120, 600, 1800, 3600, 7200, 18_000, 36_000, 86_400,
    ]
    /// How far a delay is off at random, so that what failed together does not come back together.
    static let jitter = 0.2

    private let random: @Sendable () -> Double

    /// A ladder with random numbers from 0 to 1.
    init(random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }) {
        self.random = random
    }

    /// Seconds to wait after this attempt, counted from 1; nil when there is no other.
    ///
    /// `asked` is what the other side wants, which counts when it is more.
    func delay(after attempt: Int, asked: Double? = nil) -> Double? {
        guard Self.delays.indices.contains(attempt - 1) else { return nil }
        let factor = 1 - Self.jitter + 2 * Self.jitter * random()
        return max(Self.delays[attempt - 1] * factor, min(asked ?? 0, Self.delays.last ?? 0))
    }
}
