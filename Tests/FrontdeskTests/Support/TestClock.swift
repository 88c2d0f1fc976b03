import Synchronization

@testable import Frontdesk

/// A clock that stands still, or nearly so, until a test moves it.
final class TestClock: Sendable {
    private let instant: Mutex<Timestamp>
    private let naps = Mutex<[Duration]>([])
    private let step: Int64

    /// A clock that shows `text`; each look is `step` microseconds later, as in life.
    init(_ text: String = "2026-02-20T12:00:00Z", step: Int64 = 1) {
        instant = Mutex(Timestamp(parsing: text)!)
        self.step = step
    }

    /// The time shown.
    var now: Timestamp { instant.withLock { $0 } }

    /// The clock as the product takes it; who waits by it finds that the time is over already.
    var clock: Clock {
        Clock(
            now: { [self] in
                instant.withLock { instant in
                    instant = Timestamp(microseconds: instant.microseconds + step)
                    return instant
                }
            },
            sleep: { [self] duration in
                try Task.checkCancellation()
                naps.withLock { $0.append(duration) }
                advance(seconds: duration / .seconds(1))
            })
    }

    /// How long the product has waited so far, wait by wait, in seconds.
    var waits: [Double] { naps.withLock { $0.map { $0 / .seconds(1) } } }

    /// Moves the clock.
    func advance(seconds: Double = 0, microseconds: Int64 = 0) {
        instant.withLock { instant in
            let moved = instant.adding(seconds: seconds)
            instant = Timestamp(microseconds: moved.microseconds + microseconds)
        }
    }
}
