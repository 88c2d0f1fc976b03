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
        /// A handler has the word.
        case working
        /// The producer of a stream has the word.
        case producing
        /// The client has to take what is being sent.
        case writing
    }

    /// A phase and the millisecond in which it began.
    struct Moment: Equatable {
        let phase: Phase
        let since: UInt64

        fileprivate var word: UInt64 { phase.rawValue << Moment.shift | since }

        fileprivate init(_ phase: Phase, since: UInt64) {
            self.phase = phase
            self.since = since
        }

        fileprivate init(word: UInt64) {
            phase = Phase(rawValue: word >> Moment.shift) ?? .working
            since = word & (1 << Moment.shift - 1)
        }

        private static let shift: UInt64 = 56
    }

    private let word: Atomic<UInt64>

    /// The mark of a connection that has just been opened.
    init() {
        word = Atomic(Moment(.fresh, since: MonotonicClock.milliseconds).word)
    }

    /// Begins a phase now.
    func enter(_ phase: Phase) {
        // The watch only compares times, so no order with other memory is needed.
        let moment = Moment(phase, since: MonotonicClock.milliseconds)
        word.store(moment.word, ordering: .relaxed)
    }

    /// The phase now.
    var current: Moment { Moment(word: word.load(ordering: .relaxed)) }

    /// Lets a phase begin anew unless another has begun in the meantime.
    func renew(_ moment: Moment) {
        let renewed = Moment(moment.phase, since: MonotonicClock.milliseconds)
        _ = word.compareExchange(
            expected: moment.word, desired: renewed.word, ordering: .relaxed)
    }
}
