import Synchronization

/// What a connection is doing and since when, in one word that any thread may read at any time.
final class PhaseMark: Sendable {
    /// The phases of a connection, each with its own patience.
    enum Phase: UInt64 {
        /// Just opened; nothing has been asked yet.
        case fresh
        /// Between two requests.
        case idle
        /// A request has begun and is not complete.
        case reading
        /// A handler or the producer of a stream has the word.
        case working
        /// The client has to take what is being sent.
        case writing
    }

    private static let shift: UInt64 = 56
    private let word = Atomic<UInt64>(0)

    init() {
        enter(.fresh)
    }

    /// Begins a phase now.
    func enter(_ phase: Phase) {
        // The watch only compares times, so no order with other memory is needed.
        word.store(phase.rawValue << Self.shift | MonotonicClock.milliseconds, ordering: .relaxed)
    }

    /// The phase and the millisecond in which it began.
    var current: (phase: Phase, since: UInt64) {
        let word = word.load(ordering: .relaxed)
        return (
            Phase(rawValue: word >> Self.shift) ?? .working, word & (1 << Self.shift - 1)
        )
    }
}
