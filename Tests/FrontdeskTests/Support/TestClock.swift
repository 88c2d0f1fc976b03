import Synchronization

@testable import Frontdesk

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
    private let instant: Mutex<Timestamp>

    /// A clock that shows `text`.
    init(_ text: String = "2026-02-20T12:00:00Z") {
        instant = Mutex(Timestamp(parsing: text)!)
    }

    /// The clock as the product takes it; each look is a microsecond later, as in life.
    var clock: Clock {
        Clock { [self] in
            instant.withLock { instant in
                instant = Timestamp(microseconds: instant.microseconds + 1)
                return instant
            }
        }
    }

    /// Moves the clock.
    func advance(seconds: Double) {
        instant.withLock { $0 = $0.adding(seconds: seconds) }
    }
}
