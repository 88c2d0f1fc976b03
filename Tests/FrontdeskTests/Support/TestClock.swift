import Synchronization

@testable import Frontdesk

/// A clock that stands still, or nearly so, until a test moves it.
final class TestClock: Sendable {
    private let instant: Mutex<Timestamp>
    private let step: Int64

    /// A clock that shows `text`; each look is `step` microseconds later, as in life.
    init(_ text: String = "2026-02-20T12:00:00Z", step: Int64 = 1) {
        instant = Mutex(Timestamp(parsing: text)!)
        self.step = step
    }

    /// The time shown.
    var now: Timestamp { instant.withLock { $0 } }

    /// The clock as the product takes it.
    var clock: Clock {
        Clock { [self] in
            instant.withLock { instant in
                instant = Timestamp(microseconds: instant.microseconds + step)
                return instant
            }
        }
    }

    /// Moves the clock.
    func advance(seconds: Double = 0, microseconds: Int64 = 0) {
        instant.withLock { instant in
            let moved = instant.adding(seconds: seconds)
            instant = Timestamp(microseconds: moved.microseconds + microseconds)
        }
    }
}
